//! Cuts a graph to the outputs asked for.
//!
//! Operations that can drop rows stay even where no output needs their columns, as a filter in Spark stays when
//! the columns it reads are not selected. They run as early as Spark runs them, which computes a column as late as
//! it can: a row that is dropped is no error of an earlier stage, unless that one holds filters.

use std::collections::HashMap;

use crate::error::BuildError;
use crate::graph::{Graph, Node, Slot};
use crate::signature::Field;

/// The part of `graph` that computes `outputs`, in the order asked.
pub(crate) fn cut<S: AsRef<str>>(graph: &Graph, outputs: &[S]) -> Result<Graph, BuildError> {
    let named: HashMap<&str, &(Field, Slot)> =
        graph.outputs.iter().map(|output| (output.0.name.as_str(), output)).collect();
    let outputs = outputs
        .iter()
        .map(|name| {
            let found = named.get(name.as_ref()).copied();
            found.cloned().ok_or_else(|| unknown(graph, name.as_ref()))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut needed = vec![false; graph.slots];
    outputs.iter().for_each(|&(_, slot)| needed[slot] = true);
    let mut nodes: Vec<Node> = Vec::new();
    for node in graph.nodes.iter().rev() {
        if node.op.drops_rows() || node.outputs.iter().any(|&slot| needed[slot]) {
            node.inputs.iter().for_each(|&slot| needed[slot] = true);
            nodes.push(node.clone());
        }
    }
    nodes.reverse();
    Ok(renumber(graph, needed, droppers_first(nodes, graph.slots), outputs))
}

/// The nodes in the order in which Spark computes what may be an error: those that drop rows or hold filters one after
/// another, each right behind what it needs and no earlier one does, and at last the others.
fn droppers_first(mut nodes: Vec<Node>, slots: usize) -> Vec<Node> {
    if !nodes.iter().any(|node| node.op.drops_rows()) {
        return nodes;
    }
    let mut needed_by = vec![usize::MAX; slots];
    let mut places = Vec::with_capacity(nodes.len());
    for (at, node) in nodes.iter().enumerate().rev() {
        let own = if node.op.drops_rows() || node.op.holds_filters() { at } else { usize::MAX };
        let place = node.outputs.iter().map(|&slot| needed_by[slot]).fold(own, usize::min);
        node.inputs.iter().for_each(|&slot| needed_by[slot] = needed_by[slot].min(place));
        places.push(place);
    }
    let mut order: Vec<(usize, Node)> = places.into_iter().rev().zip(nodes.drain(..)).collect();
    order.sort_by_key(|&(place, _)| place);
    order.into_iter().map(|(_, node)| node).collect()
}

/// The graph with these nodes, whose slots are numbered anew; every input stays.
pub(super) fn with_nodes(graph: &Graph, nodes: Vec<Node>, outputs: Vec<(Field, Slot)>) -> Graph {
    renumber(graph, vec![true; graph.slots], nodes, outputs)
}

/// Gives the remaining inputs and columns slots without gaps.
fn renumber(
    graph: &Graph,
    needed: Vec<bool>,
    mut nodes: Vec<Node>,
    mut outputs: Vec<(Field, Slot)>,
) -> Graph {
    let mut places: Vec<Option<Slot>> = vec![None; graph.slots];
    let mut slots = 0;
    let mut place = |slot: Slot| {
        *places[slot].get_or_insert_with(|| {
            slots += 1;
            slots - 1
        })
    };
    let inputs = graph.inputs.iter().enumerate().filter(|&(slot, _)| needed[slot]);
    let inputs = inputs.map(|(slot, field)| (place(slot), field.clone()).1).collect();
    for node in &mut nodes {
        node.inputs.iter_mut().for_each(|slot| *slot = place(*slot));
        node.outputs.iter_mut().for_each(|slot| *slot = place(*slot));
    }
    outputs.iter_mut().for_each(|(_, slot)| *slot = place(*slot));
    Graph { inputs, nodes, outputs, slots }
}

fn unknown(graph: &Graph, asked: &str) -> BuildError {
    let known: Vec<&str> = graph.outputs.iter().map(|(field, _)| field.name.as_str()).collect();
    BuildError::UnknownOutput { asked: asked.to_owned(), known: known.join(", ") }
}
