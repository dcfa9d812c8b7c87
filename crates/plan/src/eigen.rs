//! Eigenvalues and eigenvectors of symmetric matrices, in the order of operations of LAPACK's `dsyev`.
//!
//! Spark asks LAPACK (reference Fortran translated to Java) for them, and where a covariance is nearly flat the
//! rounding of its smallest eigenvalue shows in the answers: so each step is done as there. The names of the
//! routines stand beside the steps (Householder's reduction of the lower half, then implicit QL or QR steps).

mod rotations;

use rotations::Rotations;

/// A symmetric matrix as it becomes its eigenvectors: columns one after another, each a vector of its rows.
type Columns = Vec<Vec<f64>>;

/// The eigenvalues of a symmetric matrix, ascending, and for each its vector. `matrix` has its columns one after
/// another, `size` times `size` finite numbers; the lower half counts.
pub(crate) fn symmetric(matrix: &[f64], size: usize) -> (Vec<f64>, Columns) {
    if size < 2 {
        return (matrix.to_vec(), vec![vec![1.0; size]; size]);
    }
    let mut columns: Columns = matrix.chunks_exact(size).map(<[f64]>::to_vec).collect();
    let (diagonal, beside, scales) = reduce(&mut columns);
    reflections(&mut columns, &scales);
    let mut rotations = Rotations::new(diagonal, beside, columns);
    rotations.diagonalize();
    rotations.sorted()
}

/// `dsytd2`: to three diagonals; leaves the reflections below them and answers their scales.
fn reduce(a: &mut Columns) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let n = a.len();
    let (mut diagonal, mut beside, mut scales) = (vec![0.0; n], vec![0.0; n - 1], vec![0.0; n - 1]);
    for i in 0..n - 1 {
        let (beta, tau) = reflector(&mut a[i][i + 1..]);
        beside[i] = beta;
        if tau != 0.0 {
            let mut v = a[i][i + 1..].to_vec();
            v[0] = 1.0;
            let mut w = half_product(a, i + 1, tau, &v);
            let dot = w.iter().zip(&v).fold(0.0, |sum, (w, v)| sum + w * v);
            let alpha = -0.5 * tau * dot;
            w.iter_mut().zip(&v).for_each(|(w, v)| *w += alpha * v);
            for j in 0..v.len() {
                if v[j] != 0.0 || w[j] != 0.0 {
                    let (by_v, by_w) = (-w[j], -v[j]);
                    for k in j..v.len() {
                        let cell = &mut a[i + 1 + j][i + 1 + k];
                        *cell = *cell + v[k] * by_v + w[k] * by_w;
                    }
                }
            }
        }
        diagonal[i] = a[i][i];
        scales[i] = tau;
    }
    diagonal[n - 1] = a[n - 1][n - 1];
    (diagonal, beside, scales)
}

/// `dlarfg`: the reflection that leaves only the first value, which is answered with its scale. The reflection is
/// left in the others; its first value is 1.
fn reflector(x: &mut [f64]) -> (f64, f64) {
    let Some((first, rest)) = x.split_first_mut() else { return (0.0, 0.0) };
    let norm = norm(rest);
    if norm == 0.0 {
        return (*first, 0.0);
    }
    let beta = -length(*first, norm).copysign(*first);
    let tau = (beta - *first) / beta;
    let factor = 1.0 / (*first - beta);
    rest.iter_mut().for_each(|value| *value *= factor);
    *first = beta;
    (beta, tau)
}

/// `dsymv`: `alpha · A · x` of the lower half from `from` on.
fn half_product(a: &Columns, from: usize, alpha: f64, x: &[f64]) -> Vec<f64> {
    let mut y = vec![0.0; x.len()];
    for j in 0..x.len() {
        let column = &a[from + j][from..];
        let scaled = alpha * x[j];
        let mut sum = 0.0;
        y[j] += scaled * column[j];
        for i in j + 1..x.len() {
            y[i] += scaled * column[i];
            sum += column[i] * x[i];
        }
        y[j] += alpha * sum;
    }
    y
}

/// `dorgtr`: multiplies the reflections.
fn reflections(a: &mut Columns, scales: &[f64]) {
    let n = a.len();
    for j in (1..n).rev() {
        let (left, right) = a.split_at_mut(j);
        right[0][0] = 0.0;
        right[0][j + 1..].copy_from_slice(&left[j - 1][j + 1..]);
    }
    a[0].fill(0.0);
    a[0][0] = 1.0;
    // `dorg2r` on all but the first row and column.
    for i in (1..n).rev() {
        let tau = scales[i - 1];
        a[i][i] = 1.0;
        if tau != 0.0 {
            let (left, right) = a.split_at_mut(i + 1);
            let v = &left[i][i..];
            for column in right {
                let sum = column[i..].iter().zip(v).fold(0.0, |sum, (c, v)| sum + c * v);
                if sum != 0.0 {
                    let factor = -tau * sum;
                    column[i..].iter_mut().zip(v).for_each(|(c, v)| *c += v * factor);
                }
            }
        }
        a[i][i + 1..].iter_mut().for_each(|value| *value *= -tau);
        a[i][i] = 1.0 - tau;
        a[i][1..i].fill(0.0);
    }
}

/// `dnrm2`: the length of a vector.
fn norm(x: &[f64]) -> f64 {
    if let [only] = x {
        return only.abs();
    }
    let (mut scale, mut squares) = (0.0_f64, 1.0);
    for value in x.iter().map(|value| value.abs()).filter(|&value| value != 0.0) {
        if scale < value {
            squares = 1.0 + squares * ((scale / value) * (scale / value));
            scale = value;
        } else {
            squares += (value / scale) * (value / scale);
        }
    }
    scale * squares.sqrt()
}

/// `dlapy2`: the length of two numbers.
fn length(x: f64, y: f64) -> f64 {
    let (large, small) = (x.abs().max(y.abs()), x.abs().min(y.abs()));
    if small == 0.0 { large } else { large * (1.0 + (small / large) * (small / large)).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A symmetric matrix of made-up numbers.
    fn made_up(size: usize) -> Vec<f64> {
        let value = |i: usize, j: usize| ((i * j + i + j) % 17) as f64 - 5.5 + 1.0 / (1 + i + j) as f64;
        (0..size * size).map(|at| value(at / size, at % size)).collect()
    }

    fn check(matrix: &[f64], size: usize) {
        let (values, vectors) = symmetric(matrix, size);
        let largest = matrix.iter().fold(1.0, |largest: f64, value| largest.max(value.abs()));
        assert!(values.is_sorted() && values.len() == size, "{values:?}");
        for (at, (value, vector)) in values.iter().zip(&vectors).enumerate() {
            for (row, part) in matrix.chunks_exact(size).zip(vector) {
                let product: f64 = row.iter().zip(vector).map(|(a, b)| a * b).sum();
                assert!(
                    (product - value * part).abs() < 1e-13 * largest * size as f64,
                    "size {size}, value {at}"
                );
            }
            for (other, against) in vectors.iter().enumerate() {
                let dot: f64 = vector.iter().zip(against).map(|(a, b)| a * b).sum();
                assert!(
                    (dot - f64::from(u8::from(at == other))).abs() < 1e-13,
                    "size {size}: {at} and {other}"
                );
            }
        }
    }

    #[test]
    fn vectors_are_stretched_and_stand_upright() {
        for size in [1, 2, 3, 4, 7, 20, 50] {
            check(&made_up(size), size);
        }
        check(&[2.0, 0.0, 0.0, 2.0], 2);
        check(&[0.0; 9], 3);
        check(&[1.0; 16], 4);
        check(&[4.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 2.0, 4.0], 3);
    }

    #[test]
    fn equals_lapack_to_the_last_bit() {
        let matrix = [4.0, 1.0, -2.0, 0.5, 1.0, 3.0, 0.25, 7.0, -2.0, 0.25, 1.0, -1.0, 0.5, 7.0, -1.0, 2.0];
        let (values, vectors) = symmetric(&matrix, 4);
        assert_eq!(values, [-4.710186115832742, 0.19060395137009137, 4.710900757732485, 9.80868140673017]);
        let first = [0.07722714194524855, -0.6675974098057319, 0.1819818872333394, 0.7177968094709243];
        let last = [-0.21500391506074754, -0.7094507204404399, 0.10395466593508915, -0.6630583829538814];
        assert_eq!((vectors[0].as_slice(), vectors[3].as_slice()), (&first[..], &last[..]));
    }

    #[test]
    fn no_rows_have_no_values() {
        assert_eq!(symmetric(&[], 0), (Vec::new(), Vec::new()));
    }
}
