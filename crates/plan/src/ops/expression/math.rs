//! Functions of doubles, as Java's `Math` has them; a null among the arguments makes a null.

use std::sync::Arc;

use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array};

use super::rows::{Rows, numbers, promised};
use super::strict_math;
use crate::column::ColumnType;
use crate::error::OpError;

/// Java's factors between the two measures of angles.
const DEGREES: f64 = 57.295_779_513_082_32;
const RADIANS: f64 = 0.017_453_292_519_943_295;

/// Where whole numbers of 64 bits end.
const BORDER: f64 = 9_223_372_036_854_775_808.0;

/// A function of doubles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MathFunction {
    /// The square root.
    Sqrt,
    /// The cube root.
    Cbrt,
    /// The exponential.
    Exp,
    /// The exponential less 1.
    Expm1,
    /// The natural logarithm; null of what is not above 0.
    Ln,
    /// The natural logarithm of the number and 1; null of what is not above -1.
    Log1p,
    /// The logarithm to base 2; null of what is not above 0.
    Log2,
    /// The logarithm to base 10; null of what is not above 0.
    Log10,
    /// The logarithm to the base that stands first; null if either is not above 0.
    Log,
    /// The first number to the power of the second.
    Power,
    /// The largest whole number that is not above, as 64 bits.
    Floor {
        /// Whether one that does not fit is an error, not the nearest that does.
        checked: bool,
    },
    /// The smallest whole number that is not below, as 64 bits.
    Ceil {
        /// Whether one that does not fit is an error, not the nearest that does.
        checked: bool,
    },
    /// The nearest whole number, of two the even one.
    Rint,
    /// -1, 1, or the zero or NaN itself.
    Signum,
    /// The sine.
    Sin,
    /// The cosine.
    Cos,
    /// The tangent.
    Tan,
    /// 1 by the tangent.
    Cot,
    /// 1 by the cosine.
    Sec,
    /// 1 by the sine.
    Csc,
    /// The angle of a sine.
    Asin,
    /// The angle of a cosine.
    Acos,
    /// The angle of a tangent.
    Atan,
    /// The angle of the point whose `y` stands first.
    Atan2,
    /// The hyperbolic sine.
    Sinh,
    /// The hyperbolic cosine.
    Cosh,
    /// The hyperbolic tangent.
    Tanh,
    /// The area of a hyperbolic tangent.
    Atanh,
    /// The area of a hyperbolic sine, by fdlibm.
    Asinh,
    /// The area of a hyperbolic sine, by its definition.
    PlainAsinh,
    /// The same, but for numbers whose square does not fit.
    GuardedAsinh,
    /// The area of a hyperbolic cosine, by fdlibm.
    Acosh,
    /// The area of a hyperbolic cosine, by its definition.
    PlainAcosh,
    /// The same, but for numbers whose square does not fit and those below 1.
    GuardedAcosh,
    /// Radians as degrees.
    Degrees,
    /// Degrees as radians.
    Radians,
    /// The length of the longest side of a triangle with a right angle.
    Hypot,
}

impl MathFunction {
    pub(super) fn types(self) -> Vec<ColumnType> {
        use MathFunction::{Atan2, Hypot, Log, Power};
        let two = matches!(self, Log | Power | Atan2 | Hypot);
        vec![ColumnType::Double; if two { 2 } else { 1 }]
    }

    pub(super) fn answers(self) -> ColumnType {
        match self {
            MathFunction::Floor { .. } | MathFunction::Ceil { .. } => ColumnType::Long,
            _ => ColumnType::Double,
        }
    }

    pub(super) fn run(self, arguments: &[ArrayRef], rows: &Rows) -> Result<ArrayRef, OpError> {
        let first = arguments.first().ok_or_else(|| promised("arguments"))?;
        let first = numbers::<Float64Type>(first)?;
        if let Some(second) = arguments.get(1) {
            let pairs = first.iter().zip(numbers::<Float64Type>(second)?);
            let values: Float64Array = pairs.map(|(one, other)| self.of_two(one?, other?)).collect();
            return Ok(Arc::new(values));
        }
        Ok(match self {
            MathFunction::Floor { checked } => whole(first, f64::floor, checked, rows)?,
            MathFunction::Ceil { checked } => whole(first, f64::ceil, checked, rows)?,
            _ => Arc::new(first.iter().map(|value| self.of_one(value?)).collect::<Float64Array>()),
        })
    }

    fn of_one(self, x: f64) -> Option<f64> {
        let above = |border: f64, value: f64| if x <= border { None } else { Some(value) };
        match self {
            MathFunction::Sqrt => Some(x.sqrt()),
            MathFunction::Cbrt => Some(strict_math::cbrt(x)),
            MathFunction::Exp => Some(libm::exp(x)),
            MathFunction::Expm1 => Some(libm::expm1(x)),
            MathFunction::Ln => above(0.0, strict_math::log(x)),
            MathFunction::Log1p => above(-1.0, libm::log1p(x)),
            MathFunction::Log2 => above(0.0, strict_math::log(x) / strict_math::log(2.0)),
            MathFunction::Log10 => above(0.0, strict_math::log10(x)),
            MathFunction::Rint => Some(x.round_ties_even()),
            MathFunction::Signum if x == 0.0 || x.is_nan() => Some(x),
            MathFunction::Signum => Some(1.0_f64.copysign(x)),
            MathFunction::Sin => Some(x.sin()),
            MathFunction::Cos => Some(x.cos()),
            MathFunction::Tan => Some(x.tan()),
            MathFunction::Cot => Some(1.0 / x.tan()),
            MathFunction::Sec => Some(1.0 / x.cos()),
            MathFunction::Csc => Some(1.0 / x.sin()),
            MathFunction::Asin => Some(libm::asin(x)),
            MathFunction::Acos => Some(libm::acos(x)),
            MathFunction::Atan => Some(libm::atan(x)),
            MathFunction::Sinh => Some(strict_math::sinh(x)),
            MathFunction::Cosh => Some(strict_math::cosh(x)),
            MathFunction::Tanh => Some(strict_math::tanh(x)),
            MathFunction::Atanh => Some(0.5 * (libm::log1p(x) - libm::log1p(-x))),
            MathFunction::Asinh => Some(strict_math::asinh(x)),
            MathFunction::PlainAsinh => Some(plain_asinh(x)),
            MathFunction::GuardedAsinh => Some(guarded_asinh(x)),
            MathFunction::Acosh => Some(strict_math::acosh(x)),
            MathFunction::PlainAcosh => Some(plain_acosh(x)),
            MathFunction::GuardedAcosh => Some(guarded_acosh(x)),
            MathFunction::Degrees => Some(x * DEGREES),
            MathFunction::Radians => Some(x * RADIANS),
            MathFunction::Log
            | MathFunction::Power
            | MathFunction::Atan2
            | MathFunction::Hypot
            | MathFunction::Floor { .. }
            | MathFunction::Ceil { .. } => None,
        }
    }

    fn of_two(self, one: f64, other: f64) -> Option<f64> {
        match self {
            MathFunction::Log if one <= 0.0 || other <= 0.0 => None,
            MathFunction::Log => Some(strict_math::log(other) / strict_math::log(one)),
            MathFunction::Power => Some(power(one, other)),
            // Adding zero makes a positive zero of a negative one, as Spark does.
            MathFunction::Atan2 => Some(strict_math::atan2(one + 0.0, other + 0.0)),
            MathFunction::Hypot => Some(strict_math::hypot(one, other)),
            _ => None,
        }
    }
}

fn whole(
    array: &Float64Array,
    rounded: impl Fn(f64) -> f64,
    checked: bool,
    rows: &Rows,
) -> Result<ArrayRef, OpError> {
    // Both borders are powers of two, so that they are doubles.
    let fits = |value: f64| value.is_nan() || (-BORDER..BORDER).contains(&rounded(value));
    let misfit = |&(row, value): &(usize, Option<f64>)| {
        checked && rows.is_active(row) && value.is_some_and(|value| !fits(value))
    };
    if let Some((row, value)) = array.iter().enumerate().find(misfit) {
        let found = value.unwrap_or_default().to_string();
        return Err(OpError::row(row, 0, found, "a number that bigint can hold"));
    }
    let values: Int64Array = array.unary::<_, Int64Type>(|value| rounded(value) as i64);
    Ok(Arc::new(values))
}

/// As Spark computes it before 3.5.9.
fn plain_asinh(x: f64) -> f64 {
    if x == f64::NEG_INFINITY { x } else { strict_math::log(x + (x * x + 1.0).sqrt()) }
}

fn plain_acosh(x: f64) -> f64 {
    strict_math::log(x + (x * x - 1.0).sqrt())
}

/// As Spark 3.5.9 computes it; beyond the root of the largest double the square does not count.
fn guarded_asinh(x: f64) -> f64 {
    if x.abs() >= f64::MAX.sqrt() - 1.0 {
        return 1.0_f64.copysign(x) * (strict_math::log(x.abs()) + strict_math::log(2.0));
    }
    plain_asinh(x)
}

fn guarded_acosh(x: f64) -> f64 {
    if x >= f64::MAX.sqrt() {
        return strict_math::log(x) + strict_math::log(2.0);
    }
    if x < 1.0 { f64::NAN } else { plain_acosh(x) }
}

/// Java's `Math.pow`, which differs from C's where one number is 1 and the other NaN or infinite.
fn power(base: f64, exponent: f64) -> f64 {
    if exponent.is_nan() || (base.abs() == 1.0 && exponent.is_infinite()) {
        return f64::NAN;
    }
    libm::pow(base, exponent)
}

/// Whether a double is NaN; a null is not.
pub(super) fn is_nan(array: &ArrayRef) -> Result<ArrayRef, OpError> {
    let values = numbers::<Float64Type>(array)?.iter().map(|value| Some(value.is_some_and(f64::is_nan)));
    Ok(Arc::new(values.collect::<BooleanArray>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_java() {
        assert!(power(1.0, f64::NAN).is_nan() && power(-1.0, f64::INFINITY).is_nan());
        assert_eq!((power(f64::NAN, 0.0), power(2.0, 0.5)), (1.0, 2.0_f64.sqrt()));
    }
}
