//! The orders in which Spark's releases add a dense dot product.
//!
//! Spark asks `dev.ludovic.netlib` for it: Spark 3.2 to 3.5 its `Java11BLAS`, Spark 4 its `VectorBLAS`. Both round a
//! product and the sum that it goes into but once.

use super::dense;
use crate::exactness::Exactness;

/// The lanes of a vector of doubles, of 512 bits.
pub(crate) const LANES: usize = 8;

/// The lanes of a vector of doubles, of 256 bits.
pub(crate) const AVX2_LANES: usize = 4;

/// How the products of a dense dot product are added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum DotOrder {
    /// The default: see [`dense`].
    #[default]
    Fast,
    /// Four fused sums side by side, then a fused tail: `Java11BLAS.ddot`.
    FusedFours,
    /// One fused sum: a row of `Java11BLAS.dgemv`.
    Fused,
    /// Eight fused sums side by side, then a tail in which each product is rounded: `VectorBLAS`.
    FusedLanes,
    /// Four of them: `VectorBLAS` on a processor with no wider vectors.
    FusedAvx2Lanes,
}

impl DotOrder {
    /// The order of a dot product of two vectors.
    pub(crate) fn of_vectors(exactness: Exactness) -> DotOrder {
        match exactness {
            Exactness::Fast => DotOrder::Fast,
            Exactness::Spark35 => DotOrder::FusedFours,
            Exactness::Spark4 => DotOrder::FusedLanes,
            Exactness::Spark4Avx2 => DotOrder::FusedAvx2Lanes,
        }
    }

    /// The order of a row of a matrix, stored row after row, times a vector.
    pub(crate) fn of_rows(exactness: Exactness) -> DotOrder {
        match exactness {
            Exactness::Fast => DotOrder::Fast,
            Exactness::Spark35 => DotOrder::Fused,
            Exactness::Spark4 => DotOrder::FusedLanes,
            Exactness::Spark4Avx2 => DotOrder::FusedAvx2Lanes,
        }
    }

    /// The dot product of two slices of one length.
    #[inline]
    pub(crate) fn dense(self, a: &[f64], b: &[f64]) -> f64 {
        match self {
            DotOrder::Fast => dense(a, b),
            DotOrder::FusedFours => {
                let (sum, a, b) = side_by_side::<4>(a, b);
                fused(sum, a, b)
            }
            DotOrder::Fused => fused(0.0, a, b),
            DotOrder::FusedLanes => rounded_tail(side_by_side::<LANES>(a, b)),
            DotOrder::FusedAvx2Lanes => rounded_tail(side_by_side::<AVX2_LANES>(a, b)),
        }
    }
}

/// Adds the products to `sum` one after another, each fused with its addition.
fn fused(sum: f64, a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(sum, |sum, (x, y)| x.mul_add(*y, sum))
}

/// Adds the products of tails to their sum one after another, each rounded.
fn rounded_tail((sum, a, b): (f64, &[f64], &[f64])) -> f64 {
    a.iter().zip(b).fold(sum, |sum, (x, y)| sum + x * y)
}

/// `N` fused sums side by side, added up from the first on; and the tails that are left.
fn side_by_side<'a, const N: usize>(a: &'a [f64], b: &'a [f64]) -> (f64, &'a [f64], &'a [f64]) {
    let (a_chunks, a_tail) = a.as_chunks::<N>();
    let (b_chunks, b_tail) = b.as_chunks::<N>();
    let mut sums = [0.0; N];
    for (x, y) in a_chunks.iter().zip(b_chunks) {
        for lane in 0..N {
            sums[lane] = x[lane].mul_add(y[lane], sums[lane]);
        }
    }
    (sums.iter().fold(0.0, |sum, lane| sum + lane), a_tail, b_tail)
}
