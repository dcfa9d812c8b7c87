//! The inner loops of the tree engine, compiled for what the processor has.
//!
//! This is the one module of the crate with `unsafe`: calls of functions that are compiled for instructions which
//! [`Level::detect`] has found, loads and stores of whole vectors in arrays of their size, and places that were checked
//! when a forest was built, once instead of at every step.

#![expect(
    unsafe_code,
    reason = "vector instructions, and no check of places that were checked when they were made"
)]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod live;
mod page_walk;
mod planes;
mod portable;
mod tables;
#[cfg(test)]
mod tests;

pub(super) use live::Live;
pub(super) use page_walk::{LANES, Lanes, PageWalk};
pub(super) use planes::Planes;
pub(super) use tables::{Coded, Codes, Table, Tables, add_pairs};

use super::search::Search;

/// The rows that a vector of the widest kind holds a bit of.
pub(super) const STRIPE: usize = 512;

/// The rows of a block at most: each selection is looked up once for as many.
pub(super) const BLOCK: usize = 2 * STRIPE;

/// What the processor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// AVX-512 with instructions that look bytes up, count bits and multiply matrices of bits, and AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// AVX2 with instructions that count and find bits, which processors with AVX2 have.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Whatever the compiler makes of plain code.
    Portable,
}

impl Level {
    /// The best that this processor has.
    pub(super) fn detect() -> Level {
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("popcnt")
                && is_x86_feature_detected!("bmi1")
                && is_x86_feature_detected!("bmi2");
            let avx512 = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512vbmi")
                && is_x86_feature_detected!("avx512vpopcntdq")
                && is_x86_feature_detected!("gfni");
            if avx2 && avx512 {
                return Level::Avx512;
            }
            if avx2 {
                return Level::Avx2;
            }
        }
        Level::Portable
    }

    /// The row of a block whose bit stands at a place of its planes.
    pub(super) fn row_at(self, place: usize) -> usize {
        match self {
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => place / avx2::PART * avx2::PART + usize::from(avx2::ROW_AT[place % avx2::PART]),
            _ => place,
        }
    }

    /// Whether that is every row's own place.
    pub(super) fn keeps_order(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => false,
            _ => true,
        }
    }

    /// From so many rows on a block, however little of it they fill, costs less than each row by itself; measured on
    /// forests of 100 trees over 4 features, of 500 over 30 and of 1,000 over 200. By AVX-512 both cost the same at 260
    /// rows of 500 trees of depth 10 over 30 features and at 86 of 1,000 of depth 15 over 200, and between these for
    /// seven others.
    pub(super) fn sliced_rows(self, slots: usize) -> usize {
        match self {
            // Rows of many slots go through pages in plain code.
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 if slots > avx2::MOST_SLOTS => 24,
            _ => 160,
        }
    }
}

/// Writes for each value the number of `thresholds`, which ascend, that it is beyond, and 1 more; a NaN is beyond all.
pub(super) fn count_beyond(level: Level, values: &[f64; STRIPE], thresholds: &[f64], out: &mut [u8; STRIPE]) {
    match level {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level was detected.
        Level::Avx512 => unsafe { avx512::count_beyond(values, thresholds, out) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level was detected.
        Level::Avx2 => unsafe { avx2::count_beyond(values, thresholds, out) },
        Level::Portable => portable::beyond(values, thresholds, out),
    }
}

/// Writes for each slot of a row what [`count_beyond`] does.
pub(super) fn count_row(level: Level, row: &[f64], search: &Search, out: &mut [u8]) {
    match level {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level was detected, and what has AVX-512 has AVX2.
        Level::Avx512 | Level::Avx2 => unsafe { avx2::count_row(row, search, out) },
        Level::Portable => portable::count_row(row, search, out),
    }
}
