//! Linear scores: `w · x + b`, for one row of weights or many.
//!
//! Serves `LinearRegressionModel` and `LogisticRegressionModel` (Spark's `BLAS.dot` and `BLAS.gemv`). Weights
//! stay dense or sparse as they were saved: Spark sums a sparse vector in index order, a dense pair in the order
//! of [`crate::dot`], and never multiplies a missing weight with an infinite value.

use std::fmt;
use std::sync::Arc;

use super::scale::expect_vector;
use super::{Mismatch, Operation, Outputs, Shape, expect_types, vectors};
use crate::column::{Column, ColumnType, VectorRef};
use crate::dot::{self, DotOrder, columns};
use crate::error::{BuildError, OpError};
use crate::exactness::Exactness;
use crate::row::{MadeStep, RowStep, RowType};

/// The weights of linear scores: a matrix with a row for each score.
#[derive(Clone, Debug)]
pub struct Weights {
    scores: usize,
    features: usize,
    kind: Kind,
    order: DotOrder,
    /// Whether the matrix was stored column after column, which changes the order in which Spark adds.
    by_column: bool,
}

#[derive(Clone, Debug)]
enum Kind {
    /// Every weight, row after row.
    Dense(Arc<[f64]>),
    /// The weights there are; row `i` owns those at `offsets[i]..offsets[i + 1]`.
    Sparse { offsets: Arc<[usize]>, indices: Arc<[u32]>, values: Arc<[f64]> },
}

impl Weights {
    /// Dense weights, row after row in `values`.
    pub fn dense(scores: usize, features: usize, values: Vec<f64>) -> Result<Weights, BuildError> {
        if scores.checked_mul(features) != Some(values.len()) {
            let found = values.len();
            return Err(BuildError::Invalid(format!("{found} weights, expected {scores} times {features}")));
        }
        let kind = Kind::Dense(values.into());
        Ok(Weights { scores, features, kind, order: DotOrder::default(), by_column: false })
    }

    /// Sparse weights: row `i` has `values` at the ascending places `indices`, both at `offsets[i]..offsets[i + 1]`.
    pub fn sparse(
        features: usize,
        offsets: Vec<usize>,
        indices: Vec<u32>,
        values: Vec<f64>,
    ) -> Result<Weights, BuildError> {
        let whole = offsets.first() == Some(&0)
            && offsets.is_sorted()
            && offsets.last() == Some(&values.len())
            && indices.len() == values.len();
        let ascending =
            |row: &[u32]| row.is_sorted_by(|a, b| a < b) && row.iter().all(|&i| (i as usize) < features);
        if !whole || !offsets.windows(2).all(|pair| ascending(&indices[pair[0]..pair[1]])) {
            return Err(BuildError::Invalid(format!(
                "the sparse weights contradict each other; expected rows of ascending places below {features}"
            )));
        }
        let scores = offsets.len() - 1;
        let kind = Kind::Sparse { offsets: offsets.into(), indices: indices.into(), values: values.into() };
        Ok(Weights { scores, features, kind, order: DotOrder::default(), by_column: false })
    }

    /// These weights as ones of a matrix that was stored column after column.
    pub fn by_column(self) -> Weights {
        Weights { by_column: true, ..self }
    }

    /// The number of scores.
    pub fn scores(&self) -> usize {
        self.scores
    }

    /// The number of features.
    pub fn features(&self) -> usize {
        self.features
    }

    /// Adds products in this order, where weights and rows are dense.
    pub(super) fn set_order(&mut self, order: DotOrder) {
        self.order = order;
    }

    /// Adds the products with a row of as many features to `sums`, one for each score, column after column.
    fn add_columns(&self, exactness: Exactness, row: VectorRef<'_>, sums: &mut [f64]) {
        match (&self.kind, row) {
            (Kind::Dense(values), VectorRef::Dense(row)) => columns::add(exactness, 1.0, values, row, sums),
            (Kind::Dense(_), VectorRef::Sparse { .. }) => {
                sums.iter_mut().enumerate().for_each(|(score, sum)| *sum += self.dot(score, row));
            }
            (Kind::Sparse { offsets, indices, values }, _) => {
                for (range, sum) in offsets.windows(2).map(|pair| pair[0]..pair[1]).zip(sums) {
                    let (indices, values) = (&indices[range.clone()], &values[range]);
                    *sum = match row {
                        VectorRef::Dense(row) => dot::sparse_from(*sum, indices, values, row),
                        VectorRef::Sparse { indices: others, values: row, .. } => {
                            dot::sparse_pair_from(*sum, (indices, values), (others, row))
                        }
                    };
                }
            }
        }
    }

    /// The dot product of the weights of `score` and a row of as many features.
    pub(super) fn dot(&self, score: usize, row: VectorRef<'_>) -> f64 {
        match &self.kind {
            Kind::Dense(values) => {
                let weights = &values[score * self.features..(score + 1) * self.features];
                match row {
                    VectorRef::Dense(row) => self.order.dense(row, weights),
                    VectorRef::Sparse { indices, values, .. } => dot::sparse(indices, values, weights),
                }
            }
            Kind::Sparse { offsets, indices, values } => {
                let range = offsets[score]..offsets[score + 1];
                let (indices, values) = (&indices[range.clone()], &values[range]);
                match row {
                    VectorRef::Dense(row) => dot::sparse(indices, values, row),
                    VectorRef::Sparse { indices: others, values: row, .. } => {
                        dot::sparse_pair((indices, values), (others, row))
                    }
                }
            }
        }
    }
}

/// `w · x + b`.
#[derive(Clone, Debug)]
pub struct Linear {
    weights: Weights,
    intercepts: Arc<[f64]>,
    shape: Shape,
    exactness: Exactness,
}

impl Linear {
    /// Scores with `weights` and an intercept for each score.
    pub fn new(weights: Weights, intercepts: Vec<f64>, shape: Shape) -> Result<Linear, BuildError> {
        if weights.scores != intercepts.len() {
            let (rows, found) = (weights.scores, intercepts.len());
            return Err(BuildError::Invalid(format!(
                "{found} intercepts, expected one for each of {rows} rows of weights"
            )));
        }
        if !shape.takes(weights.scores) {
            return Err(BuildError::Invalid(format!("{} rows of weights, expected one", weights.scores)));
        }
        Ok(Linear { weights, intercepts: intercepts.into(), shape, exactness: Exactness::default() })
    }

    /// Whether [`push_active`](Self::push_active) answers as a vector of `width` would.
    pub(super) fn takes_active(&self, width: usize) -> bool {
        let Weights { features, order, kind, .. } = &self.weights;
        let finite = |weights: &Kind| matches!(weights, Kind::Dense(values) if values.iter().all(|value| value.is_finite()));
        *features == width && *order == DotOrder::Fast && finite(kind)
    }

    /// The weights, row after row, if they are those of dense vectors of `width` and their products are added in the
    /// default order.
    pub(super) fn dense_weights(&self, width: usize) -> Option<&[f64]> {
        let Weights { features, order, kind, .. } = &self.weights;
        match kind {
            Kind::Dense(values) if *features == width && *order == DotOrder::Fast => Some(values),
            _ => None,
        }
    }

    /// The types of what models make of the vector of these columns, which must be doubles.
    pub(super) fn types_over_doubles(
        models: &[Linear],
        inputs: &[&ColumnType],
    ) -> Result<Vec<ColumnType>, Mismatch> {
        if let Some(input) = inputs.iter().position(|input| **input != ColumnType::Double) {
            return Err(Mismatch { input, expected: ColumnType::Double.to_string() });
        }
        let types = models.iter().map(|model| model.output_types(&[&ColumnType::Vector]));
        Ok(types.collect::<Result<Vec<_>, _>>()?.concat())
    }

    /// What is added to each score.
    pub(super) fn intercepts(&self) -> &[f64] {
        &self.intercepts
    }

    /// The number of scores of a row.
    pub(super) fn scores(&self) -> usize {
        self.weights.scores
    }

    /// Adds the scores of the row that has these values by ascending places and else zeros, stored sparse or dense.
    pub(super) fn push_active(&self, active: &[(u32, f64)], sparse: bool, out: &mut Vec<f64>) {
        let Kind::Dense(values) = &self.weights.kind else { return };
        let rows = values.chunks_exact(self.weights.features.max(1));
        let dots = rows.map(|weights| match sparse {
            true => active.iter().fold(0.0, |sum, &(place, value)| sum + value * weights[place as usize]),
            false => dot::dense_active(active, weights),
        });
        out.extend(dots.zip(self.intercepts.iter()).map(|(dot, intercept)| dot + intercept));
    }

    /// The column of all scores of `rows` rows.
    pub(super) fn column(&self, rows: usize, scores: Vec<f64>) -> Column {
        self.shape.column(rows, self.weights.scores, scores)
    }

    /// Adds the scores of a row of as many values as there are features.
    pub(super) fn push(&self, row: VectorRef<'_>, out: &mut Vec<f64>) {
        if self.adds_columns() {
            return self.push_columns(row, out);
        }
        let scores = self.intercepts.iter().enumerate();
        out.extend(scores.map(|(score, intercept)| self.weights.dot(score, row) + intercept));
    }

    /// Whether Spark adds column after column: a sparse matrix always so, a dense one in an order of its release.
    fn adds_columns(&self) -> bool {
        let has_order = matches!(self.weights.kind, Kind::Sparse { .. }) || self.exactness != Exactness::Fast;
        self.weights.by_column && self.shape == Shape::Vector && has_order
    }

    /// The products are added to the intercepts.
    fn push_columns(&self, row: VectorRef<'_>, out: &mut Vec<f64>) {
        let first = out.len();
        out.extend_from_slice(&self.intercepts);
        self.weights.add_columns(self.exactness, row, &mut out[first..]);
    }
}

impl Operation for Linear {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![self.shape.column_type()])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let column = vectors(inputs[0])?;
        let features = self.weights.features;
        let mut scores = Vec::with_capacity(rows * self.weights.scores);
        match column.as_block() {
            Some((size, block)) if size == features && size > 0 => {
                block.chunks_exact(size).for_each(|row| self.push(VectorRef::Dense(row), &mut scores));
            }
            _ => {
                for (at, row) in column.iter().enumerate() {
                    self.push(expect_vector(inputs[0], at, row, Some(features))?, &mut scores);
                }
            }
        }
        Ok(self.column(rows, scores).into())
    }

    /// Spark takes a dot product for a single score, and the product of a matrix for a vector of them.
    fn set_exactness(&mut self, exactness: Exactness) {
        self.exactness = exactness;
        self.weights.set_order(match self.shape {
            Shape::Scalar | Shape::Mirrored => DotOrder::of_vectors(exactness),
            Shape::Vector => DotOrder::of_rows(exactness),
        });
    }

    fn row_step(&self, inputs: &[RowType]) -> Option<MadeStep> {
        match inputs {
            [RowType::Vector(size)] if *size == self.weights.features && *size > 0 => {
                let step =
                    LinearRow { linear: self.clone(), scores: Vec::with_capacity(self.weights.scores) };
                Some((Box::new(step), self.shape.row_type(self.weights.scores)))
            }
            _ => None,
        }
    }

    fn width(&self, _inputs: usize) -> usize {
        self.weights.scores
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.weights.kind {
            Kind::Dense(_) => "dense",
            Kind::Sparse { .. } => "sparse",
        };
        write!(f, "linear [{} x {} {kind}]", self.weights.scores, self.weights.features)
    }
}

/// The scores of one dense row, in room that is kept from row to row.
#[derive(Debug)]
struct LinearRow {
    linear: Linear,
    scores: Vec<f64>,
}

impl RowStep for LinearRow {
    fn run(&mut self, inputs: &[f64], out: &mut [f64]) -> bool {
        self.scores.clear();
        self.linear.push(VectorRef::Dense(inputs), &mut self.scores);
        self.linear.shape.write_row(&self.scores, out);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{VectorBuilder, VectorColumn};

    fn rows() -> VectorColumn {
        let mut rows = VectorBuilder::default();
        rows.push_dense(&[1.0, 2.0, 3.0]);
        rows.push_sparse(3, &[0, 2], &[10.0, 0.5]);
        rows.finish()
    }

    fn scores(linear: &Linear, rows: VectorColumn) -> Vec<f64> {
        let outputs = linear.run(rows.len(), &[&Column::Vector(rows)]).ok().unwrap();
        match &outputs.columns[0] {
            Column::Vector(vectors) => {
                vectors.iter().flat_map(|row| row.unwrap().values().to_vec()).collect()
            }
            Column::Array(_) => outputs.columns[0].as_doubles().unwrap().values().to_vec(),
        }
    }

    #[test]
    fn dense_and_sparse_weights_agree_on_dense_and_sparse_rows() {
        let dense = Weights::dense(2, 3, vec![1.0, 0.0, 2.0, 0.0, 4.0, 0.0]).unwrap();
        let sparse = Weights::sparse(3, vec![0, 2, 3], vec![0, 2, 1], vec![1.0, 2.0, 4.0]).unwrap();
        for weights in [dense, sparse] {
            let linear = Linear::new(weights, vec![0.5, -1.0], Shape::Vector).unwrap();
            assert_eq!(scores(&linear, rows()), [7.5, 7.0, 11.5, -1.0]);
        }
    }

    #[test]
    fn columns_are_added_to_the_intercept() {
        let big = 2_f64.powi(60);
        let sparse = Weights::sparse(3, vec![0, 2], vec![0, 2], vec![65.0, 65.0]).unwrap().by_column();
        let mut rows = VectorBuilder::default();
        rows.push_dense(&[1.0, f64::INFINITY, 1.0]);
        rows.push_sparse(3, &[0, 1, 2], &[1.0, f64::INFINITY, 1.0]);
        let linear = Linear::new(sparse, vec![-big], Shape::Vector).unwrap();
        assert_eq!(scores(&linear, rows.finish()), [-big + 65.0 + 65.0; 2]);
        let dense = Weights::dense(1, 3, vec![1.0, 0.0, 1.0]).unwrap().by_column();
        let mut linear = Linear::new(dense, vec![-big], Shape::Vector).unwrap();
        let row = || VectorColumn::from_block(1, 3, vec![65.0, 0.0, 65.0]);
        assert_eq!(scores(&linear, row()), [130.0 - big]);
        linear.set_exactness(Exactness::Spark35);
        assert_eq!(scores(&linear, row()), [-big + 65.0 + 65.0]);
        assert_ne!(-big + 65.0 + 65.0, 130.0 - big);
    }

    #[test]
    fn a_missing_weight_is_not_multiplied() {
        let weights = Weights::sparse(2, vec![0, 1], vec![1], vec![3.0]).unwrap();
        let linear = Linear::new(weights, vec![1.0], Shape::Scalar).unwrap();
        assert_eq!(scores(&linear, VectorColumn::from_block(1, 2, vec![f64::INFINITY, 2.0])), [7.0]);
    }

    #[test]
    fn one_score_can_be_mirrored() {
        let linear =
            Linear::new(Weights::dense(1, 1, vec![2.0]).unwrap(), vec![1.0], Shape::Mirrored).unwrap();
        assert_eq!(scores(&linear, VectorColumn::from_block(2, 1, vec![1.0, -1.0])), [-3.0, 3.0, 1.0, -1.0]);
    }

    #[test]
    fn no_features_leave_the_intercept() {
        let linear = Linear::new(Weights::dense(1, 0, vec![]).unwrap(), vec![1.5], Shape::Scalar).unwrap();
        assert_eq!(scores(&linear, VectorColumn::from_block(2, 0, vec![])), [1.5, 1.5]);
    }

    #[test]
    fn the_wrong_size_is_a_row_error() {
        let linear =
            Linear::new(Weights::dense(1, 2, vec![2.0, 1.0]).unwrap(), vec![1.0], Shape::Scalar).unwrap();
        let column = Column::Vector(rows());
        let Err(OpError::Row(fault)) = linear.run(2, &[&column]) else { panic!("a row error") };
        assert_eq!((fault.row, fault.expected.as_str()), (0, "a vector of size 2"));
    }

    #[test]
    fn weights_that_contradict_each_other_are_refused() {
        assert!(Weights::dense(2, 2, vec![1.0; 3]).is_err());
        assert!(Weights::sparse(2, vec![0, 1], vec![2], vec![1.0]).is_err());
        assert!(Weights::sparse(3, vec![0, 2], vec![1, 1], vec![1.0, 1.0]).is_err());
        assert!(Weights::sparse(3, vec![0, 3], vec![1], vec![1.0]).is_err());
        assert!(Weights::sparse(3, vec![], vec![], vec![]).is_err());
        let two = Weights::dense(2, 1, vec![1.0, 2.0]).unwrap();
        assert!(Linear::new(two.clone(), vec![0.0], Shape::Vector).is_err());
        assert!(Linear::new(two, vec![0.0, 0.0], Shape::Scalar).is_err());
    }
}
