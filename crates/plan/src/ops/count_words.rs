//! Counts the words of a vocabulary: Spark's `CountVectorizerModel`.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::place_counts::PlaceCounts;
use super::word_lists::WordLists;
use super::{Mismatch, Operation, Outputs, expect_types};
use crate::column::{Column, ColumnType, VectorBuilder};
use crate::error::OpError;

/// Counts words in sparse vectors, one slot for each word of the vocabulary.
#[derive(Clone, Debug)]
pub struct CountWords {
    places: Arc<HashMap<Box<str>, u32, RandomState>>,
    least: f64,
    binary: bool,
}

impl CountWords {
    /// Counts the words of `vocabulary`, whose places are the slots; `None` if a word stands there twice. Words
    /// that a row has fewer than `least` times are left out; below 1 that is a part of all words of the row. With
    /// `binary` what is left counts once.
    pub fn new(vocabulary: Vec<String>, least: f64, binary: bool) -> Option<CountWords> {
        let words = vocabulary.len();
        let places: HashMap<Box<str>, u32, RandomState> =
            vocabulary.into_iter().map(String::into_boxed_str).zip(0..).collect();
        (places.len() == words).then(|| CountWords { places: Arc::new(places), least, binary })
    }

    /// The size of the vectors.
    pub fn size(&self) -> usize {
        self.places.len()
    }

    /// Notes a word if it is one of the vocabulary.
    pub(super) fn note(&self, word: &str, counts: &mut PlaceCounts) {
        if let Some(place) = self.places.get(word) {
            counts.add(*place);
        }
    }

    /// Adds the counts of a row that has so many words.
    pub(super) fn end_row(&self, words: usize, counts: &mut PlaceCounts, out: &mut VectorBuilder) {
        let least = if self.least >= 1.0 { self.least } else { words as f64 * self.least };
        counts.end_row(self.size(), least, self.binary, out);
    }
}

impl Operation for CountWords {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::strings()])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut out = VectorBuilder::with_capacity(rows, 8);
        let mut counts = PlaceCounts::default();
        for words in WordLists::new(inputs[0])?.rows() {
            let words = words?;
            words.iter().flatten().for_each(|word| self.note(word, &mut counts));
            self.end_row(words.len(), &mut counts, &mut out);
        }
        Ok(Column::Vector(out.finish()).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "count words [{} words]", self.size())
    }
}

#[cfg(test)]
mod tests {
    use super::super::word_lists::column;
    use super::*;

    fn count(least: f64, binary: bool, words: &[Option<&str>]) -> String {
        let op = CountWords::new(vec!["a".to_owned(), "b".to_owned()], least, binary).unwrap();
        op.run(1, &[&column(&[Some(words)])]).ok().unwrap().columns[0].show(0)
    }

    #[test]
    fn rare_words_of_a_row_are_left_out() {
        let words = [Some("a"), Some("b"), None, Some("b"), Some("z")];
        assert_eq!(count(1.0, false, &words), "(2, [0, 1], [1.0, 2.0])");
        assert_eq!(count(2.0, false, &words), "(2, [1], [2.0])");
        // Two of five words: unknown words and nulls count.
        assert_eq!(count(0.4, true, &words), "(2, [1], [1.0])");
        assert_eq!(count(0.5, true, &words), "(2, [], [])");
        assert_eq!(count(0.0, false, &[]), "(2, [], [])");
    }

    #[test]
    fn a_word_has_one_place() {
        assert!(CountWords::new(vec!["a".to_owned(), "a".to_owned()], 1.0, false).is_none());
    }
}
