//! Takes blocks of rows through the selections of a [`Sliced`] forest.

use super::binned::Binned;
use super::kernel::{BLOCK, Coded, Codes, Level, Live, Planes, STRIPE, count_beyond};
use super::order::{Block, Order};
use super::sink::Sink;
use super::sliced::{BUNDLE, Sliced};
use super::trees::Trees;

/// From so many trees on what they come to is handed on.
const SUMMED: usize = 4;

/// The trees whose codes are known at once at most.
const CODED: usize = SUMMED - 1 + BUNDLE;

/// What blocks are worked on in.
#[derive(Debug)]
pub(super) struct Blocks<'a> {
    trees: &'a Trees,
    nodes: &'a Binned,
    sliced: &'a Sliced,
    level: Level,
    planes: Planes,
    /// The rows that are taken in together, whole stripes.
    ordered: usize,
    /// Of each slot the bins of these rows.
    bins: Vec<u8>,
    /// How many of them there are so far.
    rows: usize,
    /// The place of the first of them.
    start: usize,
    order: Order,
    /// Of each slot the bins of all rows of a block.
    of_block: Vec<[u8; BLOCK]>,
    live: Live,
    /// The code of each row in some trees.
    codes: Box<[Codes; CODED]>,
}

impl<'a> Blocks<'a> {
    /// What it takes to work on so many rows.
    pub(super) fn new(trees: &'a Trees, nodes: &'a Binned, sliced: &'a Sliced, rows: usize) -> Blocks<'a> {
        let level = Level::detect();
        let order = Order::of(&sliced.keys, rows);
        let ordered = rows.div_ceil(rows.div_ceil(order.at_once()).max(1)).next_multiple_of(STRIPE);
        Blocks {
            trees,
            nodes,
            sliced,
            level,
            planes: Planes::of(level, sliced.planes, order.block_rows().min(rows)),
            ordered,
            bins: vec![0; nodes.slots() * ordered],
            rows: 0,
            start: 0,
            order,
            of_block: vec![[0; BLOCK]; nodes.slots()],
            live: Live::new(level, sliced.most_reaches()),
            codes: Box::new([const { Codes::NONE }; CODED]),
        }
    }

    /// Takes in the next rows: a stripe of them, or fewer at the end. `read` writes the values of a slot.
    pub(super) fn add<S: Sink>(
        &mut self,
        mut read: impl FnMut(usize, &mut [f64]),
        rows: usize,
        sink: &mut S,
    ) {
        let mut values = [0.0; STRIPE];
        for (slot, bins) in self.bins.chunks_exact_mut(self.ordered).enumerate() {
            let (stripes, _) = bins.as_chunks_mut::<STRIPE>();
            read(slot, &mut values[..rows]);
            count_beyond(self.level, &values, self.nodes.thresholds(slot), &mut stripes[self.rows / STRIPE]);
        }
        self.rows += rows;
        if self.rows == self.ordered {
            self.finish(sink);
        }
    }

    /// Hands `sink` the leaves of the rows that were taken in.
    pub(super) fn finish<S: Sink>(&mut self, sink: &mut S) {
        if self.rows == 0 {
            return;
        }
        let keyed = self.sliced.keys.slots().iter();
        let keyed = keyed.map(|&slot| &self.bins[usize::from(slot) * self.ordered..][..self.rows]);
        self.order.make(&self.sliced.keys, self.rows, keyed);
        for at in 0..self.order.blocks().len() {
            self.run(self.order.blocks()[at], sink);
        }
        if let Some(places) = self.order.places() {
            sink.place(self.start, places);
        }
        self.start += self.rows;
        self.rows = 0;
    }

    /// Hands `sink` the leaves of the rows of a block.
    fn run<S: Sink>(&mut self, block: Block, sink: &mut S) {
        self.pick(block);
        self.planes.test(&self.sliced.tests, &self.of_block, block.rows);
        let mut first = 0;
        for (bundle, trees) in self.sliced.bundles() {
            let live = block.cells.map(|cells| {
                self.live.find(bundle.reaches, &cells);
                &self.live
            });
            self.planes.select(&bundle, live);
            for tree in trees.clone() {
                self.planes.codes(self.sliced.roots(tree), &mut self.codes[tree - first]);
            }
            if trees.end - first < SUMMED && trees.end < self.trees.len() {
                continue;
            }
            let coded = |tree: usize| Coded {
                base: self.sliced.base(self.trees, tree),
                table: self.sliced.table(tree),
                codes: &self.codes[tree - first],
                rows: block.rows,
            };
            sink.take_bundle(self.level, self.start + block.start, first..trees.end, coded);
            first = trees.end;
        }
    }

    /// Finds the bins of a block's rows.
    fn pick(&mut self, block: Block) {
        if self.order.places().is_none() && self.level.keeps_order() {
            let rows = block.start..(block.start + block.rows).next_multiple_of(STRIPE);
            for (of_block, bins) in self.of_block.iter_mut().zip(self.bins.chunks_exact(self.ordered)) {
                of_block[..rows.len()].copy_from_slice(&bins[rows.clone()]);
            }
            return;
        }
        let mut places = [0_u16; BLOCK];
        let places = &mut places[..block.rows.next_multiple_of(STRIPE)];
        for (at, place) in places.iter_mut().enumerate() {
            // A place beyond the block's rows takes any.
            let row = self.level.row_at(at).min(block.rows - 1);
            *place = self.order.place(block.start + row) as u16;
        }
        for (slot, bins) in self.bins.chunks_exact(self.ordered).enumerate() {
            let picked = places.iter().map(|&place| bins[usize::from(place)]);
            self.of_block[slot].iter_mut().zip(picked).for_each(|(to, bin)| *to = bin);
        }
    }
}
