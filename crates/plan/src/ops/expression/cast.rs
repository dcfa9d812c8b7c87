//! Casts between numbers, booleans and texts, as Java and Spark have them.
//!
//! With ANSI off, integers wrap around, floating-point numbers end at the borders of 32 and 64 bits, and a text that is
//! no number is null. With ANSI on, what does not fit is an error.

use std::sync::Arc;

use arrow_array::types::{Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, BooleanArray, PrimitiveArray};
use arrow_schema::DataType;

use super::mode::EvalMode;
use super::rows::{Rows, booleans, numbers, promised, texts};
use super::{decimals, moments};
use crate::column::ColumnType;
use crate::error::OpError;
use crate::ops::cast::to_strings;

/// A number that is cast.
#[derive(Clone, Copy, Debug)]
enum Number {
    Whole(i64),
    Real(f64),
}

pub(super) fn cast(
    array: &ArrayRef,
    to: &ColumnType,
    mode: EvalMode,
    rows: &Rows,
) -> Result<ArrayRef, OpError> {
    if *array.data_type() == to.to_arrow() {
        return Ok(Arc::clone(array));
    }
    if let Some(cast) = moments::cast(array, to, mode, rows) {
        return cast;
    }
    if let Some(cast) = decimals::cast(array, to, mode, rows) {
        return cast;
    }
    if *to == ColumnType::String {
        return to_strings(array);
    }
    match array.data_type() {
        DataType::Utf8 => from_texts(array, to, mode, rows),
        _ => {
            let mut values = read(array)?;
            settle(&mut values, to, mode, rows)?;
            from_numbers(&values, to)
        }
    }
}

/// The values as numbers.
fn read(array: &ArrayRef) -> Result<Vec<Option<Number>>, OpError> {
    if let DataType::Boolean = array.data_type() {
        return Ok(booleans(array)?.iter().map(|value| Some(Number::Whole(i64::from(value?)))).collect());
    }
    if let DataType::Float32 | DataType::Float64 = array.data_type() {
        let doubles = arrow_cast::cast(array, &DataType::Float64)?;
        return Ok(numbers::<Float64Type>(&doubles)?.iter().map(|value| value.map(Number::Real)).collect());
    }
    let longs = arrow_cast::cast(array, &DataType::Int64)?;
    Ok(numbers::<Int64Type>(&longs)?.iter().map(|value| value.map(Number::Whole)).collect())
}

/// Takes what does not fit as the mode says.
fn settle(
    values: &mut [Option<Number>],
    to: &ColumnType,
    mode: EvalMode,
    rows: &Rows,
) -> Result<(), OpError> {
    for (row, value) in values.iter_mut().enumerate() {
        match value {
            Some(number) if mode != EvalMode::Legacy && !number.fits(to) => {
                if mode == EvalMode::Ansi && rows.is_active(row) {
                    return Err(OpError::row(row, 0, number.show(), format!("a number that {to} can hold")));
                }
                *value = None;
            }
            _ => {}
        }
    }
    Ok(())
}

fn from_numbers(values: &[Option<Number>], to: &ColumnType) -> Result<ArrayRef, OpError> {
    Ok(match to {
        ColumnType::Boolean => {
            Arc::new(values.iter().map(|value| Some(value.as_ref()?.is_true())).collect::<BooleanArray>())
        }
        ColumnType::Byte => make::<Int8Type>(values, |number| number.int() as i8),
        ColumnType::Short => make::<Int16Type>(values, |number| number.int() as i16),
        ColumnType::Int => make::<Int32Type>(values, Number::int),
        ColumnType::Long => make::<Int64Type>(values, Number::long),
        ColumnType::Float => make::<Float32Type>(values, |number| match number {
            Number::Whole(value) => value as f32,
            Number::Real(value) => value as f32,
        }),
        ColumnType::Double => make::<Float64Type>(values, |number| match number {
            Number::Whole(value) => value as f64,
            Number::Real(value) => value,
        }),
        _ => return Err(promised("scalars")),
    })
}

fn make<T: ArrowPrimitiveType>(values: &[Option<Number>], of: impl Fn(Number) -> T::Native) -> ArrayRef {
    Arc::new(PrimitiveArray::<T>::from_iter(values.iter().map(|value| value.map(&of))))
}

impl Number {
    fn is_true(self) -> bool {
        match self {
            Number::Whole(value) => value != 0,
            Number::Real(value) => value != 0.0,
        }
    }

    fn int(self) -> i32 {
        match self {
            Number::Whole(value) => value as i32,
            Number::Real(value) => value as i32,
        }
    }

    fn long(self) -> i64 {
        match self {
            Number::Whole(value) => value,
            Number::Real(value) => value as i64,
        }
    }

    fn fits(self, to: &ColumnType) -> bool {
        let (least, most) = match to {
            ColumnType::Byte => (i64::from(i8::MIN), i64::from(i8::MAX)),
            ColumnType::Short => (i64::from(i16::MIN), i64::from(i16::MAX)),
            ColumnType::Int => (i64::from(i32::MIN), i64::from(i32::MAX)),
            ColumnType::Long => (i64::MIN, i64::MAX),
            _ => return true,
        };
        match self {
            Number::Whole(value) => (least..=most).contains(&value),
            Number::Real(value) => value.floor() <= most as f64 && value.ceil() >= least as f64,
        }
    }

    fn show(self) -> String {
        match self {
            Number::Whole(value) => value.to_string(),
            Number::Real(value) => format!("{value:?}"),
        }
    }
}

fn from_texts(array: &ArrayRef, to: &ColumnType, mode: EvalMode, rows: &Rows) -> Result<ArrayRef, OpError> {
    let mut values = Vec::with_capacity(rows.count);
    for (row, text) in texts(array)?.iter().enumerate() {
        let value = text.and_then(|text| parse(text, to, mode != EvalMode::Legacy));
        if mode == EvalMode::Ansi && text.is_some() && value.is_none() && rows.is_active(row) {
            let found = format!("\"{}\"", text.unwrap_or_default().chars().take(120).collect::<String>());
            return Err(OpError::row(row, 0, found, format!("a text that casts to {to}")));
        }
        values.push(value);
    }
    from_numbers(&values, to)
}

fn parse(text: &str, to: &ColumnType, whole_only: bool) -> Option<Number> {
    let text = text.trim_matches(|letter: char| letter <= ' ' || letter == '\x7f');
    match to {
        ColumnType::Boolean => match text.to_ascii_lowercase().as_str() {
            "t" | "true" | "y" | "yes" | "1" => Some(Number::Whole(1)),
            "f" | "false" | "n" | "no" | "0" => Some(Number::Whole(0)),
            _ => None,
        },
        ColumnType::Float => Some(Number::Real(f64::from(real(text)?.parse::<f32>().ok()?))),
        ColumnType::Double => real(text)?.parse().ok().map(Number::Real),
        _ => Some(Number::Whole(whole(text, whole_only)?)).filter(|number| number.fits(to)),
    }
}

/// A whole number; but for `whole_only`, what stands behind a point is cut off.
fn whole(text: &str, whole_only: bool) -> Option<i64> {
    let (digits, rest) = match text.split_once('.') {
        Some(_) if whole_only => return None,
        Some((digits, rest)) => (digits, rest),
        None => (text, ""),
    };
    let unsigned = digits.strip_prefix(['+', '-']).unwrap_or(digits);
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(unsigned) || !all_digits(rest) || text.len() == digits.len() && unsigned.is_empty() {
        return None;
    }
    if unsigned.is_empty() { Some(0) } else { digits.parse().ok() }
}

/// The text of a floating-point number as Rust reads it, if Java and Spark read it.
fn real(text: &str) -> Option<&str> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => return Some(text),
        "nan" => return (unsigned.len() == text.len()).then_some(text),
        _ => {}
    }
    let number = text.strip_suffix(['d', 'D', 'f', 'F']).unwrap_or(text);
    number.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_as_java_reads_them() {
        let whole = |text: &str| whole(text, false);
        assert_eq!(
            (whole("12"), whole("-1.9"), whole("+3"), whole(".5")),
            (Some(12), Some(-1), Some(3), Some(0))
        );
        assert_eq!(
            (whole(""), whole("-"), whole("1e3"), whole("1.x"), whole("--1")),
            (None, None, None, None, None)
        );
        let real = |text: &str| real(text).and_then(|text| text.parse::<f64>().ok());
        assert_eq!(
            (real("1e3"), real("-.5"), real("1.5d"), real("5.")),
            (Some(1000.0), Some(-0.5), Some(1.5), Some(5.0))
        );
        assert_eq!(
            (real("inf"), real("-Infinity"), real("x")),
            (Some(f64::INFINITY), Some(f64::NEG_INFINITY), None)
        );
    }

    #[test]
    fn what_does_not_fit_wraps_or_is_an_error() {
        let number = |value: f64| Number::Real(value);
        assert_eq!(
            (number(1e10).int(), number(f64::NAN).int(), number(-1e30).long()),
            (i32::MAX, 0, i64::MIN)
        );
        assert_eq!(number(300.0).int() as i8, 44);
        assert!(number(2147483647.9).fits(&ColumnType::Int) && !number(2147483648.0).fits(&ColumnType::Int));
        assert!(!number(f64::NAN).fits(&ColumnType::Long) && !Number::Whole(128).fits(&ColumnType::Byte));
    }
}
