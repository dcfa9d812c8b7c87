//! Lets linear models read columns of numbers straight where a vector is assembled, and scaled, for them alone.
//!
//! The products and their sums are those of the dense vector, one by one; see [`LinearOfNumbers`]. The new operation
//! stands where the vector was assembled, whose errors are the only ones there are: the vectors have the size that
//! scalers and models expect.

use std::sync::Arc;

use super::fused::{Assembled, fused};
use crate::column::ColumnType;
use crate::graph::{Graph, Node};
use crate::ops::{LinearOfNumbers, Op};

/// `graph` with linear models that read columns of numbers straight.
pub(super) fn rewrite(graph: &Graph) -> Option<Graph> {
    fused(graph, fuse)
}

/// What stands in place of the node at `place`, if that is an `Assemble` of numbers for linear models alone; and the
/// places of all nodes that it stands for.
fn fuse(graph: &Graph, types: &[ColumnType], place: usize) -> Option<(Node, Vec<usize>)> {
    let numbers = Assembled::at(graph, types, place)?;
    let (mut models, mut outputs) = (Vec::new(), Vec::new());
    for (_, reader) in &numbers.readers {
        let (Op::Linear(linear), &[output]) = (&*reader.op, &reader.outputs[..]) else { return None };
        models.push(linear.clone());
        outputs.push(output);
    }
    if models.is_empty() {
        return None;
    }
    let (absorbed, as_built) = numbers.absorbed(graph);
    let node = &graph.nodes[place];
    let op =
        LinearOfNumbers::new(node.inputs.len(), numbers.assemble.clone(), numbers.scales, models, as_built)?;
    Some((Node { op: Arc::new(op.into()), outputs, ..node.clone() }, absorbed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::random;

    #[test]
    fn linear_models_of_numbers_change_no_answer() {
        random::compare(rewrite);
    }
}
