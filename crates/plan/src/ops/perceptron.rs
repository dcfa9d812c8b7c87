//! A feed-forward network: Spark's multilayer perceptron.
//!
//! Each layer is a weighted sum and a bias; between layers stands the sigmoid function. What leaves the last layer
//! is the raw prediction (`ml/ann/Layer.scala`).

use std::fmt;
use std::sync::Arc;

use super::scale::expect_vector;
use super::{Mismatch, Operation, Outputs, expect_types, vectors};
use crate::column::{Column, ColumnType, VectorColumn};
use crate::error::{BuildError, OpError};
use crate::exactness::Exactness;

/// A feed-forward network with sigmoid layers; what leaves its last layer, before any function.
#[derive(Clone, Debug)]
pub struct Perceptron {
    sizes: Arc<[usize]>,
    /// Layer after layer: a column of weights for each input, then the biases.
    weights: Arc<[f64]>,
    /// Whether each product is rounded together with its addition, as in Spark from 3.2 on.
    fused: bool,
}

/// The most multiplications of a layer that Spark does not cut into blocks.
const WHOLE: usize = 1_000_000;
/// The inputs of a block.
const BLOCK: usize = 500;

impl Perceptron {
    /// A network of layers with these sizes, that of the input first. `weights` has, for each layer, for each of
    /// its inputs a weight for each of its outputs, then a bias for each output.
    pub fn new(sizes: Vec<usize>, weights: Vec<f64>) -> Result<Perceptron, BuildError> {
        let layer = |pair: &[usize]| pair[0].checked_add(1).and_then(|inputs| inputs.checked_mul(pair[1]));
        let expected = sizes.windows(2).map(layer).try_fold(0_usize, |sum, layer| sum.checked_add(layer?));
        if sizes.len() < 2 || sizes.contains(&0) || expected != Some(weights.len()) {
            return Err(BuildError::Invalid(format!(
                "{} weights of a network with layers of the sizes {:?}, expected a weight for each pair of \
                 neighbours and a bias",
                weights.len(),
                &sizes[..sizes.len().min(20)]
            )));
        }
        Ok(Perceptron { sizes: sizes.into(), weights: weights.into(), fused: false })
    }

    /// The number of features.
    pub fn features(&self) -> usize {
        self.sizes.first().copied().unwrap_or(0)
    }

    /// The number of raw predictions.
    pub fn classes(&self) -> usize {
        self.sizes.last().copied().unwrap_or(0)
    }

    /// Leaves the raw predictions for the features in `values`.
    fn run_row(&self, values: &mut Vec<f64>) {
        let mut rest = &self.weights[..];
        for (layer, size) in self.sizes.iter().skip(1).enumerate() {
            if layer > 0 {
                values.iter_mut().for_each(|value| *value = 1.0 / (1.0 + (-*value).exp()));
            }
            let (weights, after) = rest.split_at(values.len() * size);
            let (biases, after) = after.split_at(*size);
            rest = after;
            *values =
                if self.fused { fused_sums(values, weights, biases) } else { sums(values, weights, biases) };
        }
    }
}

/// For each output the sum of the weighted `values`, and its bias.
fn sums(values: &[f64], weights: &[f64], biases: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; biases.len()];
    for (value, weights) in values.iter().zip(weights.chunks_exact(biases.len())) {
        sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += value * weight);
    }
    sums.iter_mut().zip(biases).for_each(|(sum, bias)| *sum += bias);
    sums
}

/// [`sums`] as `dgemm` of `dev.ludovic.netlib` adds them for one row.
fn fused_sums(values: &[f64], weights: &[f64], biases: &[f64]) -> Vec<f64> {
    let outputs = biases.len();
    let block = if weights.len() < WHOLE { values.len() } else { BLOCK };
    let mut all = biases.to_vec();
    for (values, weights) in values.chunks(block).zip(weights.chunks(block * outputs)) {
        let mut sums = vec![0.0_f64; outputs];
        for (value, weights) in values.iter().zip(weights.chunks_exact(outputs)) {
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum = value.mul_add(*weight, *sum));
        }
        all.iter_mut().zip(sums).for_each(|(all, sum)| *all += sum);
    }
    all
}

impl Operation for Perceptron {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut raw = Vec::with_capacity(rows * self.classes());
        let mut values = Vec::new();
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            expect_vector(inputs[0], at, row, Some(self.features()))?.write_dense(&mut values);
            self.run_row(&mut values);
            raw.extend_from_slice(&values);
        }
        Ok(Column::Vector(VectorColumn::from_block(rows, self.classes(), raw)).into())
    }

    fn set_exactness(&mut self, exactness: Exactness) {
        self.fused = exactness != Exactness::Fast;
    }

    fn width(&self, _inputs: usize) -> usize {
        self.classes()
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "perceptron {:?}", self.sizes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(sizes: &[usize], weights: &[f64], row: &[f64]) -> Vec<f64> {
        let network = Perceptron::new(sizes.to_vec(), weights.to_vec()).unwrap();
        let column = Column::Vector(VectorColumn::from_block(1, row.len(), row.to_vec()));
        let outputs = network.run(1, &[&column]).ok().unwrap();
        outputs.columns[0].as_vectors().unwrap().get(0).unwrap().values().to_vec()
    }

    #[test]
    fn weights_lie_by_input_then_biases() {
        assert_eq!(raw(&[2, 2], &[1.0, 2.0, 3.0, 4.0, 0.5, -0.5], &[1.0, 10.0]), [31.5, 41.5]);
    }

    #[test]
    fn layers_between_are_sigmoid() {
        assert_eq!(raw(&[1, 1, 2], &[1.0, 0.0, 2.0, 4.0, 0.0, 1.0], &[0.0]), [1.0, 3.0]);
    }

    #[test]
    fn weights_that_do_not_fit_are_refused() {
        assert!(Perceptron::new(vec![2, 2], vec![0.0; 5]).is_err());
        assert!(Perceptron::new(vec![2], vec![]).is_err());
        assert!(Perceptron::new(vec![2, 0], vec![]).is_err());
        assert!(Perceptron::new(vec![usize::MAX, 2], vec![0.0]).is_err());
    }
}
