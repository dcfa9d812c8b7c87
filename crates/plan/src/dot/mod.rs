//! Dot products.
//!
//! The default order: below eight terms the sum runs in order, as every Spark release from 3.2 on does it for such short vectors
//! but for the rounding of a fused tail; from eight terms on four partial sums run side by side. The
//! orders of Spark's releases are [`DotOrder`]s. See `docs/exactness.md`.

pub(crate) mod columns;
mod order;
#[cfg(test)]
mod tests;

pub(crate) use order::DotOrder;

/// The dot product of two slices of one length.
pub(crate) fn dense(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (a_chunks, a_tail) = a.as_chunks::<4>();
    let (b_chunks, b_tail) = b.as_chunks::<4>();
    for (x, y) in a_chunks.iter().zip(b_chunks) {
        for lane in 0..4 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    let mut sum = sums[0] + sums[1] + sums[2] + sums[3];
    for (x, y) in a_tail.iter().zip(b_tail) {
        sum += x * y;
    }
    sum
}

/// [`dense`] of finite weights and a vector that has these values by ascending places and else zeros, which add nothing.
pub(crate) fn dense_active(active: &[(u32, f64)], weights: &[f64]) -> f64 {
    let fours = weights.len() - weights.len() % 4;
    let tail = active.partition_point(|&(place, _)| (place as usize) < fours);
    let mut sums = [0.0; 4];
    for &(place, value) in &active[..tail] {
        sums[place as usize % 4] += value * weights[place as usize];
    }
    let mut sum = sums[0] + sums[1] + sums[2] + sums[3];
    for &(place, value) in &active[tail..] {
        sum += value * weights[place as usize];
    }
    sum
}

/// The dot product of a sparse vector's active values with a dense one, in index order as Spark sums it.
pub(crate) fn sparse(indices: &[u32], values: &[f64], dense: &[f64]) -> f64 {
    sparse_from(0.0, indices, values, dense)
}

/// [`sparse`] added to `sum`.
pub(crate) fn sparse_from(mut sum: f64, indices: &[u32], values: &[f64], dense: &[f64]) -> f64 {
    for (&index, value) in indices.iter().zip(values) {
        sum += value * dense[index as usize];
    }
    sum
}

/// The dot product of two sparse vectors of one size, each with ascending indices, in index order.
pub(crate) fn sparse_pair(a: (&[u32], &[f64]), b: (&[u32], &[f64])) -> f64 {
    sparse_pair_from(0.0, a, b)
}

/// [`sparse_pair`] added to `sum`.
pub(crate) fn sparse_pair_from(
    mut sum: f64,
    (a_indices, a_values): (&[u32], &[f64]),
    (b_indices, b_values): (&[u32], &[f64]),
) -> f64 {
    let mut at = 0;
    for (&index, value) in a_indices.iter().zip(a_values) {
        at += b_indices[at..].iter().take_while(|&&other| other < index).count();
        if b_indices.get(at) == Some(&index) {
            sum += value * b_values[at];
        }
    }
    sum
}
