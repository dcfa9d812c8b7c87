//! Decimals in expressions: arithmetic, rounding and casts. Unchecked, what does not fit is null.

use std::sync::Arc;

use arrow_array::types::{Decimal128Type, Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, BooleanArray, Decimal128Array, Float32Array, Float64Array, StringArray};
use arrow_schema::{ArrowError, DataType};

use super::arithmetic::Arithmetic;
use super::mode::EvalMode;
use super::rows::{Rows, numbers, promised, texts};
use crate::column::ColumnType;
use crate::decimal::{DecimalType, Nearest, Wide, java, show, to_double};
use crate::error::OpError;
use crate::ops::cast::java_double;

/// An operator between two decimals.
#[derive(Clone, Copy, Debug)]
pub struct DecimalArithmetic {
    /// The operator.
    pub operator: Arithmetic,
    /// Whether a quotient is cut to its whole part.
    pub whole: bool,
    /// The type of the result.
    pub to: DecimalType,
    /// Whether a result that does not fit and a division by zero are errors, not null.
    pub checked: bool,
}

/// A decimal at fewer digits behind the point.
#[derive(Clone, Copy, Debug)]
pub struct DecimalRounding {
    /// How many digits stay behind the point; below 0, so many before it become zeros.
    pub digits: i32,
    /// Where the rest goes.
    pub nearest: Nearest,
    /// The type of the result.
    pub to: DecimalType,
    /// Whether a result that does not fit is an error, not null.
    pub checked: bool,
}

impl DecimalArithmetic {
    pub(super) fn run(self, left: &ArrayRef, right: &ArrayRef, rows: &Rows) -> Result<ArrayRef, OpError> {
        let (left, right) = (Decimals::of(left)?, Decimals::of(right)?);
        let mut values = Vec::with_capacity(rows.count);
        for row in 0..rows.count {
            let (Some(one), Some(other)) = (left.get(row), right.get(row)) else {
                values.push(None);
                continue;
            };
            let result = match self.operator {
                Arithmetic::Add => one.add(other),
                Arithmetic::Subtract => one.subtract(other),
                Arithmetic::Multiply => one.multiply(other),
                Arithmetic::Divide if self.whole => one.divide_whole(other),
                Arithmetic::Divide => one.divide(other),
                Arithmetic::Remainder => one.remainder(other),
                Arithmetic::Modulus => one.modulus(other),
            };
            let settled = result.and_then(|result| result.settle(self.to, Nearest::HalfUp));
            if settled.is_none() && self.checked && rows.is_active(row) {
                let found = format!("{} {} {}", left.show(row), self.operator.sign(), right.show(row));
                let zero = self.operator.divides() && right.is_zero(row);
                let expected = if zero {
                    "a divisor other than zero".to_owned()
                } else {
                    format!("a result that {} can hold", self.to)
                };
                return Err(OpError::row(row, 0, found, expected));
            }
            values.push(settled);
        }
        Ok(made(values, self.to)?)
    }
}

impl DecimalRounding {
    pub(super) fn run(self, array: &ArrayRef, rows: &Rows) -> Result<ArrayRef, OpError> {
        let decimals = Decimals::of(array)?;
        let round = |wide: Wide| {
            let value = wide.at(self.digits, self.nearest)?;
            Wide { value, scale: self.digits }.settle(self.to, Nearest::HalfUp)
        };
        settled(rows, self.to, self.checked, |row| decimals.get(row).map(round), |row| decimals.show(row))
    }
}

/// Decimals of one column.
struct Decimals<'a> {
    values: &'a Decimal128Array,
    scale: u8,
}

impl<'a> Decimals<'a> {
    fn of(array: &'a ArrayRef) -> Result<Decimals<'a>, OpError> {
        let values: &Decimal128Array = numbers::<Decimal128Type>(array)?;
        let scale = u8::try_from(values.scale()).map_err(|_| promised("decimals with a scale"))?;
        Ok(Decimals { values, scale })
    }

    fn get(&self, row: usize) -> Option<Wide> {
        self.values.is_valid(row).then(|| Wide::new(self.values.value(row), self.scale))
    }

    fn is_zero(&self, row: usize) -> bool {
        self.values.value(row) == 0
    }

    fn show(&self, row: usize) -> String {
        show(self.values.value(row), self.scale)
    }
}

/// Decimals of what `value` has for each row: no value, or one that fits or not.
fn settled(
    rows: &Rows,
    to: DecimalType,
    checked: bool,
    value: impl Fn(usize) -> Option<Option<i128>>,
    found: impl Fn(usize) -> String,
) -> Result<ArrayRef, OpError> {
    let mut values = Vec::with_capacity(rows.count);
    for row in 0..rows.count {
        let value = value(row);
        if checked && value == Some(None) && rows.is_active(row) {
            return Err(OpError::row(row, 0, found(row), format!("a number that {to} can hold")));
        }
        values.push(value.flatten());
    }
    Ok(made(values, to)?)
}

fn made(values: Vec<Option<i128>>, to: DecimalType) -> Result<ArrayRef, ArrowError> {
    let values = Decimal128Array::from(values);
    Ok(Arc::new(values.with_precision_and_scale(to.precision, to.scale as i8)?))
}

/// The cast, if one of the two types is a decimal.
pub(super) fn cast(
    array: &ArrayRef,
    to: &ColumnType,
    mode: EvalMode,
    rows: &Rows,
) -> Option<Result<ArrayRef, OpError>> {
    match (array.data_type(), to) {
        (_, ColumnType::Decimal(to)) => Some(to_decimals(array, *to, mode == EvalMode::Ansi, rows)),
        (DataType::Decimal128(..), _) => Some(from_decimals(array, to, mode, rows)),
        _ => None,
    }
}

fn to_decimals(array: &ArrayRef, to: DecimalType, checked: bool, rows: &Rows) -> Result<ArrayRef, OpError> {
    let settle = |wide: Option<Wide>| wide?.settle(to, Nearest::HalfUp);
    match array.data_type() {
        DataType::Decimal128(..) => {
            let decimals = Decimals::of(array)?;
            settled(rows, to, checked, |row| Some(settle(Some(decimals.get(row)?))), |row| decimals.show(row))
        }
        DataType::Utf8 => {
            let texts = texts(array)?;
            let text = |row: usize| texts.is_valid(row).then(|| texts.value(row));
            let blank = |letter: char| letter <= ' ' || letter == '\x7f';
            let value = |row| Some(settle(Wide::read(text(row)?.trim_matches(blank))));
            settled(rows, to, checked, value, |row| {
                format!("\"{}\"", text(row).unwrap_or_default().chars().take(120).collect::<String>())
            })
        }
        DataType::Float32 | DataType::Float64 => {
            let doubles = arrow_cast::cast(array, &DataType::Float64)?;
            let doubles = numbers::<Float64Type>(&doubles)?;
            let text = |row: usize| doubles.is_valid(row).then(|| java_double(doubles.value(row)));
            let value = |row| Some(settle(Wide::read(&text(row)?)));
            settled(rows, to, checked, value, |row| text(row).unwrap_or_default())
        }
        _ => {
            let longs = arrow_cast::cast(array, &DataType::Int64)?;
            let longs = numbers::<Int64Type>(&longs)?;
            let value = |row: usize| {
                longs.is_valid(row).then(|| settle(Some(Wide::new(i128::from(longs.value(row)), 0))))
            };
            settled(rows, to, checked, value, |row| longs.value(row).to_string())
        }
    }
}

fn from_decimals(
    array: &ArrayRef,
    to: &ColumnType,
    mode: EvalMode,
    rows: &Rows,
) -> Result<ArrayRef, OpError> {
    let decimals = Decimals::of(array)?;
    let each = decimals.values.iter();
    Ok(match to {
        ColumnType::Boolean => {
            Arc::new(each.map(|value| value.map(|value| value != 0)).collect::<BooleanArray>())
        }
        ColumnType::Double => doubles(array)?,
        ColumnType::Float => {
            let float = |value: i128| format!("{value}e-{}", decimals.scale).parse().unwrap_or(f32::NAN);
            Arc::new(each.map(|value| value.map(float)).collect::<Float32Array>())
        }
        ColumnType::String if mode != EvalMode::Legacy => Arc::new(
            each.map(|value| value.map(|value| show(value, decimals.scale))).collect::<StringArray>(),
        ),
        ColumnType::String => strings(array)?,
        _ => {
            let whole = |row: usize| {
                let wide = decimals.get(row)?;
                wide.divide_whole(Wide::new(1, 0)).and_then(|wide| wide.value.to_i128())
            };
            let fits = |value: i128| match to {
                ColumnType::Byte => i8::try_from(value).is_ok(),
                ColumnType::Short => i16::try_from(value).is_ok(),
                ColumnType::Int => i32::try_from(value).is_ok(),
                _ => i64::try_from(value).is_ok(),
            };
            let mut values = Vec::with_capacity(rows.count);
            for row in 0..rows.count {
                let value = whole(row);
                let misfit = value.is_some_and(|value| !fits(value));
                if mode == EvalMode::Ansi && rows.is_active(row) && misfit {
                    return Err(OpError::row(
                        row,
                        0,
                        decimals.show(row),
                        format!("a number that {to} can hold"),
                    ));
                }
                let kept = value.filter(|_| mode != EvalMode::Try || !misfit);
                values.push(kept.map(|value| match to {
                    ColumnType::Byte => i64::from(value as i8),
                    ColumnType::Short => i64::from(value as i16),
                    ColumnType::Int => i64::from(value as i32),
                    _ => value as i64,
                }));
            }
            arrow_cast::cast(&arrow_array::Int64Array::from(values), &to.to_arrow())?
        }
    })
}

/// Decimals as the nearest doubles.
pub(crate) fn doubles(array: &ArrayRef) -> Result<ArrayRef, OpError> {
    let decimals = Decimals::of(array)?;
    let doubles = decimals.values.iter().map(|value| Some(to_double(value?, decimals.scale)));
    Ok(Arc::new(doubles.collect::<Float64Array>()))
}

/// Decimals as Java prints them.
pub(crate) fn strings(array: &ArrayRef) -> Result<ArrayRef, OpError> {
    let decimals = Decimals::of(array)?;
    let strings = decimals.values.iter().map(|value| Some(java(value?, decimals.scale)));
    Ok(Arc::new(strings.collect::<StringArray>()))
}
