//! Casts from and to dates and timestamps, in UTC.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{
    Array, ArrayRef, Date32Array, Float64Array, Int64Array, StringArray, TimestampMicrosecondArray,
};
use arrow_schema::DataType;

use super::cast::cast as cast_numbers;
use super::mode::EvalMode;
use super::rows::{Rows, numbers, promised, texts};
use crate::calendar::{
    DAY, NoTimestamp, read_date, read_timestamp, read_timestamp_ntz, show_date, show_timestamp,
};
use crate::column::ColumnType;
use crate::error::OpError;

/// The cast, if one of the two types is a date or timestamp.
pub(super) fn cast(
    array: &ArrayRef,
    to: &ColumnType,
    mode: EvalMode,
    rows: &Rows,
) -> Option<Result<ArrayRef, OpError>> {
    let checked = mode == EvalMode::Ansi;
    match (array.data_type(), to) {
        (DataType::Date32, to) => Some(from_dates(array, to, rows)),
        (DataType::Timestamp(..), to) => Some(from_times(array, to, mode, rows)),
        (DataType::Utf8, ColumnType::Date) => Some(dates(array, checked, rows)),
        (DataType::Utf8, ColumnType::Timestamp) => Some(times(array, checked, rows)),
        (DataType::Utf8, ColumnType::TimestampNtz) => Some(local_times(array, checked, rows)),
        (_, ColumnType::Timestamp) => Some(of_seconds(array, mode, rows)),
        (_, ColumnType::Date | ColumnType::TimestampNtz) => Some(Err(promised("dates"))),
        _ => None,
    }
}

fn from_dates(array: &ArrayRef, to: &ColumnType, rows: &Rows) -> Result<ArrayRef, OpError> {
    let days = numbers::<Date32Type>(array)?;
    Ok(match to {
        ColumnType::String => Arc::new(days.iter().map(|days| days.map(show_date)).collect::<StringArray>()),
        ColumnType::Timestamp | ColumnType::TimestampNtz => {
            let midnight = |row: usize| i64::from(days.value(row)).checked_mul(DAY);
            let far = |row: &usize| rows.is_active(*row) && days.is_valid(*row) && midnight(*row).is_none();
            if let Some(row) = (0..days.len()).find(far) {
                return Err(OpError::row(
                    row,
                    0,
                    show_date(days.value(row)),
                    "a date that timestamp can hold",
                ));
            }
            let micros = (0..days.len()).map(|row| midnight(row).filter(|_| days.is_valid(row)));
            stamped(micros.collect(), to)
        }
        _ => return Err(promised("a cast of dates")),
    })
}

fn from_times(array: &ArrayRef, to: &ColumnType, mode: EvalMode, rows: &Rows) -> Result<ArrayRef, OpError> {
    let micros = numbers::<TimestampMicrosecondType>(array)?;
    Ok(match to {
        ColumnType::String => {
            Arc::new(micros.iter().map(|micros| micros.map(show_timestamp)).collect::<StringArray>())
        }
        ColumnType::Date => {
            let days = micros.iter().map(|micros| micros.map(|micros| micros.div_euclid(DAY) as i32));
            Arc::new(days.collect::<Date32Array>())
        }
        ColumnType::Timestamp | ColumnType::TimestampNtz => stamped(micros.clone(), to),
        ColumnType::Boolean => {
            Arc::new(micros.iter().map(|micros| Some(micros? != 0)).collect::<arrow_array::BooleanArray>())
        }
        ColumnType::Float | ColumnType::Double => {
            let seconds: Float64Array = micros.unary::<_, Float64Type>(|micros| micros as f64 / 1e6);
            let seconds: ArrayRef = Arc::new(seconds);
            return cast_numbers(&seconds, to, mode, rows);
        }
        _ => {
            let seconds: Int64Array = micros.unary::<_, Int64Type>(|micros| micros.div_euclid(1_000_000));
            let seconds: ArrayRef = Arc::new(seconds);
            return cast_numbers(&seconds, to, mode, rows);
        }
    })
}

fn dates(array: &ArrayRef, checked: bool, rows: &Rows) -> Result<ArrayRef, OpError> {
    let mut values = Vec::with_capacity(array.len());
    for (row, text) in texts(array)?.iter().enumerate() {
        let value = text.and_then(read_date);
        if let (true, Some(text), None) = (checked && rows.is_active(row), text, value) {
            return Err(OpError::row(row, 0, shown(text), "a text that casts to date"));
        }
        values.push(value);
    }
    Ok(Arc::new(Date32Array::from(values)))
}

fn times(array: &ArrayRef, checked: bool, rows: &Rows) -> Result<ArrayRef, OpError> {
    let mut values = Vec::with_capacity(array.len());
    for (row, text) in texts(array)?.iter().enumerate() {
        let value = text.map(read_timestamp);
        let expected = match value {
            Some(Err(NoTimestamp::Undated)) => Some("a timestamp with a date"),
            Some(Err(NoTimestamp::Never)) if checked => Some("a text that casts to timestamp"),
            _ => None,
        };
        if let (Some(expected), Some(text), true) = (expected, text, rows.is_active(row)) {
            return Err(OpError::row(row, 0, shown(text), expected));
        }
        values.push(value.and_then(Result::ok));
    }
    Ok(stamped(TimestampMicrosecondArray::from(values), &ColumnType::Timestamp))
}

/// Texts as timestamps without a zone; one that stands in a text does not matter.
fn local_times(array: &ArrayRef, checked: bool, rows: &Rows) -> Result<ArrayRef, OpError> {
    let mut values = Vec::with_capacity(array.len());
    for (row, text) in texts(array)?.iter().enumerate() {
        let value = text.and_then(read_timestamp_ntz);
        if let (true, Some(text), None) = (checked && rows.is_active(row), text, value) {
            return Err(OpError::row(row, 0, shown(text), "a text that casts to timestamp_ntz"));
        }
        values.push(value);
    }
    Ok(stamped(TimestampMicrosecondArray::from(values), &ColumnType::TimestampNtz))
}

/// Numbers are seconds. With ANSI off, what is beyond 64 bits of microseconds ends at their borders.
fn of_seconds(array: &ArrayRef, mode: EvalMode, rows: &Rows) -> Result<ArrayRef, OpError> {
    if let DataType::Float32 | DataType::Float64 = array.data_type() {
        let seconds = arrow_cast::cast(array, &DataType::Float64)?;
        let seconds = numbers::<Float64Type>(&seconds)?;
        let fits = |seconds: f64| {
            let micros = seconds * 1e6;
            let inside = micros.floor() <= i64::MAX as f64 && micros.ceil() >= i64::MIN as f64;
            seconds.is_finite() && (inside || mode == EvalMode::Legacy)
        };
        let wrong = |row: &usize| {
            let ansi = mode == EvalMode::Ansi && rows.is_active(*row);
            ansi && seconds.is_valid(*row) && !fits(seconds.value(*row))
        };
        if let Some(row) = (0..seconds.len()).find(wrong) {
            return Err(OpError::row(
                row,
                0,
                seconds.value(row).to_string(),
                "a number of seconds that timestamp can hold",
            ));
        }
        let micros = seconds.iter().map(|seconds| {
            let seconds = seconds.filter(|seconds| fits(*seconds))?;
            Some((seconds * 1e6) as i64)
        });
        return Ok(stamped(micros.collect(), &ColumnType::Timestamp));
    }
    // True is one microsecond.
    let unit = if let DataType::Boolean = array.data_type() { 1 } else { 1_000_000 };
    let seconds = arrow_cast::cast(array, &DataType::Int64)?;
    let seconds = seconds.as_primitive_opt::<Int64Type>().ok_or_else(|| promised("numbers"))?;
    Ok(stamped(seconds.unary(|seconds| seconds.saturating_mul(unit)), &ColumnType::Timestamp))
}

fn stamped(values: TimestampMicrosecondArray, to: &ColumnType) -> ArrayRef {
    Arc::new(values.with_data_type(to.to_arrow()))
}

fn shown(text: &str) -> String {
    format!("\"{}\"", text.chars().take(120).collect::<String>())
}
