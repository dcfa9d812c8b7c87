//! Takes blocks of rows through the selections of a [`Sliced`] forest.

use super::binned::Binned;
use super::kernel::{BLOCK, Level, Planes, STRIPE, count_beyond};
use super::sink::{Coded, Sink};
use super::sliced::Sliced;
use super::trees::Trees;

/// The blocks that go through a tree one after another, so that its selections and values are fetched once for them.
const BLOCKS: usize = 2;

/// The rows that are worked on together.
pub(super) const ROWS: usize = BLOCK * BLOCKS;

/// What blocks are worked on in.
#[derive(Debug)]
pub(super) struct Blocks<'a> {
    trees: &'a Trees,
    nodes: &'a Binned,
    sliced: &'a Sliced,
    level: Level,
    /// Those of each block.
    planes: Vec<Planes>,
    /// Of each slot the bins of all rows of a block.
    bins: Vec<[u8; BLOCK]>,
    /// The code of each row in two trees.
    codes: Box<[[[u16; BLOCK]; BLOCKS]; 2]>,
}

impl<'a> Blocks<'a> {
    /// What it takes to work on so many rows.
    pub(super) fn new(trees: &'a Trees, nodes: &'a Binned, sliced: &'a Sliced, rows: usize) -> Blocks<'a> {
        let level = Level::detect();
        let blocks = rows.div_ceil(BLOCK).min(BLOCKS);
        Blocks {
            trees,
            nodes,
            sliced,
            level,
            planes: (0..blocks).map(|_| Planes::of(level, sliced.planes)).collect(),
            bins: vec![[0; BLOCK]; nodes.slots()],
            codes: Box::new([[[0; BLOCK]; BLOCKS]; 2]),
        }
    }

    /// Hands `sink` the leaves of at most [`ROWS`] rows; `start` is the first row's place. `read` writes a slot's values
    /// of some of them, counted from the first.
    pub(super) fn run<S: Sink>(
        &mut self,
        read: impl FnMut(usize, usize, &mut [f64]),
        start: usize,
        rows: usize,
        sink: &mut S,
    ) {
        self.test(read, rows);
        let mut programs = self.sliced.trees();
        for first in (0..self.trees.len()).step_by(2) {
            let pair = [programs.next(), programs.next()];
            for (program, codes) in pair.iter().flatten().zip(self.codes.iter_mut()) {
                for (planes, codes) in self.planes.iter_mut().zip(codes).take(rows.div_ceil(BLOCK)) {
                    planes.select(program);
                    planes.codes(program.roots, codes);
                }
            }
            let coded = |at: usize| {
                pair[at].map(|program| Coded {
                    base: self.sliced.base(self.trees, first + at),
                    leaf_of: program.leaf_of,
                    codes: &self.codes[at].as_flattened()[..rows],
                })
            };
            match [coded(0), coded(1)] {
                [Some(one), Some(other)] => sink.take_pair(start, first, &[one, other]),
                [Some(one), None] | [None, Some(one)] => sink.take_rows(start, first, &one),
                [None, None] => {}
            }
        }
    }

    /// Makes the planes of the tests.
    fn test(&mut self, mut read: impl FnMut(usize, usize, &mut [f64]), rows: usize) {
        let mut values = [0.0; STRIPE];
        for (block, planes) in self.planes.iter_mut().enumerate() {
            let first = block * BLOCK;
            let rows = rows.saturating_sub(first).min(BLOCK);
            for (slot, bins) in self.bins.iter_mut().enumerate() {
                let (stripes, _) = bins.as_chunks_mut::<STRIPE>();
                for (bins, stripe) in stripes.iter_mut().zip((0..rows).step_by(STRIPE)) {
                    read(slot, first + stripe, &mut values[..STRIPE.min(rows - stripe)]);
                    count_beyond(self.level, &values, self.nodes.thresholds(slot), bins);
                }
            }
            planes.test(&self.sliced.tests, &self.bins, rows);
        }
    }
}
