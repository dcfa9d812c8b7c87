//! Takes rows one by one through a forest over bins: the upper levels of all trees at once where there are enough
//! trees and the processor can, then down the trees side by side.

use super::binned::Binned;
use super::kernel::{Level, count_row, descend, top_places};
use super::tops::{GROUP, LEVELS, Tops};
use super::trees::Trees;

/// The trees that a row goes down side by side: as many as a processor keeps in flight.
const TREES: usize = 16;

/// What rows are worked on in.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    trees: &'a Trees,
    nodes: &'a Binned,
    tops: Option<&'a Tops>,
    level: Level,
    bins: [u8; 256],
    places: Vec<[u8; GROUP]>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(trees: &'a Trees, nodes: &'a Binned) -> Rows<'a> {
        let level = Level::detect();
        let tops = trees.tops.as_deref().filter(|_| level.looks_bytes_up());
        let places = tops.map_or_else(Vec::new, |tops| vec![[0; GROUP]; tops.groups().len()]);
        Rows { trees, nodes, tops, level, bins: [0; 256], places }
    }

    /// Hands `take` the leaves of a row in some trees, from a first one on.
    pub(super) fn run(&mut self, row: &[f64], mut take: impl FnMut(usize, &[usize])) {
        let slots = row.len();
        count_row(self.level, row, self.nodes.all_thresholds(), &mut self.bins[..slots]);
        if let Some(tops) = self.tops {
            for (tests, places) in tops.groups().iter().zip(&mut self.places) {
                top_places(self.level, tests, slots, &self.bins, places);
            }
        }
        for (group, trees) in self.trees.trees.chunks(TREES).enumerate() {
            let first = group * TREES;
            let mut ends = [trees[0].root; TREES];
            let mut steps = 0;
            for (lane, (at, tree)) in ends.iter_mut().zip(trees).enumerate() {
                *at = match self.tops {
                    None => tree.root,
                    Some(tops) => {
                        let tree = first + lane;
                        tops.node(tree, self.places[tree / GROUP][tree % GROUP])
                    }
                };
                steps = steps.max(tree.depth);
            }
            if self.tops.is_some() {
                steps = steps.saturating_sub(LEVELS);
            }
            descend(self.nodes, &self.bins, &mut ends, steps);
            let mut leaves = [0; TREES];
            for (leaf, (tree, &end)) in leaves.iter_mut().zip(trees.iter().zip(&ends)) {
                *leaf = tree.first_leaf() + self.nodes.leaf(end);
            }
            take(first, &leaves[..trees.len()]);
        }
    }
}
