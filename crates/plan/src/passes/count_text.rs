//! Counts words where text is split for that alone, without lists of words in between.
//!
//! The new operation stands where the text was split, which is the only step that refuses a row: see [`CountText`].

use std::sync::Arc;

use super::fused::fused;
use crate::column::ColumnType;
use crate::graph::{Graph, Node};
use crate::ops::{CountText, Op, TextSplit, WordCount};

/// `graph` with words counted where text is split.
pub(super) fn rewrite(graph: &Graph) -> Option<Graph> {
    fused(graph, fuse)
}

/// What stands in place of the node at `place`, if that splits text whose words are only counted; and the places of all
/// nodes that it stands for.
fn fuse(graph: &Graph, _types: &[ColumnType], place: usize) -> Option<(Node, Vec<usize>)> {
    let node = &graph.nodes[place];
    let split = TextSplit::of(&node.op)?;
    let (mut absorbed, mut removes) = (vec![place], Vec::new());
    let mut made = node;
    loop {
        let &[words] = &made.outputs[..] else { return None };
        let readers: Vec<_> = graph.readers(words).collect();
        let [(at, reader)] = readers[..] else { return None };
        if graph.is_output(words) {
            return None;
        }
        absorbed.push(at);
        if let Some(count) = WordCount::of(&reader.op) {
            let op = Arc::new(CountText::new(split, removes, count).into());
            return Some((Node { op, outputs: reader.outputs.clone(), ..node.clone() }, absorbed));
        }
        let Op::RemoveWords(remove) = &*reader.op else { return None };
        removes.push(remove.clone());
        made = reader;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::random;

    #[test]
    fn words_counted_in_text_change_no_answer() {
        random::compare(rewrite);
    }
}
