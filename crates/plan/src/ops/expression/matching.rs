//! Texts and regular expressions: whether one matches, and what is made of the matches.
//!
//! Matches follow each other as Java finds them, see [`crate::ops::SplitText`].

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Int32Array, StringArray};
use regex::{Captures, Regex, RegexBuilder};

use super::rows::{Rows, promised, texts};
use super::text::bounded;
use crate::column::ColumnType;
use crate::error::OpError;
use crate::ops::split_text::Found;
use crate::ops::word_lists::{finished, word_lists};

/// The memory that a compiled pattern may take, in bytes.
const MAX_PATTERN: usize = 8 << 20;

/// A regular expression.
#[derive(Clone, Debug)]
pub struct Pattern {
    pattern: Regex,
    /// For texts that end in `\r\n`.
    before_crlf: Option<Regex>,
    refused: Option<Regex>,
}

impl Pattern {
    /// Reads `pattern`, a regular expression of the `regex` crate. A text in which `refused` matches is an error: another
    /// dialect would see other words there.
    pub fn new(pattern: &str, refused: Option<&str>) -> Result<Pattern, String> {
        Ok(Pattern { pattern: read(pattern)?, before_crlf: None, refused: refused.map(read).transpose()? })
    }

    /// This one, but for texts that end in `\r\n` the expression `pattern`, with the same groups.
    pub fn before_crlf(self, pattern: &str) -> Result<Pattern, String> {
        Ok(Pattern { before_crlf: Some(read(pattern)?), ..self })
    }

    /// The expression for a text.
    fn of(&self, text: &str) -> &Regex {
        self.before_crlf.as_ref().filter(|_| text.ends_with("\r\n")).unwrap_or(&self.pattern)
    }

    /// How many groups the expression has.
    pub fn groups(&self) -> usize {
        self.pattern.captures_len() - 1
    }

    fn refuses(&self, text: &str, row: usize, rows: &Rows) -> Result<(), OpError> {
        match &self.refused {
            Some(refused) if rows.is_active(row) && refused.is_match(text) => Err(OpError::row(
                row,
                0,
                format!("{text:?}"),
                "a text without letters or marks that Java takes for other parts of words",
            )),
            _ => Ok(()),
        }
    }

    fn all(&self, text: &str, row: usize, rows: &Rows) -> Result<Vec<(usize, usize)>, OpError> {
        let found = Found::new(&self.pattern, text).collect::<Result<Vec<_>, _>>();
        match found {
            Err(expected) if rows.is_active(row) => Err(OpError::row(row, 0, format!("{text:?}"), expected)),
            found => Ok(found.unwrap_or_default()),
        }
    }
}

fn read(pattern: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(pattern).size_limit(MAX_PATTERN).build();
    built.map_err(|error| error.to_string())
}

/// What is done with the matches.
#[derive(Clone, Debug)]
pub enum Regular {
    /// Whether there is one.
    Test,
    /// How many there are.
    Count,
    /// The place of the first, counted from 1; 0 without one.
    Place,
    /// The first; null without one.
    First,
    /// This group of the first; no text where there is none.
    Group(usize),
    /// This group of every one; no text where it is not in it.
    Groups(usize),
    /// All exchanged for these parts, from this place on.
    Replace {
        /// Texts, and groups by their number.
        parts: Vec<Result<String, usize>>,
        /// How many letters stay in front.
        skipped: usize,
    },
    /// The texts between them; as many at most, where it is not 0.
    Split(usize),
    /// The letters one by one; as many at most, where it is not 0.
    Letters(usize),
}

/// A regular expression and what is done with its matches.
#[derive(Clone, Debug)]
pub struct Matching {
    /// The expression.
    pub pattern: Pattern,
    /// What is done.
    pub regular: Regular,
}

impl Matching {
    pub(super) fn answers(&self) -> ColumnType {
        match self.regular {
            Regular::Test => ColumnType::Boolean,
            Regular::Count | Regular::Place => ColumnType::Int,
            Regular::First | Regular::Group(_) | Regular::Replace { .. } => ColumnType::String,
            Regular::Groups(_) | Regular::Split(_) | Regular::Letters(_) => ColumnType::strings(),
        }
    }

    pub(super) fn run(&self, array: &ArrayRef, rows: &Rows) -> Result<ArrayRef, OpError> {
        let texts = texts(array)?;
        let pattern = &self.pattern.pattern;
        for (row, text) in texts.iter().enumerate() {
            self.pattern.refuses(text.unwrap_or_default(), row, rows)?;
        }
        let made = |of: &dyn Fn(&str, usize) -> Result<Option<String>, OpError>| {
            let each = texts.iter().enumerate();
            let values = each.map(|(row, text)| text.map_or(Ok(None), |text| of(text, row)));
            let values = values.collect::<Result<Vec<_>, _>>()?;
            Ok(Arc::new(StringArray::from(values)) as ArrayRef)
        };
        match &self.regular {
            Regular::Test => {
                let values = texts.iter().map(|text| text.map(|text| self.pattern.of(text).is_match(text)));
                Ok(Arc::new(values.collect::<BooleanArray>()))
            }
            Regular::Count => {
                let each = texts.iter().enumerate().map(|(row, text)| match text {
                    None => Ok(None),
                    Some(text) => Ok(Some(self.pattern.all(text, row, rows)?.len() as i32)),
                });
                Ok(Arc::new(Int32Array::from(each.collect::<Result<Vec<_>, OpError>>()?)))
            }
            Regular::Place => {
                let place = |text: &str| {
                    let start = pattern.find(text).map(|found| found.start());
                    start.map_or(0, |start| text[..start].encode_utf16().count() as i32 + 1)
                };
                Ok(Arc::new(texts.iter().map(|text| text.map(place)).collect::<Int32Array>()))
            }
            Regular::First => made(&|text, _| Ok(pattern.find(text).map(|found| found.as_str().to_owned()))),
            Regular::Group(group) => made(&|text, _| {
                let found = self.pattern.of(text).captures(text).and_then(|found| found.get(*group));
                Ok(Some(found.map_or(String::new(), |found| found.as_str().to_owned())))
            }),
            Regular::Replace { parts, skipped } => {
                made(&|text, row| self.replaced(text, parts, *skipped, row, rows))
            }
            Regular::Groups(group) => {
                let mut lists = word_lists(rows.count);
                for (row, text) in texts.iter().enumerate() {
                    for (from, to) in self.pattern.all(text.unwrap_or_default(), row, rows)? {
                        let text = text.unwrap_or_default();
                        lists.values().append_value(match group {
                            0 => &text[from..to],
                            group => group_text(pattern.captures_at(text, from), *group),
                        });
                    }
                    lists.append(text.is_some());
                }
                Ok(list(finished(lists))?)
            }
            Regular::Split(limit) => {
                let mut lists = word_lists(rows.count);
                for (row, text) in texts.iter().enumerate() {
                    if let Some(text) = text {
                        for word in self.split(text, *limit, row, rows)? {
                            lists.values().append_value(word);
                        }
                    }
                    lists.append(text.is_some());
                }
                Ok(list(finished(lists))?)
            }
            Regular::Letters(limit) => {
                let mut lists = word_lists(rows.count);
                for text in texts {
                    for word in letters(text.unwrap_or_default(), *limit) {
                        lists.values().append_value(word);
                    }
                    lists.append(text.is_some());
                }
                Ok(list(finished(lists))?)
            }
        }
    }

    fn replaced(
        &self,
        text: &str,
        parts: &[Result<String, usize>],
        skipped: usize,
        row: usize,
        rows: &Rows,
    ) -> Result<Option<String>, OpError> {
        // Places are counted in units of UTF-16.
        let mut units = 0;
        let start = text.char_indices().find(|(_, letter)| {
            units += letter.len_utf16();
            units > skipped
        });
        let Some((start, _)) = start.or((skipped == 0 && text.is_empty()).then_some((0, ' '))) else {
            return Ok(Some(text.to_owned()));
        };
        let rest = &text[start..];
        let (mut made, mut end) = (text[..start].to_owned(), 0);
        for (from, to) in self.pattern.all(rest, row, rows)? {
            made.push_str(&rest[end..from]);
            let groups = || self.pattern.pattern.captures_at(rest, from);
            for part in parts {
                match part {
                    Ok(text) => made.push_str(text),
                    Err(group) => made.push_str(group_text(groups(), *group)),
                }
            }
            bounded(made.len(), row)?;
            end = to;
        }
        made.push_str(&rest[end..]);
        Ok(Some(made))
    }

    /// Java's `String.split`, which keeps empty texts at the end.
    fn split<'t>(
        &self,
        text: &'t str,
        limit: usize,
        row: usize,
        rows: &Rows,
    ) -> Result<Vec<&'t str>, OpError> {
        let (mut words, mut index) = (Vec::new(), 0);
        for (start, end) in self.pattern.all(text, row, rows)? {
            if words.len() + 1 == limit {
                break;
            }
            if index == 0 && start == 0 && end == 0 {
                continue;
            }
            words.push(&text[index..start]);
            index = end;
        }
        words.push(&text[index..]);
        Ok(words)
    }
}

fn group_text<'t>(found: Option<Captures<'t>>, group: usize) -> &'t str {
    found.and_then(|found| found.get(group)).map_or("", |found| found.as_str())
}

/// The letters of a text; the rest of it is left out behind as many as `limit`.
fn letters(text: &str, limit: usize) -> Vec<&str> {
    let ends = text.char_indices().map(|(at, letter)| &text[at..at + letter.len_utf8()]);
    let all = if limit == 0 { usize::MAX } else { limit };
    let found: Vec<&str> = ends.take(all).collect();
    if found.is_empty() { vec![""] } else { found }
}

fn list(column: crate::column::Column) -> Result<ArrayRef, OpError> {
    column.as_array().cloned().ok_or_else(|| promised("lists"))
}
