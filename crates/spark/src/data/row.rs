//! The only row of a stage's model data, as most stages have it.

use firesteel_plan::VectorColumn;

use super::{DenseMatrix, Matrix, ModelData};
use crate::error::LoadError;

/// An outer key, and the keys and values of its map.
pub(crate) type NumberMap = (i32, Vec<f64>, Vec<i32>);

/// Model data of one row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    data: &'a ModelData<'a>,
}

impl<'a> Row<'a> {
    pub(super) fn new(data: &'a ModelData<'a>) -> Row<'a> {
        Row { data }
    }

    /// Whether there is a column of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.data.has(name)
    }

    /// A double.
    pub(crate) fn double(&self, name: &str) -> Result<f64, LoadError> {
        self.first(name, self.data.column(name)?.doubles()?)
    }

    /// A 32-bit integer.
    pub(crate) fn int(&self, name: &str) -> Result<i32, LoadError> {
        self.first(name, self.data.column(name)?.ints()?)
    }

    /// A boolean.
    pub(crate) fn boolean(&self, name: &str) -> Result<bool, LoadError> {
        self.first(name, self.data.column(name)?.booleans()?)
    }

    /// A list of doubles.
    pub(crate) fn doubles(&self, name: &str) -> Result<Vec<f64>, LoadError> {
        Ok(self.data.column(name)?.double_lists()?.into_values())
    }

    /// A string.
    pub(crate) fn string(&self, name: &str) -> Result<String, LoadError> {
        self.first(name, self.data.column(name)?.strings()?)
    }

    /// A list of 32-bit integers.
    pub(crate) fn ints(&self, name: &str) -> Result<Vec<i32>, LoadError> {
        Ok(self.data.column(name)?.int_lists()?.into_values())
    }

    /// A list of strings.
    pub(crate) fn strings(&self, name: &str) -> Result<Vec<String>, LoadError> {
        Ok(self.data.column(name)?.string_lists()?.into_values())
    }

    /// A vector, written out in full.
    pub(crate) fn vector(&self, name: &str) -> Result<Vec<f64>, LoadError> {
        self.first(name, self.data.column(name)?.vectors()?)
    }

    /// A vector as it was saved, dense or sparse: the only row of the column.
    pub(crate) fn vector_row(&self, name: &str) -> Result<VectorColumn, LoadError> {
        self.data.column(name)?.vector_rows()
    }

    /// A matrix, written out in full.
    pub(crate) fn dense_matrix(&self, name: &str) -> Result<DenseMatrix, LoadError> {
        self.written_out(self.matrix(name)?)
    }

    /// A matrix as it was saved, dense or sparse.
    pub(crate) fn matrix(&self, name: &str) -> Result<Matrix, LoadError> {
        self.first(name, self.data.column(name)?.matrices()?)
    }

    /// The matrix, written out in full.
    pub(crate) fn written_out(&self, matrix: Matrix) -> Result<DenseMatrix, LoadError> {
        self.data.zeros(matrix.zeros())?;
        Ok(matrix.written_out())
    }

    /// A map of maps from doubles to 32-bit integers: each outer key with the keys and values of its map.
    pub(crate) fn number_maps(&self, name: &str) -> Result<Vec<NumberMap>, LoadError> {
        let (_, slots, maps) = self.data.column(name)?.maps()?;
        let (ends, keys, values) = maps.maps()?;
        let (slots, keys, values) = (slots.ints()?, keys.doubles()?, values.ints()?);
        let mut start = 0;
        let mut made = Vec::with_capacity(slots.len());
        for (slot, end) in slots.into_iter().zip(ends) {
            let of = start..end;
            made.push((slot, keys[of.clone()].to_vec(), values[of].to_vec()));
            start = end;
        }
        Ok(made)
    }

    /// The error for a value that does not do.
    pub(crate) fn error(&self, reason: impl ToString) -> LoadError {
        self.data.error(reason)
    }

    fn first<T>(&self, name: &str, values: Vec<T>) -> Result<T, LoadError> {
        values.into_iter().next().ok_or_else(|| self.data.error(format!("column '{name}' has no row")))
    }
}
