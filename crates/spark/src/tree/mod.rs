//! What Spark's tree models share: nodes, ensembles, and the output columns of both.
//!
//! The counterpart of Spark's `ml/tree/{Node,Split,treeModels}.scala`.

mod nodes;
mod saved;

pub(crate) use saved::{FIRST, Leaf, SavedTrees};
