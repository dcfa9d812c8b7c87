//! Coefficients of linear models, dense or sparse as they were saved.

use firesteel_plan::VectorRef;
use firesteel_plan::ops::Weights;

use crate::data::{Cells, Matrix, Row};
use crate::error::LoadError;

/// The vector in the column `name` as one row of weights.
pub(crate) fn vector_weights(row: &Row<'_>, name: &str) -> Result<Weights, LoadError> {
    let column = row.vector_row(name)?;
    let weights = match column.get(0) {
        None => return Err(row.error(format!("column '{name}' is null, expected a vector"))),
        Some(VectorRef::Dense(values)) => Weights::dense(1, values.len(), values.to_vec()),
        Some(VectorRef::Sparse { size, indices, values }) => {
            Weights::sparse(size, vec![0, values.len()], indices.to_vec(), values.to_vec())
        }
    };
    weights.map_err(|why| row.error(why))
}

/// The rows of a matrix as rows of weights.
pub(crate) fn matrix_weights(row: &Row<'_>, matrix: Matrix) -> Result<Weights, LoadError> {
    let weights = match matrix.cells {
        Cells::Dense(values) => Weights::dense(matrix.rows, matrix.cols, values),
        Cells::Sparse { offsets, indices, values } => Weights::sparse(matrix.cols, offsets, indices, values),
    };
    let weights = weights.map_err(|why| row.error(why))?;
    Ok(if matrix.by_column { weights.by_column() } else { weights })
}
