//! One row through a forest, in room that is kept from row to row.

use super::rows::{RowLeaves, Rows};
use super::sink::{DotSums, LeafNumbers, add_leaves};
use super::trees::Nodes;
use super::{Answer, Forest};
use crate::dot::DotOrder;
use crate::row::{MadeStep, RowStep};

/// A forest over bins, and its room.
#[derive(Debug)]
pub(crate) struct ForestRow {
    forest: Forest,
    rows: Rows,
    /// The features that the forest reads.
    read: Vec<f64>,
    scores: Vec<f64>,
}

impl Forest {
    /// The step of rows of `features` values; `None` where they are none of this forest's, or it is not over bins.
    pub(crate) fn row(&self, features: usize) -> Option<MadeStep> {
        let Nodes::Binned(nodes) = &self.trees.nodes else { return None };
        if features != self.trees.features() {
            return None;
        }
        let (shape, width) = match &self.answer {
            Answer::Leaves(shape) => (*shape, self.trees.len()),
            Answer::Sum(sum) => (sum.shape, sum.width),
            Answer::Weighted(sum) if sum.order == DotOrder::Fast => (sum.shape, 1),
            Answer::Weighted(_) => return None,
        };
        let step = ForestRow {
            rows: Rows::new(nodes),
            read: vec![0.0; self.trees.read.len()],
            scores: vec![0.0; width],
            forest: self.clone(),
        };
        Some((Box::new(step), shape.row_type(width)))
    }
}

impl RowStep for ForestRow {
    fn run(&mut self, inputs: &[f64], out: &mut [f64]) -> bool {
        let ForestRow { forest, rows, read, scores } = self;
        let trees = &forest.trees;
        let Nodes::Binned(nodes) = &trees.nodes else { return false };
        let row = if read.len() == inputs.len() {
            inputs
        } else {
            read.iter_mut().zip(&trees.read).for_each(|(value, &feature)| *value = inputs[feature as usize]);
            &*read
        };
        let leaves = rows.leaves(nodes, row);
        match &forest.answer {
            Answer::Sum(sum) => {
                scores.fill(sum.start);
                add_leaves(sum, leaves, scores);
                scores.iter_mut().for_each(|score| *score /= sum.divisor);
                sum.shape.write_row(scores, out);
            }
            Answer::Weighted(sum) => {
                scores.fill(DotSums::of_row(&sum.products, trees.len(), leaves));
                sum.shape.write_row(scores, out);
            }
            Answer::Leaves(shape) => {
                leaves.fold((0, &mut *scores), |(tree, scores), leaf| {
                    scores[tree] = LeafNumbers::number(trees, tree, leaf);
                    (tree + 1, scores)
                });
                shape.write_row(scores, out);
            }
        }
        true
    }
}
