//! Writes the cells of answer columns as JSON, straight into bytes.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType,
};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array, Int8Array,
    Int16Array, Int32Array, Int64Array, ListArray, StringArray, TimestampMicrosecondArray,
};
use arrow_schema::{DataType, TimeUnit};
use firesteel_plan::calendar::{show_date, show_instant, show_local};
use firesteel_plan::decimal::show;
use firesteel_plan::{Column, VectorColumn, VectorRef};

/// A column, taken apart once for all of its rows.
pub(crate) enum Cells<'a> {
    Boolean(&'a BooleanArray),
    Byte(&'a Int8Array),
    Short(&'a Int16Array),
    Int(&'a Int32Array),
    Long(&'a Int64Array),
    Float(&'a Float32Array),
    Double(&'a Float64Array),
    Decimal(&'a Decimal128Array),
    String(&'a StringArray),
    Date(&'a Date32Array),
    Timestamp(&'a TimestampMicrosecondArray),
    TimestampNtz(&'a TimestampMicrosecondArray),
    List(&'a ListArray),
    Vector(&'a VectorColumn),
    /// A type that no plan makes.
    Other,
}

impl<'a> Cells<'a> {
    pub(crate) fn of(column: &'a Column) -> Cells<'a> {
        let array = match column {
            Column::Vector(vectors) => return Cells::Vector(vectors),
            Column::Array(array) => array,
        };
        match array.data_type() {
            DataType::Boolean => Cells::Boolean(array.as_boolean()),
            DataType::Int8 => Cells::Byte(array.as_primitive::<Int8Type>()),
            DataType::Int16 => Cells::Short(array.as_primitive::<Int16Type>()),
            DataType::Int32 => Cells::Int(array.as_primitive::<Int32Type>()),
            DataType::Int64 => Cells::Long(array.as_primitive::<Int64Type>()),
            DataType::Float32 => Cells::Float(array.as_primitive::<Float32Type>()),
            DataType::Float64 => Cells::Double(array.as_primitive::<Float64Type>()),
            DataType::Decimal128(..) => Cells::Decimal(array.as_primitive::<Decimal128Type>()),
            DataType::Utf8 => Cells::String(array.as_string::<i32>()),
            DataType::Date32 => Cells::Date(array.as_primitive::<Date32Type>()),
            DataType::Timestamp(TimeUnit::Microsecond, None) => {
                Cells::TimestampNtz(array.as_primitive::<TimestampMicrosecondType>())
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                Cells::Timestamp(array.as_primitive::<TimestampMicrosecondType>())
            }
            DataType::List(_) => Cells::List(array.as_list::<i32>()),
            _ => Cells::Other,
        }
    }

    /// Writes the value at `row`.
    pub(crate) fn write(&self, row: usize, out: &mut Vec<u8>) {
        match self {
            Cells::Boolean(array) if array.is_valid(row) => {
                out.extend_from_slice(if array.value(row) { b"true" } else { b"false" });
            }
            Cells::Byte(array) if array.is_valid(row) => write_integer(array.value(row).into(), out),
            Cells::Short(array) if array.is_valid(row) => write_integer(array.value(row).into(), out),
            Cells::Int(array) if array.is_valid(row) => write_integer(array.value(row).into(), out),
            Cells::Long(array) if array.is_valid(row) => write_integer(array.value(row), out),
            Cells::Float(array) if array.is_valid(row) => write_f32(array.value(row), out),
            Cells::Double(array) if array.is_valid(row) => write_f64(array.value(row), out),
            Cells::Decimal(array) if array.is_valid(row) => {
                let scale = u8::try_from(array.scale()).unwrap_or_default();
                out.extend_from_slice(show(array.value(row), scale).as_bytes());
            }
            Cells::String(array) if array.is_valid(row) => write_str(array.value(row), out),
            Cells::Date(array) if array.is_valid(row) => write_str(&show_date(array.value(row)), out),
            Cells::Timestamp(array) if array.is_valid(row) => write_str(&show_instant(array.value(row)), out),
            Cells::TimestampNtz(array) if array.is_valid(row) => {
                write_str(&show_local(array.value(row)), out);
            }
            Cells::List(array) if array.is_valid(row) => {
                let items = items(array.value(row));
                let cells = Cells::of(&items);
                write_list(0..items.len(), out, |item, out| cells.write(item, out));
            }
            Cells::Vector(vectors) => match vectors.get(row) {
                Some(vector) => write_vector(vector, out),
                None => out.extend_from_slice(b"null"),
            },
            _ => out.extend_from_slice(b"null"),
        }
    }
}

/// The items of a list as a column; vectors lie in lists in their Arrow form.
fn items(array: ArrayRef) -> Column {
    let vectors = VectorColumn::is_vector_type(array.data_type()).then(|| VectorColumn::from_arrow(&array));
    match vectors {
        Some(Ok(vectors)) => Column::Vector(vectors),
        _ => Column::Array(array),
    }
}

/// Writes a list of what `write` writes for each item.
fn write_list<T>(items: impl Iterator<Item = T>, out: &mut Vec<u8>, write: impl Fn(T, &mut Vec<u8>)) {
    out.push(b'[');
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(item, out);
    }
    out.push(b']');
}

fn write_vector(vector: VectorRef<'_>, out: &mut Vec<u8>) {
    match vector {
        VectorRef::Dense(values) => write_dense(values, out),
        VectorRef::Sparse { size, indices, values } => {
            out.extend_from_slice(b"{\"size\":");
            write_integer(size as i64, out);
            out.extend_from_slice(b",\"indices\":");
            write_list(indices.iter(), out, |&index, out| write_integer(index.into(), out));
            out.extend_from_slice(b",\"values\":");
            write_list(values.iter(), out, |&value, out| write_f64(value, out));
            out.push(b'}');
        }
    }
}

/// Writes a dense vector.
pub(crate) fn write_dense(values: &[f64], out: &mut Vec<u8>) {
    write_list(values.iter(), out, |&value, out| write_f64(value, out));
}

/// Writes a double with the fewest digits that read back as it; the words for those that JSON has no number for.
pub(crate) fn write_f64(value: f64, out: &mut Vec<u8>) {
    if value.is_finite() { push(&value, out) } else { write_word(value, out) }
}

/// Writes the integer that a double holds.
pub(crate) fn write_whole(value: f64, out: &mut Vec<u8>) {
    write_integer(value as i64, out);
}

fn write_f32(value: f32, out: &mut Vec<u8>) {
    if value.is_finite() { push(&value, out) } else { write_word(value.into(), out) }
}

fn write_word(value: f64, out: &mut Vec<u8>) {
    out.extend_from_slice(if value.is_nan() {
        b"\"NaN\""
    } else if value > 0.0 {
        b"\"Infinity\""
    } else {
        b"\"-Infinity\""
    });
}

fn write_integer(value: i64, out: &mut Vec<u8>) {
    push(&value, out);
}

/// Writes a string with its quotes.
pub(crate) fn write_str(value: &str, out: &mut Vec<u8>) {
    push(value, out);
}

/// Writes a number or string; writing either to memory cannot fail.
fn push<T: serde::Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    let _ = serde_json::to_writer(out, value);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_buffer::OffsetBuffer;
    use arrow_schema::Field;
    use firesteel_plan::VectorBuilder;

    use super::*;

    #[test]
    fn dates_and_timestamps_are_texts() {
        let written = |array: ArrayRef| {
            let mut out = Vec::new();
            Cells::of(&Column::Array(array)).write(0, &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(written(Arc::new(Date32Array::from(vec![31]))), "\"1970-02-01\"");
        let times = TimestampMicrosecondArray::from(vec![1_500_000]).with_timezone("UTC");
        assert_eq!(written(Arc::new(times)), "\"1970-01-01T00:00:01.5Z\"");
        let shown = TimestampMicrosecondArray::from(vec![1_500_000]);
        assert_eq!(written(Arc::new(shown)), "\"1970-01-01T00:00:01.5\"");
    }

    #[test]
    fn an_integer_held_as_a_double_is_written_as_its_column_is() {
        for value in [0, 19, -1, i32::MIN, i32::MAX] {
            let (mut alone, mut in_column) = (Vec::new(), Vec::new());
            write_whole(value.into(), &mut alone);
            Cells::of(&Column::Array(Arc::new(Int32Array::from(vec![value])))).write(0, &mut in_column);
            assert_eq!(alone, in_column);
        }
    }

    #[test]
    fn lists_of_vectors_are_lists_of_lists() {
        let mut rows = VectorBuilder::default();
        rows.push_dense(&[-1.0]);
        rows.push_sparse(3, &[1], &[2.0]);
        let vectors = rows.finish().to_arrow().unwrap();
        let field = Field::new("element", vectors.data_type().clone(), true);
        let lists =
            ListArray::new(Arc::new(field), OffsetBuffer::from_lengths([2, 0]), Arc::new(vectors), None);
        let column = Column::Array(Arc::new(lists));
        let written = |row| {
            let mut out = Vec::new();
            Cells::of(&column).write(row, &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(written(0), r#"[[-1.0],{"size":3,"indices":[1],"values":[2.0]}]"#);
        assert_eq!(written(1), "[]");
    }
}
