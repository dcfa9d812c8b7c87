//! How likely each of some Gaussians is: Spark's `GaussianMixtureModel`.
//!
//! The density is that of `ml/stat/distribution/MultivariateGaussian.scala`: by the eigenvalues of the covariance,
//! of which those that are zero but for rounding do not count. A tiny number is added to each weighted density
//! before they are divided by their sum, so that far rows have probabilities too.

use std::fmt;
use std::sync::Arc;

use super::scale::expect_vector;
use super::tile::{LANES, Lanes, Tile, sum, two_sums};
use super::{Mismatch, Operation, Outputs, expect_types, vectors};
use crate::column::{Column, ColumnType, VectorColumn, VectorRef};
use crate::dot::{self, DotOrder, columns};
use crate::eigen;
use crate::error::{BuildError, OpError};
use crate::exactness::Exactness;
use crate::row::{MadeStep, RowStep, RowType};

/// The most work that the covariances may make, in multiplications: a size in a file may be any.
const MAX_WORK: usize = 2_000_000_000;
/// How far a covariance may be from symmetric.
const SYMMETRY: f64 = 1e-7;

/// Fewer rows are scored one by one.
const FEWEST_ROWS: usize = 3;

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

    /// The size of the vectors.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Whether rows may be taken as tiles: Spark's own orders of adding are not those of a tile.
    pub(super) fn takes_tiles(&self) -> bool {
        self.exactness == Exactness::Fast && self.size > 0
    }

    /// The number of Gaussians.
    pub(super) fn gaussians(&self) -> usize {
        self.gaussians.len()
    }

    /// Adds what [`push`](Self::push) adds for the first rows of a tile; `false` where that holds a NaN, whose bits the
    /// order of operands decides.
    pub(super) fn push_tile(
        &self,
        tile: &Tile,
        rows: usize,
        room: &mut Vec<Lanes>,
        out: &mut Vec<f64>,
    ) -> bool {
        let mut sums = [0.0; LANES];
        room.clear();
        for gaussian in self.gaussians.iter() {
            let mut likely = gaussian.squares(tile.slots());
            for (likely, sum) in likely.iter_mut().zip(&mut sums).take(rows) {
                *likely = f64::EPSILON + gaussian.weight * (gaussian.peak - 0.5 * *likely).exp();
                *sum += *likely;
            }
            room.push(likely);
        }
        for likely in room.iter_mut() {
            likely.iter_mut().zip(&sums).for_each(|(likely, sum)| *likely /= sum);
        }
        (0..rows).for_each(|lane| out.extend(room.iter().map(|likely| likely[lane])));
        !room.iter().any(|likely| likely[..rows].iter().any(|likely| likely.is_nan()))
    }

    /// The probabilities of rows that lie one after another.
    fn probabilities_of_block(&self, block: &[f64], out: &mut Vec<f64>) {
        let (mut tile, mut room) = (Tile::new(self.size), Vec::new());
        let mut parts = Vec::new();
        for rows in block.chunks(LANES * self.size) {
            tile.read_rows(rows);
            let start = out.len();
            if !self.push_tile(&tile, rows.len() / self.size, &mut room, out) {
                out.truncate(start);
                let rows = rows.chunks_exact(self.size);
                rows.for_each(|row| self.push(VectorRef::Dense(row), row, &mut parts, out));
            }
        }
    }

    /// Adds the probabilities of `row`, in its own form and written out; `parts` is room.
    pub(super) fn push(&self, row: VectorRef<'_>, dense: &[f64], parts: &mut Vec<f64>, out: &mut Vec<f64>) {
        let start = out.len();
        let mut sum = 0.0;
        for gaussian in self.gaussians.iter() {
            let square = match self.exactness {
                Exactness::Fast => gaussian.square(dense),
                exactness => gaussian.exact_square(exactness, row, parts),
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

    /// [`Gaussian::square`] of each row of a tile.
    fn squares(&self, slots: &[Lanes]) -> Lanes {
        let mut squares = [0.0; LANES];
        let mut add = |mean: f64, parts: &Lanes| {
            for (square, part) in squares.iter_mut().zip(parts) {
                *square += (mean - part) * (mean - part);
            }
        };
        let (pairs, last) = self.root_mean.as_chunks::<2>();
        let mut rows = self.root.chunks_exact(slots.len().max(1));
        for means in pairs {
            let rows = [(); 2].map(|()| rows.next().unwrap_or_default());
            let parts = two_sums([0.0; 2], rows, slots);
            means.iter().zip(&parts).for_each(|(mean, parts)| add(*mean, parts));
        }
        if let [mean] = last {
            add(*mean, &sum(0.0, rows.next().unwrap_or_default(), slots));
        }
        squares
    }

    /// [`Gaussian::square`] in the order of a Spark, whose matrix has its columns one after another.
    fn exact_square(&self, exactness: Exactness, row: VectorRef<'_>, parts: &mut Vec<f64>) -> f64 {
        parts.clear();
        parts.extend_from_slice(&self.root_mean);
        match row {
            VectorRef::Dense(row) => columns::add(exactness, -1.0, &self.root, row, parts),
            VectorRef::Sparse { indices, values, .. } => {
                for (root, part) in self.root.chunks_exact(self.mean.len().max(1)).zip(&mut *parts) {
                    *part -= dot::sparse(indices, values, root);
                }
            }
        }
        DotOrder::of_vectors(exactness).dense(parts, parts)
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
        let column = vectors(inputs[0])?;
        match column.as_block() {
            Some((size, block)) if size == self.size && self.takes_tiles() && rows >= FEWEST_ROWS => {
                self.probabilities_of_block(block, &mut likely);
            }
            _ => {
                let (mut dense, mut parts) = (Vec::new(), Vec::new());
                for (at, row) in column.iter().enumerate() {
                    let row = expect_vector(inputs[0], at, row, Some(self.size))?;
                    row.write_dense(&mut dense);
                    self.push(row, &dense, &mut parts, &mut likely);
                }
            }
        }
        Ok(Column::Vector(VectorColumn::from_block(rows, count, likely)).into())
    }

    fn row_step(&self, inputs: &[RowType]) -> Option<MadeStep> {
        let count = self.gaussians.len();
        (inputs == [RowType::Vector(self.size)]).then(|| -> MadeStep {
            let (parts, likely) = (Vec::with_capacity(self.size), Vec::with_capacity(count));
            let step = MixtureRow { mixture: self.clone(), parts, likely };
            (Box::new(step), RowType::Vector(count))
        })
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

/// The probabilities of one dense row, in room that is kept from row to row.
#[derive(Debug)]
struct MixtureRow {
    mixture: Mixture,
    parts: Vec<f64>,
    likely: Vec<f64>,
}

impl RowStep for MixtureRow {
    fn run(&mut self, inputs: &[f64], out: &mut [f64]) -> bool {
        self.likely.clear();
        self.mixture.push(VectorRef::Dense(inputs), inputs, &mut self.parts, &mut self.likely);
        out.copy_from_slice(&self.likely);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probabilities(mixture: &Mixture, row: &[f64]) -> Vec<f64> {
        assert_eq!(row.len(), mixture.size);
        probabilities_of(mixture, row)
    }

    fn probabilities_of(mixture: &Mixture, rows: &[f64]) -> Vec<f64> {
        let count = rows.len() / mixture.size;
        let column = Column::Vector(VectorColumn::from_block(count, mixture.size, rows.to_vec()));
        let outputs = mixture.run(count, &[&column]).ok().unwrap();
        outputs.columns[0].as_vectors().unwrap().as_block().unwrap().1.to_vec()
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
    fn rows_together_have_the_bits_of_rows_alone() {
        let covariance = [1.0, 0.5, 0.1, 0.5, 2.0, 0.2, 0.1, 0.2, 0.7];
        let means = [[0.0, 0.1, 0.3], [4.0, 0.0, -1.0], [1.0, 1.0, 1.0]];
        let gaussians = means.each_ref().map(|mean| (0.3, &mean[..], &covariance[..]));
        let mixture = Mixture::new(&gaussians).unwrap();
        let mut rows: Vec<f64> = (0..3 * 13).map(|at| f64::from(at * 7 % 11) / 3.0 - 1.5).collect();
        rows[8] = f64::NAN;
        rows[10] = f64::INFINITY;
        let together = probabilities_of(&mixture, &rows);
        let alone: Vec<f64> = rows.chunks(3).flat_map(|row| probabilities(&mixture, row)).collect();
        let bits = |values: Vec<f64>| values.into_iter().map(f64::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(together), bits(alone));
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
