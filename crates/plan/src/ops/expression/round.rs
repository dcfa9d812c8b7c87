//! Numbers rounded to decimal digits: floating-point ones by the shortest digits that read back, whole ones exactly.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, Float32Array, Float64Array, Int64Array};
use arrow_schema::DataType;

use super::rows::{Rows, promised};
use crate::error::OpError;

/// How a number is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounding {
    /// How many digits stay behind the point; below 0, so many before it become zeros.
    pub digits: i32,
    /// Whether a half goes to the even digit, not away from zero.
    pub even: bool,
    /// Whether a whole number that does not fit is an error, not the bits that fit.
    pub checked: bool,
}

impl Rounding {
    pub(super) fn run(self, array: &ArrayRef, rows: &Rows) -> Result<ArrayRef, OpError> {
        if let Some(doubles) = array.as_primitive_opt::<Float64Type>() {
            let values = doubles.iter().map(|value| value.map(|value| self.double(value)));
            return Ok(Arc::new(values.collect::<Float64Array>()));
        }
        if let Some(floats) = array.as_primitive_opt::<Float32Type>() {
            let round = |value: f32| self.double(f64::from(value)) as f32;
            return Ok(Arc::new(floats.iter().map(|value| value.map(round)).collect::<Float32Array>()));
        }
        let longs = arrow_cast::cast(array, &Int64Type::DATA_TYPE)?;
        let longs = longs.as_primitive_opt::<Int64Type>().ok_or_else(|| promised("numbers"))?;
        let (least, most) = match array.data_type() {
            DataType::Int8 => (i8::MIN.into(), i8::MAX.into()),
            DataType::Int16 => (i16::MIN.into(), i16::MAX.into()),
            DataType::Int32 => (i32::MIN.into(), i32::MAX.into()),
            _ => (i64::MIN, i64::MAX),
        };
        let mut values = Vec::with_capacity(longs.len());
        for (row, value) in longs.iter().enumerate() {
            let rounded = value.map(|value| self.whole(value));
            let fits = |value: i128| (i128::from(least)..=i128::from(most)).contains(&value);
            if self.checked && rows.is_active(row) && rounded.is_some_and(|value| !fits(value)) {
                let found = value.unwrap_or_default().to_string();
                return Err(OpError::row(row, 0, found, "a number that its type can hold when rounded"));
            }
            values.push(rounded.map(|value| match array.data_type() {
                DataType::Int8 => i64::from(value as i8),
                DataType::Int16 => i64::from(value as i16),
                DataType::Int32 => i64::from(value as i32),
                _ => value as i64,
            }));
        }
        Ok(arrow_cast::cast(&Int64Array::from(values), array.data_type())?)
    }

    fn whole(self, value: i64) -> i128 {
        let places = self.digits.min(0).unsigned_abs();
        let value = i128::from(value);
        // Beyond this nothing of 64 bits is left.
        if places == 0 || places > 20 {
            return if places == 0 { value } else { 0 };
        }
        let unit = 10_i128.pow(places);
        let (kept, rest) = (value.abs() / unit, value.abs() % unit);
        let up = match (rest * 2).cmp(&unit) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => !self.even || kept % 2 == 1,
            std::cmp::Ordering::Less => false,
        };
        (kept + i128::from(up)) * unit * value.signum()
    }

    fn double(self, x: f64) -> f64 {
        if !x.is_finite() {
            return x;
        }
        // Digits d1.d2d3… times ten to `exponent`: those up to `kept` stay.
        let shown = format!("{:e}", x.abs());
        let Some((mantissa, exponent)) = shown.split_once('e') else { return x };
        let Ok(exponent) = exponent.parse::<i32>() else { return x };
        let figures: Vec<u8> =
            mantissa.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
        let kept = i64::from(exponent) + 1 + i64::from(self.digits);
        if kept >= figures.len() as i64 {
            // Java's decimals know no negative zero.
            return x + 0.0;
        }
        if kept < 0 {
            return 0.0;
        }
        let (stay, rest) = figures.split_at(kept as usize);
        let up = match rest {
            [5] if self.even => stay.last().is_some_and(|last| last % 2 == 1),
            rest => rest.first().is_some_and(|&next| next >= 5),
        };
        let number = stay.iter().fold(0_u64, |number, &digit| number * 10 + u64::from(digit)) + u64::from(up);
        let text = format!("{number}e{}", -self.digits);
        let value = text.parse::<f64>().unwrap_or(x);
        if x < 0.0 && number > 0 { -value } else { value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(digits: i32, even: bool) -> Rounding {
        Rounding { digits, even, checked: true }
    }

    #[test]
    fn numbers_are_rounded_by_their_shortest_digits() {
        let cases = [
            (2.5, 0, 3.0, 2.0),
            (-2.5, 0, -3.0, -2.0),
            (1.005, 2, 1.01, 1.0),
            (1.015, 2, 1.02, 1.02),
            (0.4, 0, 0.0, 0.0),
            (-0.4, 0, 0.0, 0.0),
            (0.5, 0, 1.0, 0.0),
            (-0.0, 2, 0.0, 0.0),
            (1234.5, -2, 1200.0, 1200.0),
            (50.0, -2, 100.0, 0.0),
            (49.0, -2, 0.0, 0.0),
            (5.0, -3, 0.0, 0.0),
            (1e300, 2, 1e300, 1e300),
            (9.99, 1, 10.0, 10.0),
        ];
        for (x, digits, away, even) in cases {
            assert_eq!(to(digits, false).double(x).to_bits(), f64::to_bits(away), "{x} {digits}");
            assert_eq!(to(digits, true).double(x).to_bits(), f64::to_bits(even), "{x} {digits} to even");
        }
    }

    #[test]
    fn whole_numbers_are_rounded_exactly() {
        assert_eq!((to(-1, false).whole(25), to(-1, true).whole(25), to(-1, true).whole(-35)), (30, 20, -40));
        assert_eq!((to(2, false).whole(7), to(-400, false).whole(i64::MAX)), (7, 0));
        assert_eq!(to(-19, false).whole(i64::MAX), 10_000_000_000_000_000_000);
    }
}
