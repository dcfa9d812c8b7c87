//! Takes rows one by one through the pages of a forest, all trees at once.

use super::binned::Binned;
use super::kernel::{Level, PageWalk};

/// What rows are worked on in.
#[derive(Debug)]
pub(super) struct Rows {
    bins: [u8; 256],
    walk: PageWalk,
}

impl Rows {
    /// The room that this forest takes.
    pub(super) fn new(nodes: &Binned) -> Rows {
        Rows { bins: [0; 256], walk: PageWalk::of(Level::detect(), &nodes.pages) }
    }

    /// The numbers of a row's leaves, counted over the forest: those of some trees after another.
    pub(super) fn run(&mut self, nodes: &Binned, row: &[f64]) -> impl Iterator<Item = &[u32]> {
        self.bin(nodes, row);
        self.walk.run(&nodes.pages, nodes.slots(), &self.bins)
    }

    /// Whether a row meets a slot for which `stop` holds.
    pub(super) fn meets(&mut self, nodes: &Binned, row: &[f64], stop: impl Fn(usize) -> bool) -> bool {
        self.bin(nodes, row);
        nodes.pages.meets(&self.bins, stop)
    }

    fn bin(&mut self, nodes: &Binned, row: &[f64]) {
        nodes.bins(self.walk.level(), row, &mut self.bins[..row.len()]);
    }
}
