//! Complex numbers, with each product and sum rounded on its own as the formula says.

use std::ops::{Add, Mul, Neg, Sub};

/// `re + i · im`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Complex {
    pub(super) re: f64,
    pub(super) im: f64,
}

impl Complex {
    pub(super) fn new(re: f64, im: f64) -> Complex {
        Complex { re, im }
    }

    pub(super) fn conjugate(self) -> Complex {
        Complex::new(self.re, -self.im)
    }

    /// A quarter turn on: `i` times this.
    pub(super) fn turned(self) -> Complex {
        Complex::new(-self.im, self.re)
    }

    /// The two parts in each other's place: mirrored at the diagonal.
    pub(super) fn swapped(self) -> Complex {
        Complex::new(self.im, self.re)
    }

    pub(super) fn scaled(self, factor: f64) -> Complex {
        Complex::new(self.re * factor, self.im * factor)
    }
}

impl Add for Complex {
    type Output = Complex;

    fn add(self, other: Complex) -> Complex {
        Complex::new(self.re + other.re, self.im + other.im)
    }
}

impl Sub for Complex {
    type Output = Complex;

    fn sub(self, other: Complex) -> Complex {
        Complex::new(self.re - other.re, self.im - other.im)
    }
}

impl Mul for Complex {
    type Output = Complex;

    fn mul(self, other: Complex) -> Complex {
        Complex::new(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re)
    }
}

impl Neg for Complex {
    type Output = Complex;

    fn neg(self) -> Complex {
        Complex::new(-self.re, -self.im)
    }
}
