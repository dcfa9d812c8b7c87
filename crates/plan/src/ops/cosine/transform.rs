//! The transform of one size, bit for bit that of `DoubleDCT_1D` of JTransforms 3.1, which Spark calls.
//!
//! A power of two is transformed by half as many complex numbers. Any other size is mirrored to twice as many real
//! ones, which are transformed by the passes for small factors, or where what is left without the factors 2, 3 and 5
//! is 211 or more, by a chirp.

use std::f64::consts::{FRAC_PI_4, PI};

use super::angles::{cosine, on_circle, sine};
use super::chirp::Chirp;
use super::complex::Complex;
use super::mixed_radix::{MixedRadix, rough_part};
use super::split_radix::SplitRadix;

/// All that the transforms of one size need.
pub(super) enum Transform {
    /// A size that is changed by nothing.
    One,
    PowerOfTwo(Halved),
    Other(Doubled),
}

impl Transform {
    pub(super) fn new(size: usize) -> Transform {
        match size {
            0 | 1 => Transform::One,
            _ if size.is_power_of_two() => Transform::PowerOfTwo(Halved::new(size)),
            _ => Transform::Other(Doubled::new(size)),
        }
    }

    pub(super) fn forward(&self, values: &mut [f64]) {
        match self {
            Transform::One => {}
            Transform::PowerOfTwo(halved) => halved.forward(values),
            Transform::Other(doubled) => doubled.forward(values),
        }
    }

    pub(super) fn inverse(&self, values: &mut [f64]) {
        match self {
            Transform::One => {}
            Transform::PowerOfTwo(halved) => halved.inverse(values),
            Transform::Other(doubled) => doubled.inverse(values),
        }
    }
}

fn scale(values: &mut [f64], factor: f64) {
    values.iter_mut().for_each(|value| *value *= factor);
}

/// The transform of a power of two (Ooura's `ddct`).
pub(super) struct Halved {
    /// Halves of the cosines up to half a right angle, then of the sines from there down; the first is not halved.
    halves: Vec<f64>,
    complex: SplitRadix,
}

impl Halved {
    fn new(size: usize) -> Halved {
        let middle = size / 2;
        let step = FRAC_PI_4 / middle as f64;
        let mut halves = vec![0.0; size];
        halves[0] = cosine(FRAC_PI_4);
        halves[middle] = 0.5 * halves[0];
        for place in 1..middle {
            halves[place] = 0.5 * cosine(step * place as f64);
            halves[size - place] = 0.5 * sine(step * place as f64);
        }
        Halved { halves, complex: SplitRadix::new(middle) }
    }

    fn forward(&self, values: &mut [f64]) {
        let size = values.len();
        let last = values[size - 1];
        for place in (2..size).step_by(2).rev() {
            let (before, here) = (values[place - 1], values[place]);
            (values[place], values[place + 1]) = (here + before, here - before);
        }
        (values[0], values[1]) = (values[0] + last, values[0] - last);
        let mut slots = to_slots(values);
        if size > 4 {
            self.unfold(&mut slots, false);
        }
        self.complex.down(&mut slots);
        from_slots(&slots, values);
        self.turn(values);
        orthonormal(values);
    }

    fn inverse(&self, values: &mut [f64]) {
        let size = values.len();
        orthonormal(values);
        self.turn(values);
        let mut slots = to_slots(values);
        self.complex.up(&mut slots);
        if size > 4 {
            self.unfold(&mut slots, true);
        }
        from_slots(&slots, values);
        let last = values[0] - values[1];
        values[0] += values[1];
        for place in (2..size).step_by(2) {
            let (here, after) = (values[place], values[place + 1]);
            (values[place - 1], values[place]) = (here - after, here + after);
        }
        values[size - 1] = last;
    }

    /// Between the transform of real numbers and that of half as many complex ones.
    fn unfold(&self, slots: &mut [Complex], up: bool) {
        let (size, count) = (self.halves.len(), slots.len());
        for place in 1..count.div_ceil(2) {
            let (re, im) = (0.5 - self.halves[size - 4 * place], self.halves[4 * place]);
            let other = count - place;
            let (a, b) = (slots[place], slots[other]);
            let difference = Complex::new(a.re - b.re, a.im + b.im);
            let turned = Complex::new(re, if up { im } else { -im }) * difference;
            slots[place] = a - turned;
            slots[other] = Complex::new(b.re + turned.re, b.im - turned.im);
        }
    }

    /// Turns each slot against the one that lies as far from the end.
    fn turn(&self, values: &mut [f64]) {
        let (size, middle) = (values.len(), values.len() / 2);
        for place in 1..middle {
            let (here, there) = (self.halves[place], self.halves[size - place]);
            let (less, more) = (here - there, here + there);
            let (a, b) = (values[place], values[size - place]);
            (values[place], values[size - place]) = (less * a + more * b, more * a - less * b);
        }
        values[middle] *= self.halves[0];
    }
}

fn orthonormal(values: &mut [f64]) {
    scale(values, (2.0 / values.len() as f64).sqrt());
    values[0] /= 2.0_f64.sqrt();
}

fn to_slots(values: &[f64]) -> Vec<Complex> {
    values.chunks_exact(2).map(|pair| Complex::new(pair[0], pair[1])).collect()
}

fn from_slots(slots: &[Complex], values: &mut [f64]) {
    for (pair, slot) in values.chunks_exact_mut(2).zip(slots) {
        pair.copy_from_slice(&[slot.re, slot.im]);
    }
}

/// The transform of another size, by that of twice as many real numbers.
pub(super) struct Doubled {
    turns: Vec<Complex>,
    real: Real,
}

/// How the real numbers are transformed.
enum Real {
    Mixed(MixedRadix),
    Chirp(Chirp),
}

/// From this on, what is left of a size without small factors asks for a chirp.
const CHIRP_FROM: usize = 211;

impl Doubled {
    fn new(size: usize) -> Doubled {
        let step = PI / (2 * size) as f64;
        let turns = (0..size).map(|place| on_circle(step * place as f64).conjugate()).collect();
        let real = match rough_part(size) >= CHIRP_FROM {
            true => Real::Chirp(Chirp::new(2 * size)),
            false => Real::Mixed(MixedRadix::new(2 * size)),
        };
        Doubled { turns, real }
    }

    fn forward(&self, values: &mut [f64]) {
        let mut mirrored: Vec<f64> = values.iter().chain(values.iter().rev()).copied().collect();
        match &self.real {
            Real::Mixed(mixed) => {
                mixed.forward(&mut mirrored);
                mirrored[1..].rotate_right(1);
            }
            Real::Chirp(chirp) => chirp.forward(&mut mirrored),
        }
        for ((value, turn), pair) in values.iter_mut().zip(&self.turns).zip(mirrored.chunks_exact(2)) {
            *value = turn.re * pair[0] - turn.im * pair[1];
        }
        scale(values, 1.0 / (mirrored.len() as f64).sqrt());
        values[0] /= 2.0_f64.sqrt();
    }

    fn inverse(&self, values: &mut [f64]) {
        let double = 2.0 * values.len() as f64;
        scale(values, double.sqrt());
        values[0] *= 2.0_f64.sqrt();
        let turned = values.iter().zip(&self.turns);
        let mut mirrored: Vec<f64> =
            turned.flat_map(|(value, turn)| [turn.re * value, -turn.im * value]).collect();
        match &self.real {
            Real::Mixed(mixed) => {
                mirrored[1..].rotate_left(1);
                mixed.backward(&mut mirrored);
            }
            Real::Chirp(chirp) => chirp.backward(&mut mirrored),
        }
        scale(&mut mirrored, 1.0 / double);
        values.copy_from_slice(&mirrored[..values.len()]);
    }
}
