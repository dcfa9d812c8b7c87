//! The same loops in plain code, some of which are compiled once more for AVX2 and AVX-512.

use super::page_walk::Lanes;
use super::planes::Plane;
use super::{BLOCK, STRIPE};
use crate::ops::forest::pages::{LEVELS, PLACES, Page, Pages, rank};
use crate::ops::forest::sliced::{BinTest, Sliced};

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

#[inline(always)]
pub(super) fn beyond_row(row: &[f64], thresholds: &[Vec<f64>], out: &mut [u8]) {
    for ((x, thresholds), out) in row.iter().zip(thresholds).zip(out) {
        // A NaN is not at most any of them.
        *out = 1 + thresholds.iter().map(|threshold| 1 - u64::from(x <= threshold)).sum::<u64>() as u8;
    }
}

/// Makes the planes of all tests for the first `rows` of a block.
#[inline(always)]
pub(super) fn test(
    planes: &mut [Plane],
    tests: &[BinTest],
    bins: &[[u8; BLOCK]],
    rows: usize,
    at_most: impl Fn(&[u8; 64], u8) -> u64,
) {
    let planes = &mut planes[Sliced::plane_of(0)..];
    for (plane, test) in planes.iter_mut().zip(tests) {
        let (words, _) = bins[usize::from(test.slot)].as_chunks::<64>();
        for (word, bytes) in plane.0.iter_mut().zip(words).take(rows.div_ceil(64)) {
            *word = at_most(bytes, test.bin);
        }
    }
}

/// A bit for each byte: whether it is at most `bin`.
#[inline(always)]
pub(super) fn at_most(bytes: &[u8; 64], bin: u8) -> u64 {
    bytes.iter().enumerate().fold(0, |word, (at, &byte)| word | u64::from(byte <= bin) << at)
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

/// Writes the number that the bits of the planes `roots` make for each row.
#[inline(always)]
pub(super) fn codes(planes: &[Plane], roots: &[u16], out: &mut [u16; BLOCK]) {
    out.fill(0);
    let (out, _) = out.as_chunks_mut::<64>();
    for (bit, &root) in roots.iter().enumerate() {
        let plane = &planes[usize::from(root)].0;
        for (out, &word) in out.iter_mut().zip(plane) {
            for (row, code) in out.iter_mut().enumerate() {
                *code |= ((word >> row & 1) as u16) << bit;
            }
        }
    }
}

/// Takes a row of `bins` from the pages of some trees to leaves.
#[inline(always)]
pub(super) fn leaves(lanes: &mut [Lanes], pages: &Pages, bins: &[u8; 256]) {
    for round in 1..=pages.rounds() {
        for at in lanes.iter_mut().flat_map(|lanes| &mut lanes.at) {
            let (page, tests) = pages.page(*at);
            let mut place = 1;
            for _ in 0..LEVELS {
                let fails = bins[usize::from(tests.slots[place])] > tests.bins[place];
                place = 2 * place + usize::from(fails);
            }
            let found = page.first + rank(page.places, (place % PLACES) as u32);
            let pages_below = page.first & Page::PAGES != 0;
            if pages_below || round == pages.rounds() {
                *at = found & !Page::PAGES;
            }
        }
    }
}
