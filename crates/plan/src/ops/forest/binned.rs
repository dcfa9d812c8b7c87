//! A forest whose features have few thresholds, as Spark's have: it bins each feature before it splits.
//!
//! A value is replaced by the number of its bin, which says of every threshold whether the value is beyond it, so
//! that no comparison comes out otherwise. Few rows go through [`Pages`], many through
//! [`Sliced`](super::sliced::Sliced).

use std::cmp::Reverse;
use std::sync::Arc;

use super::kernel::{Level, count_row};
use super::pages::Pages;
use super::search::Search;
use super::sliced::BinTest;
use super::trees::{Node, Tree};

/// The most thresholds of a feature: bins go from 1 to one more than these, in a byte.
const THRESHOLDS: usize = 254;

/// A forest over bins.
#[derive(Clone, Debug)]
pub(super) struct Binned {
    /// The thresholds of each slot, ascending.
    thresholds: Vec<Vec<f64>>,
    /// The same for single rows.
    search: Search,
    pub(super) pages: Arc<Pages>,
    /// The slots, those first that most nodes test, and how many do.
    most_tested: Vec<(u8, u32)>,
    /// The number of nodes.
    nodes: usize,
}

impl Binned {
    /// These nodes over `slots` features; `None` if they do not fit.
    pub(super) fn of(nodes: &[Node], slots: usize, trees: &[Tree]) -> Option<Binned> {
        let binned = BinNodes::of(nodes, slots)?;
        let pages = Arc::new(Pages::of(&binned, trees)?);
        // `BinNodes::of` has checked that slots fit into bytes.
        let mut most_tested: Vec<(u8, u32)> = (0..slots).map(|slot| (slot as u8, 0)).collect();
        nodes.iter().filter(|node| !node.is_leaf()).for_each(|node| most_tested[node.slot()].1 += 1);
        most_tested.sort_by_key(|&(_, nodes)| Reverse(nodes));
        let search = Search::of(&binned.thresholds);
        Some(Binned { thresholds: binned.thresholds, search, pages, most_tested, nodes: nodes.len() })
    }

    /// Replaces a row by bins.
    pub(super) fn bins(&self, level: Level, row: &[f64], bins: &mut [u8]) {
        count_row(level, row, &self.search, bins);
    }

    /// Puts what `map` answers for a slot's threshold in its place; `None` where it has no answer. `map` never descends.
    pub(super) fn map_thresholds(&mut self, mut map: impl FnMut(usize, f64) -> Option<f64>) -> Option<()> {
        for (slot, thresholds) in self.thresholds.iter_mut().enumerate() {
            for threshold in thresholds {
                *threshold = map(slot, *threshold)?;
            }
        }
        self.search = Search::of(&self.thresholds);
        Some(())
    }

    /// The number of features that are read.
    pub(super) fn slots(&self) -> usize {
        self.thresholds.len()
    }

    /// The thresholds of a slot, ascending.
    pub(super) fn thresholds(&self, slot: usize) -> &[f64] {
        &self.thresholds[slot]
    }

    /// The slots, those first that most nodes test, and how many do.
    pub(super) fn most_tested(&self) -> &[(u8, u32)] {
        &self.most_tested
    }

    /// The number of nodes.
    pub(super) fn nodes(&self) -> usize {
        self.nodes
    }

    /// Every test that some node makes, ascending.
    pub(super) fn tests(&self) -> Vec<BinTest> {
        let all = self.thresholds.iter().enumerate();
        // `of` has checked that slots and bins fit into bytes; the first bin is 1.
        all.flat_map(|(slot, thresholds)| {
            (1..=thresholds.len()).map(move |bin| BinTest { slot: slot as u8, bin: bin as u8 })
        })
        .collect()
    }
}

/// Nodes of which each tests a bin.
#[derive(Debug)]
pub(super) struct BinNodes<'a> {
    nodes: &'a [Node],
    thresholds: Vec<Vec<f64>>,
}

impl<'a> BinNodes<'a> {
    fn of(nodes: &'a [Node], slots: usize) -> Option<BinNodes<'a>> {
        if slots > 1 + usize::from(u8::MAX) || nodes.iter().any(Node::is_category) {
            return None;
        }
        let mut thresholds = vec![Vec::new(); slots];
        for node in nodes.iter().filter(|node| !node.is_leaf()) {
            let (known, threshold) = (&mut thresholds[node.slot()], node.threshold);
            let before = known.partition_point(|known| *known < threshold);
            // Zeros of both signs are one threshold.
            if known.get(before).is_none_or(|known| *known != threshold) {
                if known.len() == THRESHOLDS {
                    return None;
                }
                known.insert(before, threshold);
            }
        }
        thresholds.iter_mut().for_each(Vec::shrink_to_fit);
        Some(BinNodes { nodes, thresholds })
    }

    /// What the node at `at` tests, and its child for rows that fail, which the one for rows that pass follows; `None`
    /// for a leaf.
    pub(super) fn fork(&self, at: u32) -> Option<(BinTest, u32)> {
        let node = &self.nodes[at as usize];
        if node.is_leaf() {
            return None;
        }
        let slot = node.slot();
        let before = self.thresholds[slot].partition_point(|threshold| *threshold < node.threshold);
        // Not more than THRESHOLDS, which leaves room for 1.
        Some((BinTest { slot: slot as u8, bin: before as u8 + 1 }, node.first))
    }

    /// The number of the leaf at `at` over the forest.
    pub(super) fn leaf(&self, at: u32) -> usize {
        self.nodes[at as usize].leaf_number()
    }
}
