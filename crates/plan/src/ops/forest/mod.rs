//! Decision trees and forests: the sum of the leaves that a row falls into, or the leaves' numbers.
//!
//! Serves Spark's tree models (`ml/tree/{Node,Split,treeModels}.scala`), and is laid out for those of other
//! formats. [`Trees`] holds the shape alone, in compact nodes; what a leaf is worth lies beside in a table, so
//! that raw predictions, variances and leaf numbers share one shape. `binned` makes
//! the nodes smaller still where features have few thresholds. `walk` goes down many trees, or many rows,
//! side by side without a branch that depends on data; `sink` adds up what it finds in Spark's order.

mod binned;
mod sets;
mod sink;
#[cfg(test)]
mod tests;
mod trees;
mod walk;

use std::fmt;
use std::sync::Arc;

use super::{Mismatch, Operation, Outputs, Shape, expect_types, vectors};
use crate::column::{Column, ColumnType};
use crate::error::{BuildError, OpError};

use sink::{DotSums, LeafNumbers, Sink, Sums};
pub use trees::{Side, Test, TreeNode, Trees, TreesBuilder};

/// What a row's leaves in some trees come to.
#[derive(Clone, Debug)]
pub struct Forest {
    trees: Arc<Trees>,
    answer: Answer,
}

#[derive(Clone, Debug)]
enum Answer {
    Sum(LeafSum),
    Leaves(Shape),
}

/// A sum over the trees of what their leaves hold.
#[derive(Clone, Debug)]
pub struct LeafSum {
    /// `width` values for each leaf, tree after tree, leaves from left to right.
    pub values: Arc<[f64]>,
    /// The number of values that a leaf holds.
    pub width: usize,
    /// The order in which they are added.
    pub order: SumOrder,
    /// Divides each sum.
    pub divisor: f64,
    /// How the sums of a row become a column.
    pub shape: Shape,
}

/// The order in which the leaves of a row are added.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SumOrder {
    /// One tree after another, from a first value on; from `-0.0` on a single tree's value keeps its sign.
    Trees {
        /// What the first tree's value is added to.
        start: f64,
    },
    /// In the order of a dot product, as boosted trees are weighted in Spark; for leaves of one value.
    DotProduct,
}

impl Forest {
    /// The sum of the leaves' values.
    pub fn sum(trees: Arc<Trees>, sum: LeafSum) -> Result<Forest, BuildError> {
        let LeafSum { values, width, order, shape, .. } = &sum;
        let fits = trees.leaves().checked_mul(*width) == Some(values.len())
            && shape.takes(*width)
            && (*order != SumOrder::DotProduct || *width == 1);
        if !fits {
            let (found, leaves) = (values.len(), trees.leaves());
            return Err(BuildError::Invalid(format!(
                "{found} leaf values, expected {width} for each of {leaves} leaves"
            )));
        }
        Ok(Forest { trees, answer: Answer::Sum(sum) })
    }

    /// The number of the leaf in each tree, counted from the left; a vector, or a double where there is one tree.
    pub fn leaves(trees: Arc<Trees>, shape: Shape) -> Result<Forest, BuildError> {
        if shape == Shape::Mirrored || !shape.takes(trees.len()) {
            return Err(BuildError::Invalid(format!("{} trees, expected one", trees.len())));
        }
        Ok(Forest { trees, answer: Answer::Leaves(shape) })
    }

    fn walk<S: Sink>(
        &self,
        column: &Column,
        mut sink: S,
        shape: Shape,
        width: usize,
    ) -> Result<Outputs, OpError> {
        walk::all(&self.trees, column, &mut sink)?;
        Ok(shape.column(column.len(), width, sink.finish()).into())
    }
}

impl Operation for Forest {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        let (Answer::Sum(LeafSum { shape, .. }) | Answer::Leaves(shape)) = &self.answer;
        Ok(vec![shape.column_type()])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let column = inputs[0];
        vectors(column)?;
        match &self.answer {
            Answer::Leaves(shape) => {
                self.walk(column, LeafNumbers::new(&self.trees, rows), *shape, self.trees.len())
            }
            Answer::Sum(sum) => match sum.order {
                SumOrder::Trees { start } => {
                    self.walk(column, Sums::new(sum, start, rows), sum.shape, sum.width)
                }
                SumOrder::DotProduct => {
                    self.walk(column, DotSums::new(sum, self.trees.len(), rows), sum.shape, sum.width)
                }
            },
        }
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = match &self.answer {
            Answer::Sum(_) => "sum",
            Answer::Leaves(_) => "leaves",
        };
        let (trees, nodes, depth) = (self.trees.len(), self.trees.nodes(), self.trees.depth());
        write!(f, "forest [{answer} of {trees} trees, {nodes} nodes, depth {depth}]")
    }
}
