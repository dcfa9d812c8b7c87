//! Which leaves of a tree are worth the same.

/// What the leaves of a forest are worth.
#[derive(Clone, Copy, Debug)]
pub(in crate::ops::forest) struct Worth<'a> {
    /// `width` values for each leaf.
    pub(in crate::ops::forest) values: &'a [f64],
    pub(in crate::ops::forest) width: usize,
}

impl Worth<'_> {
    /// For each of the `leaves` of a tree, from `first` of the forest on, the number of the first in the tree that is worth
    /// the same to the last bit.
    pub(super) fn kinds(&self, first: usize, leaves: usize) -> Vec<u16> {
        let mut kinds = alone(leaves);
        let bits = |leaf: u16| {
            let start = (first + usize::from(leaf)) * self.width;
            self.values[start..start + self.width].iter().map(|value| value.to_bits())
        };
        let mut by_worth = kinds.clone();
        by_worth.sort_unstable_by(|&one, &other| bits(one).cmp(bits(other)).then(one.cmp(&other)));
        for same in by_worth.chunk_by(|&one, &other| bits(one).eq(bits(other))) {
            same.iter().for_each(|&leaf| kinds[usize::from(leaf)] = same[0]);
        }
        kinds
    }
}

/// Leaves of which no two are worth the same.
pub(super) fn alone(leaves: usize) -> Vec<u16> {
    (0..leaves).map(|leaf| leaf as u16).collect()
}
