//! Factorization machines: a linear score plus a score for each pair of features, by factors.
//!
//! Spark's `FactorizationMachines.getRawPrediction` (`ml/regression/FMRegressor.scala`): the linear part, then for
//! each factor half the square of the sum less the sum of squares, over the features that are not zero.

use std::fmt;
use std::sync::Arc;

use super::scale::expect_vector;
use super::{Mismatch, Operation, Outputs, Shape, Weights, expect_types, vectors};
use crate::column::{Column, ColumnType, VectorRef};
use crate::dot::DotOrder;
use crate::error::{BuildError, OpError};
use crate::exactness::Exactness;

/// `b + w · x + Σ ½ ((Σ v x)² - Σ (v x)²)`.
#[derive(Clone, Debug)]
pub struct Factorize {
    intercept: f64,
    linear: Weights,
    /// Factor after factor, a value for each feature.
    factors: Arc<[f64]>,
    shape: Shape,
}

impl Factorize {
    /// One row of linear weights; `factors` factor after factor, a value for each feature.
    pub fn new(
        intercept: f64,
        linear: Weights,
        factors: Vec<f64>,
        shape: Shape,
    ) -> Result<Factorize, BuildError> {
        let features = linear.features();
        let whole = if features == 0 { factors.is_empty() } else { factors.len().is_multiple_of(features) };
        if linear.scores() != 1 || !whole || !shape.takes(1) {
            return Err(BuildError::Invalid(format!(
                "{} values of factors and {} rows of {features} linear weights, expected one row and as many \
                 values in each factor",
                factors.len(),
                linear.scores(),
            )));
        }
        Ok(Factorize { intercept, linear, factors: factors.into(), shape })
    }

    fn score(&self, row: VectorRef<'_>) -> f64 {
        let mut score = self.intercept + self.linear.dot(0, row);
        for factor in self.factors.chunks_exact(self.linear.features().max(1)) {
            let (mut sum, mut squares) = (0.0, 0.0);
            for (index, value) in row.active().filter(|&(_, value)| value != 0.0) {
                let term = factor[index] * value;
                squares += term * term;
                sum += term;
            }
            score += 0.5 * (sum * sum - squares);
        }
        score
    }
}

impl Operation for Factorize {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![self.shape.column_type()])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut scores = Vec::with_capacity(rows);
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            let row = expect_vector(inputs[0], at, row, Some(self.linear.features()))?;
            scores.push(self.score(row));
        }
        Ok(self.shape.column(rows, 1, scores).into())
    }

    fn set_exactness(&mut self, exactness: Exactness) {
        self.linear.set_order(DotOrder::of_vectors(exactness));
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let features = self.linear.features();
        write!(f, "factorize [{features} features, {} factors]", self.factors.len() / features.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::VectorBuilder;

    #[test]
    fn each_pair_counts_by_its_factors() {
        let linear = Weights::dense(1, 3, vec![1.0, 0.0, -1.0]).unwrap();
        let machine = Factorize::new(0.5, linear, vec![1.0, 2.0, 3.0, 0.0, 1.0, 1.0], Shape::Scalar).unwrap();
        let mut rows = VectorBuilder::default();
        rows.push_dense(&[1.0, 1.0, 1.0]);
        rows.push_sparse(3, &[0, 2], &[2.0, 0.0]);
        let column = Column::Vector(rows.finish());
        let outputs = machine.run(2, &[&column]).ok().unwrap();
        // 0.5 + (1 - 1) + (1·2 + 1·3 + 2·3) + (1·1), and 0.5 + 2.
        assert_eq!(outputs.columns[0].as_doubles().unwrap().values()[..], [12.5, 2.5]);
    }

    #[test]
    fn factors_that_do_not_fit_are_refused() {
        let of = |features: usize, factors: usize| {
            let linear = Weights::dense(1, features, vec![0.0; features]).unwrap();
            Factorize::new(0.0, linear, vec![0.0; factors], Shape::Scalar)
        };
        assert!(of(2, 3).is_err() && of(0, 1).is_err());
        assert!(of(2, 0).is_ok() && of(0, 0).is_ok());
    }
}
