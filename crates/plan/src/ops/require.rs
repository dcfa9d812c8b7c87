//! Passes vectors on whose values a model can take: Spark's `requireNonnegativeValues` and
//! `requireZeroOneBernoulliValues` (`ml/classification/NaiveBayes.scala`).

use std::fmt;

use super::scale::expect_vector;
use super::{Mismatch, Operation, Outputs, expect_types, vectors};
use crate::column::{Column, ColumnType};
use crate::error::OpError;

/// What every value of a vector must be; NaN never is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Require {
    /// Zero or more.
    NotNegative,
    /// 0 or 1.
    ZeroOrOne,
}

impl Require {
    fn holds(self, value: f64) -> bool {
        match self {
            Require::NotNegative => value >= 0.0,
            Require::ZeroOrOne => value == 0.0 || value == 1.0,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Require::NotNegative => "a vector without negative values",
            Require::ZeroOrOne => "a vector of 0 and 1",
        }
    }
}

impl Operation for Require {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, _rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            let row = expect_vector(inputs[0], at, row, None)?;
            if !row.values().iter().all(|&value| self.holds(value)) {
                return Err(OpError::value(inputs[0], at, 0, self.words()));
            }
        }
        Ok(inputs[0].clone().into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "require [{}]", self.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::VectorColumn;

    fn passes(require: Require, value: f64) -> bool {
        let column = Column::Vector(VectorColumn::from_block(1, 2, vec![1.0, value]));
        match require.run(1, &[&column]) {
            Ok(_) => true,
            Err(OpError::Row(fault)) => fault.row != 0,
            Err(OpError::Internal(_)) => panic!("a row error"),
        }
    }

    #[test]
    fn other_values_are_row_errors() {
        for value in [0.0, -0.0, 1.0] {
            assert!(passes(Require::NotNegative, value) && passes(Require::ZeroOrOne, value));
        }
        assert!(passes(Require::NotNegative, 2.5) && !passes(Require::ZeroOrOne, 2.5));
        for value in [-1.0, f64::NAN] {
            assert!(!passes(Require::NotNegative, value) && !passes(Require::ZeroOrOne, value));
        }
    }
}
