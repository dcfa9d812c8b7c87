//! Optimizer passes. A pass never changes an answer: each has a property test against the plan before it.
//!
//! A plan is first cut to the outputs asked for. Then the passes of [`PASSES`] run in their order, each over the
//! graph that the one before left. What a pass may rely on: operations take each row by itself, and a row's answer
//! has the same bits whichever rows stand beside it. What it must keep: every value to the last bit, whether a vector is
//! dense or sparse, which rows vanish, and for a row that cannot be scored the first error with its stage, column and
//! words.

mod clusters_of_numbers;
mod count_text;
mod cut;
mod fold;
mod forests_of_columns;
mod fused;
mod linear_of_columns;
mod linear_of_numbers;
#[cfg(test)]
pub(crate) mod random;
mod share;

use crate::graph::Graph;

pub(crate) use cut::cut;

/// A rewrite of a graph that changes no answer.
pub(crate) struct Pass {
    /// What it does, for `inspect --plan`.
    name: &'static str,
    /// The rewritten graph; `None` where there is nothing to do.
    rewrite: fn(&Graph) -> Option<Graph>,
}

/// Every pass, in the order in which they run.
const PASSES: &[Pass] = &[
    Pass { name: "compute constants", rewrite: fold::rewrite },
    Pass { name: "share equal operations", rewrite: share::rewrite },
    Pass { name: "count words where text is split", rewrite: count_text::rewrite },
    Pass { name: "let forests read columns", rewrite: forests_of_columns::rewrite },
    Pass { name: "look up the weights of categories", rewrite: linear_of_columns::rewrite },
    Pass { name: "let linear models read columns", rewrite: linear_of_numbers::rewrite },
    Pass { name: "let cluster models read columns", rewrite: clusters_of_numbers::rewrite },
];

/// `graph` after every pass; `tell` hears of each pass that changed it.
pub(crate) fn optimize(mut graph: Graph, mut tell: impl FnMut(&'static str, &Graph)) -> Graph {
    for pass in PASSES {
        if let Some(rewritten) = (pass.rewrite)(&graph) {
            tell(pass.name, &rewritten);
            graph = rewritten;
        }
    }
    graph
}
