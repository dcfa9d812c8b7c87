//! How likely each of some Gaussians is: Spark's `GaussianMixtureModel`.
//!
//! The density is that of `ml/stat/distribution/MultivariateGaussian.scala`: by the eigenvalues of the covariance,
//! of which those that are zero but for rounding do not count. A tiny number is added to each weighted density
//! before they are divided by their sum, so that far rows have probabilities too.

use std::fmt;
use std::sync::Arc;

use super::scale::expect_vector;
use super::{Mismatch, Operation, Outputs, expect_types, vectors};
use crate::column::{Column, ColumnType, VectorColumn, VectorRef};
use crate::dot::{self, DotOrder, columns};
use crate::eigen;
use crate::error::{BuildError, OpError};
use crate::exactness::Exactness;

/// The most work that the covariances may make, in multiplications: a size in a file may be any.
const MAX_WORK: usize = 2_000_000_000;
/// How far a covariance may be from symmetric.
const SYMMETRY: f64 = 1e-7;

/// The probability of each Gaussian of a mixture.
#[derive(Clone, Debug)]
pub struct Mixture {
    size: usize,
    gaussians: Arc<[Gaussian]>,
    exactness: Exactness,
}

#[derive(Clone, Debug)]
struct Gaussian {
    weight: f64,
    /// Row after row, so that the square of `root · (x - mean)` is the distance to the mean.
    root: Vec<f64>,
    mean: Vec<f64>,
    root_mean: Vec<f64>,
    /// The logarithm of the density at the mean.
    peak: f64,
}

impl Mixture {
    /// Gaussians by their weight, mean, and covariance, column after column.
    pub fn new(gaussians: &[(f64, &[f64], &[f64])]) -> Result<Mixture, BuildError> {
        let Some(size) = gaussians.first().map(|(_, mean, _)| mean.len()) else {
            return Err(BuildError::Invalid("no Gaussians, expected one at least".to_owned()));
        };
        let work = size.checked_pow(3).and_then(|work| work.checked_mul(gaussians.len()));
        if work.is_none_or(|work| work > MAX_WORK) {
            let count = gaussians.len();
            return Err(BuildError::Invalid(format!("{count} Gaussians of {size} features are too many")));
        }
        let mut made = Vec::with_capacity(gaussians.len());
        for (at, &(weight, mean, covariance)) in gaussians.iter().enumerate() {
            if mean.len() != size || covariance.len() != size * size {
                return Err(BuildError::Invalid(format!(
                    "Gaussian {at} has a mean of {} and a covariance of {} numbers, expected {size} and {}",
                    mean.len(),
                    covariance.len(),
                    size * size
                )));
            }
            if !is_symmetric(covariance, size) {
                let reason = format!("the covariance of Gaussian {at} is not symmetric or not finite");
                return Err(BuildError::Invalid(reason));
            }
            made.push(Gaussian::new(weight, mean, covariance));
        }
        Ok(Mixture { size, gaussians: made.into(), exactness: Exactness::Fast })
    }

    /// `row` in its own form and written out.
    fn push(&self, row: VectorRef<'_>, dense: &[f64], out: &mut Vec<f64>) {
        let start = out.len();
        let mut sum = 0.0;
        for gaussian in self.gaussians.iter() {
            let square = match self.exactness {
                Exactness::Fast => gaussian.square(dense),
                exactness => gaussian.exact_square(exactness, row),
            };
            let likely = f64::EPSILON + gaussian.weight * (gaussian.peak - 0.5 * square).exp();
            sum += likely;
            out.push(likely);
        }
        out[start..].iter_mut().for_each(|likely| *likely /= sum);
    }
}

fn is_symmetric(matrix: &[f64], size: usize) -> bool {
    let close = |i: usize, j: usize| (matrix[i * size + j] - matrix[j * size + i]).abs() <= SYMMETRY;
    matrix.iter().all(|value| value.is_finite()) && (0..size).all(|i| (0..i).all(|j| close(i, j)))
}

impl Gaussian {
    fn new(weight: f64, mean: &[f64], covariance: &[f64]) -> Gaussian {
        let size = mean.len();
        let (values, vectors) = eigen::symmetric(covariance, size);
        let largest = values.last().copied().unwrap_or(0.0);
        let zero = f64::EPSILON * largest * size as f64;
        let log_determinant =
            values.iter().filter(|&&value| value > zero).fold(0.0, |sum, value| sum + value.ln());
        let scale = |value: f64| if value > zero { (1.0 / value).sqrt() } else { 0.0 };
        let root: Vec<f64> = values
            .iter()
            .zip(&vectors)
            .flat_map(|(&value, vector)| vector.iter().map(move |part| scale(value) * part))
            .collect();
        let root_mean = multiply(&root, mean).collect();
        let peak = -0.5 * (size as f64 * (2.0 * std::f64::consts::PI).ln() + log_determinant);
        Gaussian { weight, root, mean: mean.to_vec(), root_mean, peak }
    }

    /// The squared distance of a row to the mean.
    fn square(&self, row: &[f64]) -> f64 {
        let parts = multiply(&self.root, row).zip(&self.root_mean);
        parts.fold(0.0, |sum, (part, mean)| sum + (mean - part) * (mean - part))
    }

    /// [`Gaussian::square`] in the order of a Spark, whose matrix has its columns one after another.
    fn exact_square(&self, exactness: Exactness, row: VectorRef<'_>) -> f64 {
        let mut parts = self.root_mean.clone();
        match row {
            VectorRef::Dense(row) => columns::add(exactness, -1.0, &self.root, row, &mut parts),
            VectorRef::Sparse { indices, values, .. } => {
                for (root, part) in self.root.chunks_exact(self.mean.len().max(1)).zip(&mut parts) {
                    *part -= dot::sparse(indices, values, root);
                }
            }
        }
        DotOrder::of_vectors(exactness).dense(&parts, &parts)
    }

    fn set_exactness(&mut self, exactness: Exactness) {
        if exactness == Exactness::Fast {
            self.root_mean = multiply(&self.root, &self.mean).collect();
        } else {
            self.root_mean = vec![0.0; self.mean.len()];
            columns::add(exactness, 1.0, &self.root, &self.mean, &mut self.root_mean);
        }
    }
}

fn multiply<'a>(matrix: &'a [f64], vector: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    let dot = move |row: &[f64]| row.iter().zip(vector).fold(0.0, |sum, (a, b)| sum + a * b);
    matrix.chunks_exact(vector.len().max(1)).map(dot)
}

impl Operation for Mixture {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let count = self.gaussians.len();
        let mut likely = Vec::with_capacity(rows * count);
        let mut dense = Vec::new();
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            let row = expect_vector(inputs[0], at, row, Some(self.size))?;
            row.write_dense(&mut dense);
            self.push(row, &dense, &mut likely);
        }
        Ok(Column::Vector(VectorColumn::from_block(rows, count, likely)).into())
    }

    fn set_exactness(&mut self, exactness: Exactness) {
        self.exactness = exactness;
        Arc::make_mut(&mut self.gaussians).iter_mut().for_each(|gaussian| gaussian.set_exactness(exactness));
    }

    fn width(&self, _inputs: usize) -> usize {
        self.gaussians.len()
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mixture [{} gaussians of size {}]", self.gaussians.len(), self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probabilities(mixture: &Mixture, row: &[f64]) -> Vec<f64> {
        let column = Column::Vector(VectorColumn::from_block(1, row.len(), row.to_vec()));
        let outputs = mixture.run(1, &[&column]).ok().unwrap();
        outputs.columns[0].as_vectors().unwrap().get(0).unwrap().values().to_vec()
    }

    #[test]
    fn the_nearer_gaussian_is_likelier() {
        let (one, other) = ([0.0, 0.0], [4.0, 0.0]);
        let covariance = [1.0, 0.5, 0.5, 2.0];
        let mixture = Mixture::new(&[(0.5, &one, &covariance), (0.5, &other, &covariance)]).unwrap();
        let middle = probabilities(&mixture, &[2.0, 0.0]);
        assert!((middle[0] - 0.5).abs() < 1e-15, "{middle:?}");
        let near = probabilities(&mixture, &[0.0, 0.0]);
        assert!(near[0] > 0.99 && (near[0] + near[1] - 1.0).abs() < 1e-15, "{near:?}");
        assert_eq!(probabilities(&mixture, &[1e9, 0.0]), [0.5, 0.5]);
    }

    #[test]
    fn a_flat_gaussian_has_a_density_where_it_lies() {
        let gaussian = Gaussian::new(1.0, &[0.0, 0.0], &[4.0, 0.0, 0.0, 0.0]);
        let expected = -0.5 * (2.0 * (2.0 * std::f64::consts::PI).ln() + 4.0_f64.ln());
        assert!((gaussian.peak - 0.5 * gaussian.square(&[0.0, 7.0]) - expected).abs() < 1e-15);
    }

    #[test]
    fn gaussians_that_do_not_fit_are_refused() {
        let refused = |gaussians: &[(f64, &[f64], &[f64])]| Mixture::new(gaussians).unwrap_err().to_string();
        assert!(refused(&[]).contains("no Gaussians"));
        assert!(refused(&[(1.0, &[0.0], &[1.0, 1.0])]).contains("covariance of 2"));
        assert!(refused(&[(1.0, &[0.0, 0.0], &[1.0, 2.0, 0.0, 1.0])]).contains("not symmetric"));
        assert!(refused(&[(1.0, &[0.0], &[f64::NAN])]).contains("not finite"));
        assert!(refused(&[(1.0, &[0.0; 2000], &[])]).contains("too many"));
    }
}
