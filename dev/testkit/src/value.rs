//! One answer as a value: from the JSON of `golden/`, or from a column.

use std::fmt;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use firesteel_plan::calendar::{show_date, show_timestamp};
use firesteel_plan::decimal::show;
use firesteel_plan::{Column, VectorColumn, VectorRef};
use serde_json::Value as Json;

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL's null.
    Null,
    /// A boolean.
    Boolean(bool),
    /// A number of any width.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// A dense ML vector.
    Dense(Vec<f64>),
    /// A sparse ML vector: size, indices, values.
    Sparse(usize, Vec<u32>, Vec<f64>),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Boolean(value) => write!(f, "{value}"),
            Value::Number(value) => write!(f, "{value:?}"),
            Value::Text(value) => write!(f, "{value:?}"),
            Value::List(values) => f.debug_list().entries(values).finish(),
            Value::Dense(values) => write!(f, "dense {values:?}"),
            Value::Sparse(size, indices, values) => write!(f, "sparse ({size}, {indices:?}, {values:?})"),
        }
    }
}

impl Value {
    /// Reads the encoding of `golden/`: vectors as `{"dense": […]}` and `{"sparse": [size, indices, values]}`.
    ///
    /// # Errors
    /// When the JSON is not of that encoding.
    pub fn from_json(json: &Json) -> Result<Value, String> {
        Ok(match json {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Boolean(*value),
            Json::Number(_) => Value::Number(number(json)?),
            Json::String(text) => Value::Text(text.clone()),
            Json::Array(items) => Value::List(items.iter().map(Value::from_json).collect::<Result<_, _>>()?),
            Json::Object(fields) => {
                match (fields.get("dense"), fields.get("sparse").and_then(Json::as_array)) {
                    (Some(dense), None) => Value::Dense(numbers(dense)?),
                    (None, Some(parts)) => match parts.as_slice() {
                        [size, indices, values] => {
                            let indices = numbers(indices)?.into_iter().map(|index| index as u32).collect();
                            Value::Sparse(number(size)? as usize, indices, numbers(values)?)
                        }
                        _ => return Err(format!("a sparse vector has three parts: {json}")),
                    },
                    _ => return Err(format!("neither dense nor sparse: {json}")),
                }
            }
        })
    }

    /// The value at `row` of `column`.
    ///
    /// # Errors
    /// When the column has a type that no answer has.
    pub fn from_column(column: &Column, row: usize) -> Result<Value, String> {
        match column {
            Column::Vector(vectors) => Ok(match vectors.get(row) {
                None => Value::Null,
                Some(VectorRef::Dense(values)) => Value::Dense(values.to_vec()),
                Some(VectorRef::Sparse { size, indices, values }) => {
                    Value::Sparse(size, indices.to_vec(), values.to_vec())
                }
            }),
            Column::Array(array) => Value::from_array(array, row),
        }
    }

    fn from_array(array: &ArrayRef, row: usize) -> Result<Value, String> {
        if array.is_null(row) {
            return Ok(Value::Null);
        }
        Ok(match array.data_type() {
            DataType::Boolean => Value::Boolean(array.as_boolean().value(row)),
            DataType::Int8 => Value::Number(f64::from(array.as_primitive::<Int8Type>().value(row))),
            DataType::Int16 => Value::Number(f64::from(array.as_primitive::<Int16Type>().value(row))),
            DataType::Int32 => Value::Number(f64::from(array.as_primitive::<Int32Type>().value(row))),
            DataType::Int64 => Value::Number(array.as_primitive::<Int64Type>().value(row) as f64),
            DataType::Float32 => Value::Number(f64::from(array.as_primitive::<Float32Type>().value(row))),
            DataType::Float64 => Value::Number(array.as_primitive::<Float64Type>().value(row)),
            DataType::Decimal128(_, scale) => {
                let value = array.as_primitive::<Decimal128Type>().value(row);
                Value::Text(show(value, u8::try_from(*scale).unwrap_or_default()))
            }
            DataType::Date32 => Value::Text(show_date(array.as_primitive::<Date32Type>().value(row))),
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                // As Python shows it: six digits behind the point, or none.
                let shown = show_timestamp(array.as_primitive::<TimestampMicrosecondType>().value(row));
                Value::Text(match shown.split_once('.') {
                    Some((seconds, rest)) => format!("{seconds}.{rest:0<6}"),
                    None => shown,
                })
            }
            DataType::Utf8 => Value::Text(array.as_string::<i32>().value(row).to_owned()),
            DataType::List(_) => {
                let items = array.as_list::<i32>().value(row);
                Value::List(
                    (0..items.len()).map(|at| Value::from_array(&items, at)).collect::<Result<_, _>>()?,
                )
            }
            vectors if VectorColumn::is_vector_type(vectors) => {
                let vectors = VectorColumn::from_arrow(array).map_err(|error| error.to_string())?;
                Value::from_column(&Column::Vector(vectors), row)?
            }
            other => return Err(format!("no answer has the type {other}")),
        })
    }
}

/// A number as `golden/` writes it: JSON, or one of the strings "NaN", "Inf" and "-Inf".
pub(crate) fn number(json: &Json) -> Result<f64, String> {
    match json {
        Json::Number(number) => number.as_f64().ok_or_else(|| format!("{number} is not a double")),
        Json::String(text) if text == "NaN" => Ok(f64::NAN),
        Json::String(text) if text == "Inf" => Ok(f64::INFINITY),
        Json::String(text) if text == "-Inf" => Ok(f64::NEG_INFINITY),
        other => Err(format!("{other} is not a number")),
    }
}

fn numbers(json: &Json) -> Result<Vec<f64>, String> {
    json.as_array().ok_or_else(|| format!("{json} is not an array"))?.iter().map(number).collect()
}
