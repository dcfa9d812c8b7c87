//! Values that stand in an expression.

use std::sync::Arc;

use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType,
};
use arrow_array::{
    ArrayRef, ArrowPrimitiveType, BooleanArray, PrimitiveArray, StringArray, TimestampMicrosecondArray,
    new_null_array,
};
use arrow_buffer::BooleanBuffer;

use crate::column::ColumnType;
use crate::decimal::DecimalType;

/// A value of a settled type.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A null of this type.
    Null(ColumnType),
    /// True or false.
    Boolean(bool),
    /// 8 bits.
    Byte(i8),
    /// 16 bits.
    Short(i16),
    /// 32 bits.
    Int(i32),
    /// 64 bits.
    Long(i64),
    /// A 32-bit floating-point number.
    Float(f32),
    /// A 64-bit floating-point number.
    Double(f64),
    /// A decimal: its digits as a whole number, and its type.
    Decimal(i128, DecimalType),
    /// A text.
    String(Arc<str>),
    /// A date: the days since 1970-01-01.
    Date(i32),
    /// A timestamp: the microseconds since 1970-01-01 in UTC.
    Timestamp(i64),
    /// A timestamp without a zone: the microseconds since it would show 1970-01-01.
    TimestampNtz(i64),
}

impl Literal {
    pub(super) fn column_type(&self) -> ColumnType {
        match self {
            Literal::Null(column_type) => column_type.clone(),
            Literal::Boolean(_) => ColumnType::Boolean,
            Literal::Byte(_) => ColumnType::Byte,
            Literal::Short(_) => ColumnType::Short,
            Literal::Int(_) => ColumnType::Int,
            Literal::Long(_) => ColumnType::Long,
            Literal::Float(_) => ColumnType::Float,
            Literal::Double(_) => ColumnType::Double,
            Literal::Decimal(_, of) => ColumnType::Decimal(*of),
            Literal::String(_) => ColumnType::String,
            Literal::Date(_) => ColumnType::Date,
            Literal::Timestamp(_) => ColumnType::Timestamp,
            Literal::TimestampNtz(_) => ColumnType::TimestampNtz,
        }
    }

    /// The value in every one of `count` rows.
    pub(super) fn repeat(&self, count: usize) -> ArrayRef {
        match self {
            Literal::Null(column_type) => new_null_array(&column_type.to_arrow(), count),
            Literal::Boolean(value) => {
                let bits =
                    if *value { BooleanBuffer::new_set(count) } else { BooleanBuffer::new_unset(count) };
                Arc::new(BooleanArray::new(bits, None))
            }
            Literal::Byte(value) => repeated::<Int8Type>(*value, count),
            Literal::Short(value) => repeated::<Int16Type>(*value, count),
            Literal::Int(value) => repeated::<Int32Type>(*value, count),
            Literal::Long(value) => repeated::<Int64Type>(*value, count),
            Literal::Date(value) => repeated::<Date32Type>(*value, count),
            Literal::Timestamp(value) => {
                let values = TimestampMicrosecondArray::from_value(*value, count);
                Arc::new(values.with_timezone("UTC"))
            }
            Literal::TimestampNtz(value) => repeated::<TimestampMicrosecondType>(*value, count),
            Literal::Float(value) => repeated::<Float32Type>(*value, count),
            Literal::Double(value) => repeated::<Float64Type>(*value, count),
            Literal::Decimal(value, of) => {
                let values = PrimitiveArray::<Decimal128Type>::from_value(*value, count);
                Arc::new(values.with_data_type(ColumnType::Decimal(*of).to_arrow()))
            }
            Literal::String(value) => {
                Arc::new(StringArray::from_iter_values(std::iter::repeat_n(value, count)))
            }
        }
    }
}

fn repeated<T: ArrowPrimitiveType>(value: T::Native, count: usize) -> ArrayRef {
    Arc::new(PrimitiveArray::<T>::from_value(value, count))
}
