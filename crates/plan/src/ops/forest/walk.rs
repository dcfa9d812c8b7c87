//! Goes down the trees.
//!
//! Each step of one walk waits for the step before, so several walks run side by side: one row goes down
//! [`TREES`] trees at once, or [`ROWS`] rows go down one tree at once. Where every test is a threshold no branch
//! depends on the data.

use super::binned::Binned;
use super::blocks::Blocks;
use super::kernel::{Level, STRIPE};
use super::rows::{RowLeaves, Rows};
use super::sets::Sets;
use super::sink::Sink;
use super::sliced::Sliced;
use super::trees::{Node, Nodes, Trees, set_of};
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

/// The values of rows that are walked together at most: they stay in the first cache beside a tree.
const TILE_VALUES: usize = 4096;

/// The most rows that are walked together.
const TILE_ROWS: usize = 256;

/// From so many rows on those of a forest are taken as a block.
pub(super) fn sliced_rows(nodes: &Binned) -> usize {
    Level::detect().sliced_rows(nodes.slots())
}

/// Hands `sink` the leaf of every row in every tree; by `sliced`, if there is, in blocks.
pub(super) fn all<S: Sink>(
    trees: &Trees,
    sliced: Option<&Sliced>,
    column: &Column,
    sink: &mut S,
) -> Result<(), OpError> {
    // Trees that are leaves look at no row, not even at whether there is a vector.
    if trees.read.is_empty() {
        for row in 0..column.len() {
            (0..trees.len()).for_each(|tree| sink.take(row, tree, trees.first_leaf(tree)));
        }
        return Ok(());
    }
    match &trees.nodes {
        Nodes::Binned(nodes) => {
            let blocks = sliced.map(|sliced| Blocks::new(trees, nodes, sliced, column.len()));
            tiles(trees, OverBins { nodes, blocks, rows: Rows::new(nodes) }, column, sink)
        }
        Nodes::Thresholds(nodes) => tiles(trees, Plain { trees, walker: Thresholds(nodes) }, column, sink),
        Nodes::Categories(nodes, sets) => {
            tiles(trees, Plain { trees, walker: WithCategories(nodes, sets) }, column, sink)
        }
    }
}

/// Hands `sink` the leaves of `rows` rows, whose values of a feature `read` writes from a row on.
pub(super) fn columns<S: Sink>(
    trees: &Trees,
    (nodes, sliced): (&Binned, &Sliced),
    rows: usize,
    read: &mut dyn FnMut(usize, usize, &mut [f64]),
    sink: &mut S,
) {
    let mut blocks = Blocks::new(trees, nodes, sliced, rows);
    for start in (0..rows).step_by(STRIPE) {
        let read = |slot: usize, out: &mut [f64]| read(trees.read[slot] as usize, start, out);
        blocks.add(read, STRIPE.min(rows - start), sink);
    }
    blocks.finish(sink);
}

/// Some rows, each with the features that the forest reads, row after row.
#[derive(Clone, Copy)]
struct Tile<'a> {
    values: &'a [f64],
    /// The number of features that the forest reads.
    slots: usize,
    /// The first row's place in the column.
    start: usize,
    rows: usize,
}

impl<'a> Tile<'a> {
    fn row(&self, row: usize) -> &'a [f64] {
        &self.values[row * self.slots..(row + 1) * self.slots]
    }
}

/// Takes rows through a forest.
trait Engine {
    /// The most rows of so many slots that it wants at once.
    fn tile_rows(&self, slots: usize) -> usize;

    /// Whether a row meets a slot for which `stop` holds.
    fn meets(&mut self, row: &[f64], stop: impl Fn(usize) -> bool) -> bool;

    /// Hands `sink` the leaves of some rows, now or at the end.
    fn run<S: Sink>(&mut self, tile: Tile<'_>, sink: &mut S);

    /// Hands `sink` the leaves that it has not had.
    fn finish<S: Sink>(&mut self, _sink: &mut S) {}
}

/// Rows go through a forest over bins.
struct OverBins<'a> {
    nodes: &'a Binned,
    /// For many rows, where the trees' shape lets them.
    blocks: Option<Blocks<'a>>,
    rows: Rows,
}

impl Engine for OverBins<'_> {
    fn tile_rows(&self, slots: usize) -> usize {
        self.blocks.as_ref().map_or_else(|| tile_rows(slots), |_| STRIPE)
    }

    fn meets(&mut self, row: &[f64], stop: impl Fn(usize) -> bool) -> bool {
        self.rows.meets(self.nodes, row, stop)
    }

    fn run<S: Sink>(&mut self, tile: Tile<'_>, sink: &mut S) {
        match self.blocks.as_mut() {
            Some(blocks) => blocks.add(
                |slot, out| {
                    let rows = tile.values.chunks_exact(tile.slots);
                    out.iter_mut().zip(rows).for_each(|(x, row)| *x = row[slot]);
                },
                tile.rows,
                sink,
            ),
            None => {
                for row in 0..tile.rows {
                    sink.take_row(tile.start + row, self.rows.leaves(self.nodes, tile.row(row)));
                }
            }
        }
    }

    fn finish<S: Sink>(&mut self, sink: &mut S) {
        if let Some(blocks) = &mut self.blocks {
            blocks.finish(sink);
        }
    }
}

/// Knows the nodes of a forest.
trait Walker: Copy {
    /// The place among a row's values that the node tests; `None` for a leaf.
    fn slot(self, at: u32) -> Option<usize>;

    /// The child that the row goes to from the node at `at`; a leaf stays where it is.
    fn step(self, values: &[f64], at: u32) -> u32;

    /// The number of the leaf at `at`, counted over the forest.
    fn leaf(self, at: u32) -> usize;
}

/// Every test is `x <= threshold`.
#[derive(Clone, Copy)]
struct Thresholds<'a>(&'a [Node]);

impl Walker for Thresholds<'_> {
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
    fn leaf(self, at: u32) -> usize {
        self.0[at as usize].leaf_number()
    }
}

/// Some tests ask for categories.
#[derive(Clone, Copy)]
struct WithCategories<'a>(&'a [Node], &'a Sets);

impl Walker for WithCategories<'_> {
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
    fn leaf(self, at: u32) -> usize {
        self.0[at as usize].leaf_number()
    }
}

/// Rows go down nodes one by one.
struct Plain<'a, W> {
    trees: &'a Trees,
    walker: W,
}

impl<W: Walker> Engine for Plain<'_, W> {
    fn tile_rows(&self, slots: usize) -> usize {
        tile_rows(slots)
    }

    fn meets(&mut self, row: &[f64], stop: impl Fn(usize) -> bool) -> bool {
        self.trees.trees.iter().any(|tree| {
            let mut at = tree.root;
            while let Some(slot) = self.walker.slot(at) {
                if stop(slot) {
                    return true;
                }
                at = self.walker.step(row, at);
            }
            false
        })
    }

    fn run<S: Sink>(&mut self, tile: Tile<'_>, sink: &mut S) {
        if tile.rows < FEW_ROWS {
            for row in 0..tile.rows {
                let leaves = DownTrees { trees: self.trees, walker: self.walker, values: tile.row(row) };
                sink.take_row(tile.start + row, leaves);
            }
            return;
        }
        for (number, tree) in self.trees.trees.iter().enumerate() {
            for first in (0..tile.rows).step_by(ROWS) {
                let rows = first..tile.rows.min(first + ROWS);
                let mut lanes = [tree.root; ROWS];
                let ends = &mut lanes[..rows.len()];
                for _ in 0..tree.depth {
                    for (at, row) in ends.iter_mut().zip(rows.clone()) {
                        *at = self.walker.step(tile.row(row), *at);
                    }
                }
                for (row, &end) in rows.zip(&*ends) {
                    sink.take(tile.start + row, number, self.walker.leaf(end));
                }
            }
        }
    }
}

fn tile_rows(slots: usize) -> usize {
    (TILE_VALUES / slots.max(1)).clamp(ROWS, TILE_ROWS)
}

fn tiles<S: Sink>(
    trees: &Trees,
    mut engine: impl Engine,
    column: &Column,
    sink: &mut S,
) -> Result<(), OpError> {
    let vectors = vectors(column)?;
    let (rows, slots) = (vectors.len(), trees.read.len());
    // A block of which every feature is read needs no copy.
    let block = vectors.as_block().filter(|&(size, _)| size == slots && size == trees.features());
    let step = engine.tile_rows(slots);
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
                    // Spark asks no more of a row's size than the features on its way.
                    let beyond = |slot: usize| trees.read[slot] as usize >= vector.size();
                    if vector.size() < needed && engine.meets(values, beyond) {
                        expect_vector(column, at, Some(vector), Some(trees.features()))?;
                    }
                }
                &copy[..rows * slots]
            }
        };
        engine.run(Tile { values, slots, start, rows }, sink);
    }
    engine.finish(sink);
    Ok(())
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

/// A row that goes down all trees.
struct DownTrees<'a, W> {
    trees: &'a Trees,
    walker: W,
    values: &'a [f64],
}

impl<W: Walker> RowLeaves for DownTrees<'_, W> {
    fn fold<S>(self, start: S, add: impl Fn(S, usize) -> S) -> S {
        let mut sum = start;
        for trees in self.trees.trees.chunks(TREES) {
            let mut ends = [trees[0].root; TREES];
            let mut depth = 0;
            for (at, tree) in ends.iter_mut().zip(trees) {
                *at = tree.root;
                depth = depth.max(tree.depth);
            }
            for _ in 0..depth {
                for at in &mut ends {
                    *at = self.walker.step(self.values, *at);
                }
            }
            let ends = ends[..trees.len()].iter();
            sum = ends.fold(sum, |sum, &end| add(sum, self.walker.leaf(end)));
        }
        sum
    }
}
