//! Takes from each value of a vector the logarithm of the sum of all their exponentials: Spark's complement
//! naive Bayes (`ml/classification/NaiveBayes.scala`).

use std::fmt;

use super::scale::expect_vector;
use super::{Mismatch, Operation, Outputs, expect_types, vectors};
use crate::column::{Column, ColumnType, VectorBuilder};
use crate::error::OpError;

/// `x - log(Σ exp(x))`, with the largest value taken off before and added after; rows become dense.
#[derive(Clone, Copy, Debug)]
pub struct LogNormalize;

fn log_normalize(values: &mut [f64]) {
    // As Scala's `max` over doubles: by the total order, in which NaN is the largest.
    let max =
        values.iter().copied().reduce(|max, value| if max.is_nan() || max > value { max } else { value });
    let max = max.unwrap_or(f64::NEG_INFINITY);
    let sum = values.iter().fold(0.0, |sum, value| sum + (value - max).exp());
    let log_sum = f64::ln(sum) + max;
    values.iter_mut().for_each(|value| *value -= log_sum);
}

impl Operation for LogNormalize {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut out = VectorBuilder::with_capacity(rows, 2);
        let mut dense = Vec::new();
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            expect_vector(inputs[0], at, row, None)?.write_dense(&mut dense);
            log_normalize(&mut dense);
            out.push_dense(&dense);
        }
        Ok(Column::Vector(out.finish()).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("log-normalize")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponentials_then_add_up_to_one() {
        let mut values = [-1000.0, -1001.0, -1003.0];
        log_normalize(&mut values);
        let sum: f64 = values.iter().map(|value| value.exp()).sum();
        assert!((sum - 1.0).abs() < 1e-12, "{values:?}");
        assert!((values[0] - values[1] - 1.0).abs() < 1e-12, "{values:?}");
    }

    #[test]
    fn a_nan_spreads() {
        let mut values = [1.0, f64::NAN, 2.0];
        log_normalize(&mut values);
        assert!(values.iter().all(|value| value.is_nan()));
    }
}
