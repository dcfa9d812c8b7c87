//! Class probabilities from raw predictions.
//!
//! The forms are those of Spark's `ProbabilisticClassificationModel.raw2probability`: logistic regression's
//! sigmoid and softmax (`ml/impl/Utils.scala`), the log-loss of boosted trees (`LogLoss.computeProbability`), and
//! the normalized class counts of decision trees and forests.

use std::fmt;
use std::sync::Arc;

use arrow_array::Float64Array;

use super::scale::expect_vector;
use super::{Mismatch, Operation, Outputs, doubles, vectors};
use crate::column::{Column, ColumnType, VectorBuilder, VectorColumn, VectorRef};
use crate::error::OpError;
use crate::row::{MadeStep, RowStep, RowType};

/// Class probabilities from raw predictions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Probability {
    /// Two classes, `p0 = 1 / (1 + exp(-factor · raw0))` and `p1 = 1 - p0`; of a double, the sigmoid alone.
    Logistic {
        /// 1 for logistic regression, 2 for boosted trees.
        factor: f64,
    },
    /// Two classes, `p1 = 1 / (1 + exp(-raw1))` and `p0 = 1 - p1`: factorization machines.
    Sigmoid,
    /// `exp(raw - max) / sum`; where a class is infinitely likely, 1 for the first such.
    Softmax,
    /// `exp(raw - max) / sum` even where a class is infinitely likely: perceptrons.
    SoftmaxShares,
    /// `raw / sum`, for counts, which are not negative.
    Normalize,
}

impl Probability {
    /// Turns the raw predictions of one row into probabilities; says what is wrong where that cannot be.
    fn apply(self, values: &mut [f64]) -> Result<(), &'static str> {
        match self {
            Probability::Logistic { factor } => {
                if let [first, second] = values {
                    *first = sigmoid(factor * *first);
                    *second = 1.0 - *first;
                    return Ok(());
                }
                Err("raw predictions of two classes")
            }
            Probability::Sigmoid => {
                if let [first, second] = values {
                    *second = sigmoid(*second);
                    *first = 1.0 - *second;
                    return Ok(());
                }
                Err("raw predictions of two classes")
            }
            Probability::Softmax => {
                softmax(values);
                Ok(())
            }
            Probability::SoftmaxShares => {
                let sum = exponentials(values);
                values.iter_mut().for_each(|value| *value /= sum);
                Ok(())
            }
            Probability::Normalize => normalize(values),
        }
    }
}

/// `1 / (1 + exp(-x))`.
fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn softmax(values: &mut [f64]) {
    if let Some(certain) = values.iter().position(|&value| value == f64::INFINITY) {
        // Spark multiplies the others by zero: an infinite or unknown one becomes NaN.
        values.iter_mut().for_each(|value| *value *= 0.0);
        values[certain] = 1.0;
        return;
    }
    let factor = 1.0 / exponentials(values);
    values.iter_mut().for_each(|value| *value *= factor);
}

/// Leaves `exp(value - max)`, and answers their sum.
fn exponentials(values: &mut [f64]) -> f64 {
    let max = values.iter().fold(f64::MIN, |max, &value| if value > max { value } else { max });
    let mut sum = 0.0;
    for value in &mut *values {
        *value = (*value - max).exp();
        sum += *value;
    }
    sum
}

fn normalize(values: &mut [f64]) -> Result<(), &'static str> {
    if !values.iter().all(|&value| value >= 0.0) {
        return Err("class counts that are not negative");
    }
    let sum = values.iter().fold(0.0, |sum, value| sum + value);
    if sum > 0.0 {
        values.iter_mut().for_each(|value| *value /= sum);
        return Ok(());
    }
    Err("class counts of which one is positive")
}

impl Operation for Probability {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        match (self, inputs) {
            (_, [ColumnType::Vector]) => Ok(vec![ColumnType::Vector]),
            (Probability::Logistic { .. }, [ColumnType::Double]) => Ok(vec![ColumnType::Double]),
            _ => Err(Mismatch { input: 0, expected: "one column of vectors".to_owned() }),
        }
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        if let Probability::Logistic { factor } = self
            && inputs[0].as_vectors().is_none()
        {
            let numbers: Float64Array = doubles(inputs[0])?.unary(|x| sigmoid(factor * x));
            return Ok(Column::Array(Arc::new(numbers)).into());
        }
        let column = vectors(inputs[0])?;
        let refused = |at, expected| OpError::value(inputs[0], at, 0, expected);
        if let Some((size, block)) = column.as_block()
            && size > 0
        {
            let probabilities = VectorColumn::fill_block(rows, size, |values| {
                values.copy_from_slice(block);
                let mut rows = values.chunks_exact_mut(size).enumerate();
                rows.try_for_each(|(at, row)| self.apply(row).map_err(|expected| refused(at, expected)))
            })?;
            return Ok(Column::Vector(probabilities).into());
        }
        let mut out = VectorBuilder::with_capacity(rows, 2);
        let mut dense = Vec::new();
        for (at, row) in column.iter().enumerate() {
            let row: VectorRef<'_> = expect_vector(inputs[0], at, row, None)?;
            row.write_dense(&mut dense);
            self.apply(&mut dense).map_err(|expected| refused(at, expected))?;
            out.push_dense(&dense);
        }
        Ok(Column::Vector(out.finish()).into())
    }

    fn row_step(&self, inputs: &[RowType]) -> Option<MadeStep> {
        match (self, inputs) {
            (_, [RowType::Vector(size)]) if *size > 0 => Some((Box::new(*self), inputs[0])),
            _ => None,
        }
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Probability::Logistic { factor } => write!(f, "probability [logistic, factor {factor}]"),
            Probability::Sigmoid => f.write_str("probability [sigmoid]"),
            Probability::Softmax => f.write_str("probability [softmax]"),
            Probability::SoftmaxShares => f.write_str("probability [softmax shares]"),
            Probability::Normalize => f.write_str("probability [normalize]"),
        }
    }
}

impl RowStep for Probability {
    fn run(&mut self, inputs: &[f64], out: &mut [f64]) -> bool {
        out.copy_from_slice(inputs);
        self.apply(out).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(kind: Probability, values: &[f64]) -> Vec<f64> {
        let column = Column::Vector(VectorColumn::from_block(1, values.len(), values.to_vec()));
        let outputs = kind.run(1, &[&column]).ok().unwrap();
        outputs.columns[0].as_vectors().unwrap().get(0).unwrap().values().to_vec()
    }

    #[test]
    fn logistic_takes_the_second_class_from_the_first() {
        let found = apply(Probability::Logistic { factor: 1.0 }, &[-0.5, 0.5]);
        assert_eq!(found, [0.3775406687981454, 1.0 - 0.3775406687981454]);
        let found = apply(Probability::Logistic { factor: 2.0 }, &[-0.25, 0.25]);
        assert_eq!(found[0], 0.3775406687981454);
    }

    #[test]
    fn sigmoid_takes_the_first_class_from_the_second() {
        assert_eq!(apply(Probability::Sigmoid, &[0.5, -0.5]), [1.0 - 0.3775406687981454, 0.3775406687981454]);
    }

    #[test]
    fn logistic_of_a_double_is_a_double() {
        let column = Column::from_doubles(vec![-0.5, f64::NAN]);
        let outputs = Probability::Logistic { factor: 1.0 }.run(2, &[&column]).ok().unwrap();
        let found = outputs.columns[0].as_doubles().unwrap();
        assert_eq!(found.value(0), 0.3775406687981454);
        assert!(found.value(1).is_nan());
    }

    #[test]
    fn softmax_takes_the_maximum_off_first() {
        assert_eq!(apply(Probability::Softmax, &[1000.0, 1000.0]), [0.5, 0.5]);
        assert_eq!(apply(Probability::Softmax, &[-1000.0, f64::NEG_INFINITY]), [1.0, 0.0]);
        assert!(apply(Probability::Softmax, &[1.0, f64::NAN]).iter().all(|p| p.is_nan()));
    }

    #[test]
    fn an_infinite_score_is_certain() {
        assert_eq!(apply(Probability::Softmax, &[1.0, f64::INFINITY, -2.0]), [0.0, 1.0, 0.0]);
        let two = apply(Probability::Softmax, &[f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY]);
        assert!(two[0].is_nan() && two[1] == 1.0 && two[2].is_nan(), "{two:?}");
    }

    #[test]
    fn shares_know_no_certainty() {
        assert_eq!(apply(Probability::SoftmaxShares, &[1000.0, 1000.0]), [0.5, 0.5]);
        assert!(apply(Probability::SoftmaxShares, &[0.0, f64::INFINITY]).iter().all(|p| p.is_nan()));
    }

    #[test]
    fn counts_are_divided_by_their_sum() {
        assert_eq!(apply(Probability::Normalize, &[1.0, 2.0, 7.0]), [0.1, 0.2, 0.7]);
    }

    #[test]
    fn counts_without_a_sum_are_a_row_error() {
        for counts in [[0.0, 0.0], [-1.0, 2.0], [f64::NAN, 1.0]] {
            let column = Column::Vector(VectorColumn::from_block(1, 2, counts.to_vec()));
            assert!(matches!(Probability::Normalize.run(1, &[&column]), Err(OpError::Row(_))), "{counts:?}");
        }
    }

    #[test]
    fn three_classes_are_not_logistic() {
        let column = Column::Vector(VectorColumn::from_block(1, 3, vec![0.0; 3]));
        assert!(matches!(Probability::Logistic { factor: 1.0 }.run(1, &[&column]), Err(OpError::Row(_))));
    }
}
