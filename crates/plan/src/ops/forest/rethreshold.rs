//! The same trees with other thresholds, for a pass that moves what comes before a forest into it.

use std::collections::HashMap;
use std::sync::Arc;

use super::Forest;
use super::trees::{Nodes, Trees};

impl Forest {
    /// The size of the rows.
    pub(crate) fn features(&self) -> usize {
        self.trees.features()
    }

    /// The number of nodes.
    pub(crate) fn nodes(&self) -> usize {
        self.trees.nodes()
    }

    /// This forest with what `map` answers for a feature's threshold in its place; `None` where `map` has no answer
    /// or a node tests categories. `map` never descends.
    pub(crate) fn map_thresholds(&self, map: impl FnMut(usize, f64) -> Option<f64>) -> Option<Forest> {
        let trees = Arc::new(self.trees.map_thresholds(map)?);
        Some(Forest { trees, sliced: Arc::clone(&self.sliced), answer: self.answer.clone() })
    }
}

impl Trees {
    fn map_thresholds(&self, mut map: impl FnMut(usize, f64) -> Option<f64>) -> Option<Trees> {
        let mut trees = self.clone();
        let feature = |slot: usize| self.read[slot] as usize;
        match &mut trees.nodes {
            Nodes::Binned(nodes) => {
                nodes.map_thresholds(|slot, threshold| map(feature(slot), threshold))?;
            }
            Nodes::Thresholds(nodes) => {
                let mut known = HashMap::new();
                for node in nodes.iter_mut().filter(|node| !node.is_leaf()) {
                    let (slot, threshold) = (node.slot(), node.threshold);
                    let place = (slot, threshold.to_bits());
                    let mapped = match known.get(&place) {
                        Some(mapped) => *mapped,
                        None => *known.entry(place).or_insert(map(feature(slot), threshold)?),
                    };
                    node.threshold = mapped;
                }
            }
            Nodes::Categories(..) => return None,
        }
        Some(trees)
    }
}
