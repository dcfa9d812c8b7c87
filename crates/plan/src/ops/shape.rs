//! How the scores of a row become a column: shared by operations that score.

use std::convert::Infallible;

use crate::column::{Column, ColumnType, VectorColumn};
use crate::row::RowType;

/// How the scores of a row become a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One score, a column of doubles.
    Scalar,
    /// Any number of scores, a column of vectors.
    Vector,
    /// One score `m` as the vector `[-m, m]`, Spark's raw prediction of two classes.
    Mirrored,
}

impl Shape {
    /// The type of the column.
    pub(crate) fn column_type(self) -> ColumnType {
        match self {
            Shape::Scalar => ColumnType::Double,
            Shape::Vector | Shape::Mirrored => ColumnType::Vector,
        }
    }

    /// Whether rows of `width` scores fit.
    pub(crate) fn takes(self, width: usize) -> bool {
        self == Shape::Vector || width == 1
    }

    /// What a row of `width` scores becomes.
    pub(crate) fn row_type(self, width: usize) -> RowType {
        match self {
            Shape::Scalar => RowType::Number,
            Shape::Vector => RowType::Vector(width),
            Shape::Mirrored => RowType::Vector(2),
        }
    }

    /// Writes what the scores of one row become.
    pub(crate) fn write_row(self, scores: &[f64], out: &mut [f64]) {
        match (self, scores, &mut *out) {
            (Shape::Mirrored, &[score], [first, second]) => (*first, *second) = (-score, score),
            _ => out.copy_from_slice(scores),
        }
    }

    /// The column of `rows` rows, `width` scores each, row after row in `scores`.
    pub(crate) fn column(self, rows: usize, width: usize, scores: Vec<f64>) -> Column {
        match self {
            Shape::Scalar => Column::from_doubles(scores),
            Shape::Vector => Column::Vector(VectorColumn::from_block(rows, width, scores)),
            Shape::Mirrored => {
                let Ok(mirrored) = VectorColumn::fill_block(rows, 2, |out| {
                    let pairs = out.as_chunks_mut::<2>().0.iter_mut();
                    pairs.zip(&scores).for_each(|(pair, &score)| *pair = [-score, score]);
                    Ok::<_, Infallible>(())
                });
                Column::Vector(mirrored)
            }
        }
    }
}
