//! One input column while a request is read.

use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Date32Builder, Float32Builder, Int8Builder, Int16Builder, Int32Builder,
    Int64Builder, StringBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, Float64Array, ListArray};
use arrow_buffer::{NullBufferBuilder, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType};
use firesteel_plan::calendar::{read_date, read_timestamp, read_timestamp_ntz};
use firesteel_plan::{Column, ColumnType, VectorBuilder};

/// The typed values read so far.
pub(crate) enum ColumnBuilder {
    Boolean(BooleanBuilder),
    Byte(Int8Builder),
    Short(Int16Builder),
    Int(Int32Builder),
    Long(Int64Builder),
    Float(Float32Builder),
    Double(Doubles),
    String(StringBuilder),
    Date(Date32Builder),
    Timestamp(TimestampMicrosecondBuilder),
    TimestampNtz(TimestampMicrosecondBuilder),
    Array(Box<ListBuilder>),
    Vector(VectorBuilder),
}

/// Doubles, the type of nearly every input: a plain vector, without the detours of Arrow's builders.
pub(crate) struct Doubles {
    pub(crate) values: Vec<f64>,
    nulls: NullBufferBuilder,
}

impl Doubles {
    fn with_capacity(rows: usize) -> Doubles {
        Doubles { values: Vec::with_capacity(rows), nulls: NullBufferBuilder::new(rows) }
    }

    fn append_value(&mut self, value: f64) {
        self.values.push(value);
        self.nulls.append_non_null();
    }

    fn append_null(&mut self) {
        self.values.push(0.0);
        self.nulls.append_null();
    }

    fn finish(mut self) -> ArrayRef {
        Arc::new(Float64Array::new(self.values.into(), self.nulls.finish()))
    }
}

/// Lists of one item type.
pub(crate) struct ListBuilder {
    pub(crate) items: ColumnBuilder,
    item_type: ColumnType,
    ends: Vec<i32>,
    nulls: NullBufferBuilder,
}

impl ListBuilder {
    /// Ends a list with the items read since the last one.
    pub(crate) fn end(&mut self, is_value: bool) {
        self.ends.push(i32::try_from(self.items.len()).unwrap_or(i32::MAX));
        self.nulls.append(is_value);
    }

    fn finish(mut self) -> Result<ArrayRef, ArrowError> {
        let DataType::List(field) = ColumnType::Array(Box::new(self.item_type)).to_arrow() else {
            return Err(ArrowError::SchemaError("a list has a list's type".to_owned()));
        };
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.ends));
        let items = self.items.finish()?;
        let items =
            items.as_array().ok_or_else(|| ArrowError::SchemaError("no lists of vectors".to_owned()))?;
        Ok(Arc::new(ListArray::try_new(field, offsets, Arc::clone(items), self.nulls.finish())?))
    }
}

impl ColumnBuilder {
    pub(crate) fn new(column_type: &ColumnType, rows: usize) -> ColumnBuilder {
        match column_type {
            ColumnType::Boolean => ColumnBuilder::Boolean(BooleanBuilder::with_capacity(rows)),
            ColumnType::Byte => ColumnBuilder::Byte(Int8Builder::with_capacity(rows)),
            ColumnType::Short => ColumnBuilder::Short(Int16Builder::with_capacity(rows)),
            ColumnType::Int => ColumnBuilder::Int(Int32Builder::with_capacity(rows)),
            ColumnType::Long => ColumnBuilder::Long(Int64Builder::with_capacity(rows)),
            ColumnType::Float => ColumnBuilder::Float(Float32Builder::with_capacity(rows)),
            // No input is a decimal: statements make them.
            ColumnType::Double | ColumnType::Decimal(_) => {
                ColumnBuilder::Double(Doubles::with_capacity(rows))
            }
            ColumnType::String => ColumnBuilder::String(StringBuilder::with_capacity(rows, 16 * rows)),
            ColumnType::Date => ColumnBuilder::Date(Date32Builder::with_capacity(rows)),
            ColumnType::Timestamp => {
                let builder = TimestampMicrosecondBuilder::with_capacity(rows);
                ColumnBuilder::Timestamp(builder.with_timezone("UTC"))
            }
            ColumnType::TimestampNtz => {
                ColumnBuilder::TimestampNtz(TimestampMicrosecondBuilder::with_capacity(rows))
            }
            ColumnType::Vector => ColumnBuilder::Vector(VectorBuilder::default()),
            ColumnType::Array(item) => ColumnBuilder::Array(Box::new(ListBuilder {
                items: ColumnBuilder::new(item, 0),
                item_type: ColumnType::clone(item),
                ends: vec![0],
                nulls: NullBufferBuilder::new(rows),
            })),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            ColumnBuilder::Boolean(values) => values.len(),
            ColumnBuilder::Byte(values) => values.len(),
            ColumnBuilder::Short(values) => values.len(),
            ColumnBuilder::Int(values) => values.len(),
            ColumnBuilder::Long(values) => values.len(),
            ColumnBuilder::Float(values) => values.len(),
            ColumnBuilder::Double(doubles) => doubles.values.len(),
            ColumnBuilder::String(values) => values.len(),
            ColumnBuilder::Date(values) => values.len(),
            ColumnBuilder::Timestamp(values) | ColumnBuilder::TimestampNtz(values) => values.len(),
            ColumnBuilder::Array(lists) => lists.ends.len() - 1,
            ColumnBuilder::Vector(_) => 0,
        }
    }

    pub(crate) fn append_null(&mut self) {
        match self {
            ColumnBuilder::Boolean(values) => values.append_null(),
            ColumnBuilder::Byte(values) => values.append_null(),
            ColumnBuilder::Short(values) => values.append_null(),
            ColumnBuilder::Int(values) => values.append_null(),
            ColumnBuilder::Long(values) => values.append_null(),
            ColumnBuilder::Float(values) => values.append_null(),
            ColumnBuilder::Double(doubles) => doubles.append_null(),
            ColumnBuilder::String(values) => values.append_null(),
            ColumnBuilder::Date(values) => values.append_null(),
            ColumnBuilder::Timestamp(values) | ColumnBuilder::TimestampNtz(values) => values.append_null(),
            ColumnBuilder::Array(lists) => lists.end(false),
            ColumnBuilder::Vector(vectors) => vectors.push_null(),
        }
    }

    /// Adds an integer; whether the column takes it.
    pub(crate) fn append_integer(&mut self, value: i128) -> bool {
        match self {
            ColumnBuilder::Byte(values) => {
                i8::try_from(value).map(|value| values.append_value(value)).is_ok()
            }
            ColumnBuilder::Short(values) => {
                i16::try_from(value).map(|value| values.append_value(value)).is_ok()
            }
            ColumnBuilder::Int(values) => {
                i32::try_from(value).map(|value| values.append_value(value)).is_ok()
            }
            ColumnBuilder::Long(values) => {
                i64::try_from(value).map(|value| values.append_value(value)).is_ok()
            }
            _ => self.append_number(value as f64),
        }
    }

    /// Adds a number that is no integer; whether the column takes it.
    pub(crate) fn append_number(&mut self, value: f64) -> bool {
        match self {
            ColumnBuilder::Double(doubles) => doubles.append_value(value),
            // A double beyond a float's range would become an infinity that nobody sent.
            ColumnBuilder::Float(values) if value.is_finite() == (value as f32).is_finite() => {
                values.append_value(value as f32);
            }
            _ => return false,
        }
        true
    }

    pub(crate) fn append_boolean(&mut self, value: bool) -> bool {
        let ColumnBuilder::Boolean(values) = self else { return false };
        values.append_value(value);
        true
    }

    pub(crate) fn append_string(&mut self, value: &str) -> bool {
        match self {
            ColumnBuilder::String(values) => {
                values.append_value(value);
                true
            }
            ColumnBuilder::Date(values) => read_date(value).map(|days| values.append_value(days)).is_some(),
            ColumnBuilder::Timestamp(values) => {
                read_timestamp(value).map(|micros| values.append_value(micros)).is_ok()
            }
            ColumnBuilder::TimestampNtz(values) => {
                read_timestamp_ntz(value).map(|micros| values.append_value(micros)).is_some()
            }
            ColumnBuilder::Double(_) | ColumnBuilder::Float(_) => {
                special(value).is_some_and(|value| self.append_number(value))
            }
            _ => false,
        }
    }

    pub(crate) fn finish(self) -> Result<Column, ArrowError> {
        Ok(Column::Array(match self {
            ColumnBuilder::Boolean(mut values) => Arc::new(values.finish()),
            ColumnBuilder::Byte(mut values) => Arc::new(values.finish()),
            ColumnBuilder::Short(mut values) => Arc::new(values.finish()),
            ColumnBuilder::Int(mut values) => Arc::new(values.finish()),
            ColumnBuilder::Long(mut values) => Arc::new(values.finish()),
            ColumnBuilder::Float(mut values) => Arc::new(values.finish()),
            ColumnBuilder::Double(doubles) => doubles.finish(),
            ColumnBuilder::String(mut values) => Arc::new(values.finish()),
            ColumnBuilder::Date(mut values) => Arc::new(values.finish()),
            ColumnBuilder::Timestamp(mut values) | ColumnBuilder::TimestampNtz(mut values) => {
                Arc::new(values.finish())
            }
            ColumnBuilder::Array(lists) => lists.finish()?,
            ColumnBuilder::Vector(vectors) => return Ok(Column::Vector(vectors.finish())),
        }))
    }
}

/// The doubles that JSON has no number for.
pub(crate) fn special(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}
