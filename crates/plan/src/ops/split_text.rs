//! Splits text by a regular expression, or finds its matches: Spark's `RegexTokenizer`.
//!
//! Matches follow each other as Java's `Matcher.find` finds them: after an empty one the search goes on one letter
//! further, and an empty one may stand right after another. Splitting is Java's `Pattern.split`: nothing is split off
//! by an empty match at the start, and empty words at the end are left out.

use std::fmt;

use regex::Regex;

use super::word_lists::{Split, lists_of_words};
use super::{Mismatch, Operation, Outputs, expect_types};
use crate::column::{Column, ColumnType};
use crate::error::OpError;
use crate::lower::lower_case_in;

/// Whether matches are words or stand between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matches {
    /// The text between matches is split off.
    Gaps,
    /// The matches are the words.
    Words,
}

/// Splits text into words.
#[derive(Clone, Debug)]
pub struct SplitText {
    pattern: Regex,
    refused: Option<Regex>,
    /// What matches are.
    pub matches: Matches,
    /// Words of fewer UTF-16 units are left out.
    pub min_length: usize,
    /// Whether the text is made lower case first.
    pub lower_case: bool,
}

impl SplitText {
    /// Splits by `pattern`, a regular expression of the `regex` crate, as gaps between words of any length. A text
    /// in which `refused` matches is an error: another dialect would see other words there. Each may take `room`
    /// bytes when it is compiled, and a few times as many when it is used.
    pub fn within(room: usize, pattern: &str, refused: Option<&str>) -> Result<SplitText, String> {
        let compile = |pattern: &str| {
            let built = regex::RegexBuilder::new(pattern).size_limit(room).build();
            built.map_err(|error| error.to_string())
        };
        let refused = refused.map(compile).transpose()?;
        let pattern = compile(pattern)?;
        Ok(SplitText { pattern, refused, matches: Matches::Gaps, min_length: 0, lower_case: false })
    }

    /// The words of `text`, or what cannot be split.
    fn words<'t>(&self, text: &'t str) -> Result<Vec<&'t str>, &'static str> {
        if self.refused.as_ref().is_some_and(|refused| refused.is_match(text)) {
            return Err(
                "letters whose bounds of words are the same in every dialect: the pattern has `\\b` or `\\B`",
            );
        }
        let mut found = Found::new(&self.pattern, text);
        if self.matches == Matches::Words {
            return found.by_ref().map(|at| at.map(|(start, end)| &text[start..end])).collect();
        }
        let (mut words, mut index) = (Vec::new(), 0);
        for at in found {
            let (start, end) = at?;
            if index == 0 && end == 0 {
                continue;
            }
            words.push(&text[index..start]);
            index = end;
        }
        if index == 0 {
            return Ok(vec![text]);
        }
        words.push(&text[index..]);
        let end = words.iter().rposition(|word| !word.is_empty()).map_or(0, |last| last + 1);
        words.truncate(end);
        Ok(words)
    }
}

/// Matches as Java finds them.
pub(super) struct Found<'a, 't> {
    pattern: &'a Regex,
    text: &'t str,
    next: Option<usize>,
}

impl<'a, 't> Found<'a, 't> {
    pub(super) fn new(pattern: &'a Regex, text: &'t str) -> Found<'a, 't> {
        Found { pattern, text, next: Some(0) }
    }
}

impl Iterator for Found<'_, '_> {
    type Item = Result<(usize, usize), &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        let found = self.pattern.find_at(self.text, self.next?);
        let Some(found) = found else {
            self.next = None;
            return None;
        };
        self.next = Some(found.end());
        if found.is_empty() {
            let after = self.text[found.end()..].chars().next();
            self.next = after.map(|letter| found.end() + letter.len_utf8());
            if after.is_some_and(|letter| letter.len_utf16() > 1) {
                self.next = None;
                return Some(Err(
                    "no letter beyond U+FFFF where the pattern matches nothing: Java cuts it in two",
                ));
            }
        }
        Some(Ok((found.start(), found.end())))
    }
}

impl Split for SplitText {
    fn split(&self, text: &str, room: &mut String, each: impl FnMut(&str)) -> Result<(), &'static str> {
        let long = |word: &&str| {
            self.min_length == 0
                || word.len() >= self.min_length && word.encode_utf16().count() >= self.min_length
        };
        let words = self.words(if self.lower_case { lower_case_in(text, room) } else { text })?;
        words.into_iter().filter(long).for_each(each);
        Ok(())
    }
}

impl Operation for SplitText {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::String])?;
        Ok(vec![ColumnType::strings()])
    }

    fn run(&self, _rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        lists_of_words(self, inputs[0])
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "split text [{:?} {}]", self.matches, self.pattern)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::StringArray;

    use super::*;

    fn words<'t>(pattern: &str, matches: Matches, text: &'t str) -> Vec<&'t str> {
        let op = SplitText { matches, ..SplitText::within(8 << 20, pattern, None).unwrap() };
        op.words(text).unwrap()
    }

    #[test]
    fn splits_as_java_splits() {
        let cases: [(&str, &str, &[&str]); 9] = [
            ("[ ]", " a  b ", &["", "a", "", "b"]),
            ("[ ]", "", &[""]),
            ("[ ]", " ", &[]),
            ("[ ]+", "a  b", &["a", "b"]),
            ("", "abc", &["a", "b", "c"]),
            ("b*", "abbc", &["a", "", "c"]),
            ("^", "abc", &["abc"]),
            ("x", "abc", &["abc"]),
            ("[ ]*", "ab c", &["a", "b", "", "c"]),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(words(pattern, Matches::Gaps, text), expected, "{pattern:?} {text:?}");
        }
    }

    #[test]
    fn empty_matches_may_follow_others() {
        assert_eq!(words("b*", Matches::Words, "abbc"), ["", "bb", "", ""]);
        assert_eq!(words("b+", Matches::Words, "abbcb"), ["bb", "b"]);
    }

    #[test]
    fn what_java_cuts_in_two_is_refused() {
        let op = SplitText::within(8 << 20, "", None).unwrap();
        assert!(op.words("a😀").is_err());
        assert_eq!(words("[ ]*", Matches::Gaps, "a b"), ["a", "", "b"]);
    }

    #[test]
    fn short_words_are_left_out() {
        let text = Column::Array(Arc::new(StringArray::from(vec!["A bb 😀 é"])));
        let op =
            SplitText { min_length: 2, lower_case: true, ..SplitText::within(8 << 20, "[ ]", None).unwrap() };
        assert_eq!(op.run(1, &[&text]).ok().unwrap().columns[0].show(0), "[bb, 😀]");
        let null = Column::Array(Arc::new(StringArray::from(vec![None::<&str>])));
        assert!(op.run(1, &[&null]).is_err());
    }

    #[test]
    fn patterns_too_large_are_refused() {
        assert!(SplitText::within(8 << 20, "(?:a{1000}){1000}", None).is_err());
    }
}
