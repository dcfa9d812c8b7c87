//! Lets linear models read columns of numbers straight where a vector is assembled, and scaled, for them alone.
//!
//! The products and their sums are those of the dense vector, one by one; see [`LinearOfNumbers`]. The new operation
//! stands where the vector was assembled, whose errors are the only ones there are: the vectors have the size that
//! scalers and models expect.

use std::sync::Arc;

use super::fused::fused;
use crate::column::ColumnType;
use crate::graph::{Graph, Node};
use crate::ops::{LinearOfNumbers, Op};
use crate::subplan::Subplan;

/// `graph` with linear models that read columns of numbers straight.
pub(super) fn rewrite(graph: &Graph) -> Option<Graph> {
    fused(graph, fuse)
}

/// What stands in place of the node at `place`, if that is an `Assemble` of numbers for linear models alone; and the
/// places of all nodes that it stands for.
fn fuse(graph: &Graph, types: &[ColumnType], place: usize) -> Option<(Node, Vec<usize>)> {
    let node = &graph.nodes[place];
    let (Op::Assemble(assemble), &[mut vector]) = (&*node.op, &node.outputs[..]) else { return None };
    if node.inputs.iter().any(|&slot| types[slot] != ColumnType::Double) {
        return None;
    }
    let (mut absorbed, mut scales) = (vec![place], Vec::new());
    let (mut models, mut outputs) = (Vec::new(), Vec::new());
    while models.is_empty() {
        if graph.is_output(vector) {
            return None;
        }
        let readers: Vec<_> = graph.readers(vector).collect();
        if let [(reader, scaled)] = readers[..]
            && let (Op::Scale(scale), &[made]) = (&*scaled.op, &scaled.outputs[..])
        {
            absorbed.push(reader);
            scales.push(scale.clone());
            vector = made;
            continue;
        }
        for (reader, reads) in readers {
            let (Op::Linear(linear), &[output]) = (&*reads.op, &reads.outputs[..]) else { return None };
            absorbed.push(reader);
            models.push(linear.clone());
            outputs.push(output);
        }
        if models.is_empty() {
            return None;
        }
    }
    let as_built: Vec<Node> = absorbed.iter().map(|&place| graph.nodes[place].clone()).collect();
    let as_built = Subplan::new(as_built, &node.inputs, &outputs);
    let op = LinearOfNumbers::new(node.inputs.len(), assemble.clone(), scales, models, as_built)?;
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
