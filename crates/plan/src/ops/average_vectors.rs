//! The average of the vectors of words: Spark's `Word2VecModel`.
//!
//! Floats are added up as doubles in the order of the words, and the sum is multiplied by one over the number of all
//! words, known or not. Without any word the vector is sparse, else dense.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::word_lists::WordLists;
use super::{Mismatch, Operation, Outputs, expect_types};
use crate::column::{Column, ColumnType, VectorBuilder};
use crate::error::OpError;

/// Averages the vectors of words.
#[derive(Clone, Debug)]
pub struct AverageVectors {
    size: usize,
    places: Arc<HashMap<String, usize>>,
    values: Arc<[f32]>,
}

impl AverageVectors {
    /// The vectors of `words`, each of `size` numbers, one after another in `values`; `None` if those are not as
    /// many. Of words that are equal the last counts.
    pub fn new(size: usize, words: Vec<String>, values: Vec<f32>) -> Option<AverageVectors> {
        let fits = words.len().checked_mul(size) == Some(values.len());
        let places = words.into_iter().enumerate().map(|(place, word)| (word, place));
        fits.then(|| AverageVectors { size, places: Arc::new(places.collect()), values: values.into() })
    }

    fn vector(&self, word: &str) -> &[f32] {
        let place = self.places.get(word).map(|place| place * self.size);
        place.and_then(|start| self.values.get(start..start + self.size)).unwrap_or_default()
    }
}

impl Operation for AverageVectors {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::strings()])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut out = VectorBuilder::with_capacity(rows, self.size);
        let mut sum = vec![0.0; self.size];
        for words in WordLists::new(inputs[0])?.rows() {
            let words = words?;
            if words.len() == 0 {
                out.push_sparse(self.size, &[], &[]);
                continue;
            }
            sum.fill(0.0);
            for word in words.iter().flatten() {
                sum.iter_mut().zip(self.vector(word)).for_each(|(sum, &value)| *sum += f64::from(value));
            }
            let factor = 1.0 / words.len() as f64;
            sum.iter_mut().for_each(|sum| *sum *= factor);
            out.push_dense(&sum);
        }
        Ok(Column::Vector(out.finish()).into())
    }

    fn width(&self, _inputs: usize) -> usize {
        self.size
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "average vectors [{} words, size {}]", self.places.len(), self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::super::word_lists::column;
    use super::*;

    #[test]
    fn unknown_words_count() {
        let words = ["a", "b"].map(str::to_owned).to_vec();
        let op = AverageVectors::new(2, words, vec![1.0, 2.0, 3.0, 5.0]).unwrap();
        let rows = column(&[
            Some(&[Some("a"), Some("b"), Some("z"), None]),
            Some(&[]),
            Some(&[Some("z")]),
            Some(&[Some("b")]),
        ]);
        let outputs = op.run(4, &[&rows]).ok().unwrap();
        let shown: Vec<String> = (0..4).map(|row| outputs.columns[0].show(row)).collect();
        assert_eq!(shown, ["[1.0, 1.75]", "(2, [], [])", "[0.0, 0.0]", "[3.0, 5.0]"]);
    }

    #[test]
    fn vectors_are_of_one_size() {
        assert!(AverageVectors::new(2, vec!["a".to_owned()], vec![1.0]).is_none());
    }
}
