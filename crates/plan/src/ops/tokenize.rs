//! Splits text into words: Spark's `Tokenizer`.
//!
//! Lower case first, then Java's `split("\\s")`: every single white space of ASCII splits, so that empty words
//! stand between two of them and at the start, but not at the end; an empty text is one empty word.

use std::fmt;

use super::word_lists::{finished, word_lists};
use super::{Mismatch, Operation, Outputs, expect_types, strings};
use crate::column::{Column, ColumnType};
use crate::error::OpError;
use crate::lower::lower_case;

/// Splits text into words in lower case.
#[derive(Clone, Debug)]
pub struct Tokenize;

/// Java's `\s`, ASCII only.
fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\r')
}

/// The words of `text`, which is in lower case.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let ends_at = text.trim_end_matches(is_space);
    let none = ends_at.is_empty() && !text.is_empty();
    ends_at.split(is_space).take(if none { 0 } else { usize::MAX })
}

impl Operation for Tokenize {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::String])?;
        Ok(vec![ColumnType::strings()])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut out = word_lists(rows);
        for (row, text) in strings(inputs[0])?.iter().enumerate() {
            let text = text.ok_or_else(|| OpError::row(row, 0, "null", "a text"))?;
            words(&lower_case(text)).for_each(|word| out.values().append_value(word));
            out.append(true);
        }
        Ok(finished(out).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tokenize")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::StringArray;
    use arrow_array::cast::AsArray;

    use super::*;

    #[test]
    fn splits_as_java_splits() {
        let cases: [(&str, &[&str]); 7] = [
            (" a  b ", &["", "a", "", "b"]),
            ("", &[""]),
            (" ", &[]),
            ("\t\n", &[]),
            ("a\u{b}b\u{c}c\rd", &["a", "b", "c", "d"]),
            ("a\u{a0}b\u{3000}c", &["a\u{a0}b\u{3000}c"]),
            ("x", &["x"]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }

    #[test]
    fn lower_case_is_javas() {
        let column = Column::Array(Arc::new(StringArray::from(vec!["ΣΟΣ İ B"])));
        let outputs = Tokenize.run(1, &[&column]).ok().unwrap();
        let words = outputs.columns[0].as_lists().unwrap().value(0);
        let words: Vec<&str> = words.as_string::<i32>().iter().flatten().collect();
        assert_eq!(words, ["σος", "i\u{307}", "b"]);
        assert_eq!(outputs.columns[0].column_type(), Some(ColumnType::strings()));
    }

    #[test]
    fn a_null_is_refused() {
        let column = Column::Array(Arc::new(StringArray::from(vec![None::<&str>])));
        assert!(Tokenize.run(1, &[&column]).is_err());
    }
}
