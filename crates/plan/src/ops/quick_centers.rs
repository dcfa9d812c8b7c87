//! The nearest of some centres for eight rows at once, where that is beyond doubt.
//!
//! Spark's way to the nearest centre rounds its distances and skips centres by bounds, which decides where two centres are
//! nearly as far ([`NearestCenter`](super::NearestCenter)). Elsewhere it finds the nearest by the rules of geometry, and so
//! does `‖c‖² - 2 x·c`, which is fewer steps and the same ones for each row. All that Spark rounds on its way (distances,
//! the bounds of norms and of distances between centres) and what is rounded here differs from the true squares by
//! a few times the number of features times the last bit of `(‖x‖ + ‖c‖)²`; a row whose two nearest centres are not farther
//! apart than 64 times that is in doubt. So is one that holds anything but finite numbers.

use super::center::Center;
use super::tile::{LANES, Lanes, sum, two_sums};

/// How many last bits of rounding, for each feature, leave a row in doubt.
const DOUBT: f64 = 64.0;

/// What is added to the doubt, since numbers so small are rounded more.
const SMALLEST: f64 = 1e-280;

/// Centres in the form in which rows are held against several of them.
#[derive(Clone, Debug)]
pub(super) struct QuickCenters {
    size: usize,
    /// `-2 c` of each centre.
    weights: Vec<f64>,
    /// `‖c‖²` of each centre.
    squares: Vec<f64>,
    /// What the square of a row's length is multiplied with, and then what is added: a row with less between its nearest
    /// centres is in doubt.
    doubt: (f64, f64),
}

impl QuickCenters {
    pub(super) fn new(centers: &[Center]) -> QuickCenters {
        let size = centers.first().map_or(0, |center| center.values.len());
        let weights = centers.iter().flat_map(|center| center.values.iter().map(|value| -2.0 * value));
        let squares: Vec<f64> =
            centers.iter().map(|center| center.values.iter().map(|value| value * value).sum()).collect();
        let largest = squares.iter().copied().fold(0.0, f64::max);
        let factor = DOUBT * (size as f64 + 16.0) * f64::EPSILON;
        QuickCenters {
            size,
            weights: weights.collect(),
            squares,
            doubt: (factor, factor * largest + SMALLEST),
        }
    }

    /// For each row of a tile the place of its nearest centre; `None` where that is in doubt.
    pub(super) fn nearest(&self, slots: &[Lanes]) -> [Option<i32>; LANES] {
        let mut found = Found::new();
        let (pairs, last) = self.squares.as_chunks::<2>();
        let size = self.size.max(1);
        let mut weights = self.weights.chunks_exact(size);
        let mut place = 0.0;
        for squares in pairs {
            let weights = [(); 2].map(|()| weights.next().unwrap_or_default());
            for scores in two_sums(*squares, weights, slots) {
                found.take(place, &scores);
                place += 1.0;
            }
        }
        if let [square] = last {
            found.take(place, &sum(*square, weights.next().unwrap_or_default(), slots));
        }
        let mut lengths = [0.0; LANES];
        for slot in slots {
            lengths.iter_mut().zip(slot).for_each(|(length, value)| *length += value * value);
        }
        let (factor, rest) = self.doubt;
        std::array::from_fn(|lane| {
            let sure = found.second[lane] - found.least[lane] > factor * lengths[lane] + rest;
            sure.then_some(found.place[lane] as i32)
        })
    }
}

/// The centres with the least scores so far.
struct Found {
    least: Lanes,
    second: Lanes,
    place: Lanes,
}

impl Found {
    fn new() -> Found {
        Found { least: [f64::INFINITY; LANES], second: [f64::INFINITY; LANES], place: [0.0; LANES] }
    }

    #[inline(always)]
    fn take(&mut self, place: f64, scores: &Lanes) {
        for (lane, &score) in scores.iter().enumerate() {
            let least = self.least[lane];
            let is_less = score < least;
            let more = if is_less { least } else { score };
            self.second[lane] = if more < self.second[lane] { more } else { self.second[lane] };
            self.place[lane] = if is_less { place } else { self.place[lane] };
            self.least[lane] = if is_less { score } else { least };
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::column::VectorRef;
    use crate::ops::NearestCenter;
    use crate::ops::tile::Tile;

    /// Whole numbers, so that many rows lie in the middle of two centres, or numbers far from zero.
    fn value() -> impl Strategy<Value = f64> {
        prop_oneof![
            4 => (-3..4).prop_map(f64::from),
            2 => -4.0..4.0,
            1 => (-3..4).prop_map(|near| 1e8 + f64::from(near) * 1e-8),
            1 => Just(1e-160),
        ]
    }

    fn quick(centers: &[VectorRef<'_>], rows: &[f64]) -> [Option<i32>; LANES] {
        let mut tile = Tile::new(centers[0].size());
        tile.read_rows(rows);
        QuickCenters::new(&centers.iter().map(Center::new).collect::<Vec<_>>()).nearest(tile.slots())
    }

    proptest! {
        #[test]
        fn a_centre_beyond_doubt_is_sparks(
            (size, centers, rows) in (1_usize..7, 1_usize..9).prop_flat_map(|(size, count)| {
                let numbers = |count| prop::collection::vec(value(), count * size);
                (Just(size), numbers(count), numbers(LANES))
            }),
            is_sparse in any::<bool>(),
        ) {
            let indices: Vec<u32> = (0..size as u32).collect();
            let sparse = |values| VectorRef::Sparse { size, indices: &indices, values };
            let centers = centers.chunks_exact(size);
            let centers: Vec<VectorRef<'_>> =
                centers.map(|values| if is_sparse { sparse(values) } else { VectorRef::Dense(values) }).collect();
            let op = NearestCenter::new(&centers).unwrap();
            for (row, found) in rows.chunks_exact(size).zip(quick(&centers, &rows)) {
                let Some(found) = found else { continue };
                for row in [VectorRef::Dense(row), sparse(row)] {
                    prop_assert_eq!(op.nearest(row), Some(found as usize));
                }
            }
        }
    }

    #[test]
    fn few_rows_are_in_doubt() {
        let centers =
            [VectorRef::Dense(&[0.0, 0.0]), VectorRef::Dense(&[4.0, 0.0]), VectorRef::Dense(&[0.0, 4.0])];
        let rows = [
            0.0,
            0.0,
            1.999,
            0.0,
            2.000_001,
            0.0,
            2.0,
            0.0,
            9.0,
            9.0,
            9.0,
            8.0,
            f64::NAN,
            0.0,
            f64::INFINITY,
            0.0,
        ];
        assert_eq!(quick(&centers, &rows), [Some(0), Some(0), Some(1), None, None, Some(1), None, None]);
        assert_eq!(quick(&centers[..1], &rows)[..5], [Some(0); 5]);
    }
}
