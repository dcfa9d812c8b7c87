//! What leaves are worth, in little room.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::Trees;
use super::sliced::{Bits, Sliced, Worth, bits};

/// The values of leaves: those that many leaves share are kept once.
#[derive(Clone, Debug)]
pub(super) struct LeafValues {
    /// `width` for each place.
    values: Arc<[f64]>,
    width: usize,
    /// The place of each leaf; where there are none, a leaf's place is its number over the forest.
    places: Option<Arc<[u16]>>,
}

/// How many leaves share a row of values, on the average, where these are kept once.
const SHARED: usize = 4;

impl LeafValues {
    /// Those of leaves with `width` values each.
    pub(super) fn of(values: Arc<[f64]>, width: usize) -> LeafValues {
        match shared(&values, width) {
            Some((places, values)) => LeafValues { values, width, places: Some(places) },
            None => LeafValues { values, width, places: None },
        }
    }

    /// All values, place after place.
    #[inline]
    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    /// The place of each leaf, where that is not its number over the forest.
    #[inline]
    pub(super) fn places(&self) -> Option<&[u16]> {
        self.places.as_deref()
    }

    /// The values of a leaf, by its number over the forest.
    #[inline]
    pub(super) fn of_leaf(&self, leaf: usize) -> &[f64] {
        let place = self.places().map_or(leaf, |places| usize::from(places[leaf]));
        self.of_place(place)
    }

    /// The values at a place.
    #[inline]
    pub(super) fn of_place(&self, place: usize) -> &[f64] {
        &self.values[place * self.width..(place + 1) * self.width]
    }

    /// Selections that find the places of these trees' leaves, or leaves where there are no places.
    pub(super) fn sliced(&self, trees: &Trees) -> Option<Sliced> {
        match &self.places {
            Some(places) => Sliced::of(trees, Some(Worth::Places(places)))?
                .with_places(|tree, leaf| places[trees.first_leaf(tree) + leaf]),
            None => Sliced::of(trees, Some(Worth::Values(&self.values, self.width))),
        }
    }
}

/// The place of each leaf and the different values, in the order in which they are first met; `None` where too few leaves
/// share theirs.
fn shared(values: &[f64], width: usize) -> Option<(Arc<[u16]>, Arc<[f64]>)> {
    let leaves = values.len().checked_div(width)?;
    let most = (leaves / SHARED).min(1 << u16::BITS);
    let mut known: HashMap<Bits, u16, RandomState> = HashMap::default();
    let (mut places, mut distinct) = (Vec::with_capacity(leaves), Vec::new());
    for row in values.chunks_exact(width) {
        let bits = bits(row);
        let place = match known.get(&bits) {
            Some(&place) => place,
            None if known.len() == most => return None,
            None => {
                let place = known.len() as u16;
                known.insert(bits, place);
                distinct.extend_from_slice(row);
                place
            }
        };
        places.push(place);
    }
    Some((places.into(), distinct.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_values_are_kept_once_and_others_as_they_are() {
        let row = |leaf: usize| [0.5, -0.0, 0.0, 1.0][leaf % 4];
        let many: Vec<f64> = (0..64).flat_map(|leaf| [row(leaf), 2.0]).collect();
        let kept = LeafValues::of(many.clone().into(), 2);
        assert_eq!(kept.values().len(), 8);
        let few = LeafValues::of(many[..24].to_vec().into(), 2);
        assert_eq!(few.values().len(), 24);
        for leaf in 0..12 {
            for values in [&kept, &few] {
                let found = values.of_leaf(leaf).iter().map(|value| value.to_bits());
                assert!(found.eq([row(leaf), 2.0].map(f64::to_bits)), "leaf {leaf}");
            }
        }
    }
}
