//! A saved tree or ensemble: the shape that a plan walks, and what its leaves hold.
//!
//! A single tree's nodes are the columns of `data`; an ensemble's are the structs `nodeData` beside a `treeID`,
//! and `treesMetadata` has each tree's number, metadata and weight, under names that changed in Spark 4.1.

use std::sync::Arc;

use arrow_buffer::ScalarBuffer;
use firesteel_plan::ops::{Forest, LeafSum, Shape, Trees};
use firesteel_plan::{Attributes, BuildError, Builder, Col};

use super::nodes::NodeTable;
use crate::data::{Lists, Values};
use crate::error::LoadError;
use crate::saved::Saved;

/// A saved tree or ensemble.
#[derive(Debug)]
pub(crate) struct SavedTrees {
    trees: Arc<Trees>,
    /// The tree and the row of each leaf, in the order of the shape's leaves.
    leaves: Vec<(usize, usize)>,
    predictions: ScalarBuffer<f64>,
    stats: Lists<f64>,
    /// The weight of each tree.
    weights: Vec<f64>,
    leaf_column: String,
    /// Whether this is a single tree, not an ensemble.
    single: bool,
}

/// What is read of each node of a single tree; what else there is of it does not count.
const NODE: [&str; 6] = ["id", "prediction", "impurityStats", "leftChild", "rightChild", "split"];

/// The same of an ensemble's trees.
const NODE_OF_ENSEMBLE: [&str; 7] = [
    "treeID",
    "nodeData.id",
    "nodeData.prediction",
    "nodeData.impurityStats",
    "nodeData.leftChild",
    "nodeData.rightChild",
    "nodeData.split",
];

/// The nodes of all trees, and what each holds.
struct SavedNodes {
    table: NodeTable,
    predictions: ScalarBuffer<f64>,
    stats: Lists<f64>,
}

impl SavedNodes {
    /// The nodes in columns of which `column` knows each by name; none of `trees` where there is a single tree.
    fn read<'a>(
        trees: Option<ScalarBuffer<i32>>,
        column: impl Fn(&str) -> Result<Values<'a>, LoadError>,
    ) -> Result<SavedNodes, LoadError> {
        Ok(SavedNodes {
            table: NodeTable::read(trees, &column)?,
            predictions: column("prediction")?.double_buffer()?,
            stats: column("impurityStats")?.double_lists()?,
        })
    }
}

/// A leaf's values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaf<'a> {
    /// The prediction.
    pub(crate) prediction: f64,
    /// Class counts, or count, sum and sum of squares.
    pub(crate) stats: &'a [f64],
}

impl SavedTrees {
    /// Reads the model data of a single tree.
    pub(crate) fn single(saved: &Saved) -> Result<SavedTrees, LoadError> {
        let data = saved.columns("data", &NODE)?;
        let saved_nodes = SavedNodes::read(None, |name| data.column(name))?;
        drop(data);
        SavedTrees::build(saved, saved_nodes, vec![1.0])
    }

    /// Reads the model data of an ensemble.
    pub(crate) fn ensemble(saved: &Saved) -> Result<SavedTrees, LoadError> {
        let weights = weights(saved)?;
        let data = saved.columns("data", &NODE_OF_ENSEMBLE)?;
        let trees = data.column("treeID")?.int_buffer()?;
        let nodes = data.column("nodeData")?;
        let saved_nodes = SavedNodes::read(Some(trees), |name| nodes.field(name))?;
        // What was decoded is not needed any more, and the trees may have its memory.
        drop(nodes);
        drop(data);
        SavedTrees::build(saved, saved_nodes, weights)
    }

    fn build(saved: &Saved, nodes: SavedNodes, weights: Vec<f64>) -> Result<SavedTrees, LoadError> {
        let bad = |why: String| saved.bad_data("data", why);
        let SavedNodes { table, predictions, stats } = nodes;
        let single = table.trees.is_none();
        let rows = table.by_tree().map_err(bad)?;
        if rows.len() != weights.len()
            || saved.extra::<usize>("numTrees")?.is_some_and(|trees| trees != rows.len())
        {
            return Err(bad(format!("{} trees, but its metadata name {}", rows.len(), weights.len())));
        }
        let (count, in_rows) = (table.ids.len(), &rows);
        let nodes = move |tree: usize| table.nodes(&in_rows[tree]);
        let made = Trees::build(num_features(saved)?, rows.len(), count, nodes);
        let (trees, leaves) = made.map_err(|why| bad(why.to_string()))?;
        let in_rows = |(tree, (rows, leaves)): (usize, (&Vec<usize>, Vec<usize>))| {
            leaves.into_iter().map(|node| (tree, rows[node])).collect::<Vec<_>>()
        };
        let leaves = rows.iter().zip(leaves).enumerate().flat_map(in_rows).collect();
        Ok(SavedTrees {
            trees: Arc::new(trees),
            leaves,
            predictions,
            stats,
            weights,
            leaf_column: saved.param_or("leafCol", String::new())?,
            single,
        })
    }

    /// The size of the rows.
    pub(crate) fn features(&self) -> usize {
        self.trees.features()
    }

    /// The number of trees.
    pub(crate) fn len(&self) -> usize {
        self.trees.len()
    }

    /// Refuses leaves whose statistics are not `expected` numbers.
    pub(crate) fn check_stats(&self, saved: &Saved, expected: usize) -> Result<(), LoadError> {
        let odd = self.leaves.iter().find(|&&(_, row)| self.stats.get(row).len() != expected);
        match odd {
            None => Ok(()),
            Some(&(tree, row)) => {
                let found = self.stats.get(row).len();
                let why = format!("tree {tree} has a leaf with {found} impurityStats, expected {expected}");
                Err(saved.bad_data("data", why))
            }
        }
    }

    /// The sum from `start` on, over the trees, of the `width` values that `worth` appends for each leaf.
    pub(crate) fn sum(
        &self,
        width: usize,
        start: f64,
        divisor: f64,
        shape: Shape,
        worth: impl Fn(Leaf<'_>, &mut Vec<f64>),
    ) -> Result<Forest, BuildError> {
        let mut values = Vec::with_capacity(self.leaves.len().saturating_mul(width));
        for &(_, row) in &self.leaves {
            let (prediction, stats) = (self.predictions[row], self.stats.get(row));
            worth(Leaf { prediction, stats }, &mut values);
        }
        Forest::sum(Arc::clone(&self.trees), LeafSum { values: values.into(), width, start, divisor, shape })
    }

    /// What the only leaf that a row reaches in a single tree holds: one double.
    pub(crate) fn pick(&self, worth: impl Fn(Leaf<'_>) -> f64) -> Result<Forest, BuildError> {
        self.sum(1, FIRST, 1.0, Shape::Scalar, |leaf, values| values.push(worth(leaf)))
    }

    /// The mean of the trees' predictions.
    pub(crate) fn mean(&self) -> Result<Forest, BuildError> {
        self.sum(1, 0.0, self.len() as f64, Shape::Scalar, |leaf, values| values.push(leaf.prediction))
    }

    /// The trees' predictions times their weights, as boosting adds them.
    pub(crate) fn weighted(&self, shape: Shape) -> Result<Forest, BuildError> {
        let values = self.leaves.iter().map(|&(_, row)| self.predictions[row]).collect();
        Forest::weighted(Arc::clone(&self.trees), values, self.weights.clone(), shape)
    }

    /// Says how large the trees are, and binds `leafCol` where it is set.
    pub(crate) fn lower(&self, builder: &mut Builder, features: &Col) -> Result<(), BuildError> {
        if !self.single {
            builder.fact("trees", self.len());
        }
        builder.fact("nodes", self.trees.nodes());
        builder.fact("depth", self.trees.depth());
        builder.fact("features", self.features());
        if self.leaf_column.is_empty() {
            return Ok(());
        }
        let shape = if self.single { Shape::Scalar } else { Shape::Vector };
        let leaves = builder.apply(Forest::leaves(Arc::clone(&self.trees), shape)?.into(), &[features])?;
        let leaves = if self.single { leaves } else { leaves.with_attributes(Attributes::sized(self.len())) };
        builder.bind(&self.leaf_column, leaves)
    }
}

/// The order of a sum of one tree: nothing is added to its leaf, not even a sign is lost.
pub(crate) const FIRST: f64 = -0.0;

/// The number of features in the metadata.
fn num_features(saved: &Saved) -> Result<usize, LoadError> {
    saved
        .extra("numFeatures")?
        .ok_or_else(|| saved.invalid("numFeatures", "missing", "a whole number from 0 on"))
}

/// The weights of an ensemble's trees, by tree.
fn weights(saved: &Saved) -> Result<Vec<f64>, LoadError> {
    let data = saved.data("treesMetadata")?;
    let numbers = data.column_at(0)?.ints()?;
    let weights = data.column_at(2)?.doubles()?;
    let mut trees: Vec<(i32, f64)> = numbers.into_iter().zip(weights).collect();
    trees.sort_by_key(|&(number, _)| number);
    match trees.iter().enumerate().find(|&(place, &(number, _))| usize::try_from(number) != Ok(place)) {
        None => Ok(trees.into_iter().map(|(_, weight)| weight).collect()),
        Some((place, (number, _))) => {
            Err(saved.bad_data("treesMetadata", format!("tree {number} where tree {place} is due")))
        }
    }
}
