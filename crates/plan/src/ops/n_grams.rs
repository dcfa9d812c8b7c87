//! Joins neighbouring words: Spark's `NGram`.

use std::fmt;

use super::word_lists::{WordLists, finished, word_lists};
use super::{Mismatch, Operation, Outputs, expect_types, room};
use crate::column::{Column, ColumnType};
use crate::error::OpError;

/// Every `n` neighbouring words of a list, joined by a space; a list of fewer words gives an empty one. A null word
/// is the word `null`, as in Java.
#[derive(Clone, Debug)]
pub struct NGrams {
    /// How many words are joined, above 0.
    pub n: usize,
}

impl NGrams {
    /// The bytes of all that is made of these words.
    fn bytes(&self, words: &[&str]) -> usize {
        let grams = (words.len() + 1).saturating_sub(self.n.max(1));
        // A word stands in as many n-grams as there are, and as each has words, but for those near the ends.
        words.iter().enumerate().fold(0, |bytes: usize, (at, word)| {
            let often = (at + 1).min(words.len() - at).min(self.n).min(grams);
            bytes.saturating_add(often.saturating_mul(word.len() + 1))
        })
    }
}

impl Operation for NGrams {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::strings()])?;
        Ok(vec![ColumnType::strings()])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut out = word_lists(rows);
        let mut made = 0;
        for (row, words) in WordLists::new(inputs[0])?.rows().enumerate() {
            let words: Vec<&str> = words?.iter().map(|word| word.unwrap_or("null")).collect();
            let more = self.bytes(&words);
            room::check_bytes(row, made, more)?;
            made += more;
            for gram in words.windows(self.n.max(1)) {
                out.values().append_value(gram.join(" "));
            }
            out.append(true);
        }
        Ok(finished(out).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "n-grams [{}]", self.n)
    }
}

#[cfg(test)]
mod tests {
    use super::super::word_lists::column;
    use super::*;

    #[test]
    fn bytes_are_counted_before_they_are_taken() {
        let words = ["a", "bc", "", "def", "g", "hi"];
        for n in 1..8 {
            let made: usize = words.windows(n).map(|gram| gram.join(" ").len() + 1).sum();
            assert_eq!(NGrams { n }.bytes(&words), made, "{n}");
        }
        assert_eq!(NGrams { n: 2 }.bytes(&[]), 0);
        let long = "x".repeat(1 << 16);
        let long: Vec<Option<&str>> = vec![Some(&long); 1 << 9];
        let Err(OpError::Row(fault)) = (NGrams { n: 1 << 8 }).run(1, &[&column(&[Some(&long)])]) else {
            panic!("a row error")
        };
        assert!(fault.expected.contains("bytes of words"), "{}", fault.expected);
    }

    #[test]
    fn neighbours_are_joined() {
        let words = column(&[Some(&[Some("a"), None, Some("c")]), Some(&[Some("a")]), Some(&[])]);
        let outputs = NGrams { n: 2 }.run(3, &[&words]).ok().unwrap();
        let shown: Vec<String> = (0..3).map(|row| outputs.columns[0].show(row)).collect();
        assert_eq!(shown, ["[a null, null c]", "[]", "[]"]);
        assert!(NGrams { n: 2 }.run(1, &[&column(&[None])]).is_err());
    }
}
