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
        for lane in 0..LANES {
            let (score, least) = (scores[lane], self.least[lane]);
            let is_less = score < least;
            let more = if is_less { least } else { score };
            self.second[lane] = if more < self.second[lane] { more } else { self.second[lane] };
            self.place[lane] = if is_less { place } else { self.place[lane] };
            self.least[lane] = if is_less { score } else { least };
        }
    }
}
