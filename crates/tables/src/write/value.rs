//! Arrow values as text: JSON, and what stands in a CSV cell.
//!
//! As Spark writes them: NaN and the infinities are the strings `NaN`, `Infinity`, `-Infinity`; decimals are
//! numbers; dates and times are strings; maps are objects. Vectors are arrays, or `{"size","indices","values"}`
//! when sparse. Binary is hexadecimal.

use std::fmt::Display;
use std::io::Write as _;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, ArrowTimestampType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, OffsetSizeTrait};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType, TimeUnit};
use firesteel_plan::{Column, VectorColumn, VectorRef};

/// Writes the value at a row as JSON.
pub(crate) type Write = Box<dyn Fn(usize, &mut Vec<u8>)>;

/// The JSON of a plan's column.
pub(crate) fn column_json(column: &Column) -> Result<Write, ArrowError> {
    match column {
        Column::Array(array) => json(array),
        Column::Vector(vectors) => Ok(vector_json(vectors.clone())),
    }
}

/// The JSON of an Arrow column.
pub(crate) fn json(array: &ArrayRef) -> Result<Write, ArrowError> {
    let write = value_json(array)?;
    let nulls = array.logical_nulls();
    Ok(match nulls.filter(|nulls| nulls.null_count() > 0) {
        None => write,
        Some(nulls) => {
            Box::new(move |row, out| if nulls.is_null(row) { out.extend(b"null") } else { write(row, out) })
        }
    })
}

/// The JSON of the values that are not null.
fn value_json(array: &ArrayRef) -> Result<Write, ArrowError> {
    use DataType as D;
    Ok(match array.data_type() {
        D::Boolean => {
            let array = array.as_boolean().clone();
            Box::new(move |row, out| display(array.value(row), out))
        }
        D::Int8 => integer::<Int8Type>(array),
        D::Int16 => integer::<Int16Type>(array),
        D::Int32 => integer::<Int32Type>(array),
        D::Int64 => integer::<Int64Type>(array),
        D::UInt8 => integer::<UInt8Type>(array),
        D::UInt16 => integer::<UInt16Type>(array),
        D::UInt32 => integer::<UInt32Type>(array),
        D::UInt64 => integer::<UInt64Type>(array),
        D::Float16 => {
            let array = array.as_primitive::<Float16Type>().clone();
            Box::new(move |row, out| float(array.value(row).to_f32(), out))
        }
        D::Float32 => {
            let array = array.as_primitive::<Float32Type>().clone();
            Box::new(move |row, out| float(array.value(row), out))
        }
        D::Float64 => {
            let array = array.as_primitive::<Float64Type>().clone();
            Box::new(move |row, out| float(array.value(row), out))
        }
        D::Utf8 => {
            let array = array.as_string::<i32>().clone();
            Box::new(move |row, out| string(array.value(row), out))
        }
        D::LargeUtf8 => {
            let array = array.as_string::<i64>().clone();
            Box::new(move |row, out| string(array.value(row), out))
        }
        D::Utf8View => {
            let array = array.as_string_view().clone();
            Box::new(move |row, out| string(array.value(row), out))
        }
        D::Dictionary(_, value) => json(&arrow_cast::cast(array, value)?)?,
        D::List(_) => list::<i32>(array)?,
        D::LargeList(_) => list::<i64>(array)?,
        D::FixedSizeList(item, _) => list::<i32>(&arrow_cast::cast(array, &D::List(Arc::clone(item)))?)?,
        D::Map(..) => map(array)?,
        vectors if VectorColumn::is_vector_type(vectors) => vector_json(VectorColumn::from_arrow(array)?),
        D::Struct(_) => object(array)?,
        D::Timestamp(unit, Some(_)) => instant(array, *unit)?,
        D::Decimal32(..) | D::Decimal64(..) | D::Decimal128(..) | D::Decimal256(..) => shown(array, "", "")?,
        _ => shown(array, "\"", "\"")?,
    })
}

fn display(value: impl Display, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = write!(out, "{value}");
}

fn integer<T: ArrowPrimitiveType<Native: Display>>(array: &ArrayRef) -> Write {
    let array = array.as_primitive::<T>().clone();
    Box::new(move |row, out| display(array.value(row), out))
}

/// The shortest number that reads back, or the name of what no JSON number is.
fn float<F: Into<f64> + serde::Serialize + Copy>(value: F, out: &mut Vec<u8>) {
    let wide: f64 = value.into();
    if wide.is_finite() {
        let _ = serde_json::to_writer(out, &value);
        return;
    }
    out.extend(match wide {
        _ if wide.is_nan() => b"\"NaN\"".as_slice(),
        _ if wide > 0.0 => b"\"Infinity\"",
        _ => b"\"-Infinity\"",
    });
}

/// A string in quotes, escaped.
pub(crate) fn string(text: &str, out: &mut Vec<u8>) {
    let _ = serde_json::to_writer(out, text);
}

fn separated(out: &mut Vec<u8>, items: impl Iterator<Item = usize>, write: impl Fn(usize, &mut Vec<u8>)) {
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(item, out);
    }
}

fn list<O: OffsetSizeTrait>(array: &ArrayRef) -> Result<Write, ArrowError> {
    let array = array.as_list::<O>();
    let (offsets, write) = (array.offsets().clone(), json(array.values())?);
    Ok(Box::new(move |row, out| {
        out.push(b'[');
        separated(out, offsets[row].as_usize()..offsets[row + 1].as_usize(), &write);
        out.push(b']');
    }))
}

fn object(array: &ArrayRef) -> Result<Write, ArrowError> {
    let array = array.as_struct();
    let mut members = Vec::new();
    for (field, column) in array.fields().iter().zip(array.columns()) {
        members.push((key(field.name()), json(column)?));
    }
    Ok(Box::new(move |row, out| {
        out.push(b'{');
        separated(out, 0..members.len(), |at, out| {
            out.extend(&members[at].0);
            members[at].1(row, out);
        });
        out.push(b'}');
    }))
}

fn map(array: &ArrayRef) -> Result<Write, ArrowError> {
    let array = array.as_map();
    let (offsets, keys, values) = (array.offsets().clone(), json(array.keys())?, json(array.values())?);
    Ok(Box::new(move |row, out| {
        out.push(b'{');
        separated(out, offsets[row] as usize..offsets[row + 1] as usize, |at, out| {
            let mut name = Vec::new();
            keys(at, &mut name);
            let quoted = name.first() == Some(&b'"');
            out.extend(if quoted { name } else { [b"\"", name.as_slice(), b"\""].concat() });
            out.push(b':');
            values(at, out);
        });
        out.push(b'}');
    }))
}

/// What Arrow shows, between `before` and `after`.
fn shown(array: &ArrayRef, before: &'static str, after: &'static str) -> Result<Write, ArrowError> {
    let array = Arc::clone(array);
    // Checks once what is then made for each value: the formatter borrows its array.
    ArrayFormatter::try_new(&array, &FormatOptions::default())?;
    Ok(Box::new(move |row, out| {
        if let Ok(formatter) = ArrayFormatter::try_new(&array, &FormatOptions::default()) {
            let _ = write!(out, "{before}{}{after}", formatter.value(row));
        }
    }))
}

/// A point in time, in UTC whatever zone it was noted in.
fn instant(array: &ArrayRef, unit: TimeUnit) -> Result<Write, ArrowError> {
    fn utc<T: ArrowTimestampType>(array: &ArrayRef) -> ArrayRef {
        Arc::new(array.as_primitive::<T>().clone().with_timezone_opt(None::<Arc<str>>))
    }
    let array = match unit {
        TimeUnit::Second => utc::<TimestampSecondType>(array),
        TimeUnit::Millisecond => utc::<TimestampMillisecondType>(array),
        TimeUnit::Microsecond => utc::<TimestampMicrosecondType>(array),
        TimeUnit::Nanosecond => utc::<TimestampNanosecondType>(array),
    };
    shown(&array, "\"", "Z\"")
}

fn vector_json(vectors: VectorColumn) -> Write {
    let doubles = |values: &[f64], out: &mut Vec<u8>| {
        out.push(b'[');
        separated(out, 0..values.len(), |at, out| float(values[at], out));
        out.push(b']');
    };
    Box::new(move |row, out| match vectors.get(row) {
        None => out.extend(b"null"),
        Some(VectorRef::Dense(values)) => doubles(values, out),
        Some(VectorRef::Sparse { size, indices, values }) => {
            display(format_args!("{{\"size\":{size},\"indices\":["), out);
            separated(out, 0..indices.len(), |at, out| display(indices[at], out));
            out.extend(b"],\"values\":");
            doubles(values, out);
            out.push(b'}');
        }
    })
}

/// `"name":`
pub(crate) fn key(name: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.len() + 3);
    string(name, &mut out);
    out.push(b':');
    out
}

/// A plan's column as CSV cells: a null is an empty cell, lists and vectors are JSON text.
pub(crate) fn column_csv(column: &Column) -> Result<Write, ArrowError> {
    if let Some(array) = column.as_array() {
        return csv(array);
    }
    let write = column_json(column)?;
    let column = column.clone();
    Ok(Box::new(move |row, out| {
        if !column.is_null(row) {
            quoted_json(&write, row, out);
        }
    }))
}

/// An Arrow column as CSV cells.
pub(crate) fn csv(array: &ArrayRef) -> Result<Write, ArrowError> {
    use DataType as D;
    let (from, nulls) = (array.data_type(), array.logical_nulls());
    if matches!(from, D::Utf8 | D::LargeUtf8 | D::Utf8View)
        || matches!(from, D::Dictionary(_, value) if **value == D::Utf8)
    {
        let strings = arrow_cast::cast(array, &D::LargeUtf8)?.as_string::<i64>().clone();
        return Ok(Box::new(move |row, out| {
            if strings.is_valid(row) {
                cell(strings.value(row).as_bytes(), out);
            }
        }));
    }
    let write = value_json(array)?;
    let nested = from.is_nested();
    Ok(Box::new(move |row, out| {
        if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            return;
        }
        if nested {
            quoted_json(&write, row, out);
            return;
        }
        let start = out.len();
        write(row, out);
        // Dates, times and what is not finite come in quotes, which a cell does not need.
        if out[start..].starts_with(b"\"") {
            out.pop();
            out.remove(start);
        }
    }))
}

fn quoted_json(write: &Write, row: usize, out: &mut Vec<u8>) {
    let mut text = Vec::new();
    write(row, &mut text);
    cell(&text, out);
}

/// A cell, in quotes where it must be: an empty string is `""`, unlike a null.
pub(crate) fn cell(text: &[u8], out: &mut Vec<u8>) {
    if !text.is_empty() && !text.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        out.extend(text);
        return;
    }
    out.push(b'"');
    for &byte in text {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::builder::{Int32Builder, MapBuilder, StringBuilder};
    use arrow_array::{
        BinaryArray, Date32Array, Decimal128Array, Float32Array, Float64Array, ListArray, StringArray,
        StructArray, TimestampMicrosecondArray,
    };
    use arrow_schema::Field;

    /// The JSON and the CSV of every row.
    fn texts(array: ArrayRef) -> Vec<(String, String)> {
        let (json, csv) = (json(&array).unwrap(), csv(&array).unwrap());
        let text = |write: &Write, row| {
            let mut out = Vec::new();
            write(row, &mut out);
            String::from_utf8(out).unwrap()
        };
        (0..array.len()).map(|row| (text(&json, row), text(&csv, row))).collect()
    }

    fn is(array: impl Array + 'static, expected: &[(&str, &str)]) {
        let found = texts(Arc::new(array));
        let found: Vec<(&str, &str)> =
            found.iter().map(|(json, csv)| (json.as_str(), csv.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn numbers_are_the_shortest_and_what_is_none_has_a_name() {
        let doubles = vec![Some(0.1), None, Some(1e300), Some(-0.0), Some(f64::NAN), Some(f64::NEG_INFINITY)];
        let expected = [
            ("0.1", "0.1"),
            ("null", ""),
            ("1e+300", "1e+300"),
            ("-0.0", "-0.0"),
            ("\"NaN\"", "NaN"),
            ("\"-Infinity\"", "-Infinity"),
        ];
        is(Float64Array::from(doubles), &expected);
        is(Float32Array::from(vec![0.1]), &[("0.1", "0.1")]);
        let decimals = Decimal128Array::from(vec![-12_345]).with_precision_and_scale(10, 2).unwrap();
        is(decimals, &[("-123.45", "-123.45")]);
    }

    #[test]
    fn strings_are_escaped_and_empty_is_not_null() {
        let strings = StringArray::from(vec![Some("a\"b,\n"), Some(""), None]);
        is(strings, &[(r#""a\"b,\n""#, "\"a\"\"b,\n\""), ("\"\"", "\"\""), ("null", "")]);
        is(BinaryArray::from_vec(vec![b"\x01\xff"]), &[("\"01ff\"", "01ff")]);
    }

    #[test]
    fn dates_and_times_are_texts() {
        is(Date32Array::from(vec![18_262]), &[("\"2020-01-01\"", "2020-01-01")]);
        let instant = TimestampMicrosecondArray::from(vec![1_577_836_800_500_000]);
        is(instant.clone(), &[("\"2020-01-01T00:00:00.500\"", "2020-01-01T00:00:00.500")]);
        let zoned = instant.with_timezone("Europe/Berlin");
        is(zoned, &[("\"2020-01-01T00:00:00.500Z\"", "2020-01-01T00:00:00.500Z")]);
    }

    #[test]
    fn nested_values_are_json() {
        let list = ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1), None]), None]);
        is(list, &[("[1,null]", "\"[1,null]\""), ("null", "")]);
        let member: ArrayRef = Arc::new(StringArray::from(vec![Some("x"), None]));
        let members = vec![(Arc::new(Field::new("a", DataType::Utf8, true)), member)];
        let csv = ["\"{\"\"a\"\":\"\"x\"\"}\"", "\"{\"\"a\"\":null}\""];
        is(StructArray::from(members), &[("{\"a\":\"x\"}", csv[0]), ("{\"a\":null}", csv[1])]);
        let mut map = MapBuilder::new(None, StringBuilder::new(), Int32Builder::new());
        map.keys().append_value("k");
        map.values().append_value(7);
        map.append(true).unwrap();
        is(map.finish(), &[("{\"k\":7}", "\"{\"\"k\"\":7}\"")]);
    }
}
