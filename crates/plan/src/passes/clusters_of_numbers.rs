//! Lets cluster models read columns of numbers straight where a vector is assembled, and scaled, for them alone.
//!
//! What they answer is that of the dense vector; see [`ClustersOfNumbers`]. The new operation stands where the vector was
//! assembled, whose errors are the only ones there are beside those of the models, for which the operations that it
//! stands for are asked.

use std::sync::Arc;

use super::fused::{Assembled, fused, is_quiet};
use crate::column::ColumnType;
use crate::graph::{Graph, Node};
use crate::ops::{ClusterModel, ClustersOfNumbers};

/// `graph` with cluster models that read columns of numbers straight.
pub(super) fn rewrite(graph: &Graph) -> Option<Graph> {
    fused(graph, fuse)
}

/// What stands in place of the node at `place`, if that is an `Assemble` of numbers for cluster models alone; and the
/// places of all nodes that it stands for.
fn fuse(graph: &Graph, types: &[ColumnType], place: usize) -> Option<(Node, Vec<usize>)> {
    let numbers = Assembled::at(graph, types, place)?;
    let (mut models, mut outputs) = (Vec::new(), Vec::new());
    for (_, reader) in &numbers.readers {
        let &[output] = &reader.outputs[..] else { return None };
        models.push(ClusterModel::of(&reader.op)?);
        outputs.push(output);
    }
    let (absorbed, as_built) = numbers.absorbed(graph);
    // A centre refuses NaN, which must stay behind what is refused before it.
    if !is_quiet(graph, place..absorbed.iter().copied().max()?, &absorbed) {
        return None;
    }
    let node = &graph.nodes[place];
    let width = node.inputs.len();
    let op = ClustersOfNumbers::new(width, numbers.assemble.clone(), numbers.scales, models, as_built)?;
    Some((Node { op: Arc::new(op.into()), outputs, ..node.clone() }, absorbed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::random;

    #[test]
    fn cluster_models_of_numbers_change_no_answer() {
        random::compare(rewrite);
    }
}
