//! Saves and columns that the tests make.

use std::sync::Arc;

use arrow_array::{Array as _, ArrayRef, Float64Array, Int8Array, Int32Array, ListArray, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::Field;
use serde_json::Value;

use crate::columns::written;
use crate::golden::Save;

/// The save of a feature stage that has only metadata.
pub(crate) fn feature(class: &str, params: Value) -> Save {
    Save::of(&format!("org.apache.spark.ml.feature.{class}"), &params.to_string())
}

/// The save of a class with these columns in the folder `data`.
pub(crate) fn with_data(class: &str, params: Value, columns: &[(&str, ArrayRef)]) -> Save {
    let save = Save::of(&format!("org.apache.spark.ml.{class}"), &params.to_string());
    save.with("data/part-00000.parquet", written(&named(columns)))
}

/// Columns with names of their own.
pub(crate) fn named(columns: &[(&str, ArrayRef)]) -> Vec<(String, ArrayRef)> {
    columns.iter().map(|(name, array)| ((*name).to_owned(), Arc::clone(array))).collect()
}

pub(crate) fn ints(values: Vec<i32>) -> ArrayRef {
    Arc::new(Int32Array::from(values))
}

pub(crate) fn doubles(values: Vec<f64>) -> ArrayRef {
    Arc::new(Float64Array::from(values))
}

/// Structs of these columns.
pub(crate) fn structs(columns: &[(&str, ArrayRef)]) -> ArrayRef {
    let field = |name: &str, array: &ArrayRef| Arc::new(Field::new(name, array.data_type().clone(), true));
    let fields: Vec<_> =
        columns.iter().map(|(name, array)| (field(name, array), Arc::clone(array))).collect();
    Arc::new(StructArray::from(fields))
}

/// Lists of these lengths, their items one after another.
pub(crate) fn lists(lengths: impl IntoIterator<Item = usize>, items: ArrayRef) -> ArrayRef {
    let field = Arc::new(Field::new("element", items.data_type().clone(), true));
    Arc::new(ListArray::new(field, OffsetBuffer::from_lengths(lengths), items, None))
}

/// Sparse vectors of this size without values.
pub(crate) fn zeros(size: i32, rows: usize) -> ArrayRef {
    structs(&[
        ("type", Arc::new(Int8Array::from(vec![0; rows]))),
        ("size", ints(vec![size; rows])),
        ("indices", lists(vec![0; rows], ints(Vec::new()))),
        ("values", lists(vec![0; rows], doubles(Vec::new()))),
    ])
}

/// A sparse matrix without values, stored column after column.
pub(crate) fn zero_matrix(rows: i32, cols: i32) -> ArrayRef {
    let pointers = vec![0; usize::try_from(cols).unwrap_or(0).min(1 << 20) + 1];
    structs(&[
        ("type", Arc::new(Int8Array::from(vec![0]))),
        ("numRows", ints(vec![rows])),
        ("numCols", ints(vec![cols])),
        ("colPtrs", lists([pointers.len()], ints(pointers))),
        ("rowIndices", lists([0], ints(Vec::new()))),
        ("values", lists([0], doubles(Vec::new()))),
        ("isTransposed", Arc::new(arrow_array::BooleanArray::from(vec![false]))),
    ])
}

/// The golden save with other values in the metadata of its outermost stage.
pub(crate) fn edited(case: &str, edit: impl FnOnce(&mut Value)) -> Save {
    let save = Save::golden(case, "3.5.9");
    let path = save.metadata_files().into_iter().find(|path| path.starts_with("metadata")).unwrap();
    let mut about: Value = serde_json::from_slice(&save.files[&path]).unwrap();
    edit(&mut about);
    save.with(&path, about.to_string())
}
