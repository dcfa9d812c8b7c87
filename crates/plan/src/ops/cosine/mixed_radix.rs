//! The Fourier transform of real numbers whose count is a product of small factors, in the order of JTransforms, which
//! took it from FFTPACK (Paul Swarztrauber): `rfftf` and `rfftb`.
//!
//! Each pass joins `radix` runs of numbers. What is transformed lies as the first real part, then pairs of real and
//! imaginary parts; a pass sees the second half of a run mirrored, as conjugates. Radix 2 and 4 come first, and of the
//! radix 2 there is at most one, so that runs of even length meet no other radix.

use super::angles::on_circle;
use super::complex::Complex;
use super::{backward, forward, general};

/// One pass: `groups` runs of `radix · inner` numbers.
pub(super) struct Pass {
    pub(super) radix: usize,
    pub(super) groups: usize,
    pub(super) inner: usize,
    /// For each of the runs that are joined but the first, its turns.
    pub(super) turns: Vec<Vec<Complex>>,
}

/// The passes for one size.
pub(super) struct MixedRadix {
    passes: Vec<Pass>,
}

/// The factors that are tried first; then 7, 9, 11 and so on.
const FACTORS: [usize; 4] = [4, 2, 3, 5];

/// What is left of `size` without the factors 2, 3 and 5.
pub(super) fn rough_part(mut size: usize) -> usize {
    for factor in FACTORS {
        while size > 0 && size.is_multiple_of(factor) {
            size /= factor;
        }
    }
    size
}

impl MixedRadix {
    pub(super) fn new(size: usize) -> MixedRadix {
        let step = 2.0 * std::f64::consts::PI / size as f64;
        let mut groups = 1;
        let passes = factors(size).into_iter().map(|radix| {
            let inner = size / (groups * radix);
            let turns_of = |run: usize| {
                let step = (run * groups) as f64 * step;
                (1..=inner.saturating_sub(1) / 2).map(|turn| on_circle(turn as f64 * step)).collect()
            };
            let pass = Pass { radix, groups, inner, turns: (1..radix).map(turns_of).collect() };
            groups *= radix;
            pass
        });
        MixedRadix { passes: passes.collect() }
    }

    /// From real numbers to the first half of their transform.
    pub(super) fn forward(&self, values: &mut Vec<f64>) {
        let mut work = vec![0.0; values.len()];
        for pass in self.passes.iter().rev() {
            match pass.radix {
                2..=5 => {
                    forward::run(pass, values, &mut work);
                    std::mem::swap(values, &mut work);
                }
                _ => general::forward(pass, values, &mut work),
            }
        }
    }

    /// The way back, without its factor.
    pub(super) fn backward(&self, values: &mut Vec<f64>) {
        let mut work = vec![0.0; values.len()];
        for pass in &self.passes {
            match pass.radix {
                2..=5 => {
                    backward::run(pass, values, &mut work);
                    std::mem::swap(values, &mut work);
                }
                _ => general::backward(pass, values, &mut work),
            }
        }
    }
}

/// The factors of a size in the order of the passes.
fn factors(size: usize) -> Vec<usize> {
    let mut left = size;
    let mut factors = Vec::new();
    for factor in FACTORS.into_iter().chain((7..).step_by(2)) {
        if left <= 1 {
            break;
        }
        while left.is_multiple_of(factor) {
            left /= factor;
            let place = if factor == 2 { 0 } else { factors.len() };
            factors.insert(place, factor);
        }
    }
    factors
}

impl Pass {
    /// Where number `at` of the run `run` of a group lies while the runs stand apart.
    pub(super) fn apart(&self, at: usize, group: usize, run: usize) -> usize {
        at + self.inner * (group + self.groups * run)
    }

    /// Where it lies once they are joined.
    pub(super) fn joined(&self, at: usize, group: usize, run: usize) -> usize {
        at + self.inner * (run + self.radix * group)
    }

    /// The turn of a run at the pair that ends at `at`.
    pub(super) fn turn(&self, run: usize, at: usize) -> Complex {
        self.turns[run - 1][at / 2 - 1]
    }

    /// The ends of all pairs of a run.
    pub(super) fn pairs(&self) -> impl Iterator<Item = usize> + use<> {
        (2..self.inner).step_by(2)
    }

    /// Whether a run has a last number without a partner.
    pub(super) fn has_middle(&self) -> bool {
        self.inner.is_multiple_of(2)
    }
}

/// The pair that ends at `place`.
pub(super) fn pair(values: &[f64], place: usize) -> Complex {
    Complex::new(values[place - 1], values[place])
}

/// Sets the pair that ends at `place`.
pub(super) fn set_pair(values: &mut [f64], place: usize, pair: Complex) {
    (values[place - 1], values[place]) = (pair.re, pair.im);
}

/// `-i · (a − b)`.
pub(super) fn turned_back(a: Complex, b: Complex) -> Complex {
    Complex::new(a.im - b.im, b.re - a.re)
}
