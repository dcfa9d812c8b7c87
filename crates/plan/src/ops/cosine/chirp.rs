//! The Fourier transform of real numbers of any count, as a convolution with a chirp (Bluestein), in the order of
//! JTransforms. The count is even here.

use std::f64::consts::PI;

use super::angles::on_circle;
use super::complex::Complex;
use super::split_radix::SplitRadix;

/// What the transform of one size needs.
pub(super) struct Chirp {
    /// At the square of each place, in halves of the step from one place to the next.
    chirp: Vec<Complex>,
    /// The transform of the chirp, over the size of the inner transform.
    transformed: Vec<Complex>,
    inner: SplitRadix,
}

impl Chirp {
    pub(super) fn new(size: usize) -> Chirp {
        let step = PI / size as f64;
        let mut chirp = vec![Complex::new(1.0, 0.0)];
        let mut square = 0;
        for place in 1..size {
            square = (square + 2 * place - 1) % (2 * size);
            chirp.push(on_circle(step * square as f64));
        }
        let inner_size = (2 * size - 1).next_power_of_two();
        let scale = 1.0 / inner_size as f64;
        let mut transformed = vec![Complex::default(); inner_size];
        transformed[0] = chirp[0].scaled(scale);
        for (place, point) in chirp.iter().enumerate().skip(1) {
            transformed[place] = point.scaled(scale);
            transformed[inner_size - place] = transformed[place];
        }
        let inner = SplitRadix::new(inner_size);
        inner.down(&mut transformed);
        Chirp { chirp, transformed, inner }
    }

    /// From real numbers to the first half of their transform: its two ends, which are real, then its pairs.
    pub(super) fn forward(&self, values: &mut [f64]) {
        let mut work = vec![Complex::default(); self.transformed.len()];
        for ((slot, point), value) in work.iter_mut().zip(&self.chirp).zip(&*values) {
            *slot = point.conjugate().scaled(*value);
        }
        self.inner.down(&mut work);
        for (slot, factor) in work.iter_mut().zip(&self.transformed) {
            *slot = *slot * *factor;
        }
        self.inner.up(&mut work);
        let half = values.len() / 2;
        let at = |place: usize| self.chirp[place].conjugate() * work[place];
        for place in 1..half {
            (values[2 * place], values[2 * place + 1]) = (at(place).re, at(place).im);
        }
        (values[0], values[1]) = (at(0).re, at(half).re);
    }

    /// The way back, without its factor.
    pub(super) fn backward(&self, values: &mut [f64]) {
        let (size, half) = (values.len(), values.len() / 2);
        let mut work = vec![Complex::default(); self.transformed.len()];
        work[0] = self.chirp[0].scaled(values[0]);
        work[half] = self.chirp[half].scaled(values[1]);
        for place in 1..half {
            let value = Complex::new(values[2 * place], values[2 * place + 1]);
            work[place] = value * self.chirp[place];
            work[size - place] = value.conjugate() * self.chirp[size - place];
        }
        self.inner.down(&mut work);
        for (slot, factor) in work.iter_mut().zip(&self.transformed) {
            *slot = factor.conjugate() * *slot;
        }
        self.inner.up(&mut work);
        for ((value, point), slot) in values.iter_mut().zip(&self.chirp).zip(&work) {
            *value = point.re * slot.re - point.im * slot.im;
        }
    }
}
