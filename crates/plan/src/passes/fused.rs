//! Puts one operation in place of several.

use super::cut::with_nodes;
use crate::column::ColumnType;
use crate::graph::{Graph, Node};

/// `graph` where `fuse` finds something to stand in place of a node: what that is, and the places of all nodes that it
/// stands for. It is given the types of all slots and the node's place.
pub(super) fn fused(
    graph: &Graph,
    fuse: impl Fn(&Graph, &[ColumnType], usize) -> Option<(Node, Vec<usize>)>,
) -> Option<Graph> {
    let types = graph.slot_types()?;
    let mut nodes: Vec<Option<Node>> = graph.nodes.iter().cloned().map(Some).collect();
    let mut changed = false;
    for place in 0..graph.nodes.len() {
        if let Some((node, absorbed)) = fuse(graph, &types, place) {
            absorbed.iter().for_each(|&place| nodes[place] = None);
            nodes[place] = Some(node);
            changed = true;
        }
    }
    changed.then(|| with_nodes(graph, nodes.into_iter().flatten().collect(), graph.outputs.clone()))
}
