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
mod page_walk;
mod planes;
mod portable;
#[cfg(test)]
mod tests;

pub(super) use page_walk::PageWalk;
pub(super) use planes::Planes;

/// The rows that a vector of the widest kind holds a bit of.
pub(super) const STRIPE: usize = 512;

/// The rows of a block: each selection is looked up once for as many.
pub(super) const BLOCK: usize = STRIPE * STRIPES;

/// The stripes of a block.
const STRIPES: usize = 2;

/// What the processor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// AVX-512 with instructions that look bytes up, count bits and multiply matrices of bits.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// AVX2.
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
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512vbmi")
                && is_x86_feature_detected!("avx512vpopcntdq")
                && is_x86_feature_detected!("gfni")
            {
                return Level::Avx512;
            }
            if is_x86_feature_detected!("avx2") {
                return Level::Avx2;
            }
        }
        Level::Portable
    }

    /// From so many rows on a block, however little of it they fill, costs less than each row by itself; measured on
    /// forests of 100 trees over 4 features and of 500 over 30.
    pub(super) fn sliced_rows(self) -> usize {
        match self {
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => 128,
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
pub(super) fn count_row(level: Level, row: &[f64], thresholds: &[Vec<f64>], out: &mut [u8]) {
    match level {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level was detected.
        Level::Avx512 => unsafe { avx512::count_row(row, thresholds, out) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level was detected.
        Level::Avx2 => unsafe { avx2::count_row(row, thresholds, out) },
        Level::Portable => portable::beyond_row(row, thresholds, out),
    }
}
