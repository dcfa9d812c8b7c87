//! The same loops in plain code, some of which are compiled once more for AVX2 and AVX-512.

use super::STRIPE;
use super::page_walk::{LANES as TREES, Lanes};
use super::planes::Stripe;
use crate::ops::forest::pages::{LEVELS, PLACES, Page, Pages, rank, signed};
use crate::ops::forest::search::Search;
use crate::ops::forest::sliced::{Cells, LANES, Reaches};

#[inline(always)]
pub(super) fn beyond(values: &[f64; STRIPE], thresholds: &[f64], out: &mut [u8; STRIPE]) {
    let ((values, _), (out, _)) = (values.as_chunks::<16>(), out.as_chunks_mut::<16>());
    for (values, out) in values.iter().zip(out) {
        let mut counts = [1_u64; 16];
        for threshold in thresholds {
            for (count, x) in counts.iter_mut().zip(values) {
                *count += 1 - u64::from(x <= threshold);
            }
        }
        for (out, count) in out.iter_mut().zip(counts) {
            *out = count as u8;
        }
    }
}

pub(super) fn count_row(row: &[f64], search: &Search, out: &mut [u8]) {
    // A NaN is not at most any of them.
    search.count(row, out, |x, four| four.iter().map(|threshold| 1 - u32::from(x <= *threshold)).sum());
}

/// Writes whether bins are at most `bin`.
pub(super) fn at_most(stripe: &mut Stripe, bin: u8, bins: &[u8; STRIPE]) {
    for (word, bytes) in stripe.0.iter_mut().zip(bins.as_chunks::<64>().0) {
        *word = bytes.iter().enumerate().fold(0, |word, (at, &byte)| word | u64::from(byte <= bin) << at);
    }
}

/// For each bit that of `left` where `test` is set, else that of `right`.
#[inline(always)]
pub(super) fn select<const WORDS: usize>(
    test: [u64; WORDS],
    left: [u64; WORDS],
    right: [u64; WORDS],
) -> [u64; WORDS] {
    std::array::from_fn(|word| right[word] ^ test[word] & (left[word] ^ right[word]))
}

/// Writes the number that the bits of some planes make for each row of a stripe.
#[inline(always)]
pub(super) fn codes(planes: &[&Stripe], out: &mut [u16; STRIPE]) {
    out.fill(0);
    let (out, _) = out.as_chunks_mut::<64>();
    for (bit, plane) in planes.iter().enumerate() {
        for (out, &word) in out.iter_mut().zip(&plane.0) {
            for (row, code) in out.iter_mut().enumerate() {
                *code |= ((word >> row & 1) as u16) << bit;
            }
        }
    }
}

/// Takes a row of `bins` from the pages of all trees to leaves and adds these.
#[inline(always)]
pub(super) fn leaves<S>(
    lanes: &mut [Lanes],
    pages: &Pages,
    bins: &[u8; 256],
    start: S,
    add: impl Fn(S, usize) -> S,
) -> S {
    let bins = bins.map(signed);
    lanes.copy_from_slice(pages.roots());
    for round in 1..=pages.rounds() {
        // All pages are asked for before the first is gone through: those of large forests are far away.
        for Lanes { at, fails, places, firsts } in &mut *lanes {
            for lane in 0..TREES {
                let (page, tests) = pages.page(at[lane]);
                (fails[lane], places[lane], firsts[lane]) = (tests.bins[1] as u32, page.places, page.first);
            }
        }
        for Lanes { at, places, firsts, .. } in &mut *lanes {
            // Step by step through all of them, since each step of one waits for the step before.
            let tests = at.map(|at| pages.page(at).1);
            let mut to = [1; TREES];
            for _ in 0..LEVELS {
                for (to, tests) in to.iter_mut().zip(tests) {
                    let fails = bins[usize::from(tests.slots[*to])] > tests.bins[*to];
                    *to = 2 * *to + usize::from(fails);
                }
            }
            for lane in 0..TREES {
                let found = firsts[lane] + rank(places[lane], (to[lane] % PLACES) as u32);
                let pages_below = firsts[lane] & Page::PAGES != 0;
                if pages_below || round == pages.rounds() {
                    at[lane] = found & !Page::PAGES;
                }
            }
        }
    }
    let leaves = lanes.iter().flat_map(|lanes| lanes.at).take(pages.trees());
    leaves.map(|leaf| leaf as usize).fold(start, add)
}

/// A bit for each lane: whether a row of these cells may come to it.
pub(super) fn meeting(Reaches(reaches): &Reaches, Cells(cells): &Cells) -> u32 {
    let mut meets = [true; LANES];
    for (lanes, rows) in reaches.iter().zip(cells) {
        for (meets, lane) in meets.iter_mut().zip(lanes) {
            *meets &= lane & 15 <= rows >> 4 && lane >> 4 >= rows & 15;
        }
    }
    meets.iter().enumerate().fold(0, |word, (lane, &meets)| word | u32::from(meets) << lane)
}
