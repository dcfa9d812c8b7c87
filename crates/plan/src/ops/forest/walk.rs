//! Goes down the trees.
//!
//! Each step of one walk waits for the step before, so several walks run side by side: one row goes down
//! [`TREES`] trees at once, or [`ROWS`] rows go down one tree at once. Where every test is a threshold no branch
//! depends on the data.

use super::binned::Binned;
use super::blocks::{self, Blocks};
use super::rows::Rows;
use super::sets::Sets;
use super::sink::Sink;
use super::trees::{Node, Nodes, Tree, Trees, set_of};
use crate::column::{Column, VectorRef};
use crate::error::OpError;
use crate::ops::scale::expect_vector;
use crate::ops::vectors;

/// The trees that one row goes down side by side: as many as a processor keeps in flight, in a loop of fixed length.
const TREES: usize = 16;

/// The rows that go down one tree side by side.
const ROWS: usize = 64;

/// Below this many rows each row goes down all trees by itself.
const FEW_ROWS: usize = 8;

/// From so many rows on they are taken as a block.
const SLICED_ROWS: usize = 96;

/// The values of rows that are walked together at most: they stay in the first cache beside a tree.
const TILE_VALUES: usize = 4096;

/// The most rows that are walked together.
const TILE_ROWS: usize = 256;

/// Hands `sink` the leaf of every row in every tree.
pub(super) fn all<S: Sink>(trees: &Trees, column: &Column, sink: &mut S) -> Result<(), OpError> {
    match &trees.nodes {
        Nodes::Binned(nodes) => {
            let blocks = trees.sliced.as_ref().filter(|_| column.len() >= SLICED_ROWS);
            let blocks = blocks.map(|sliced| Blocks::new(trees, nodes, sliced, column.len()));
            tiles(trees, nodes, Some(Binning { blocks, rows: Rows::new(trees, nodes) }), column, sink)
        }
        Nodes::Thresholds(nodes) => tiles(trees, Thresholds(nodes), None, column, sink),
        Nodes::Categories(nodes, sets) => tiles(trees, WithCategories(nodes, sets), None, column, sink),
    }
}

/// How rows go through a forest over bins.
struct Binning<'a> {
    /// For many rows, where the trees' shape lets them.
    blocks: Option<Blocks<'a>>,
    rows: Rows<'a>,
}

impl Binning<'_> {
    /// Hands `sink` the leaves of rows whose values lie row after row; `start` is the first row's place.
    fn run<S: Sink>(&mut self, values: &[f64], start: usize, rows: usize, sink: &mut S) {
        match self.blocks.as_mut().filter(|_| rows >= SLICED_ROWS) {
            Some(blocks) => blocks.run(values, start, rows, sink),
            None => {
                let slots = values.len() / rows.max(1);
                for row in 0..rows {
                    let values = &values[row * slots..(row + 1) * slots];
                    self.rows.run(values, |first, leaves| sink.take_trees(start + row, first, leaves));
                }
            }
        }
    }
}

/// Knows the nodes of a forest.
trait Walker: Copy {
    /// What nodes test.
    type Value: Copy;

    /// Rows as nodes test them.
    fn values<'a>(self, values: &'a [f64], room: &'a mut Vec<Self::Value>) -> &'a [Self::Value];

    /// The place among a row's values that the node tests; `None` for a leaf.
    fn slot(self, at: u32) -> Option<usize>;

    /// The child that the row goes to from the node at `at`; a leaf stays where it is.
    fn step(self, values: &[Self::Value], at: u32) -> u32;

    /// The number of the leaf at `at`, counted over the forest.
    fn leaf(self, tree: &Tree, at: u32) -> usize;
}

impl Walker for &Binned {
    type Value = u8;

    fn values<'a>(self, values: &'a [f64], room: &'a mut Vec<u8>) -> &'a [u8] {
        self.bins(values, room);
        room
    }

    fn slot(self, at: u32) -> Option<usize> {
        Binned::slot(self, at)
    }

    #[inline(always)]
    fn step(self, values: &[u8], at: u32) -> u32 {
        Binned::step(self, values, at)
    }

    #[inline(always)]
    fn leaf(self, tree: &Tree, at: u32) -> usize {
        tree.first_leaf() + Binned::leaf(self, at)
    }
}

/// Every test is `x <= threshold`.
#[derive(Clone, Copy)]
struct Thresholds<'a>(&'a [Node]);

impl Walker for Thresholds<'_> {
    type Value = f64;

    fn values<'a>(self, values: &'a [f64], _: &'a mut Vec<f64>) -> &'a [f64] {
        values
    }

    fn slot(self, at: u32) -> Option<usize> {
        let node = &self.0[at as usize];
        (!node.is_leaf()).then(|| node.slot())
    }

    #[inline(always)]
    fn step(self, values: &[f64], at: u32) -> u32 {
        let node = &self.0[at as usize];
        node.first + u32::from(values[node.test as usize] <= node.threshold)
    }

    #[inline(always)]
    fn leaf(self, _: &Tree, at: u32) -> usize {
        self.0[at as usize].leaf_number()
    }
}

/// Some tests ask for categories.
#[derive(Clone, Copy)]
struct WithCategories<'a>(&'a [Node], &'a Sets);

impl Walker for WithCategories<'_> {
    type Value = f64;

    fn values<'a>(self, values: &'a [f64], _: &'a mut Vec<f64>) -> &'a [f64] {
        values
    }

    fn slot(self, at: u32) -> Option<usize> {
        Thresholds(self.0).slot(at)
    }

    #[inline(always)]
    fn step(self, values: &[f64], at: u32) -> u32 {
        let node = &self.0[at as usize];
        let x = values[node.slot()];
        let pass = if node.is_category() { self.1.pass(set_of(node), x) } else { x <= node.threshold };
        node.first + u32::from(pass)
    }

    #[inline(always)]
    fn leaf(self, _: &Tree, at: u32) -> usize {
        self.0[at as usize].leaf_number()
    }
}

/// Some rows, each with the features that the forest reads, row after row.
struct Tile<'a, V> {
    values: &'a [V],
    /// The number of features that the forest reads.
    slots: usize,
    /// The first row's place in the column.
    start: usize,
    rows: usize,
}

fn tiles<W: Walker, S: Sink>(
    trees: &Trees,
    walker: W,
    mut binning: Option<Binning<'_>>,
    column: &Column,
    sink: &mut S,
) -> Result<(), OpError> {
    let vectors = vectors(column)?;
    let (rows, slots) = (vectors.len(), trees.read.len());
    // A block of which every feature is read needs no copy.
    let block = vectors.as_block().filter(|&(size, _)| size == slots && size == trees.features());
    let step = match &binning {
        Some(Binning { blocks: Some(_), .. }) => blocks::ROWS,
        _ => (TILE_VALUES / slots.max(1)).clamp(ROWS, TILE_ROWS),
    };
    let needed = trees.read.last().map_or(0, |&feature| feature as usize + 1);
    let mut copy = if block.is_some() { Vec::new() } else { vec![0.0; step.min(rows) * slots] };
    let mut room = Vec::new();
    let mut short = Vec::new();
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
                    if vector.size() < needed
                        && misses(trees, walker, walker.values(values, &mut short), vector.size())
                    {
                        expect_vector(column, at, Some(vector), Some(trees.features()))?;
                    }
                }
                &copy[..rows * slots]
            }
        };
        if let Some(binning) = &mut binning {
            binning.run(values, start, rows, sink);
            continue;
        }
        let values = walker.values(values, &mut room);
        tile(trees, walker, &Tile { values, slots, start, rows }, sink);
    }
    Ok(())
}

/// Whether a row of `size` lacks a feature on its way down some tree. Spark asks no more of a row's size.
fn misses<W: Walker>(trees: &Trees, walker: W, values: &[W::Value], size: usize) -> bool {
    trees.trees.iter().any(|tree| {
        let mut at = tree.root;
        while let Some(slot) = walker.slot(at) {
            if trees.read[slot] as usize >= size {
                return true;
            }
            at = walker.step(values, at);
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

fn tile<W: Walker, S: Sink>(trees: &Trees, walker: W, tile: &Tile<'_, W::Value>, sink: &mut S) {
    if tile.rows < FEW_ROWS {
        for row in 0..tile.rows {
            let values = &tile.values[row * tile.slots..(row + 1) * tile.slots];
            down_trees(trees, walker, values, |first, leaves| {
                sink.take_trees(tile.start + row, first, leaves)
            });
        }
        return;
    }
    for (number, tree) in trees.trees.iter().enumerate() {
        for first in (0..tile.rows).step_by(ROWS) {
            let rows = ROWS.min(tile.rows - first);
            let values = &tile.values[first * tile.slots..(first + rows) * tile.slots];
            let mut lanes = [tree.root; ROWS];
            let ends = &mut lanes[..rows];
            for _ in 0..tree.depth {
                for (at, values) in ends.iter_mut().zip(values.chunks_exact(tile.slots)) {
                    *at = walker.step(values, *at);
                }
            }
            for (row, &end) in ends.iter().enumerate() {
                sink.take(tile.start + first + row, number, walker.leaf(tree, end));
            }
        }
    }
}

/// Hands `take` the leaves of one row in some trees, from a first one on.
fn down_trees<W: Walker>(
    trees: &Trees,
    walker: W,
    values: &[W::Value],
    mut take: impl FnMut(usize, &[usize]),
) {
    for (group, trees_of) in trees.trees.chunks(TREES).enumerate() {
        let mut ends = [trees_of[0].root; TREES];
        let mut depth = 0;
        for (at, tree) in ends.iter_mut().zip(trees_of) {
            *at = tree.root;
            depth = depth.max(tree.depth);
        }
        for _ in 0..depth {
            for at in &mut ends {
                *at = walker.step(values, *at);
            }
        }
        let mut leaves = [0; TREES];
        for (leaf, (tree, &end)) in leaves.iter_mut().zip(trees_of.iter().zip(&ends)) {
            *leaf = walker.leaf(tree, end);
        }
        take(group * TREES, &leaves[..trees_of.len()]);
    }
}
