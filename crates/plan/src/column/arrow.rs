//! The Arrow form of a vector column: the struct that Spark's `VectorUDT` is stored as.
//!
//! `struct<type: int8 not null, size: int32, indices: list<int32>, values: list<double>>`, where `type` is 0
//! for sparse and 1 for dense, and a dense row leaves `size` and `indices` null.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, Int8Builder, Int32Builder, ListBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int8Type, Int32Type};
use arrow_array::{
    Array, ArrayRef, Float64Array, Int8Array, Int32Array, ListArray, StructArray, new_null_array,
};
use arrow_buffer::{OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Fields};

use super::vector::{VectorBuilder, VectorColumn, VectorRef};

fn fields() -> Fields {
    let list = |item: DataType| DataType::List(Arc::new(Field::new("element", item, false)));
    Fields::from(vec![
        Field::new("type", DataType::Int8, false),
        Field::new("size", DataType::Int32, true),
        Field::new("indices", list(DataType::Int32), true),
        Field::new("values", list(DataType::Float64), true),
    ])
}

/// The Arrow type of [`VectorColumn::to_arrow`].
pub(crate) fn vector_type() -> DataType {
    DataType::Struct(fields())
}

impl VectorColumn {
    /// Whether an Arrow column of this type holds vectors: a struct with these four fields.
    pub fn is_vector_type(data_type: &DataType) -> bool {
        matches!(data_type, DataType::Struct(fields)
            if fields.iter().map(|field| field.name().as_str()).eq(["type", "size", "indices", "values"]))
    }

    /// This column as the struct that Spark's `VectorUDT` is stored as.
    pub fn to_arrow(&self) -> Result<StructArray, ArrowError> {
        if let Some((size, values)) = self.shared_block() {
            return block_to_arrow(self.len(), size, values);
        }
        let mut kinds = Int8Builder::with_capacity(self.len());
        let mut sizes = Int32Builder::with_capacity(self.len());
        let item = |data_type| Field::new("element", data_type, false);
        let mut indices = ListBuilder::new(Int32Builder::new()).with_field(item(DataType::Int32));
        let mut values = ListBuilder::new(Float64Builder::new()).with_field(item(DataType::Float64));
        for row in self.iter() {
            match row {
                None => {
                    kinds.append_value(0);
                    sizes.append_null();
                    indices.append(false);
                    values.append(false);
                }
                Some(VectorRef::Dense(dense)) => {
                    kinds.append_value(1);
                    sizes.append_null();
                    indices.append(false);
                    values.values().append_slice(dense);
                    values.append(true);
                }
                Some(VectorRef::Sparse { size, indices: places, values: active }) => {
                    kinds.append_value(0);
                    sizes.append_value(size as i32);
                    places.iter().for_each(|&place| indices.values().append_value(place as i32));
                    indices.append(true);
                    values.values().append_slice(active);
                    values.append(true);
                }
            }
        }
        let columns: Vec<ArrayRef> = vec![
            Arc::new(kinds.finish()),
            Arc::new(sizes.finish()),
            Arc::new(indices.finish()),
            Arc::new(values.finish()),
        ];
        StructArray::try_new(fields(), columns, self.nulls().cloned())
    }

    /// Reads vectors from the struct that Spark's `VectorUDT` is stored as; every row is checked.
    pub fn from_arrow(array: &dyn Array) -> Result<VectorColumn, ArrowError> {
        let rows = array.as_struct_opt().ok_or_else(|| invalid("a vector column is a struct"))?;
        let column = |name: &str| {
            rows.column_by_name(name).ok_or_else(|| invalid(&format!("a vector struct has a field '{name}'")))
        };
        let kinds = column("type")?.as_primitive_opt::<Int8Type>();
        let sizes = column("size")?.as_primitive_opt::<Int32Type>();
        let indices = column("indices")?.as_list_opt::<i32>();
        let values = column("values")?.as_list_opt::<i32>();
        let (Some(kinds), Some(sizes), Some(indices), Some(values)) = (kinds, sizes, indices, values) else {
            return Err(invalid(
                "a vector struct is <type int8, size int32, indices list<int32>, values list<double>>",
            ));
        };
        if let Some(block) = block_from_arrow(rows, kinds, values) {
            return Ok(block);
        }
        let mut builder = VectorBuilder::with_capacity(rows.len(), 0);
        let mut places = Vec::new();
        for row in 0..rows.len() {
            if rows.is_null(row) {
                builder.push_null();
                continue;
            }
            let items = values.value(row);
            let items = items.as_primitive_opt::<Float64Type>().filter(|items| items.null_count() == 0);
            let items = items.ok_or_else(|| invalid("the values of a vector are doubles without nulls"))?;
            if values.is_null(row) {
                return Err(invalid(&format!("row {row}: a vector without values")));
            }
            match kinds.value(row) {
                1 => builder.push_dense(items.values()),
                0 if sizes.is_null(row) || sizes.value(row) < 0 || indices.is_null(row) => {
                    return Err(invalid(&format!("row {row}: a sparse vector without size or indices")));
                }
                0 => {
                    let size = sizes.value(row) as usize;
                    read_places(&indices.value(row), size, items.len(), &mut places)
                        .map_err(|problem| invalid(&format!("row {row}: {problem}")))?;
                    builder.push_sparse(size, &places, items.values());
                }
                kind => {
                    return Err(invalid(&format!(
                        "row {row}: vector type {kind}, expected 0 (sparse) or 1 (dense)"
                    )));
                }
            }
        }
        Ok(builder.finish())
    }
}

/// Dense rows of one size, none of them null: the values lie as they will lie in the list.
fn block_to_arrow(len: usize, size: usize, values: ScalarBuffer<f64>) -> Result<StructArray, ArrowError> {
    if i32::try_from(values.len()).is_err() {
        return Err(invalid(&format!("{} values are too many for a list", values.len())));
    }
    let fields = fields();
    let item = Arc::new(Field::new("element", DataType::Float64, false));
    let offsets = OffsetBuffer::from_repeated_length(size, len);
    let values = ListArray::try_new(item, offsets, Arc::new(Float64Array::new(values, None)), None)?;
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int8Array::from(vec![1; len])),
        Arc::new(Int32Array::new_null(len)),
        new_null_array(fields[2].data_type(), len),
        Arc::new(values),
    ];
    StructArray::try_new(fields, columns, None)
}

/// Rows that are dense, of one size and none of them null, as one copy of their values.
fn block_from_arrow(rows: &StructArray, kinds: &Int8Array, values: &ListArray) -> Option<VectorColumn> {
    let dense =
        rows.null_count() == 0 && values.null_count() == 0 && kinds.values().iter().all(|&kind| kind == 1);
    let offsets = values.value_offsets();
    let (&first, &last) = (offsets.first()?, offsets.last()?);
    let size = offsets.get(1)? - first;
    let even = offsets.windows(2).all(|pair| pair[1] - pair[0] == size);
    let items = values.values().as_primitive_opt::<Float64Type>()?;
    if !dense || !even || items.null_count() > 0 {
        return None;
    }
    let items = items.values().get(first as usize..last as usize)?;
    Some(VectorColumn::from_block(rows.len(), size as usize, items.to_vec()))
}

/// The indices of one sparse row, checked to ascend below `size` and to be `expected` many.
fn read_places(array: &ArrayRef, size: usize, expected: usize, places: &mut Vec<u32>) -> Result<(), String> {
    let array = array.as_primitive_opt::<Int32Type>().ok_or("the indices of a vector are int32")?;
    if array.len() != expected {
        return Err(format!("a sparse vector with {} indices for {expected} values", array.len()));
    }
    places.clear();
    for &index in array.values() {
        let next = u32::try_from(index).ok().filter(|&index| (index as usize) < size);
        let next = next.ok_or_else(|| format!("sparse index {index} is not within 0..{size}"))?;
        if places.last().is_some_and(|&last| last >= next) {
            return Err(format!("sparse index {next} does not ascend"));
        }
        places.push(next);
    }
    Ok(())
}

fn invalid(message: &str) -> ArrowError {
    ArrowError::InvalidArgumentError(message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_survives_the_struct() {
        let mut builder = VectorBuilder::default();
        builder.push_dense(&[1.0, f64::NAN]);
        builder.push_null();
        builder.push_sparse(5, &[0, 4], &[0.0, -2.0]);
        builder.push_sparse(2, &[], &[]);
        let column = builder.finish();
        let back = VectorColumn::from_arrow(&column.to_arrow().unwrap()).unwrap();
        assert_eq!(back.len(), 4);
        for (before, after) in column.iter().zip(back.iter()) {
            assert_eq!(format!("{before:?}"), format!("{after:?}"));
        }
    }

    #[test]
    fn blocks_survive_the_struct() {
        for rows in [1, 3, 20] {
            let values: Vec<f64> = (0..rows * 3).map(|at| at as f64 / 7.0).collect();
            let array = VectorColumn::from_block(rows, 3, values.clone()).to_arrow().unwrap();
            assert_eq!(array.column(0).null_count() + array.column(3).null_count(), 0);
            assert_eq!((array.column(1).null_count(), array.column(2).null_count()), (rows, rows));
            let back = VectorColumn::from_arrow(&array).unwrap();
            assert_eq!(back.as_block(), Some((3, values.as_slice())));
            let rest = VectorColumn::from_arrow(&array.slice(1, rows - 1)).unwrap();
            let kept = rest.iter().map(|row| row.unwrap().values().to_vec()).collect::<Vec<_>>().concat();
            assert_eq!(kept, values[3..]);
        }
    }

    #[test]
    fn rows_of_different_sizes_are_no_block() {
        let mut builder = VectorBuilder::default();
        builder.push_dense(&[1.0]);
        builder.push_dense(&[2.0, 3.0]);
        let back = VectorColumn::from_arrow(&builder.finish().to_arrow().unwrap()).unwrap();
        assert_eq!(back.get(1), Some(VectorRef::Dense(&[2.0, 3.0])));
        assert_eq!(back.as_block(), None);
    }

    #[test]
    fn wrong_indices_are_refused() {
        let refuse = |indices: &[i32]| {
            let array: ArrayRef = Arc::new(arrow_array::Int32Array::from(indices.to_vec()));
            read_places(&array, 3, 2, &mut Vec::new()).unwrap_err()
        };
        assert!(refuse(&[0]).contains("1 indices for 2 values"));
        assert!(refuse(&[0, 3]).contains("not within 0..3"));
        assert!(refuse(&[-1, 0]).contains("not within 0..3"));
        assert!(refuse(&[1, 1]).contains("does not ascend"));
    }
}
