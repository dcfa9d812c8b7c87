//! The closed set of column types that a plan computes with, under Spark's names.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use arrow_schema::{DataType, Field, TimeUnit};

use super::VectorColumn;
use crate::decimal::{DecimalType, MAX_DIGITS};

/// The type of a column.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// Spark's `boolean`.
    Boolean,
    /// Spark's `tinyint`: 8 bits.
    Byte,
    /// Spark's `smallint`: 16 bits.
    Short,
    /// Spark's `int`: 32 bits.
    Int,
    /// Spark's `bigint`: 64 bits.
    Long,
    /// Spark's `float`: 32 bits.
    Float,
    /// Spark's `double`: 64 bits.
    Double,
    /// Spark's `decimal(p,s)`, which statements make; inputs are read as doubles.
    Decimal(DecimalType),
    /// Spark's `string`: UTF-8.
    String,
    /// Spark's `date`: a day of the calendar.
    Date,
    /// Spark's `timestamp`: a moment, to the microsecond.
    Timestamp,
    /// Spark's `timestamp_ntz`: what a calendar and a clock show, to the microsecond, in whatever zone.
    TimestampNtz,
    /// Spark's `array<…>`.
    Array(Box<ColumnType>),
    /// Spark ML's `vector`: dense or sparse doubles.
    Vector,
}

impl ColumnType {
    /// The type `array<string>`.
    pub fn strings() -> ColumnType {
        ColumnType::Array(Box::new(ColumnType::String))
    }

    /// Whether values are numbers.
    pub fn is_numeric(&self) -> bool {
        use ColumnType::{Byte, Double, Float, Int, Long, Short};
        matches!(self, Byte | Short | Int | Long | Float | Double | ColumnType::Decimal(_))
    }

    /// Whether values are floating-point numbers.
    pub fn is_floating(&self) -> bool {
        matches!(self, ColumnType::Float | ColumnType::Double)
    }

    /// The column type that holds this Arrow type, if plans take it in.
    pub fn from_arrow(data_type: &DataType) -> Option<ColumnType> {
        Some(match data_type {
            DataType::Boolean => ColumnType::Boolean,
            DataType::Int8 => ColumnType::Byte,
            DataType::Int16 => ColumnType::Short,
            DataType::Int32 => ColumnType::Int,
            DataType::Int64 => ColumnType::Long,
            DataType::Float32 => ColumnType::Float,
            DataType::Float64 => ColumnType::Double,
            DataType::Decimal128(precision @ 1..=MAX_DIGITS, scale) => {
                let scale = u8::try_from(*scale).ok().filter(|scale| scale <= precision)?;
                ColumnType::Decimal(DecimalType { precision: *precision, scale })
            }
            DataType::Utf8 => ColumnType::String,
            DataType::Date32 => ColumnType::Date,
            DataType::Timestamp(TimeUnit::Microsecond, Some(zone)) if matches!(&**zone, "UTC" | "+00:00") => {
                ColumnType::Timestamp
            }
            DataType::Timestamp(TimeUnit::Microsecond, None) => ColumnType::TimestampNtz,
            DataType::List(item) if VectorColumn::is_vector_type(item.data_type()) => {
                ColumnType::Array(Box::new(ColumnType::Vector))
            }
            DataType::List(item) => ColumnType::Array(Box::new(ColumnType::from_arrow(item.data_type())?)),
            _ => return None,
        })
    }

    /// The Arrow type of an array of this type; a vector is the struct of [`VectorColumn::to_arrow`].
    ///
    /// [`VectorColumn::to_arrow`]: crate::VectorColumn::to_arrow
    pub fn to_arrow(&self) -> DataType {
        match self {
            ColumnType::Boolean => DataType::Boolean,
            ColumnType::Byte => DataType::Int8,
            ColumnType::Short => DataType::Int16,
            ColumnType::Int => DataType::Int32,
            ColumnType::Long => DataType::Int64,
            ColumnType::Float => DataType::Float32,
            ColumnType::Double => DataType::Float64,
            ColumnType::Decimal(of) => DataType::Decimal128(of.precision, of.scale as i8),
            ColumnType::String => DataType::Utf8,
            ColumnType::Date => DataType::Date32,
            ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            ColumnType::TimestampNtz => DataType::Timestamp(TimeUnit::Microsecond, None),
            ColumnType::Array(item) => DataType::List(Arc::new(Field::new("element", item.to_arrow(), true))),
            ColumnType::Vector => super::arrow::vector_type(),
        }
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ColumnType::Boolean => "boolean",
            ColumnType::Byte => "tinyint",
            ColumnType::Short => "smallint",
            ColumnType::Int => "int",
            ColumnType::Long => "bigint",
            ColumnType::Float => "float",
            ColumnType::Double => "double",
            ColumnType::Decimal(of) => return write!(f, "{of}"),
            ColumnType::String => "string",
            ColumnType::Date => "date",
            ColumnType::Timestamp => "timestamp",
            ColumnType::TimestampNtz => "timestamp_ntz",
            ColumnType::Vector => "vector",
            ColumnType::Array(item) => return write!(f, "array<{item}>"),
        })
    }
}

impl FromStr for ColumnType {
    type Err = String;

    fn from_str(text: &str) -> Result<ColumnType, String> {
        if let Some(item) = text.strip_prefix("array<").and_then(|rest| rest.strip_suffix('>')) {
            return Ok(ColumnType::Array(Box::new(item.parse()?)));
        }
        Ok(match text {
            "boolean" => ColumnType::Boolean,
            "tinyint" | "byte" => ColumnType::Byte,
            "smallint" | "short" => ColumnType::Short,
            "int" | "integer" => ColumnType::Int,
            "bigint" | "long" => ColumnType::Long,
            "float" => ColumnType::Float,
            "double" => ColumnType::Double,
            "string" => ColumnType::String,
            "date" => ColumnType::Date,
            "timestamp" => ColumnType::Timestamp,
            "timestamp_ntz" => ColumnType::TimestampNtz,
            "vector" => ColumnType::Vector,
            _ => {
                return Err(format!(
                    "unknown type '{text}': expected boolean, tinyint, smallint, int, bigint, float, double, \
                     string, date, timestamp, timestamp_ntz, vector or array<…> of one of them"
                ));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        let scalars = ["boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "string"];
        for name in scalars.into_iter().chain(["date", "timestamp", "timestamp_ntz", "vector"]) {
            assert_eq!(name.parse::<ColumnType>().unwrap().to_string(), name);
        }
        assert_eq!("array<string>".parse::<ColumnType>().unwrap(), ColumnType::strings());
        assert!("decimal".parse::<ColumnType>().unwrap_err().contains("decimal"));
    }

    #[test]
    fn arrow_types_map_back() {
        for column_type in [ColumnType::Boolean, ColumnType::Int, ColumnType::Double, ColumnType::strings()] {
            assert_eq!(ColumnType::from_arrow(&column_type.to_arrow()), Some(column_type));
        }
        for moment in [ColumnType::Timestamp, ColumnType::TimestampNtz] {
            assert_eq!(ColumnType::from_arrow(&moment.to_arrow()), Some(moment));
        }
        assert_eq!(ColumnType::from_arrow(&DataType::Date64), None);
    }
}
