//! Lets linear models read numbers and categories straight where one-hot vectors are assembled for them alone.
//!
//! The dot product of a one-hot vector is one of the weights. Only the default order of products is kept so, and only
//! where all weights are finite: Spark's fused orders can leave a sum at −0, to which a zero more would make a
//! difference.
//!
//! One-hot vectors have errors of their own, with their own stage. The new operation keeps the operations that it stands
//! for, and runs those for a batch in which one may have something to refuse. It stands where the vector was assembled:
//! between the first one-hot vector and that place there may be nothing that refuses or drops rows.

use std::sync::Arc;

use super::fused::{fused, is_quiet};
use crate::column::ColumnType;
use crate::graph::{Graph, Node};
use crate::ops::{LinearOfColumns, Op, Part};
use crate::subplan::Subplan;

/// `graph` with linear models that read numbers and categories straight.
pub(super) fn rewrite(graph: &Graph) -> Option<Graph> {
    fused(graph, fuse)
}

/// What stands in place of the node at `place`, if that is an `Assemble` of numbers and one-hot vectors for linear
/// models alone; and the places of all nodes that it stands for.
fn fuse(graph: &Graph, types: &[ColumnType], place: usize) -> Option<(Node, Vec<usize>)> {
    let node = &graph.nodes[place];
    let (Op::Assemble(assemble), [assembled]) = (&*node.op, &node.outputs[..]) else { return None };
    let (mut absorbed, mut inputs, mut parts) = (vec![place], Vec::new(), Vec::new());
    for &slot in &node.inputs {
        if types[slot] == ColumnType::Double {
            inputs.push(slot);
            parts.push(Part::Number);
            continue;
        }
        let (maker, made) =
            graph.nodes.iter().enumerate().find(|(_, maker)| maker.outputs.contains(&slot))?;
        let Op::OneHot(one_hot) = &*made.op else { return None };
        if graph.is_output(slot) || graph.readers(slot).count() != 1 {
            return None;
        }
        absorbed.push(maker);
        inputs.push(made.inputs[0]);
        parts.push(Part::Category(one_hot.clone()));
    }
    let (mut models, mut outputs) = (Vec::new(), Vec::new());
    for (reader, reads) in graph.readers(*assembled) {
        let (Op::Linear(linear), [output]) = (&*reads.op, &reads.outputs[..]) else { return None };
        absorbed.push(reader);
        models.push(linear.clone());
        outputs.push(*output);
    }
    absorbed.sort_unstable();
    absorbed.dedup();
    let quiet = is_quiet(graph, absorbed[0]..place, &absorbed);
    if !quiet || absorbed[0] == place || models.is_empty() || graph.is_output(*assembled) {
        return None;
    }
    let as_built: Vec<Node> = absorbed.iter().map(|&place| graph.nodes[place].clone()).collect();
    let as_built = Subplan::new(as_built, &inputs, &outputs);
    let op = LinearOfColumns::new(parts, assemble.clone(), models, as_built)?;
    Some((Node { op: Arc::new(op.into()), inputs, outputs, ..node.clone() }, absorbed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::random;

    #[test]
    fn linear_models_of_columns_change_no_answer() {
        random::compare(rewrite);
    }
}
