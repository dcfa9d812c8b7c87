//! Goes down the trees.
//!
//! Each step of one walk waits for the step before, so several walks run side by side: one row goes down
//! [`LANES`] trees at once, or [`LANES`] rows go down one tree at once. Where every test is a threshold no branch
//! depends on the data.

use super::sets::Sets;
use super::sink::Sink;
use super::trees::{Node, Trees, set_of};
use crate::column::{Column, VectorRef};
use crate::error::OpError;
use crate::ops::scale::expect_vector;
use crate::ops::vectors;

/// The walks that run side by side.
const LANES: usize = 64;

/// Below this many rows each row goes down all trees by itself.
const FEW_ROWS: usize = 8;

/// The values of rows that are walked together at most: they stay in the first cache beside a tree.
const TILE_VALUES: usize = 4096;

/// The most rows that are walked together.
const TILE_ROWS: usize = 256;

/// Hands `sink` the leaf of every row in every tree.
pub(super) fn all<S: Sink>(trees: &Trees, column: &Column, sink: &mut S) -> Result<(), OpError> {
    if trees.categorical {
        tiles(trees, WithCategories(&trees.sets), column, sink)
    } else {
        tiles(trees, Thresholds, column, sink)
    }
}

/// Knows the tests that a forest's nodes make.
trait Tester: Copy {
    /// The place among a row's values that the node tests.
    fn slot(self, node: &Node) -> usize;

    /// Whether that value passes the test.
    fn pass(self, node: &Node, x: f64) -> bool;
}

/// Every test is `x <= threshold`.
#[derive(Clone, Copy)]
struct Thresholds;

impl Tester for Thresholds {
    #[inline(always)]
    fn slot(self, node: &Node) -> usize {
        node.test as usize
    }

    #[inline(always)]
    fn pass(self, node: &Node, x: f64) -> bool {
        x <= node.threshold
    }
}

/// Some tests ask for categories.
#[derive(Clone, Copy)]
struct WithCategories<'a>(&'a Sets);

impl Tester for WithCategories<'_> {
    #[inline(always)]
    fn slot(self, node: &Node) -> usize {
        node.slot()
    }

    #[inline(always)]
    fn pass(self, node: &Node, x: f64) -> bool {
        if node.is_category() { self.0.pass(set_of(node), x) } else { x <= node.threshold }
    }
}

/// Some rows, each with the features that the forest reads, row after row.
struct Tile<'a> {
    values: &'a [f64],
    /// The number of features that the forest reads.
    slots: usize,
    /// The first row's place in the column.
    start: usize,
    rows: usize,
}

fn tiles<T: Tester, S: Sink>(trees: &Trees, tester: T, column: &Column, sink: &mut S) -> Result<(), OpError> {
    let vectors = vectors(column)?;
    let (rows, slots) = (vectors.len(), trees.read.len());
    // A block of which every feature is read needs no copy.
    let block = vectors.as_block().filter(|&(size, _)| size == slots && size == trees.features());
    let step = (TILE_VALUES / slots.max(1)).clamp(LANES, TILE_ROWS);
    let needed = trees.read.last().map_or(0, |&feature| feature as usize + 1);
    let mut copy = if block.is_some() { Vec::new() } else { vec![0.0; step.min(rows) * slots] };
    for start in (0..rows).step_by(step) {
        let rows = step.min(rows - start);
        let values = match block {
            Some((_, values)) => &values[start * slots..(start + rows) * slots],
            None => {
                for row in 0..rows {
                    let at = start + row;
                    let values = &mut copy[row * slots..(row + 1) * slots];
                    let vector = expect_vector(column, at, vectors.get(at), None)?;
                    read_features(&trees.read, vector, values);
                    if vector.size() < needed && misses(trees, tester, values, vector.size()) {
                        expect_vector(column, at, Some(vector), Some(trees.features()))?;
                    }
                }
                &copy[..rows * slots]
            }
        };
        tile(trees, tester, &Tile { values, slots, start, rows }, sink);
    }
    Ok(())
}

/// Whether a row of `size` lacks a feature on its way down some tree. Spark asks no more of a row's size.
fn misses<T: Tester>(trees: &Trees, tester: T, values: &[f64], size: usize) -> bool {
    trees.trees.iter().any(|tree| {
        let mut at = tree.root;
        for _ in 0..tree.depth {
            let node = &trees.nodes[at as usize];
            if node.first == at {
                break;
            }
            let slot = tester.slot(node);
            if trees.read[slot] as usize >= size {
                return true;
            }
            at = node.first + u32::from(tester.pass(node, values[slot]));
        }
        false
    })
}

/// Writes the features `read` of a row; a feature beyond its end is 0.
fn read_features(read: &[u32], row: VectorRef<'_>, out: &mut [f64]) {
    match row {
        VectorRef::Dense(values) => {
            for (out, &feature) in out.iter_mut().zip(read) {
                *out = values.get(feature as usize).copied().unwrap_or(0.0);
            }
        }
        VectorRef::Sparse { indices, values, .. } => {
            out.fill(0.0);
            let mut slot = 0;
            for (index, value) in indices.iter().zip(values) {
                slot += read[slot..].iter().take_while(|&feature| feature < index).count();
                if read.get(slot) == Some(index) {
                    out[slot] = *value;
                }
            }
        }
    }
}

fn tile<T: Tester, S: Sink>(trees: &Trees, tester: T, tile: &Tile<'_>, sink: &mut S) {
    if tile.rows < FEW_ROWS {
        for row in 0..tile.rows {
            let values = &tile.values[row * tile.slots..(row + 1) * tile.slots];
            down_trees(trees, tester, values, |tree, leaf| sink.take(tile.start + row, tree, leaf));
        }
        return;
    }
    for (number, tree) in trees.trees.iter().enumerate() {
        for first in (0..tile.rows).step_by(LANES) {
            let rows = LANES.min(tile.rows - first);
            let values = &tile.values[first * tile.slots..(first + rows) * tile.slots];
            let mut lanes = [tree.root; LANES];
            let ends = &mut lanes[..rows];
            for _ in 0..tree.depth {
                for (at, values) in ends.iter_mut().zip(values.chunks_exact(tile.slots)) {
                    *at = step(&trees.nodes, tester, values, *at);
                }
            }
            for (row, &end) in ends.iter().enumerate() {
                sink.take(tile.start + first + row, number, trees.nodes[end as usize].leaf_number());
            }
        }
    }
}

/// Hands `take` the leaf of one row in each tree.
fn down_trees<T: Tester>(trees: &Trees, tester: T, values: &[f64], mut take: impl FnMut(usize, usize)) {
    for (group, trees_of) in trees.trees.chunks(LANES).enumerate() {
        let mut lanes = [0; LANES];
        let ends = &mut lanes[..trees_of.len()];
        let mut depth = 0;
        for (at, tree) in ends.iter_mut().zip(trees_of) {
            *at = tree.root;
            depth = depth.max(tree.depth);
        }
        for _ in 0..depth {
            for at in ends.iter_mut() {
                *at = step(&trees.nodes, tester, values, *at);
            }
        }
        for (lane, &end) in ends.iter().enumerate() {
            take(group * LANES + lane, trees.nodes[end as usize].leaf_number());
        }
    }
}

/// The child that the row goes to from the node at `at`; a leaf stays where it is.
#[inline(always)]
fn step<T: Tester>(nodes: &[Node], tester: T, values: &[f64], at: u32) -> u32 {
    let node = &nodes[at as usize];
    node.first + u32::from(tester.pass(node, values[tester.slot(node)]))
}
