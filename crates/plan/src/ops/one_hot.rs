//! A category index as a sparse vector with a single 1: Spark's `OneHotEncoderModel`, one column.

use std::fmt;

use super::{Mismatch, Operation, Outputs, doubles, expect_types};
use crate::column::{Column, ColumnType, VectorBuilder};
use crate::error::OpError;

/// Encodes category indices; a null stays null.
#[derive(Clone, Debug)]
pub struct OneHot {
    /// The number of categories.
    pub categories: usize,
    /// Whether the last category is all zeros: with `keep`, the one for invalid values.
    pub drop_last: bool,
    /// Whether an index outside the categories is one more category; else it is an error.
    pub keep: bool,
}

const HINT: &str = "set handleInvalid to 'keep' in the OneHotEncoder";

impl OneHot {
    /// The size of the vectors.
    pub fn size(&self) -> usize {
        (self.categories + usize::from(self.keep)).saturating_sub(usize::from(self.drop_last))
    }

    /// The place of the 1, if there is one.
    pub(super) fn place(&self, value: f64) -> Option<Option<usize>> {
        let categories = self.categories as f64;
        let index = match value {
            value if value >= 0.0 && value < categories => value,
            _ if self.keep => categories,
            _ => return None,
        };
        Some((index < self.size() as f64).then_some(index as usize))
    }
}

impl Operation for OneHot {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Double])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut out = VectorBuilder::with_capacity(rows, 1);
        for (row, value) in doubles(inputs[0])?.iter().enumerate() {
            let Some(value) = value else {
                out.push_null();
                continue;
            };
            match self.place(value) {
                Some(Some(place)) => out.push_sparse(self.size(), &[place as u32], &[1.0]),
                Some(None) => out.push_sparse(self.size(), &[], &[]),
                None => {
                    let expected = format!("a category index below {}", self.categories);
                    return Err(OpError::value(inputs[0], row, 0, expected).hint(HINT));
                }
            }
        }
        Ok(Column::Vector(out.finish()).into())
    }

    fn passes_nulls(&self) -> bool {
        true
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one hot [size {}]", self.size())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::Float64Array;

    use super::*;

    /// The size and the place of the 1.
    fn encode(drop_last: bool, keep: bool, value: f64) -> Option<(usize, Option<usize>)> {
        let op = OneHot { categories: 3, drop_last, keep };
        let outputs = op.run(1, &[&Column::from_doubles(vec![value])]).ok()?;
        let row = outputs.columns[0].as_vectors()?.get(0)?;
        Some((row.size(), row.active().next().map(|(place, _)| place)))
    }

    #[test]
    fn the_last_category_may_be_left_out() {
        assert_eq!(encode(true, false, 1.5), Some((2, Some(1))));
        assert_eq!(encode(true, false, 2.0), Some((2, None)));
        assert_eq!(encode(false, false, 2.0), Some((3, Some(2))));
    }

    #[test]
    fn invalid_indices_are_a_category_of_their_own() {
        for value in [-1.0, 3.0, f64::NAN] {
            assert_eq!(encode(false, true, value), Some((4, Some(3))), "{value}");
            assert_eq!(encode(true, true, value), Some((3, None)), "{value}");
            assert_eq!(encode(true, false, value), None, "{value}");
        }
    }

    #[test]
    fn a_null_stays_null() {
        let op = OneHot { categories: 3, drop_last: true, keep: false };
        let column = Column::Array(Arc::new(Float64Array::from(vec![None, Some(0.0)])));
        let outputs = op.run(2, &[&column]).ok().unwrap();
        assert!(outputs.columns[0].is_null(0) && !outputs.columns[0].is_null(1));
    }
}
