//! Functions of doubles, as Java's `Math` has them; a null among the arguments makes a null.

use std::sync::Arc;

use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array};

use super::rows::{numbers, promised};
use crate::column::ColumnType;
use crate::error::OpError;

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
    Floor,
    /// The smallest whole number that is not below, as 64 bits.
    Ceil,
    /// The nearest whole number, of two the even one.
    Rint,
    /// -1, 1, or the zero or NaN itself.
    Signum,
    /// Rounded to this many digits behind the point, half away from zero.
    Round(i32),
}

impl MathFunction {
    pub(super) fn types(self) -> Vec<ColumnType> {
        let two = matches!(self, MathFunction::Log | MathFunction::Power);
        vec![ColumnType::Double; if two { 2 } else { 1 }]
    }

    pub(super) fn answers(self) -> ColumnType {
        match self {
            MathFunction::Floor | MathFunction::Ceil => ColumnType::Long,
            _ => ColumnType::Double,
        }
    }

    pub(super) fn run(self, arguments: &[ArrayRef]) -> Result<ArrayRef, OpError> {
        let first = arguments.first().ok_or_else(|| promised("arguments"))?;
        let first = numbers::<Float64Type>(first)?;
        if let Some(second) = arguments.get(1) {
            let pairs = first.iter().zip(numbers::<Float64Type>(second)?);
            let values: Float64Array = pairs.map(|(one, other)| self.of_two(one?, other?)).collect();
            return Ok(Arc::new(values));
        }
        Ok(match self {
            MathFunction::Floor => whole(first, f64::floor),
            MathFunction::Ceil => whole(first, f64::ceil),
            _ => Arc::new(first.iter().map(|value| self.of_one(value?)).collect::<Float64Array>()),
        })
    }

    fn of_one(self, x: f64) -> Option<f64> {
        let above = |border: f64, value: f64| if x <= border { None } else { Some(value) };
        match self {
            MathFunction::Sqrt => Some(x.sqrt()),
            MathFunction::Cbrt => Some(x.cbrt()),
            MathFunction::Exp => Some(x.exp()),
            MathFunction::Expm1 => Some(x.exp_m1()),
            MathFunction::Ln => above(0.0, x.ln()),
            MathFunction::Log1p => above(-1.0, x.ln_1p()),
            MathFunction::Log2 => above(0.0, x.ln() / f64::ln(2.0)),
            MathFunction::Log10 => above(0.0, x.log10()),
            MathFunction::Rint => Some(x.round_ties_even()),
            MathFunction::Signum if x == 0.0 || x.is_nan() => Some(x),
            MathFunction::Signum => Some(1.0_f64.copysign(x)),
            MathFunction::Round(digits) => Some(round(x, digits)),
            MathFunction::Log | MathFunction::Power | MathFunction::Floor | MathFunction::Ceil => None,
        }
    }

    fn of_two(self, one: f64, other: f64) -> Option<f64> {
        match self {
            MathFunction::Log if one <= 0.0 || other <= 0.0 => None,
            MathFunction::Log => Some(other.ln() / one.ln()),
            MathFunction::Power => Some(power(one, other)),
            _ => None,
        }
    }
}

fn whole(array: &Float64Array, rounded: impl Fn(f64) -> f64) -> ArrayRef {
    let values: Int64Array = array.unary::<_, Int64Type>(|value| rounded(value) as i64);
    Arc::new(values)
}

/// Java's `Math.pow`, which differs from C's where one number is 1 and the other NaN or infinite.
fn power(base: f64, exponent: f64) -> f64 {
    if exponent.is_nan() || (base.abs() == 1.0 && exponent.is_infinite()) {
        return f64::NAN;
    }
    base.powf(exponent)
}

/// Rounds the shortest decimal digits that read back as `x`, half away from zero.
fn round(x: f64, digits: i32) -> f64 {
    if !x.is_finite() {
        return x;
    }
    // Digits d1.d2d3… times ten to `exponent`: those up to `kept` stay.
    let shown = format!("{:e}", x.abs());
    let Some((mantissa, exponent)) = shown.split_once('e') else { return x };
    let Ok(exponent) = exponent.parse::<i32>() else { return x };
    let figures: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
    let kept = i64::from(exponent) + 1 + i64::from(digits);
    if kept >= figures.len() as i64 {
        // Java's decimals know no negative zero.
        return x + 0.0;
    }
    if kept < 0 {
        return 0.0;
    }
    let (stay, rest) = figures.split_at(kept as usize);
    let up = rest.first().is_some_and(|&next| next >= 5);
    let number = stay.iter().fold(0_u64, |number, &digit| number * 10 + u64::from(digit)) + u64::from(up);
    let text = format!("{number}e{}", -digits);
    let value = text.parse::<f64>().unwrap_or(x);
    if x < 0.0 && number > 0 { -value } else { value }
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
    fn numbers_are_rounded_by_their_shortest_digits() {
        let cases = [
            (2.5, 0, 3.0),
            (-2.5, 0, -3.0),
            (1.005, 2, 1.01),
            (0.4, 0, 0.0),
            (-0.4, 0, 0.0),
            (-0.0, 2, 0.0),
            (1234.5, -2, 1200.0),
            (50.0, -2, 100.0),
            (49.0, -2, 0.0),
            (5.0, -3, 0.0),
            (1e300, 2, 1e300),
            (9.99, 1, 10.0),
        ];
        for (x, digits, expected) in cases {
            assert_eq!(round(x, digits).to_bits(), f64::to_bits(expected), "{x} {digits}");
        }
    }

    #[test]
    fn powers_are_those_of_java() {
        assert!(power(1.0, f64::NAN).is_nan() && power(-1.0, f64::INFINITY).is_nan());
        assert_eq!((power(f64::NAN, 0.0), power(2.0, 0.5)), (1.0, 2.0_f64.sqrt()));
    }
}
