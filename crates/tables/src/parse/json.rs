//! JSON values as Spark's JSON reader has them: numbers, booleans, strings, arrays, ML vectors.
//!
//! Integers go to doubles; `"NaN"`, `"Infinity"` and `"-Infinity"` (and Jackson's `"INF"`, `"+INF"`, `"-INF"`)
//! are doubles; nothing else is guessed. A vector is an array of numbers, `{"size","indices","values"}`, or
//! what Spark's `to_json` makes of one: `{"type":0,"size",…}` (sparse) and `{"type":1,"values":[…]}` (dense).

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use arrow_array::types::{Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type};
use arrow_array::{
    ArrayRef, ArrowPrimitiveType, BooleanArray, Date32Array, ListArray, PrimitiveArray, StringArray,
    TimestampMicrosecondArray, new_null_array,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::Field;
use firesteel_plan::calendar::{read_date, read_timestamp, read_timestamp_ntz};
use firesteel_plan::{Column, ColumnType, VectorBuilder};
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};
use serde_json::value::RawValue;

use super::BadCell;

pub(super) fn column(cells: &[Option<&str>], to: &ColumnType) -> Result<Column, BadCell> {
    match to {
        ColumnType::Vector => vectors(cells),
        _ => Ok(Column::Array(array(cells, to)?)),
    }
}

/// The characters of a string, any other value as it was written; `None` for `null`.
pub(super) fn content(raw: &str) -> Option<Cow<'_, str>> {
    match raw {
        "null" => None,
        _ if raw.starts_with('"') => Some(string(raw).unwrap_or(Cow::Borrowed(raw))),
        _ => Some(Cow::Borrowed(raw)),
    }
}

fn array(cells: &[Option<&str>], to: &ColumnType) -> Result<ArrayRef, BadCell> {
    Ok(match to {
        ColumnType::Boolean => Arc::new(each(cells, to, boolean)?.into_iter().collect::<BooleanArray>()),
        ColumnType::Byte => integers::<Int8Type>(cells, to)?,
        ColumnType::Short => integers::<Int16Type>(cells, to)?,
        ColumnType::Int => integers::<Int32Type>(cells, to)?,
        ColumnType::Long => integers::<Int64Type>(cells, to)?,
        ColumnType::Float => floats::<Float32Type>(cells, to)?,
        ColumnType::Double => floats::<Float64Type>(cells, to)?,
        ColumnType::String => Arc::new(each(cells, to, string)?.into_iter().collect::<StringArray>()),
        ColumnType::Date => {
            let days = each(cells, to, |raw| read_date(&string(raw)?))?;
            Arc::new(days.into_iter().collect::<Date32Array>())
        }
        ColumnType::Timestamp => {
            let micros = each(cells, to, |raw| read_timestamp(&string(raw)?).ok())?;
            Arc::new(micros.into_iter().collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
        }
        ColumnType::TimestampNtz => {
            let micros = each(cells, to, |raw| read_timestamp_ntz(&string(raw)?))?;
            Arc::new(micros.into_iter().collect::<TimestampMicrosecondArray>())
        }
        ColumnType::Decimal(_) => {
            let found = cells
                .iter()
                .enumerate()
                .find_map(|(row, cell)| Some((row, cell.filter(|raw| *raw != "null")?)));
            if let Some((row, raw)) = found {
                return Err(BadCell { hint: super::NO_DECIMALS, ..BadCell::new(row, raw, to) });
            }
            new_null_array(&to.to_arrow(), cells.len())
        }
        ColumnType::Array(item) => lists(cells, to, item)?,
        ColumnType::Vector => return Err(BadCell::new(0, "vectors within an array", to)),
    })
}

/// What `parse` makes of each cell; nulls stay.
fn each<'a, T>(
    cells: &[Option<&'a str>],
    to: &ColumnType,
    parse: impl Fn(&'a str) -> Option<T>,
) -> Result<Vec<Option<T>>, BadCell> {
    let one = |(row, cell): (usize, &Option<&'a str>)| match *cell {
        None | Some("null") => Ok(None),
        Some(raw) => match parse(raw) {
            Some(value) => Ok(Some(value)),
            None => Err(BadCell { hint: hint(raw, to), ..BadCell::new(row, raw, to) }),
        },
    };
    cells.iter().enumerate().map(one).collect()
}

fn hint(raw: &str, to: &ColumnType) -> &'static str {
    let number = |text: &str| text.parse::<f64>().is_ok();
    match to {
        ColumnType::Double | ColumnType::Float if number(raw.trim_matches('"')) => {
            "numbers stand without quotes"
        }
        _ if to.is_numeric() && number(raw) => "write a whole number within the type's range",
        ColumnType::Date => "dates are written as \"2024-01-31\"",
        ColumnType::TimestampNtz => "timestamps without a zone are written as \"2024-01-31T12:00:00\"",
        ColumnType::Timestamp => "timestamps are written as \"2024-01-31T12:00:00Z\"",
        ColumnType::String if number(raw) => "write it in quotes, or declare the column's type",
        _ => "",
    }
}

fn boolean(raw: &str) -> Option<bool> {
    match raw {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn string(raw: &str) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') { serde_json::from_str(raw).ok() } else { Some(Cow::Borrowed(inner)) }
}

fn integers<T>(cells: &[Option<&str>], to: &ColumnType) -> Result<ArrayRef, BadCell>
where
    T: ArrowPrimitiveType<Native: FromStr>,
{
    let numbers = each(cells, to, |raw| raw.parse::<T::Native>().ok())?;
    Ok(Arc::new(numbers.into_iter().collect::<PrimitiveArray<T>>()))
}

fn floats<T>(cells: &[Option<&str>], to: &ColumnType) -> Result<ArrayRef, BadCell>
where
    T: ArrowPrimitiveType<Native: FromStr>,
{
    let parse = |raw: &str| match raw.strip_prefix('"') {
        Some(quoted) => non_finite(quoted.strip_suffix('"')?)?.parse().ok(),
        // A JSON number begins with a digit or a minus, unlike what else Rust reads as a number.
        None if raw.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => raw.parse().ok(),
        None => None,
    };
    Ok(Arc::new(each(cells, to, parse)?.into_iter().collect::<PrimitiveArray<T>>()))
}

/// The doubles that Jackson reads from strings, under the names that Rust reads.
fn non_finite(text: &str) -> Option<&'static str> {
    match text {
        "NaN" => Some("NaN"),
        "Infinity" | "+Infinity" | "INF" | "+INF" => Some("inf"),
        "-Infinity" | "-INF" => Some("-inf"),
        _ => None,
    }
}

fn lists(cells: &[Option<&str>], to: &ColumnType, item: &ColumnType) -> Result<ArrayRef, BadCell> {
    let rows = each(cells, to, |raw| serde_json::from_str::<Vec<&RawValue>>(raw).ok())?;
    let offsets = OffsetBuffer::from_lengths(rows.iter().map(|row| row.as_ref().map_or(0, Vec::len)));
    let nulls: NullBuffer = rows.iter().map(Option::is_some).collect();
    let items: Vec<Option<&str>> = rows.iter().flatten().flatten().map(|raw| Some(raw.get())).collect();
    let values = array(&items, item).map_err(|bad| {
        let row = offsets.partition_point(|&end| end as usize <= bad.row).saturating_sub(1);
        BadCell { row, expected: format!("{item} in {to}"), ..bad }
    })?;
    let field = Arc::new(Field::new("element", item.to_arrow(), true));
    match ListArray::try_new(field, offsets, values, Some(nulls)) {
        Ok(lists) => Ok(Arc::new(lists)),
        Err(error) => Err(BadCell::new(0, &error.to_string(), to)),
    }
}

/// A double of a vector, which may be one of the strings for NaN and the infinities.
struct Slot(f64);

impl<'de> Deserialize<'de> for Slot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Slot, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Slot;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }

            fn visit_f64<E>(self, value: f64) -> Result<Slot, E> {
                Ok(Slot(value))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Slot, E> {
                Ok(Slot(value as f64))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Slot, E> {
                Ok(Slot(value as f64))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Slot, E> {
                let number = non_finite(text).and_then(|number| number.parse().ok());
                number.map(Slot).ok_or_else(|| E::custom("a string that is no number"))
            }
        }
        deserializer.deserialize_any(Number)
    }
}

/// A vector as an object.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Object {
    #[serde(rename = "type")]
    kind: Option<u8>,
    size: Option<i32>,
    indices: Option<Vec<u32>>,
    values: Vec<Slot>,
}

fn vectors(cells: &[Option<&str>]) -> Result<Column, BadCell> {
    let mut builder = VectorBuilder::with_capacity(cells.len(), 0);
    for (row, cell) in cells.iter().enumerate() {
        match *cell {
            None | Some("null") => builder.push_null(),
            Some(raw) => push_vector(&mut builder, raw).map_err(|problem| BadCell {
                expected: format!("a vector ({problem})"),
                hint: "a vector is an array of numbers or {\"size\",\"indices\",\"values\"}",
                ..BadCell::new(row, raw, &ColumnType::Vector)
            })?,
        }
    }
    Ok(Column::Vector(builder.finish()))
}

fn push_vector(builder: &mut VectorBuilder, raw: &str) -> Result<(), String> {
    let doubles = |slots: Vec<Slot>| slots.into_iter().map(|Slot(value)| value).collect::<Vec<f64>>();
    let problem = |error: serde_json::Error| error.to_string();
    if !raw.starts_with('{') {
        builder.push_dense(&doubles(serde_json::from_str(raw).map_err(problem)?));
        return Ok(());
    }
    let object: Object = serde_json::from_str(raw).map_err(problem)?;
    let values = doubles(object.values);
    match (object.kind, object.size, object.indices) {
        (Some(1), _, None) => builder.push_dense(&values),
        (None | Some(0), Some(size), Some(indices)) => {
            let size = usize::try_from(size).map_err(|_| format!("size {size} is below 0"))?;
            if indices.len() != values.len() {
                return Err(format!("{} indices for {} values", indices.len(), values.len()));
            }
            if let Some(pair) = indices.windows(2).find(|pair| pair[0] >= pair[1]) {
                return Err(format!("index {} follows {}", pair[1], pair[0]));
            }
            if let Some(&last) = indices.last().filter(|&&last| last as usize >= size) {
                return Err(format!("index {last} is not below size {size}"));
            }
            builder.push_sparse(size, &indices, &values);
        }
        _ => return Err("an object has size and indices, or type 1 and values only".to_owned()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(cells: &[Option<&str>], to: &str) -> Vec<String> {
        let column = column(cells, &to.parse().unwrap()).unwrap();
        (0..column.len()).map(|row| column.show(row)).collect()
    }

    fn refused(raw: &str, to: &str) -> BadCell {
        column(&[None, Some(raw)], &to.parse().unwrap()).unwrap_err()
    }

    #[test]
    fn doubles_read_as_spark_reads_them() {
        let cells = [Some("45"), Some("1e3"), Some("null"), None, Some("\"NaN\""), Some("\"-INF\"")];
        assert_eq!(shown(&cells, "double"), ["45.0", "1000.0", "null", "null", "NaN", "-inf"]);
        let exact = column(&[Some("52000.1234567890123")], &ColumnType::Double).unwrap();
        assert_eq!(exact.as_doubles().unwrap().value(0), "52000.1234567890123".parse::<f64>().unwrap());
    }

    #[test]
    fn dates_and_timestamps_are_texts() {
        let days = [Some("\"2024-01-31\""), Some("null"), None];
        assert_eq!(shown(&days, "date"), ["2024-01-31", "null", "null"]);
        let times = column(&[Some("\"2024-01-31T13:00:00.5+01:00\""), None], &ColumnType::Timestamp).unwrap();
        let expected = TimestampMicrosecondArray::from(vec![Some(1_706_702_400_500_000), None]);
        assert_eq!(times.as_array(), Some(&(Arc::new(expected.with_timezone("UTC")) as ArrayRef)));
        assert_eq!(refused("19753", "date").hint, "dates are written as \"2024-01-31\"");
    }

    #[test]
    fn lists_keep_nulls_inside_and_out() {
        let cells = [Some(r#"["a", null, "\u00e9"]"#), None, Some("[]")];
        assert_eq!(shown(&cells, "array<string>"), ["[a, , é]", "null", "[]"]);
    }

    #[test]
    fn vectors_have_three_forms() {
        let cells = [
            Some("[1, 2.5, \"NaN\"]"),
            Some(r#"{"size":4,"indices":[1,3],"values":[1.0,2.0]}"#),
            Some(r#"{"type":1,"values":[7]}"#),
            Some("null"),
        ];
        let expected = ["[1.0, 2.5, NaN]", "(4, [1, 3], [1.0, 2.0])", "[7.0]", "null"];
        assert_eq!(shown(&cells, "vector"), expected);
    }

    #[test]
    fn nothing_is_guessed() {
        assert_eq!(refused("\"45\"", "double").hint, "numbers stand without quotes");
        assert_eq!(refused("4.0", "int").row, 1);
        assert_eq!(refused("99999999999", "int").found, "99999999999");
        assert_eq!(refused("1", "boolean").expected, "boolean");
        assert!(refused("7", "string").hint.contains("quotes"));
        assert_eq!(refused("[1, \"x\"]", "array<int>").row, 1);
        assert!(refused("[1, null]", "vector").expected.contains("null"));
        assert!(
            refused(r#"{"size":2,"indices":[2],"values":[1]}"#, "vector").expected.contains("below size 2")
        );
        assert!(
            refused(r#"{"size":2,"indices":[1,0],"values":[1,2]}"#, "vector")
                .expected
                .contains("0 follows 1")
        );
        assert!(
            refused(r#"{"size":2,"indices":[1],"values":[1,2]}"#, "vector").expected.contains("1 indices")
        );
        assert!(refused(r#"{"values":[1,2]}"#, "vector").expected.contains("size and indices"));
    }
}
