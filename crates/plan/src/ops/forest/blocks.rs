//! Takes blocks of rows through the selections of a [`Sliced`] forest.

use super::binned::Binned;
use super::kernel::{BLOCK, Level, Planes, count_beyond};
use super::sink::{Coded, Sink};
use super::sliced::Sliced;
use super::trees::Trees;

/// What blocks are worked on in.
#[derive(Debug)]
pub(super) struct Blocks<'a> {
    trees: &'a Trees,
    nodes: &'a Binned,
    sliced: &'a Sliced,
    level: Level,
    planes: Planes,
    /// Of each slot the bins of all rows.
    bins: Vec<[u8; BLOCK]>,
    /// The code of each row in the tree at hand.
    codes: Box<[u16; BLOCK]>,
}

impl<'a> Blocks<'a> {
    pub(super) fn new(trees: &'a Trees, nodes: &'a Binned, sliced: &'a Sliced) -> Blocks<'a> {
        let level = Level::detect();
        Blocks {
            trees,
            nodes,
            sliced,
            level,
            planes: Planes::of(level, sliced.planes),
            bins: vec![[0; BLOCK]; nodes.slots()],
            codes: Box::new([0; BLOCK]),
        }
    }

    /// Hands `sink` the leaves of at most [`BLOCK`] rows, whose values lie row after row; `start` is the first row's place.
    pub(super) fn run<S: Sink>(&mut self, values: &[f64], start: usize, rows: usize, sink: &mut S) {
        let slots = self.nodes.slots();
        let mut column = [0.0; BLOCK];
        for (slot, bins) in self.bins.iter_mut().enumerate() {
            for (x, row) in column.iter_mut().zip(values.chunks_exact(slots)) {
                *x = row[slot];
            }
            count_beyond(self.level, &column, self.nodes.thresholds(slot), bins);
        }
        self.planes.test(&self.sliced.tests, &self.bins);
        for (tree, program) in self.sliced.trees().enumerate() {
            self.planes.select(&program);
            self.planes.codes(program.roots, &mut self.codes);
            let (first_leaf, leaf_of) = (self.trees.first_leaf(tree), program.leaf_of);
            sink.take_rows(start, tree, &Coded { first_leaf, leaf_of, codes: &self.codes[..rows] });
        }
    }
}
