//! Which leaves of a tree are worth the same.

use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;
use smallvec::SmallVec;

/// What the leaves of a forest are worth.
#[derive(Clone, Copy, Debug)]
pub(in crate::ops::forest) enum Worth<'a> {
    /// So many values for each leaf.
    Values(&'a [f64], usize),
    /// A place for each leaf; two of them have the same if they are worth the same.
    Places(&'a [u16]),
}

impl Worth<'_> {
    /// For each of the `leaves` of a tree, from `first` of the forest on, the number of the first in the tree that is worth
    /// the same to the last bit.
    pub(super) fn kinds(&self, first: usize, leaves: usize) -> Vec<u16> {
        match *self {
            Worth::Values(_, 0) => vec![0; leaves],
            Worth::Values(values, width) => {
                let values = &values[first * width..(first + leaves) * width];
                firsts(values.chunks_exact(width).map(bits))
            }
            Worth::Places(places) => firsts(places[first..first + leaves].iter().copied()),
        }
    }
}

/// The values of a leaf, to the last bit.
pub(in crate::ops::forest) type Bits = SmallVec<[u64; 2]>;

/// The bits of a leaf's values.
pub(in crate::ops::forest) fn bits(values: &[f64]) -> Bits {
    values.iter().map(|value| value.to_bits()).collect()
}

/// For each item the number of the first that is equal.
fn firsts<T: Eq + Hash>(items: impl Iterator<Item = T>) -> Vec<u16> {
    let mut known: HashMap<T, u16, RandomState> = HashMap::default();
    items.enumerate().map(|(number, item)| *known.entry(item).or_insert(number as u16)).collect()
}

/// Leaves of which no two are worth the same.
pub(super) fn alone(leaves: usize) -> Vec<u16> {
    (0..leaves).map(|leaf| leaf as u16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_of_equal_bits_are_worth_the_same() {
        let values = [9.0, 9.0, 0.5, 0.0, 0.5, -0.0, 0.5, 0.0, f64::NAN, 1.0, f64::NAN, 1.0];
        assert_eq!(Worth::Values(&values, 2).kinds(1, 5), [0, 1, 0, 3, 3]);
        assert_eq!(Worth::Values(&values, 2).kinds(0, 2), [0, 1]);
        assert_eq!(Worth::Values(&[], 0).kinds(1, 3), [0, 0, 0]);
        assert_eq!(Worth::Places(&[7, 7, 2, 7, 2]).kinds(1, 4), [0, 1, 0, 1]);
    }
}
