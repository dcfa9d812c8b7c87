//! A forest whose features have few thresholds, as Spark's have: it bins each feature before it splits.
//!
//! A value is replaced by the number of its bin, which says of every threshold whether the value is beyond it, so
//! that no comparison comes out otherwise. A node then takes 4 bytes: from the low byte on the bin, the slot of the
//! feature, and in two bytes the distance to the child for rows that fail the test; the other child follows it. The
//! bin of a row is 1 at least, that of a leaf 0, so that a leaf's test always fails, over a distance of 0.

use std::cmp::Ordering;
use std::sync::Arc;

use super::kernel::{Level, count_row};
use super::sliced::BinTest;
use super::trees::Node;

/// The most thresholds of a feature: bins go from 1 to one more than these, in a byte.
const THRESHOLDS: usize = 254;

/// Up to so many thresholds are counted one by one, which needs no branch.
const COUNTED: usize = 64;

/// The nodes of a forest over bins.
#[derive(Clone, Debug)]
pub(super) struct Binned {
    nodes: Arc<[u32]>,
    /// For each leaf its number in its tree.
    leaves: Arc<[u16]>,
    /// The thresholds of each slot, ascending.
    thresholds: Vec<Vec<f64>>,
}

impl Binned {
    /// These nodes over `slots` features; `None` if they do not fit. `first_leaf` is that of each node's tree.
    pub(super) fn of(nodes: &[Node], slots: usize, first_leaf: &[u32]) -> Option<Binned> {
        if slots > 1 + usize::from(u8::MAX) || nodes.iter().any(Node::is_category) {
            return None;
        }
        let mut thresholds = vec![Vec::new(); slots];
        for node in nodes.iter().filter(|node| !node.is_leaf()) {
            thresholds[node.slot()].push(node.threshold);
        }
        for values in &mut thresholds {
            values.sort_unstable_by(f64::total_cmp);
            values.dedup();
            if values.len() > THRESHOLDS {
                return None;
            }
        }
        let mut binned = Binned { nodes: Arc::from([]), leaves: Arc::from([]), thresholds };
        let all = nodes.iter().zip(first_leaf).enumerate();
        let packed = all.map(|(at, (node, first_leaf))| binned.pack(node, at, *first_leaf));
        let (nodes, leaves): (Vec<u32>, Vec<u16>) = packed.collect::<Option<Vec<_>>>()?.into_iter().unzip();
        (binned.nodes, binned.leaves) = (nodes.into(), leaves.into());
        let within =
            |(at, node): (usize, &u32)| *node == 0 || at + (node >> 16) as usize + 1 < binned.nodes.len();
        binned.nodes.iter().enumerate().all(within).then_some(binned)
    }

    /// The packed nodes; what each names as its children lies among them.
    pub(super) fn nodes(&self) -> &[u32] {
        &self.nodes
    }

    /// A node, and its number if it is a leaf.
    fn pack(&self, node: &Node, at: usize, first_leaf: u32) -> Option<(u32, u16)> {
        if node.is_leaf() {
            return Some((0, u16::try_from(node.leaf_number() - first_leaf as usize).ok()?));
        }
        let bin = self.bin(node.slot(), node.threshold);
        let distance = u16::try_from(node.first as usize - at).ok()?;
        Some((u32::from(distance) << 16 | (node.slot() as u32) << 8 | u32::from(bin), 0))
    }

    /// The bin of a value: 1, and 1 more for each threshold that it is beyond.
    #[inline]
    fn bin(&self, slot: usize, x: f64) -> u8 {
        // A NaN is beyond all of them.
        let beyond =
            |threshold: &f64| !matches!(x.partial_cmp(threshold), Some(Ordering::Less | Ordering::Equal));
        let thresholds = &self.thresholds[slot];
        let count = match thresholds.len() <= COUNTED {
            true => thresholds.iter().map(|threshold| u64::from(beyond(threshold))).sum::<u64>() as usize,
            false => thresholds.partition_point(beyond),
        };
        // Not more than THRESHOLDS, which leaves room for 1.
        count as u8 + 1
    }

    /// Replaces rows by bins.
    pub(super) fn bins(&self, values: &[f64], bins: &mut Vec<u8>) {
        let level = Level::detect();
        bins.resize(values.len(), 0);
        let slots = self.thresholds.len().max(1);
        for (row, bins) in values.chunks_exact(slots).zip(bins.chunks_exact_mut(slots)) {
            count_row(level, row, &self.thresholds, bins);
        }
    }

    /// The thresholds of each slot; what takes their place must ascend likewise.
    pub(super) fn thresholds_mut(&mut self) -> &mut [Vec<f64>] {
        &mut self.thresholds
    }

    /// The number of features that are read.
    pub(super) fn slots(&self) -> usize {
        self.thresholds.len()
    }

    /// The thresholds of a slot, ascending.
    pub(super) fn thresholds(&self, slot: usize) -> &[f64] {
        &self.thresholds[slot]
    }

    /// The thresholds of every slot.
    pub(super) fn all_thresholds(&self) -> &[Vec<f64>] {
        &self.thresholds
    }

    /// Every test that some node makes, ascending.
    pub(super) fn tests(&self) -> Vec<BinTest> {
        let all = self.thresholds.iter().enumerate();
        // `Binned::of` has checked that slots and bins fit into bytes; the first bin is 1.
        all.flat_map(|(slot, thresholds)| {
            (1..=thresholds.len()).map(move |bin| BinTest { slot: slot as u8, bin: bin as u8 })
        })
        .collect()
    }

    /// What the node at `at` tests, and its child for rows that fail; `None` for a leaf.
    pub(super) fn fork(&self, at: u32) -> Option<(BinTest, u32)> {
        let node = self.nodes[at as usize];
        (node != 0).then_some((BinTest { slot: (node >> 8) as u8, bin: node as u8 }, at + (node >> 16)))
    }

    /// The number of nodes.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The slot that the node at `at` tests; `None` for a leaf.
    pub(super) fn slot(&self, at: u32) -> Option<usize> {
        let node = self.nodes[at as usize];
        (node != 0).then_some(usize::from((node >> 8) as u8))
    }

    /// The child that a row goes to from the node at `at`; a leaf stays where it is.
    #[inline(always)]
    pub(super) fn step(&self, bins: &[u8], at: u32) -> u32 {
        let node = self.nodes[at as usize];
        at + (node >> 16) + u32::from(bins[usize::from((node >> 8) as u8)] <= node as u8)
    }

    /// The number of the leaf at `at` in its tree.
    #[inline(always)]
    pub(super) fn leaf(&self, at: u32) -> usize {
        usize::from(self.leaves[at as usize])
    }
}
