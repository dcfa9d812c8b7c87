//! Splits text into words: Spark's `Tokenizer`.
//!
//! Lower case first, then Java's `split("\\s")`: every single white space of ASCII splits, so that empty words
//! stand between two of them and at the start, but not at the end; an empty text is one empty word.

use std::fmt;

use super::word_lists::{Split, lists_of_words};
use super::{Mismatch, Operation, Outputs, expect_types};
use crate::column::{Column, ColumnType};
use crate::error::OpError;
use crate::lower::lower_case_in;

/// Splits text into words in lower case.
#[derive(Clone, Debug)]
pub struct Tokenize;

/// Java's `\s`, ASCII only.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// The top bit of each byte that is such a space.
fn space_bits(bytes: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let low = bytes & (0x7f * EACH);
    // The top bit of each byte says whether its low bits are no blank, are 9 or more, and are 14 or more.
    let no_blank = (low ^ (0x20 * EACH)) + 0x7f * EACH;
    let (from_tab, past) = (low + 0x77 * EACH, low + 0x72 * EACH);
    (!no_blank | from_tab & !past) & !bytes & (0x80 * EACH)
}

/// Gives the place of each space to `found`, eight bytes at a time.
fn spaces(text: &[u8], mut found: impl FnMut(usize)) {
    let (eights, rest) = text.as_chunks::<8>();
    for (at, bytes) in eights.iter().enumerate() {
        let mut bits = space_bits(u64::from_le_bytes(*bytes));
        while bits != 0 {
            found(8 * at + bits.trailing_zeros() as usize / 8);
            bits &= bits - 1;
        }
    }
    let start = text.len() - rest.len();
    rest.iter().enumerate().filter(|(_, byte)| is_space(**byte)).for_each(|(at, _)| found(start + at));
}

/// Gives the words of `text`, which is in lower case, to `each`.
fn words(text: &str, mut each: impl FnMut(&str)) {
    let end = text.bytes().rposition(|byte| !is_space(byte)).map_or(0, |last| last + 1);
    if end == 0 && !text.is_empty() {
        return;
    }
    let mut start = 0;
    spaces(&text.as_bytes()[..end], |at| {
        each(&text[start..at]);
        start = at + 1;
    });
    each(&text[start..end]);
}

impl Split for Tokenize {
    fn split(&self, text: &str, room: &mut String, each: impl FnMut(&str)) -> Result<(), &'static str> {
        words(lower_case_in(text, room), each);
        Ok(())
    }
}

impl Operation for Tokenize {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::String])?;
        Ok(vec![ColumnType::strings()])
    }

    fn run(&self, _rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        lists_of_words(self, inputs[0])
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
        let cases: [(&str, &[&str]); 9] = [
            (" a  b ", &["", "a", "", "b"]),
            ("", &[""]),
            (" ", &[]),
            ("\t\n", &[]),
            ("a\u{b}b\u{c}c\rd", &["a", "b", "c", "d"]),
            ("a\u{a0}b\u{3000}c", &["a\u{a0}b\u{3000}c"]),
            ("x", &["x"]),
            (
                "\u{8}\te\u{e}\nwords of\u{1f}all lengths\u{b}\u{a0}",
                &["\u{8}", "e\u{e}", "words", "of\u{1f}all", "lengths", "\u{a0}"],
            ),
            ("\u{a0}\u{89}\u{8a}\u{20ac}\u{2020} \u{a0}", &["\u{a0}\u{89}\u{8a}\u{20ac}\u{2020}", "\u{a0}"]),
        ];
        for (text, expected) in cases {
            let mut found = Vec::new();
            words(text, |word| found.push(word.to_owned()));
            assert_eq!(found, expected, "{text:?}");
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
