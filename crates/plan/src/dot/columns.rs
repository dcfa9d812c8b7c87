//! A matrix stored column after column times a vector, in the orders of Spark's releases.
//!
//! `Java11BLAS.dgemv` and `VectorBLAS.dgemv` of `dev.ludovic.netlib` take four columns at a time, the last of them
//! first; what is left over of the columns comes one by one.

use super::order::{AVX2_LANES, LANES};
use crate::exactness::Exactness;

/// The columns that are taken at a time.
const AT_A_TIME: usize = 4;

/// Adds `factor · matrix · vector` to `sums`. `matrix` has its rows one after another, as many as there are sums.
pub(crate) fn add(exactness: Exactness, factor: f64, matrix: &[f64], vector: &[f64], sums: &mut [f64]) {
    // The rows that fill whole vectors of the processor; a row of the rest has its products rounded one by one.
    let fused_rows = match exactness {
        Exactness::Fast => 0,
        Exactness::Spark35 => sums.len(),
        Exactness::Spark4 => sums.len() - sums.len() % LANES,
        Exactness::Spark4Avx2 => sums.len() - sums.len() % AVX2_LANES,
    };
    let rows = matrix.chunks_exact(vector.len().max(1));
    for (at, (row, sum)) in rows.zip(sums).enumerate() {
        *sum = if at < fused_rows {
            fused(factor, row, vector, *sum)
        } else {
            rounded(factor, row, vector, *sum)
        };
    }
}

fn fused(factor: f64, row: &[f64], vector: &[f64], sum: f64) -> f64 {
    let (fours, rest) = row.as_chunks::<AT_A_TIME>();
    let (vector_fours, vector_rest) = vector.as_chunks::<AT_A_TIME>();
    let add = |sum: f64, (a, x): (&f64, &f64)| (factor * x).mul_add(*a, sum);
    let four = |sum, (a, x): (&[f64; 4], &[f64; 4])| a.iter().zip(x).rev().fold(sum, add);
    let sum = fours.iter().zip(vector_fours).fold(sum, four);
    rest.iter().zip(vector_rest).fold(sum, add)
}

fn rounded(factor: f64, row: &[f64], vector: &[f64], sum: f64) -> f64 {
    let (fours, rest) = row.as_chunks::<AT_A_TIME>();
    let (vector_fours, vector_rest) = vector.as_chunks::<AT_A_TIME>();
    let four = |sum, (a, x): (&[f64; 4], &[f64; 4])| {
        let [first, others @ ..] = [0, 1, 2, 3].map(|at| factor * x[at] * a[at]);
        sum + others.iter().fold(first, |four, product| four + product)
    };
    let sum = fours.iter().zip(vector_fours).fold(sum, four);
    rest.iter().zip(vector_rest).fold(sum, |sum, (a, x)| sum + factor * x * a)
}
