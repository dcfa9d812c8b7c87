//! Lists of words: what the operations on them share.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ListArray, StringArray};
use arrow_schema::{DataType, Field};

use super::{Outputs, strings};
use crate::column::Column;
use crate::error::OpError;

/// A column of lists of words.
pub(crate) struct WordLists<'a> {
    lists: &'a ListArray,
    words: &'a StringArray,
}

impl<'a> WordLists<'a> {
    /// The lists of `column`; types were settled when the plan was built.
    pub(crate) fn new(column: &'a Column) -> Result<WordLists<'a>, OpError> {
        let promised = || OpError::Internal("a column of lists of strings was promised".to_owned());
        let lists = column.as_lists().ok_or_else(promised)?;
        let words = lists.values().as_string_opt::<i32>().ok_or_else(promised)?;
        Ok(WordLists { lists, words })
    }

    /// The words of each row in order; a list that is null is an error.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Result<Words<'a>, OpError>> + '_ {
        (0..self.lists.len()).map(|row| {
            if self.lists.is_null(row) {
                return Err(OpError::row(row, 0, "null", "a list of words"));
            }
            let offsets = self.lists.value_offsets();
            Ok(Words { words: self.words, from: offsets[row] as usize, to: offsets[row + 1] as usize })
        })
    }
}

/// The words of one row.
pub(crate) struct Words<'a> {
    words: &'a StringArray,
    from: usize,
    to: usize,
}

impl<'a> Words<'a> {
    /// The number of words.
    pub(crate) fn len(&self) -> usize {
        self.to - self.from
    }

    /// The words in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Option<&'a str>> {
        let words = self.words;
        (self.from..self.to).map(move |at| words.is_valid(at).then(|| words.value(at)))
    }
}

/// What splits text into words.
pub(crate) trait Split {
    /// Gives each word of a text to `each`, or says what cannot be split; `room` is kept from text to text.
    fn split(&self, text: &str, room: &mut String, each: impl FnMut(&str)) -> Result<(), &'static str>;

    /// Gives each word of each text of a column to `sink`; a text that is null is an error.
    fn split_column<S: WordSink>(&self, column: &Column, sink: &mut S) -> Result<(), OpError> {
        let mut room = String::new();
        for (row, text) in strings(column)?.iter().enumerate() {
            let text = text.ok_or_else(|| OpError::row(row, 0, "null", "a text"))?;
            self.split(text, &mut room, |word| sink.word(word))
                .map_err(|expected| OpError::value(column, row, 0, expected))?;
            sink.end_row();
        }
        Ok(())
    }
}

/// What is told the words of texts, row by row.
pub(crate) trait WordSink {
    fn word(&mut self, word: &str);
    fn end_row(&mut self);
}

impl WordSink for ListBuilder<StringBuilder> {
    fn word(&mut self, word: &str) {
        self.values().append_value(word);
    }

    fn end_row(&mut self) {
        self.append(true);
    }
}

/// The lists of words that the texts of a column are split into.
pub(crate) fn lists_of_words(split: &impl Split, column: &Column) -> Result<Outputs, OpError> {
    let mut out = word_lists(column.len());
    split.split_column(column, &mut out)?;
    Ok(finished(out).into())
}

/// A builder of lists of words with room for `rows` lists.
pub(crate) fn word_lists(rows: usize) -> ListBuilder<StringBuilder> {
    let field = Field::new("element", DataType::Utf8, true);
    ListBuilder::with_capacity(StringBuilder::new(), rows).with_field(field)
}

/// The column of the lists built.
pub(crate) fn finished(mut lists: ListBuilder<StringBuilder>) -> Column {
    Column::Array(Arc::new(lists.finish()))
}

/// A column of these lists, for tests.
#[cfg(test)]
pub(crate) fn column(rows: &[Option<&[Option<&str>]>]) -> Column {
    let mut lists = word_lists(rows.len());
    for row in rows {
        row.unwrap_or_default().iter().for_each(|word| lists.values().append_option(*word));
        lists.append(row.is_some());
    }
    finished(lists)
}
