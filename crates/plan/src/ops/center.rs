//! A centre of a cluster and its distance to points, rounded as Spark rounds it.
//!
//! `MLUtils.fastSquaredDistance` (`mllib/util/MLUtils.scala`) step by step: where two centres are nearly as far, its
//! rounding decides. Shared by operations that look for the nearest centre.

use crate::column::VectorRef;
use crate::dot;

/// A centre.
#[derive(Clone, Debug)]
pub(super) struct Center {
    pub(super) values: Vec<f64>,
    pub(super) norm: f64,
    pub(super) sparse: bool,
}

/// The relative error that Spark accepts of the quick formula.
const PRECISION: f64 = 1e-6;

impl Center {
    /// A centre whose norm is that of its values.
    pub(super) fn new(vector: &VectorRef<'_>) -> Center {
        let mut values = Vec::new();
        vector.write_dense(&mut values);
        let sparse = matches!(vector, VectorRef::Sparse { .. });
        Center { norm: norm(vector.values()), values, sparse }
    }

    /// The squared distance to `point`, by the formula that Spark takes for these two kinds of vectors.
    pub(super) fn squared_distance(&self, point: VectorRef<'_>, norm: f64) -> f64 {
        match point {
            VectorRef::Dense(values) if !self.sparse => exact(&self.values, values.iter().copied()),
            _ => self.quick(point, norm),
        }
    }

    /// `‖a‖² + ‖b‖² - 2 a·b` where that is precise enough, else the exact sum.
    fn quick(&self, point: VectorRef<'_>, norm: f64) -> f64 {
        let squares = self.norm * self.norm + norm * norm;
        let difference = self.norm - norm;
        let bound = 2.0 * f64::EPSILON * squares / (difference * difference + f64::EPSILON);
        if bound < PRECISION {
            return squares - 2.0 * self.dot(point);
        }
        let dot = self.dot(point);
        let quick = squares - 2.0 * dot;
        // As Java's `max`, which keeps NaN: infinite values make it.
        let quick = if quick < 0.0 { 0.0 } else { quick };
        let bound = f64::EPSILON * (squares + 2.0 * dot.abs()) / (quick + f64::EPSILON);
        if bound > PRECISION {
            if let VectorRef::Dense(values) = point {
                return exact(&self.values, values.iter().copied());
            }
            let mut dense = Vec::with_capacity(self.values.len());
            point.write_dense(&mut dense);
            return exact(&self.values, dense.into_iter());
        }
        quick
    }

    fn dot(&self, point: VectorRef<'_>) -> f64 {
        match point {
            VectorRef::Sparse { indices, values, .. } => dot::sparse(indices, values, &self.values),
            VectorRef::Dense(values) => self.values.iter().zip(values).fold(0.0, |sum, (a, b)| sum + a * b),
        }
    }

    /// The distance to another centre.
    pub(super) fn distance_to(&self, other: &Center) -> f64 {
        let squared = if other.sparse {
            let active = other.values.iter().enumerate().filter(|(_, value)| **value != 0.0);
            let (indices, values): (Vec<u32>, Vec<f64>) =
                active.map(|(at, value)| (at as u32, *value)).unzip();
            let size = other.values.len();
            self.squared_distance(VectorRef::Sparse { size, indices: &indices, values: &values }, other.norm)
        } else {
            self.squared_distance(VectorRef::Dense(&other.values), other.norm)
        };
        squared.sqrt()
    }
}

/// The length of a vector with these stored values.
pub(super) fn norm(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |sum, value| sum + value * value).sqrt()
}

fn exact(center: &[f64], point: impl Iterator<Item = f64>) -> f64 {
    center.iter().zip(point).fold(0.0, |sum, (a, b)| sum + (a - b) * (a - b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_formula_falls_back_to_the_exact_one() {
        let center = Center::new(&VectorRef::Dense(&[1e8, 1.0]));
        let point = VectorRef::Sparse { size: 2, indices: &[0, 1], values: &[1e8, 2.0] };
        assert_eq!(center.squared_distance(point, norm(point.values())), 1.0);
    }
}
