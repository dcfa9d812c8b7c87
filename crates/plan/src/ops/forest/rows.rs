//! Takes rows one by one through the pages of a forest, all trees at once.

use super::binned::Binned;
use super::kernel::{Level, PageWalk};

/// The leaves of a row, tree after tree, by their numbers over the forest.
pub(super) trait RowLeaves {
    /// Adds them to `start`, one after another.
    fn fold<S>(self, start: S, add: impl Fn(S, usize) -> S) -> S;
}

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

    /// The leaves of a row.
    pub(super) fn leaves<'a>(&'a mut self, nodes: &'a Binned, row: &[f64]) -> impl RowLeaves {
        self.bin(nodes, row);
        OnPages { rows: self, nodes }
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

/// A row in bins.
struct OnPages<'a> {
    rows: &'a mut Rows,
    nodes: &'a Binned,
}

impl RowLeaves for OnPages<'_> {
    #[inline(always)]
    fn fold<S>(self, start: S, add: impl Fn(S, usize) -> S) -> S {
        let Rows { bins, walk } = self.rows;
        walk.fold(&self.nodes.pages, (self.nodes.slots(), bins), start, add)
    }
}
