//! Puts one operation in place of several.

use std::ops::Range;

use super::cut::with_nodes;
use crate::column::ColumnType;
use crate::graph::{Graph, Node};
use crate::ops::{Assemble, Op, Scale};
use crate::subplan::Subplan;

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

/// An `Assemble` of numbers, and the scalers behind it, each of which alone reads the one before.
pub(super) struct Assembled<'g> {
    pub(super) assemble: &'g Assemble,
    pub(super) scales: Vec<Scale>,
    /// What reads the last of these vectors, none of which is asked for.
    pub(super) readers: Vec<(usize, &'g Node)>,
    /// The places of the assembler and the scalers.
    absorbed: Vec<usize>,
}

impl<'g> Assembled<'g> {
    /// Those that begin with the node at `place`, if there are any.
    pub(super) fn at(graph: &'g Graph, types: &[ColumnType], place: usize) -> Option<Assembled<'g>> {
        let node = &graph.nodes[place];
        let (Op::Assemble(assemble), &[mut vector]) = (&*node.op, &node.outputs[..]) else { return None };
        if node.inputs.iter().any(|&slot| types[slot] != ColumnType::Double) {
            return None;
        }
        let mut found =
            Assembled { assemble, scales: Vec::new(), readers: Vec::new(), absorbed: vec![place] };
        loop {
            if graph.is_output(vector) {
                return None;
            }
            let readers: Vec<_> = graph.readers(vector).collect();
            let [(reader, scaled)] = readers[..] else { return Some(Assembled { readers, ..found }) };
            let (Op::Scale(scale), &[made]) = (&*scaled.op, &scaled.outputs[..]) else {
                return Some(Assembled { readers, ..found });
            };
            found.absorbed.push(reader);
            found.scales.push(scale.clone());
            vector = made;
        }
    }

    /// The places of all that a node stands for which does the readers' work too, and that as it was.
    pub(super) fn absorbed(&self, graph: &Graph) -> (Vec<usize>, Subplan) {
        let readers = self.readers.iter().map(|&(place, _)| place);
        let absorbed: Vec<usize> = self.absorbed.iter().copied().chain(readers).collect();
        let as_built = absorbed.iter().map(|&place| graph.nodes[place].clone()).collect();
        let inputs = &graph.nodes[absorbed[0]].inputs;
        let outputs: Vec<_> = self.readers.iter().flat_map(|(_, reader)| reader.outputs.clone()).collect();
        let as_built = Subplan::new(as_built, inputs, &outputs);
        (absorbed, as_built)
    }
}

/// Whether none of the nodes at these places, but for those that are to be fused, can refuse a row or drop one.
pub(super) fn is_quiet(graph: &Graph, mut places: Range<usize>, but: &[usize]) -> bool {
    places.all(|at| but.contains(&at) || matches!(&*graph.nodes[at].op, Op::Cast(_) | Op::Impute(_)))
}
