//! Random choices, as a list that can be shrunk.

use crate::ops::{HandleInvalid, SparseRule};

/// A list of numbers that decide; when it has run out, every choice is the first.
pub(super) struct Choices<'a>(std::slice::Iter<'a, u32>);

impl<'a> Choices<'a> {
    pub(super) fn new(choices: &'a [u32]) -> Choices<'a> {
        Choices(choices.iter())
    }

    pub(super) fn have_run_out(&self) -> bool {
        self.0.len() == 0
    }

    /// A number below `count`, or 0.
    pub(super) fn below(&mut self, count: usize) -> usize {
        self.0.next().map_or(0, |&choice| choice as usize % count.max(1))
    }

    pub(super) fn of<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    /// One of them; every other time the last.
    pub(super) fn late<T: Clone>(&mut self, items: &[T]) -> T {
        if self.below(2) == 0 { items[items.len() - 1].clone() } else { self.of(items) }
    }

    pub(super) fn number(&mut self) -> f64 {
        match self.below(12) {
            0 | 1 => 0.0,
            2 => f64::NAN,
            3 => f64::INFINITY,
            4 => f64::NEG_INFINITY,
            5 => -0.0,
            6 | 7 => self.below(7) as f64 - 2.0,
            8 => self.of(&[1e300, -1e300, 1e-310, f64::MAX]),
            _ => self.below(1 << 20) as f64 / 65536.0 - 8.0,
        }
    }

    pub(super) fn finite(&mut self) -> f64 {
        let number = self.number();
        if number.is_finite() { number } else { 0.5 }
    }

    /// Mostly what a scaler multiplies with.
    pub(super) fn factor(&mut self) -> f64 {
        match self.below(16) {
            0 => self.of(&[0.0, -1.5, f64::NAN, f64::INFINITY, 1e-320, 1e300]),
            _ => (self.below(1000) as f64 + 1.0) / 300.0,
        }
    }

    pub(super) fn handle_invalid(&mut self) -> HandleInvalid {
        self.of(&[HandleInvalid::Error, HandleInvalid::Skip, HandleInvalid::Keep])
    }

    pub(super) fn rule(&mut self) -> SparseRule {
        self.of(&[SparseRule::Ratio, SparseRule::Bytes])
    }

    pub(super) fn numbers(&mut self, count: usize, mut one: impl FnMut(&mut Self) -> f64) -> Vec<f64> {
        (0..count).map(|_| one(self)).collect()
    }
}
