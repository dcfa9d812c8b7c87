//! Tensors of a request to the columns that a plan reads.
//!
//! A scalar column is a tensor of shape `[rows]` or `[rows, 1]`, a vector column one of `[rows, size]`, a list
//! column one of `[rows, length]`. Integers and narrower floating-point numbers are widened to doubles; nothing
//! else is converted but integers to integer columns that hold them. A tensor that the model does not read is left
//! alone, as Spark's `transform` leaves columns.
//!
//! A model of numbers also takes its whole row as one tensor of any other name, as clients of scikit-learn servers
//! send it (`input-0`, shape `[rows, inputs]`): the columns are the inputs in the order of the signature.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, ListArray, PrimitiveArray, StringArray, TimestampMicrosecondArray,
};
use arrow_buffer::{BooleanBuffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::DataType;
use firesteel_plan::calendar::{read_date, read_timestamp, read_timestamp_ntz};
use firesteel_plan::{Batch, Column, ColumnType, Field, VectorBuilder, VectorColumn};
use thiserror::Error;

use super::datatype::{Datatype, row_shape};
use super::elements::shortened;
use super::tensor::{Data, Tensor};
use crate::json::nearest;

/// Tensors that are not what the model reads; every problem is told.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("{}", .0.join("; "))]
pub(crate) struct InputError(pub(crate) Vec<String>);

impl From<String> for InputError {
    fn from(problem: String) -> InputError {
        InputError(vec![problem])
    }
}

/// What a model reads, and what a plan of it needs of that.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    /// The inputs of the model.
    pub(crate) model: &'a [Field],
    /// The inputs of the plan.
    pub(crate) plan: &'a [Field],
    /// The most rows of a request.
    pub(crate) max_rows: usize,
    /// Whether tensors that the model does not read are refused.
    pub(crate) strict: bool,
}

/// The most tensors of a request, and the most problems that are told.
const MAX_TENSORS: usize = 20_000;
const MAX_PROBLEMS: usize = 20;

/// The batch that these tensors are.
pub(crate) fn batch(tensors: Vec<Tensor>, wanted: Wanted<'_>) -> Result<Batch, InputError> {
    let rows = rows(&tensors, wanted.max_rows)?;
    let tensors = match whole_row(&tensors, wanted.model) {
        Some(columns) => columns,
        None => tensors,
    };
    let mut named: HashMap<&str, &Tensor> = HashMap::with_capacity(tensors.len());
    for tensor in &tensors {
        if named.insert(&tensor.name, tensor).is_some() {
            return Err(format!("tensor '{}' is given twice", shortened(&tensor.name)).into());
        }
    }
    let mut problems = Vec::new();
    let mut columns = Vec::with_capacity(wanted.plan.len());
    for field in wanted.plan {
        match named.get(field.name.as_str()) {
            Some(tensor) => match column(tensor, field, rows) {
                Ok(column) => columns.push(column),
                Err(problem) => problems.push(format!("tensor '{}': {problem}", field.name)),
            },
            None => problems.push(missing(field, &unknown(&tensors, wanted.model))),
        }
        if problems.len() == MAX_PROBLEMS {
            return Err(InputError(problems));
        }
    }
    if wanted.strict {
        problems.extend(unknown(&tensors, wanted.model).iter().map(|name| {
            let near = nearest(name, wanted.model.iter().map(|field| field.name.as_str()));
            let meant = near.map_or_else(String::new, |near| format!("; was '{near}' meant?"));
            format!("the model does not read tensor '{}'{meant}", shortened(name))
        }));
    }
    if problems.is_empty() { Ok(Batch::new(rows, columns)) } else { Err(InputError(problems)) }
}

/// The names of the first tensors that the model does not read.
fn unknown<'t>(tensors: &'t [Tensor], model: &[Field]) -> Vec<&'t str> {
    let known: HashSet<&str> = model.iter().map(|field| field.name.as_str()).collect();
    let names = tensors.iter().map(|tensor| tensor.name.as_str());
    names.filter(|name| !known.contains(name)).take(MAX_PROBLEMS).collect()
}

/// The number of rows that all tensors agree on.
fn rows(tensors: &[Tensor], max_rows: usize) -> Result<usize, InputError> {
    if tensors.len() > MAX_TENSORS {
        return Err(
            format!("the request has {} tensors, expected at most {MAX_TENSORS}", tensors.len()).into()
        );
    }
    let first = tensors.first().ok_or_else(|| "the request has no input tensors".to_owned())?;
    let rows = first.rows();
    if rows > max_rows {
        return Err(format!(
            "tensor '{}' has {rows} rows, expected at most {max_rows} a request",
            first.name
        )
        .into());
    }
    match tensors.iter().find(|tensor| tensor.rows() != rows) {
        Some(other) => {
            let (a, b, found) = (&first.name, &other.name, other.rows());
            Err(format!(
                "tensor '{b}' has {found} rows, but tensor '{a}' has {rows}; the first dimension is the rows"
            )
            .into())
        }
        None => Ok(rows),
    }
}

/// Says that a tensor is missing, and which other one may be meant for it.
fn missing(field: &Field, unknown: &[&str]) -> String {
    let typo = match nearest(&field.name, unknown.iter().copied()) {
        Some(typo) => format!("; was '{typo}' meant for it?"),
        None => String::new(),
    };
    format!("tensor '{}' ({}) is missing{typo}", field.name, describe(field))
}

fn describe(field: &Field) -> String {
    let shape: Vec<String> =
        std::iter::once(-1).chain(row_shape(field)).map(|size| size.to_string()).collect();
    format!("{} [{}]", Datatype::of(&field.column_type), shape.join(","))
}

/// The columns of one tensor that stands for the whole row of a model of numbers.
fn whole_row(tensors: &[Tensor], model: &[Field]) -> Option<Vec<Tensor>> {
    let [tensor] = tensors else { return None };
    let &[rows, width] = tensor.shape.as_slice() else { return None };
    if model.iter().any(|field| field.name == tensor.name)
        || matches!(tensor.data, Data::Bytes(_) | Data::Bool(_))
    {
        return None;
    }
    if let [Field { name, column_type: ColumnType::Vector, .. }] = model {
        return Some(vec![Tensor { name: name.clone(), ..tensor.clone() }]);
    }
    if width < 2 || width != model.len() || !model.iter().all(|field| field.column_type.is_numeric()) {
        return None;
    }
    let columns = model.iter().enumerate().map(|(at, field)| {
        let data = match &tensor.data {
            Data::Int(values) => Data::Int(values.iter().skip(at).step_by(width).copied().collect()),
            Data::Uint(values) => Data::Uint(values.iter().skip(at).step_by(width).copied().collect()),
            Data::Float(values) => Data::Float(values.iter().skip(at).step_by(width).copied().collect()),
            Data::Packed(values) => Data::Packed(values.column(at, width)),
            other => other.clone(),
        };
        let nulls =
            tensor.nulls.iter().filter(|&&null| null % width == at).map(|&null| null / width).collect();
        Tensor { name: field.name.clone(), datatype: tensor.datatype, shape: vec![rows], data, nulls }
    });
    Some(columns.collect())
}

/// The column of this field that a tensor of `rows` rows is.
fn column(tensor: &Tensor, field: &Field, rows: usize) -> Result<Column, String> {
    let per_row = tensor.shape.get(1..).unwrap_or_default();
    if let (Some(null), false) = (tensor.nulls.first(), field.nullable) {
        return Err(format!("found null at element {null}, expected a value"));
    }
    match &field.column_type {
        ColumnType::Vector => vectors(tensor, field, rows).map(Column::Vector),
        ColumnType::Array(item) => match *per_row {
            [length] => lists(tensor, field, item, rows, length),
            _ => Err(wrong_shape(tensor, field)),
        },
        scalar if per_row.iter().all(|&size| size == 1) => array(tensor, scalar).map(Column::Array),
        _ => Err(wrong_shape(tensor, field)),
    }
}

fn wrong_shape(tensor: &Tensor, field: &Field) -> String {
    format!("found shape {:?}, expected {}", tensor.shape, describe(field))
}

fn lists(
    tensor: &Tensor,
    field: &Field,
    item: &ColumnType,
    rows: usize,
    length: usize,
) -> Result<Column, String> {
    let DataType::List(element) = field.column_type.to_arrow() else {
        return Err(wrong_shape(tensor, field));
    };
    let values = array(tensor, item)?;
    let offsets = OffsetBuffer::from_lengths(std::iter::repeat_n(length, rows));
    let lists = ListArray::try_new(element, offsets, values, None).map_err(|error| error.to_string())?;
    Ok(Column::Array(Arc::new(lists)))
}

fn vectors(tensor: &Tensor, field: &Field, rows: usize) -> Result<VectorColumn, String> {
    let &[_, size] = tensor.shape.as_slice() else {
        return Err(wrong_shape(tensor, field));
    };
    if field.size.is_some_and(|expected| expected != size) {
        return Err(wrong_shape(tensor, field));
    }
    let values = doubles(tensor)?;
    if tensor.nulls.is_empty() {
        return Ok(VectorColumn::from_block(rows, size, values));
    }
    let mut nulls = vec![0_usize; rows];
    tensor.nulls.iter().for_each(|&null| nulls[null / size.max(1)] += 1);
    let mut builder = VectorBuilder::with_capacity(rows, size);
    for (row, &null) in nulls.iter().enumerate() {
        match null {
            0 => builder.push_dense(&values[row * size..(row + 1) * size]),
            _ if null == size => builder.push_null(),
            _ => return Err(format!("found a null in the vector of row {row}, expected numbers")),
        }
    }
    Ok(builder.finish())
}

/// All elements as values of a scalar column type.
fn array(tensor: &Tensor, column_type: &ColumnType) -> Result<ArrayRef, String> {
    let nulls = nulls(tensor);
    Ok(match column_type {
        ColumnType::Boolean => match &tensor.data {
            Data::Bool(values) => Arc::new(BooleanArray::new(BooleanBuffer::from(values.as_slice()), nulls)),
            _ => return Err(wrong_datatype(tensor, "BOOL")),
        },
        ColumnType::Byte => Arc::new(integers::<Int8Type>(tensor, Datatype::Int8, nulls)?),
        ColumnType::Short => Arc::new(integers::<Int16Type>(tensor, Datatype::Int16, nulls)?),
        ColumnType::Int => Arc::new(integers::<Int32Type>(tensor, Datatype::Int32, nulls)?),
        ColumnType::Long => Arc::new(integers::<Int64Type>(tensor, Datatype::Int64, nulls)?),
        ColumnType::Float => match own::<Float32Type>(tensor, Datatype::Fp32) {
            Some(values) => Arc::new(PrimitiveArray::<Float32Type>::new(values, nulls)),
            None => Arc::new(PrimitiveArray::<Float32Type>::new(floats(tensor)?.into(), nulls)),
        },
        ColumnType::Double => match own::<Float64Type>(tensor, Datatype::Fp64) {
            Some(values) => Arc::new(PrimitiveArray::<Float64Type>::new(values, nulls)),
            None => Arc::new(PrimitiveArray::<Float64Type>::new(doubles(tensor)?.into(), nulls)),
        },
        ColumnType::String => Arc::new(strings(tensor)?),
        ColumnType::Date => {
            let days = moments(tensor, "a date as 2024-01-31", read_date)?;
            Arc::new(days.into_iter().collect::<Date32Array>())
        }
        ColumnType::Timestamp => {
            let read = |text: &str| read_timestamp(text).ok();
            let micros = moments(tensor, "a timestamp as 2024-01-31T12:00:00Z", read)?;
            Arc::new(micros.into_iter().collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
        }
        ColumnType::TimestampNtz => {
            let micros = moments(tensor, "a timestamp as 2024-01-31T12:00:00", read_timestamp_ntz)?;
            Arc::new(micros.into_iter().collect::<TimestampMicrosecondArray>())
        }
        ColumnType::Array(_) | ColumnType::Decimal(_) | ColumnType::Vector => {
            return Err(format!("{column_type} is no tensor element"));
        }
    })
}

fn nulls(tensor: &Tensor) -> Option<NullBuffer> {
    if tensor.nulls.is_empty() {
        return None;
    }
    let mut valid = vec![true; tensor.data.len()];
    tensor.nulls.iter().for_each(|&null| valid[null] = false);
    Some(NullBuffer::from(valid))
}

/// The elements where they are, if they came as those of the column: of `datatype`.
fn own<T: ArrowPrimitiveType>(tensor: &Tensor, datatype: Datatype) -> Option<ScalarBuffer<T::Native>> {
    match &tensor.data {
        Data::Packed(values) => values.values::<T>(datatype),
        _ => None,
    }
}

fn doubles(tensor: &Tensor) -> Result<Vec<f64>, String> {
    match tensor.data.wide() {
        Cow::Owned(Data::Float(values)) => Ok(values),
        data => match &*data {
            Data::Float(values) => Ok(values.clone()),
            Data::Int(values) => Ok(values.iter().map(|&value| value as f64).collect()),
            Data::Uint(values) => Ok(values.iter().map(|&value| value as f64).collect()),
            _ => Err(wrong_datatype(tensor, "FP64")),
        },
    }
}

fn floats(tensor: &Tensor) -> Result<Vec<f32>, String> {
    match (&*tensor.data.wide(), tensor.datatype) {
        (Data::Float(_), Datatype::Fp64) => Err(wrong_datatype(tensor, "FP32")),
        (Data::Float(values), _) => Ok(values.iter().map(|&value| value as f32).collect()),
        (Data::Int(values), _) => Ok(values.iter().map(|&value| value as f32).collect()),
        (Data::Uint(values), _) => Ok(values.iter().map(|&value| value as f32).collect()),
        _ => Err(wrong_datatype(tensor, "FP32")),
    }
}

fn integers<T: ArrowPrimitiveType>(
    tensor: &Tensor,
    datatype: Datatype,
    nulls: Option<NullBuffer>,
) -> Result<PrimitiveArray<T>, String>
where
    T::Native: TryFrom<i64> + TryFrom<u64>,
{
    if let Some(values) = own::<T>(tensor, datatype) {
        return Ok(PrimitiveArray::new(values, nulls));
    }
    let too_large =
        |value: &dyn std::fmt::Display| format!("found {value}, expected a value of {}", T::DATA_TYPE);
    let values: Vec<T::Native> = match &*tensor.data.wide() {
        Data::Int(values) => values
            .iter()
            .map(|&value| T::Native::try_from(value).map_err(|_| too_large(&value)))
            .collect::<Result<_, _>>()?,
        Data::Uint(values) => values
            .iter()
            .map(|&value| T::Native::try_from(value).map_err(|_| too_large(&value)))
            .collect::<Result<_, _>>()?,
        _ => return Err(wrong_datatype(tensor, "an integer datatype")),
    };
    Ok(PrimitiveArray::new(values.into(), nulls))
}

/// Dates and timestamps, which come as texts.
fn moments<T>(
    tensor: &Tensor,
    expected: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<Option<T>>, String> {
    let texts = strings(tensor)?;
    let each = texts.iter().enumerate().map(|(at, text)| match text.map(&read) {
        None => Ok(None),
        Some(Some(value)) => Ok(Some(value)),
        Some(None) => Err(format!("element {at} is not {expected}")),
    });
    each.collect()
}

fn strings(tensor: &Tensor) -> Result<StringArray, String> {
    let Data::Bytes(values) = &tensor.data else {
        return Err(wrong_datatype(tensor, "BYTES"));
    };
    let mut nulls = tensor.nulls.iter().peekable();
    let texts = values.iter().enumerate().map(|(at, value)| {
        if nulls.next_if_eq(&&at).is_some() {
            return Ok(None);
        }
        let text = std::str::from_utf8(value).map_err(|_| format!("element {at} is not UTF-8"))?;
        Ok(Some(text))
    });
    texts.collect::<Result<_, String>>()
}

fn wrong_datatype(tensor: &Tensor, expected: &str) -> String {
    format!("found {}, expected {expected}", tensor.datatype)
}

#[cfg(test)]
#[path = "inputs_tests.rs"]
mod tests;
