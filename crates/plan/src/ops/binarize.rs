//! 1 for numbers above a threshold, else 0: Spark's `Binarizer`, one column of numbers or vectors.

use std::fmt;
use std::sync::Arc;

use arrow_array::Float64Array;

use super::scale::expect_vector;
use super::{Mismatch, Operation, Outputs, SparseRule, doubles, room};
use crate::column::{Column, ColumnType, VectorBuilder, VectorRef};
use crate::error::OpError;

/// Compares with a threshold. A NaN is not above it; in a vector it is not below it either.
#[derive(Clone, Debug)]
pub struct Binarize {
    /// What a number must be above.
    pub threshold: f64,
    /// Whether a null among numbers stays null; else it becomes 0.
    pub keeps_nulls: bool,
    /// Whether zeros that a sparse vector does not store are above a negative threshold.
    pub counts_missing: bool,
    /// When a vector is stored as sparse.
    pub rule: SparseRule,
}

/// The largest vector that is taken: a sparse one may become dense.
const MAX_SIZE: usize = 1 << 26;

impl Binarize {
    fn number(&self, value: Option<f64>) -> Option<f64> {
        let bit = f64::from(u8::from(value.is_some_and(|value| value > self.threshold)));
        (value.is_some() || !self.keeps_nulls).then_some(bit)
    }

    /// The vector's places that become 1.
    fn ones(&self, row: VectorRef<'_>) -> Vec<u32> {
        if self.threshold >= 0.0 || !self.counts_missing {
            let above = row.active().filter(|&(_, value)| value > self.threshold);
            return above.map(|(index, _)| index as u32).collect();
        }
        let below = row.active().filter(|&(_, value)| value != 0.0 && value <= self.threshold);
        let mut below = below.map(|(index, _)| index as u32).peekable();
        (0..row.size() as u32).filter(|&index| below.next_if_eq(&index).is_none()).collect()
    }
}

impl Operation for Binarize {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        match inputs {
            [input @ (ColumnType::Double | ColumnType::Vector)] => Ok(vec![(*input).clone()]),
            _ => Err(Mismatch { input: 0, expected: "double or vector".to_owned() }),
        }
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let Some(column) = inputs[0].as_vectors() else {
            let numbers: Float64Array = doubles(inputs[0])?.iter().map(|value| self.number(value)).collect();
            return Ok(Column::Array(Arc::new(numbers)).into());
        };
        let mut out = VectorBuilder::with_capacity(rows, 0);
        for (at, row) in column.iter().enumerate() {
            let row = expect_vector(inputs[0], at, row, None)?;
            if row.size() > MAX_SIZE {
                let found = format!("a vector of size {}", row.size());
                return Err(OpError::row(at, 0, found, format!("a vector of size {MAX_SIZE} or less")));
            }
            let ones = self.ones(row);
            room::check_values(at, 0, &out, row.size().min(2 * ones.len() + 2))?;
            self.rule.push(row.size(), &ones, &vec![1.0; ones.len()], &mut out);
        }
        Ok(Column::Vector(out.finish()).into())
    }

    fn passes_nulls(&self) -> bool {
        self.keeps_nulls
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "binarize [above {}]", self.threshold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn op(threshold: f64, keeps_nulls: bool, counts_missing: bool) -> Binarize {
        Binarize { threshold, keeps_nulls, counts_missing, rule: SparseRule::Ratio }
    }

    #[test]
    fn a_null_stays_or_becomes_zero() {
        let column = Column::Array(Arc::new(Float64Array::from(vec![None, Some(f64::NAN), Some(0.6)])));
        let run = |keeps_nulls| op(0.5, keeps_nulls, true).run(3, &[&column]).ok().unwrap();
        let expected = |first| Float64Array::from(vec![first, Some(0.0), Some(1.0)]);
        assert_eq!(run(true).columns[0].as_doubles(), Some(&expected(None)));
        assert_eq!(run(false).columns[0].as_doubles(), Some(&expected(Some(0.0))));
    }

    #[test]
    fn zeros_that_are_not_stored_count_with_a_negative_threshold() {
        let row = VectorRef::Sparse { size: 4, indices: &[1, 2], values: &[-3.0, f64::NAN] };
        assert_eq!(op(-0.5, true, true).ones(row), [0, 2, 3]);
        assert_eq!(op(-0.5, true, false).ones(row), Vec::<u32>::new());
        assert_eq!(op(-5.0, true, false).ones(row), [1]);
        assert_eq!(op(0.5, true, true).ones(VectorRef::Dense(&[0.5, 0.6, f64::NAN])), [1]);
    }
}
