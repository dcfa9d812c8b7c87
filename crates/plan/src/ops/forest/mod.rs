//! Decision trees and forests: the sum of the leaves that a row falls into, or the leaves' numbers.
//!
//! Serves Spark's tree models (`ml/tree/{Node,Split,treeModels}.scala`), and is laid out for those of other
//! formats. [`Trees`] holds the shape alone, in compact nodes; what a leaf is worth lies beside in a table, so
//! that raw predictions, variances and leaf numbers share one shape. Where features have few thresholds, `binned`
//! makes `pages` of the trees for few rows, whose values `search` finds, and lists of selections, `sliced`, for many, which
//! `order` puts in an order that leaves most of them out. `walk` goes down many trees, or many rows, side by side without a branch that depends
//! on data; `sink` adds up what it finds in Spark's order.

mod binned;
mod blocks;
mod halves;
mod kernel;
mod leaf_values;
mod order;
mod pages;
mod rethreshold;
mod row;
mod rows;
mod search;
mod sets;
mod sink;
mod sliced;
#[cfg(test)]
mod tests;
mod trees;
mod walk;

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::{Mismatch, Operation, Outputs, Shape, expect_types, vectors};
use crate::column::{Column, ColumnType};
use crate::dot::DotOrder;
use crate::error::{BuildError, OpError};
use crate::exactness::Exactness;
use crate::row::{MadeStep, RowType};

use binned::Binned;
use leaf_values::LeafValues;
use sink::{DotSums, ExactDots, LeafNumbers, Sink, Sums};
use sliced::{Sliced, Worth};
use trees::Nodes;
pub use trees::{Side, Test, TreeNode, Trees, TreesBuilder};

/// What a row's leaves in some trees come to.
#[derive(Clone, Debug)]
pub struct Forest {
    trees: Arc<Trees>,
    /// The trees for many rows at once, where their shape lets them: made when such rows first come, as that takes a
    /// good part of the time of a load. Clones share them.
    sliced: Arc<OnceLock<Option<Sliced>>>,
    answer: Answer,
}

#[derive(Clone, Debug)]
enum Answer {
    Sum(Sum),
    Weighted(WeightedSum),
    Leaves(Shape),
}

/// A sum over the trees of what their leaves hold.
#[derive(Clone, Debug)]
pub struct LeafSum {
    /// `width` values for each leaf, tree after tree, leaves from left to right.
    pub values: Arc<[f64]>,
    /// The number of values that a leaf holds.
    pub width: usize,
    /// What the first tree's value is added to; from `-0.0` on a single tree's value keeps its sign.
    pub start: f64,
    /// Divides each sum.
    pub divisor: f64,
    /// How the sums of a row become a column.
    pub shape: Shape,
}

/// A [`LeafSum`] as it is kept.
#[derive(Clone, Debug)]
struct Sum {
    leaves: LeafValues,
    width: usize,
    start: f64,
    divisor: f64,
    shape: Shape,
}

/// The dot product of what the leaves hold and the weights of the trees, as boosted trees are weighted in Spark.
#[derive(Clone, Debug)]
struct WeightedSum {
    /// Leaves from left to right, tree after tree.
    values: Arc<[f64]>,
    /// A weight for each tree.
    weights: Arc<[f64]>,
    /// The product of each value and its weight.
    products: Arc<[f64]>,
    order: DotOrder,
    shape: Shape,
}

impl Forest {
    /// The sum of the leaves' values.
    pub fn sum(trees: Arc<Trees>, sum: LeafSum) -> Result<Forest, BuildError> {
        let LeafSum { values, width, start, divisor, shape } = sum;
        if trees.leaves().checked_mul(width) != Some(values.len()) || !shape.takes(width) {
            let (found, leaves) = (values.len(), trees.leaves());
            return Err(BuildError::Invalid(format!(
                "{found} leaf values, expected {width} for each of {leaves} leaves"
            )));
        }
        let leaves = LeafValues::of(values, width);
        Ok(Forest::new(trees, Answer::Sum(Sum { leaves, width, start, divisor, shape })))
    }

    /// The dot product of one value for each leaf, leaves from left to right, and a weight for each tree.
    pub fn weighted(
        trees: Arc<Trees>,
        values: Vec<f64>,
        weights: Vec<f64>,
        shape: Shape,
    ) -> Result<Forest, BuildError> {
        if values.len() != trees.leaves() || weights.len() != trees.len() {
            let (found, expected) = ((values.len(), weights.len()), (trees.leaves(), trees.len()));
            return Err(BuildError::Invalid(format!(
                "{} leaf values and {} weights, expected {} and {}",
                found.0, found.1, expected.0, expected.1
            )));
        }
        let ends = (1..trees.len()).map(|tree| trees.first_leaf(tree)).chain([trees.leaves()]);
        let mut products = Vec::with_capacity(values.len());
        for (end, weight) in ends.zip(&weights) {
            products.extend(values[products.len()..end].iter().map(|value| value * weight));
        }
        let sum = WeightedSum {
            values: values.into(),
            weights: weights.into(),
            products: products.into(),
            order: DotOrder::default(),
            shape,
        };
        Ok(Forest::new(trees, Answer::Weighted(sum)))
    }

    /// The number of the leaf in each tree, counted from the left; a vector, or a double where there is one tree.
    pub fn leaves(trees: Arc<Trees>, shape: Shape) -> Result<Forest, BuildError> {
        if shape == Shape::Mirrored || !shape.takes(trees.len()) {
            return Err(BuildError::Invalid(format!("{} trees, expected one", trees.len())));
        }
        Ok(Forest::new(trees, Answer::Leaves(shape)))
    }

    fn new(trees: Arc<Trees>, answer: Answer) -> Forest {
        Forest { trees, sliced: Arc::default(), answer }
    }

    /// The trees as selections, where their shape lets them; the first call makes them.
    fn sliced(&self) -> Option<&Sliced> {
        let make = || match &self.answer {
            Answer::Sum(sum) => sum.leaves.sliced(&self.trees),
            Answer::Weighted(sum) => Sliced::of(&self.trees, Some(Worth::Values(&sum.values, 1))),
            Answer::Leaves(_) => Sliced::of(&self.trees, None),
        };
        self.sliced.get_or_init(make).as_ref()
    }

    /// The trees for so many rows, where those are worth a walk in blocks and the trees' shape lets them.
    fn in_blocks(&self, rows: usize) -> Option<(&Binned, &Sliced)> {
        match &self.trees.nodes {
            Nodes::Binned(nodes) if rows >= walk::sliced_rows(nodes) => Some((nodes, self.sliced()?)),
            _ => None,
        }
    }

    /// The answers to `rows` rows, where they are worth a walk in blocks and the trees' shape lets them: `read` writes the
    /// values of a feature from a row on.
    pub(super) fn run_columns(
        &self,
        rows: usize,
        read: &mut dyn FnMut(usize, usize, &mut [f64]),
    ) -> Option<Column> {
        let (nodes, sliced) = self.in_blocks(rows)?;
        self.answer(rows, OfColumns { nodes, sliced, rows, read }).ok()
    }

    /// The features that some tree tests, ascending.
    pub(super) fn read(&self) -> &[u32] {
        &self.trees.read
    }

    /// What the leaves that `way` finds come to.
    fn answer(&self, rows: usize, way: impl Way) -> Result<Column, OpError> {
        let trees = self.trees.len();
        match &self.answer {
            Answer::Leaves(shape) => self.walk(way, LeafNumbers::new(&self.trees, rows), *shape, rows, trees),
            Answer::Sum(sum) => self.walk(way, Sums::new(sum, rows), sum.shape, rows, sum.width),
            Answer::Weighted(sum) => match sum.order {
                DotOrder::Fast => {
                    self.walk(way, DotSums::new(&sum.products, trees, rows), sum.shape, rows, 1)
                }
                order => {
                    let dots = ExactDots::new(&sum.values, &sum.weights, order, rows);
                    self.walk(way, dots, sum.shape, rows, 1)
                }
            },
        }
    }

    fn walk<S: Sink>(
        &self,
        way: impl Way,
        mut sink: S,
        shape: Shape,
        rows: usize,
        width: usize,
    ) -> Result<Column, OpError> {
        way.go(self, &mut sink)?;
        Ok(shape.column(rows, width, sink.finish()))
    }
}

/// How a forest gets at rows.
trait Way {
    /// Hands `sink` the leaf of every row in every tree.
    fn go<S: Sink>(self, forest: &Forest, sink: &mut S) -> Result<(), OpError>;
}

/// A column of vectors.
struct OfVectors<'a>(&'a Column);

impl Way for OfVectors<'_> {
    fn go<S: Sink>(self, forest: &Forest, sink: &mut S) -> Result<(), OpError> {
        let sliced = forest.in_blocks(self.0.len()).map(|(_, sliced)| sliced);
        walk::all(&forest.trees, sliced, self.0, sink)
    }
}

/// Features by themselves, for rows in blocks.
struct OfColumns<'a> {
    nodes: &'a Binned,
    sliced: &'a Sliced,
    rows: usize,
    read: &'a mut dyn FnMut(usize, usize, &mut [f64]),
}

impl Way for OfColumns<'_> {
    fn go<S: Sink>(self, forest: &Forest, sink: &mut S) -> Result<(), OpError> {
        walk::columns(&forest.trees, (self.nodes, self.sliced), self.rows, self.read, sink);
        Ok(())
    }
}

impl Operation for Forest {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        let (Answer::Sum(Sum { shape, .. })
        | Answer::Weighted(WeightedSum { shape, .. })
        | Answer::Leaves(shape)) = &self.answer;
        Ok(vec![shape.column_type()])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        vectors(inputs[0])?;
        Ok(self.answer(rows, OfVectors(inputs[0]))?.into())
    }

    fn row_step(&self, inputs: &[RowType]) -> Option<MadeStep> {
        match inputs {
            [RowType::Vector(size)] => self.row(*size),
            _ => None,
        }
    }

    fn prepare(&self) {
        self.sliced();
    }

    fn set_exactness(&mut self, exactness: Exactness) {
        if let Answer::Weighted(sum) = &mut self.answer {
            sum.order = DotOrder::of_vectors(exactness);
        }
    }

    fn width(&self, _inputs: usize) -> usize {
        match &self.answer {
            Answer::Sum(sum) => sum.width,
            Answer::Weighted(_) | Answer::Leaves(_) => self.trees.len(),
        }
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = match &self.answer {
            Answer::Sum(_) | Answer::Weighted(_) => "sum",
            Answer::Leaves(_) => "leaves",
        };
        let (trees, nodes, depth) = (self.trees.len(), self.trees.nodes(), self.trees.depth());
        write!(f, "forest [{answer} of {trees} trees, {nodes} nodes, depth {depth}]")
    }
}
