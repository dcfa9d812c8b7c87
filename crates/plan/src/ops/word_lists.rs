//! Lists of words: what the operations on them share.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ListArray, StringArray};
use arrow_schema::{DataType, Field};

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
