//! Shares equal sub-plans: an operation that reads the same columns as an equal one before it runs only once.
//!
//! Operations are equal when they print alike in full: unlike `==`, that tells 0 from −0 and finds NaN equal to
//! itself. Only operations of one kind, size and input are compared, and only as far as [`COMPARED`], so that large
//! tables cost nothing. The first of two equal operations meets an error or drops a row before the second would,
//! so that the second has nothing left to refuse.

use std::collections::HashMap;
use std::fmt::{self, Write};

use crate::graph::{Graph, Node, Slot};
use crate::ops::Op;

use super::cut::with_nodes;

/// How much of an operation is compared, in bytes of text; longer ones are equal to none.
const COMPARED: usize = 1 << 18;

/// `graph` without operations that equal an earlier one.
pub(super) fn rewrite(graph: &Graph) -> Option<Graph> {
    let mut read_instead: Vec<Slot> = (0..graph.slots).collect();
    let mut nodes: Vec<Node> = Vec::with_capacity(graph.nodes.len());
    let mut alike: HashMap<(Vec<Slot>, String), Vec<usize>> = HashMap::new();
    for node in &graph.nodes {
        let mut node = node.clone();
        node.inputs.iter_mut().for_each(|slot| *slot = read_instead[*slot]);
        let places = alike.entry((node.inputs.clone(), node.op.to_string())).or_default();
        match places.iter().find(|&&place| equal(&nodes[place].op, &node.op)) {
            Some(&place) => {
                for (slot, twin) in node.outputs.iter().zip(&nodes[place].outputs) {
                    read_instead[*slot] = *twin;
                }
            }
            None => {
                places.push(nodes.len());
                nodes.push(node);
            }
        }
    }
    if nodes.len() == graph.nodes.len() {
        return None;
    }
    let outputs = graph.outputs.iter().map(|(field, slot)| (field.clone(), read_instead[*slot]));
    Some(with_nodes(graph, nodes, outputs.collect()))
}

/// Whether two operations print alike in full.
fn equal(one: &Op, other: &Op) -> bool {
    let mut text = Text(String::new());
    if write!(text, "{one:?}").is_err() {
        return false;
    }
    let mut rest = Rest(&text.0);
    write!(rest, "{other:?}").is_ok() && rest.0.is_empty()
}

/// Takes text up to a limit.
struct Text(String);

impl Write for Text {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        if self.0.len() + part.len() > COMPARED {
            return Err(fmt::Error);
        }
        self.0.push_str(part);
        Ok(())
    }
}

/// Takes the text that it holds and no other.
struct Rest<'a>(&'a str);

impl Write for Rest<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(part).ok_or(fmt::Error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::ops::{Binarize, Scale, SparseRule};
    use crate::passes::random;

    #[test]
    fn sharing_changes_no_answer() {
        random::compare(rewrite);
    }

    #[test]
    fn minus_zero_is_not_zero_and_nan_is_itself() {
        let scale = |factor: f64| Op::from(Scale { shift: None, factor: Some(Arc::from([factor])) });
        assert!(!equal(&scale(0.0), &scale(-0.0)));
        assert!(equal(&scale(f64::NAN), &scale(f64::NAN)));
        assert!(!equal(&scale(1.0), &scale(10.0)));
    }

    #[test]
    fn large_operations_are_left_alone() {
        let scale = Op::from(Scale { shift: None, factor: Some(Arc::from(vec![0.5; COMPARED])) });
        assert!(!equal(&scale, &scale.clone()));
    }

    #[test]
    fn an_equal_operation_runs_once() {
        let binarize = |threshold| {
            Op::from(Binarize { threshold, keeps_nulls: true, counts_missing: true, rule: SparseRule::Ratio })
        };
        let graph = random::graph_of(&[binarize(0.5), binarize(0.5), binarize(0.25)]);
        let shared = rewrite(&graph).unwrap();
        assert_eq!((graph.nodes.len(), shared.nodes.len(), shared.slots), (3, 2, 3));
        assert_eq!(shared.outputs.iter().map(|&(_, slot)| slot).collect::<Vec<_>>(), [1, 1, 2]);
        assert!(rewrite(&shared).is_none());
    }
}
