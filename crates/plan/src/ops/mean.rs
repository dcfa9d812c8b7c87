//! The mean that a generalized linear model predicts, from its linear predictor.
//!
//! Spark's `Link.unlink` and `Family.project` (`ml/regression/GeneralizedLinearRegression.scala`).

use std::fmt;
use std::sync::Arc;

use arrow_array::Float64Array;

use super::{Mismatch, Operation, Outputs, doubles, expect_types};
use crate::column::{Column, ColumnType};
use crate::erf::erf;
use crate::error::OpError;

/// The inverse of a link function, then a range.
#[derive(Clone, Copy, Debug)]
pub struct Mean {
    /// The link function, whose inverse is applied.
    pub link: Link,
    /// What the mean is kept in.
    pub range: MeanRange,
}

/// A link function `g`, with `g(mean) = x`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Link {
    /// The mean itself.
    Identity,
    /// `log(mean / (1 - mean))`.
    Logit,
    /// `log(mean)`.
    Log,
    /// `1 / mean`.
    Inverse,
    /// The quantile of the normal distribution.
    Probit,
    /// `log(-log(1 - mean))`.
    ComplementaryLogLog,
    /// The square root.
    Sqrt,
    /// The mean to this power; the logarithm for power 0.
    Power(f64),
}

/// What a mean is kept in; NaN stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeanRange {
    /// Anything.
    Any,
    /// Finite numbers.
    Finite,
    /// Finite numbers from 1e-16 on.
    Positive,
    /// From 1e-16 to 1 - 1e-16.
    Unit,
}

const EPSILON: f64 = 1e-16;

impl Link {
    fn inverse(self, x: f64) -> f64 {
        match self {
            Link::Identity => x,
            Link::Logit => 1.0 / (1.0 + (-x).exp()),
            Link::Log => x.exp(),
            Link::Inverse => 1.0 / x,
            Link::Probit => 0.5 * (1.0 + erf(x / f64::sqrt(2.0))),
            Link::ComplementaryLogLog => 1.0 - (-x.exp()).exp(),
            Link::Sqrt => x * x,
            Link::Power(0.0) => x.exp(),
            Link::Power(power) => x.powf(1.0 / power),
        }
    }
}

impl MeanRange {
    fn keep(self, mean: f64) -> f64 {
        match self {
            MeanRange::Any => mean,
            MeanRange::Finite if mean.is_infinite() => f64::MAX.copysign(mean),
            MeanRange::Positive | MeanRange::Unit if mean < EPSILON => EPSILON,
            MeanRange::Positive if mean.is_infinite() => f64::MAX,
            MeanRange::Unit if mean > 1.0 - EPSILON => 1.0 - EPSILON,
            _ => mean,
        }
    }
}

impl Operation for Mean {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Double])?;
        Ok(vec![ColumnType::Double])
    }

    fn run(&self, _rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let means: Float64Array = doubles(inputs[0])?.unary(|x| self.range.keep(self.link.inverse(x)));
        Ok(Column::Array(Arc::new(means)).into())
    }

    fn passes_nulls(&self) -> bool {
        true
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mean [link: {:?}, range: {:?}]", self.link, self.range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(link: Link, range: MeanRange, x: f64) -> f64 {
        let outputs = Mean { link, range }.run(1, &[&Column::from_doubles(vec![x])]).ok().unwrap();
        outputs.columns[0].as_doubles().unwrap().value(0)
    }

    #[test]
    fn each_link_is_inverted() {
        let of = |link, x| mean(link, MeanRange::Any, x);
        assert_eq!(of(Link::Identity, 3.0), 3.0);
        assert_eq!(of(Link::Logit, 0.0), 0.5);
        assert_eq!(of(Link::Log, 0.0), 1.0);
        assert_eq!(of(Link::Inverse, 4.0), 0.25);
        assert_eq!(of(Link::Probit, 0.0), 0.5);
        assert!((of(Link::Probit, 1.96) - 0.9750021048517795).abs() < 1e-15);
        assert_eq!(of(Link::ComplementaryLogLog, 0.0), 1.0 - (-1.0_f64).exp());
        assert_eq!(of(Link::Sqrt, -3.0), 9.0);
        assert_eq!(of(Link::Power(0.0), 0.0), 1.0);
        assert_eq!(of(Link::Power(-0.5), 2.0), 0.25);
        assert!(of(Link::Power(-0.5), f64::NAN).is_nan());
    }

    #[test]
    fn means_keep_to_their_range() {
        let of = |range, x| mean(Link::Identity, range, x);
        assert_eq!(of(MeanRange::Finite, f64::NEG_INFINITY), f64::MIN);
        assert_eq!(of(MeanRange::Finite, -3.0), -3.0);
        assert_eq!(of(MeanRange::Positive, -3.0), 1e-16);
        assert_eq!(of(MeanRange::Positive, f64::INFINITY), f64::MAX);
        assert_eq!(of(MeanRange::Unit, 2.0), 1.0 - 1e-16);
        assert_eq!(of(MeanRange::Unit, -2.0), 1e-16);
        assert!(of(MeanRange::Unit, f64::NAN).is_nan());
    }
}
