//! The rows that an expression is computed for, and arrays by their type.

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, BooleanArray, PrimitiveArray, StringArray};
use arrow_buffer::BooleanBuffer;

use crate::column::{Column, mask};
use crate::error::OpError;

/// Columns, and which of their rows count; what the others hold does not matter.
pub(super) struct Rows<'a> {
    pub(super) count: usize,
    pub(super) inputs: &'a [&'a Column],
    active: Option<BooleanBuffer>,
}

impl<'a> Rows<'a> {
    pub(super) fn all(count: usize, inputs: &'a [&'a Column]) -> Rows<'a> {
        Rows { count, inputs, active: None }
    }

    /// Those of these rows for which `holds`.
    pub(super) fn only(&self, holds: impl Fn(usize) -> bool) -> Rows<'a> {
        let active = mask(self.count, |row| self.is_active(row) && holds(row));
        Rows { count: self.count, inputs: self.inputs, active: Some(active) }
    }

    /// Those of these rows where `values` has no null.
    pub(super) fn with(&self, values: &ArrayRef) -> Rows<'a> {
        match values.null_count() {
            0 => Rows { count: self.count, inputs: self.inputs, active: self.active.clone() },
            _ => self.only(|row| values.is_valid(row)),
        }
    }

    pub(super) fn is_active(&self, row: usize) -> bool {
        self.active.as_ref().is_none_or(|active| active.value(row))
    }

    /// The rows that count, as a mask for `zip`.
    pub(super) fn mask(&self) -> BooleanArray {
        BooleanArray::new(mask(self.count, |row| self.is_active(row)), None)
    }
}

/// The arguments of a function, cell by cell; a null is `None`.
pub(super) struct Cells<'a>(pub(super) &'a [ArrayRef]);

impl<'a> Cells<'a> {
    pub(super) fn text(&self, at: usize, row: usize) -> Option<&'a str> {
        let array: &StringArray = self.0.get(at)?.as_string_opt()?;
        array.is_valid(row).then(|| array.value(row))
    }

    pub(super) fn number<T: ArrowPrimitiveType>(&self, at: usize, row: usize) -> Option<T::Native> {
        let array: &PrimitiveArray<T> = self.0.get(at)?.as_primitive_opt()?;
        array.is_valid(row).then(|| array.value(row))
    }

    pub(super) fn int(&self, at: usize, row: usize) -> Option<i32> {
        self.number::<Int32Type>(at, row)
    }
}

pub(super) fn booleans(array: &ArrayRef) -> Result<&BooleanArray, OpError> {
    array.as_boolean_opt().ok_or_else(|| promised("booleans"))
}

pub(super) fn texts(array: &ArrayRef) -> Result<&StringArray, OpError> {
    array.as_string_opt().ok_or_else(|| promised("strings"))
}

pub(super) fn numbers<T: ArrowPrimitiveType>(array: &ArrayRef) -> Result<&PrimitiveArray<T>, OpError> {
    array.as_primitive_opt().ok_or_else(|| promised("numbers"))
}

/// Whether the value at `row` is true, and no null.
pub(super) fn is_true(values: &BooleanArray, row: usize) -> bool {
    values.is_valid(row) && values.value(row)
}

/// The error for an array of another type; types were settled when the plan was built.
pub(super) fn promised(what: &str) -> OpError {
    OpError::Internal(format!("{what} were promised"))
}

/// Runs `$body` with `$T` as the Arrow type of the numbers in `$array`.
macro_rules! by_number_type {
    ($array:expr, $T:ident => $body:expr) => {
        match $array.data_type() {
            arrow_schema::DataType::Int8 => {
                type $T = arrow_array::types::Int8Type;
                $body
            }
            arrow_schema::DataType::Int16 => {
                type $T = arrow_array::types::Int16Type;
                $body
            }
            arrow_schema::DataType::Int32 => {
                type $T = arrow_array::types::Int32Type;
                $body
            }
            arrow_schema::DataType::Int64 => {
                type $T = arrow_array::types::Int64Type;
                $body
            }
            arrow_schema::DataType::Float32 => {
                type $T = arrow_array::types::Float32Type;
                $body
            }
            arrow_schema::DataType::Float64 => {
                type $T = arrow_array::types::Float64Type;
                $body
            }
            arrow_schema::DataType::Decimal128(..) => {
                type $T = arrow_array::types::Decimal128Type;
                $body
            }
            _ => Err(crate::ops::expression::rows::promised("numbers")),
        }
    };
}
pub(super) use by_number_type;
