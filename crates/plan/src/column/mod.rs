//! Columns: Arrow arrays for scalars, strings and lists, and the ML vector column.

mod arrow;
mod types;
mod vector;

use std::sync::{Arc, LazyLock};

use arrow_array::builder::BooleanBufferBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, ListArray, StringArray, UInt32Array};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::{ArrowError, DataType};
use smallvec::SmallVec;

use crate::calendar;

pub use types::ColumnType;
pub use vector::{VectorBuilder, VectorColumn, VectorRef};

/// One column of a batch.
#[derive(Clone, Debug)]
pub enum Column {
    /// Scalars, strings and lists, as Arrow holds them.
    Array(ArrayRef),
    /// ML vectors, each row dense or sparse as Spark keeps it.
    Vector(VectorColumn),
}

impl Column {
    /// A column of doubles without nulls.
    pub fn from_doubles(values: Vec<f64>) -> Column {
        Column::Array(Arc::new(Float64Array::from(values)))
    }

    /// A column of one double. Small whole numbers, which classes and categories are, share their columns.
    pub(crate) fn from_double(value: f64) -> Column {
        static WHOLE: LazyLock<Vec<ArrayRef>> = LazyLock::new(|| {
            (0..32).map(|whole| Arc::new(Float64Array::from(vec![f64::from(whole)])) as ArrayRef).collect()
        });
        let whole = value as usize;
        let shared = WHOLE.get(whole).filter(|_| (whole as f64).to_bits() == value.to_bits());
        shared.map_or_else(|| Column::from_doubles(vec![value]), |shared| Column::Array(Arc::clone(shared)))
    }

    /// A column of doubles without nulls, which needs no memory of its own for one of a few numbers.
    pub(crate) fn from_few(values: SmallVec<[f64; 1]>) -> Column {
        match values[..] {
            [only] => Column::from_double(only),
            _ => Column::from_doubles(values.into_vec()),
        }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        match self {
            Column::Array(array) => array.len(),
            Column::Vector(vectors) => vectors.len(),
        }
    }

    /// The bytes that its values take, about.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Column::Vector(vectors) => vectors.bytes(),
            Column::Array(array) => match array.data_type() {
                DataType::Utf8 | DataType::List(_) => array.get_buffer_memory_size(),
                _ => array.len() * size_of::<f64>(),
            },
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The type, or `None` for an Arrow type that plans do not take in (structs, maps, …).
    pub fn column_type(&self) -> Option<ColumnType> {
        match self {
            Column::Array(array) => ColumnType::from_arrow(array.data_type()),
            Column::Vector(_) => Some(ColumnType::Vector),
        }
    }

    /// Which rows are null; `None` when none is.
    pub fn nulls(&self) -> Option<&NullBuffer> {
        match self {
            Column::Array(array) => array.nulls(),
            Column::Vector(vectors) => vectors.nulls(),
        }
    }

    /// Whether the value at `row` is null.
    pub fn is_null(&self, row: usize) -> bool {
        self.nulls().is_some_and(|nulls| nulls.is_null(row))
    }

    /// The rows for which `keep` holds, in order.
    pub fn filter(&self, keep: &BooleanBuffer) -> Result<Column, ArrowError> {
        match self {
            Column::Array(array) => {
                let mask = BooleanArray::new(keep.clone(), None);
                Ok(Column::Array(arrow_select::filter::filter(array.as_ref(), &mask)?))
            }
            Column::Vector(vectors) => Ok(Column::Vector(vectors.take(keep.set_indices()))),
        }
    }

    /// The rows at `rows`, in that order.
    pub fn take(&self, rows: &[u32]) -> Result<Column, ArrowError> {
        match self {
            Column::Array(array) => {
                let indices = UInt32Array::from(rows.to_vec());
                Ok(Column::Array(arrow_select::take::take(array.as_ref(), &indices, None)?))
            }
            Column::Vector(vectors) => Ok(Column::Vector(vectors.take(rows.iter().map(|&row| row as usize)))),
        }
    }

    /// `length` rows from `offset` on, without copying scalars.
    pub fn slice(&self, offset: usize, length: usize) -> Column {
        match self {
            Column::Array(array) => Column::Array(array.slice(offset, length)),
            Column::Vector(vectors) => Column::Vector(vectors.take(offset..offset + length)),
        }
    }

    /// The columns one after another. All must have the same type; at least one is needed.
    pub fn concat(columns: &[&Column]) -> Result<Column, ArrowError> {
        if let Some(Column::Vector(_)) = columns.first() {
            let rows = columns.iter().map(|column| column.len()).sum();
            let mut builder = VectorBuilder::with_capacity(rows, 0);
            for column in columns {
                column.as_vectors().ok_or_else(mixed_types)?.iter().for_each(|row| builder.push_option(row));
            }
            return Ok(Column::Vector(builder.finish()));
        }
        let arrays: Vec<&dyn Array> = columns
            .iter()
            .map(|column| match column {
                Column::Array(array) => Ok(array.as_ref()),
                Column::Vector(_) => Err(mixed_types()),
            })
            .collect::<Result<_, _>>()?;
        Ok(Column::Array(arrow_select::concat::concat(&arrays)?))
    }

    /// This column as doubles, if it holds doubles.
    pub fn as_doubles(&self) -> Option<&Float64Array> {
        self.as_array()?.as_any().downcast_ref()
    }

    /// This column as strings, if it holds strings.
    pub fn as_strings(&self) -> Option<&StringArray> {
        self.as_array()?.as_any().downcast_ref()
    }

    /// This column as lists, if it holds lists.
    pub fn as_lists(&self) -> Option<&ListArray> {
        self.as_array()?.as_any().downcast_ref()
    }

    /// This column as ML vectors, if it holds them.
    pub fn as_vectors(&self) -> Option<&VectorColumn> {
        match self {
            Column::Vector(vectors) => Some(vectors),
            Column::Array(_) => None,
        }
    }

    /// This column as an Arrow array, if it is one.
    pub fn as_array(&self) -> Option<&ArrayRef> {
        match self {
            Column::Array(array) => Some(array),
            Column::Vector(_) => None,
        }
    }

    /// The value at `row` as a person would write it, for error messages; long values are cut.
    pub fn show(&self, row: usize) -> String {
        if self.is_null(row) {
            return "null".to_owned();
        }
        let text = match self {
            Column::Vector(vectors) => match vectors.get(row) {
                Some(vector) => vector.to_string(),
                None => "null".to_owned(),
            },
            Column::Array(array) => match moment(array, row) {
                Some(text) => text,
                None => arrow_cast::display::array_value_to_string(array, row).unwrap_or_default(),
            },
        };
        match text.char_indices().nth(MAX_SHOWN) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }
}

/// A date or timestamp as Spark writes it.
fn moment(array: &ArrayRef, row: usize) -> Option<String> {
    if let Some(days) = array.as_primitive_opt::<Date32Type>() {
        return Some(calendar::show_date(days.value(row)));
    }
    let micros = array.as_primitive_opt::<TimestampMicrosecondType>()?;
    Some(calendar::show_timestamp(micros.value(row)))
}

/// The longest value shown in an error message, in characters.
const MAX_SHOWN: usize = 120;

fn mixed_types() -> ArrowError {
    ArrowError::InvalidArgumentError("columns of different types cannot be joined".to_owned())
}

/// A mask of `rows` bits, each from `keep`.
pub(crate) fn mask(rows: usize, keep: impl Fn(usize) -> bool) -> BooleanBuffer {
    let mut builder = BooleanBufferBuilder::new(rows);
    (0..rows).for_each(|row| builder.append(keep(row)));
    builder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_small_enough_to_be_moved_often() {
        assert!(size_of::<Option<Column>>() <= 104, "{}", size_of::<Option<Column>>());
    }

    #[test]
    fn a_column_of_one_double_holds_it_to_the_bit() {
        for value in [0.0, -0.0, 1.0, 31.0, 32.0, 0.5, -1.0, 1e300, f64::INFINITY, f64::NAN, -f64::NAN] {
            let column = Column::from_double(value);
            assert_eq!(column.as_doubles().unwrap().value(0).to_bits(), value.to_bits(), "{value}");
            assert_eq!(column.len(), 1);
        }
        let classes = [Column::from_double(3.0), Column::from_double(3.0)];
        let [one, other] = classes.each_ref().map(|column| column.as_array().unwrap());
        assert!(Arc::ptr_eq(one, other));
    }
}
