//! A column of model data, decoded to plain values.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, BooleanArray, ListArray, PrimitiveArray, StringArray};
use arrow_buffer::ScalarBuffer;
use firesteel_plan::{Column, VectorBuilder, VectorColumn};

use super::{DenseMatrix, Matrix, ModelData, matrix};
use crate::error::LoadError;

/// A column over all part files.
#[derive(Debug)]
pub(crate) struct Values<'a> {
    data: &'a ModelData<'a>,
    name: String,
    arrays: Vec<ArrayRef>,
}

/// A list in each row, one after another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lists<T> {
    ends: Vec<usize>,
    values: Vec<T>,
}

impl<T> Lists<T> {
    /// A single list.
    #[cfg(test)]
    pub(super) fn one(values: Vec<T>) -> Lists<T> {
        Lists { ends: vec![values.len()], values }
    }

    /// The number of lists.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The list of a row; empty where there is no such row.
    pub(crate) fn get(&self, row: usize) -> &[T] {
        let start = row.checked_sub(1).map_or(Some(&0), |before| self.ends.get(before));
        match (start, self.ends.get(row)) {
            (Some(&start), Some(&end)) => &self.values[start..end],
            _ => &[],
        }
    }

    /// Every list in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[T]> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// The values of all lists, one after another.
    pub(crate) fn into_values(self) -> Vec<T> {
        self.values
    }
}

impl<T> FromIterator<Vec<T>> for Lists<T> {
    fn from_iter<I: IntoIterator<Item = Vec<T>>>(lists: I) -> Lists<T> {
        let mut made = Lists { ends: Vec::new(), values: Vec::new() };
        for list in lists {
            made.values.extend(list);
            made.ends.push(made.values.len());
        }
        made
    }
}

impl<'a> Values<'a> {
    pub(super) fn new(data: &'a ModelData<'a>, name: String, arrays: Vec<ArrayRef>) -> Values<'a> {
        Values { data, name, arrays }
    }

    /// The field of this name of a column of structs without nulls.
    pub(crate) fn field(&self, name: &str) -> Result<Values<'a>, LoadError> {
        let mut arrays = Vec::with_capacity(self.arrays.len());
        for array in &self.arrays {
            let found = array.as_struct_opt().filter(|rows| rows.null_count() == 0);
            let field = found.and_then(|rows| rows.column_by_name(name));
            arrays.push(
                field.cloned().ok_or_else(|| self.wrong(array, &format!("structs with a field '{name}'")))?,
            );
        }
        Ok(Values::new(self.data, format!("{}.{name}", self.name), arrays))
    }

    /// Doubles without nulls.
    pub(crate) fn doubles(&self) -> Result<Vec<f64>, LoadError> {
        self.primitives::<Float64Type>("doubles")
    }

    /// 32-bit integers without nulls.
    pub(crate) fn ints(&self) -> Result<Vec<i32>, LoadError> {
        self.primitives::<Int32Type>("ints")
    }

    /// The same where they lie, if one array has them all.
    pub(crate) fn int_buffer(&self) -> Result<ScalarBuffer<i32>, LoadError> {
        self.buffer::<Int32Type>("ints")
    }

    /// Doubles without nulls where they lie, if one array has them all.
    pub(crate) fn double_buffer(&self) -> Result<ScalarBuffer<f64>, LoadError> {
        self.buffer::<Float64Type>("doubles")
    }

    /// 64-bit integers without nulls.
    pub(crate) fn longs(&self) -> Result<Vec<i64>, LoadError> {
        self.primitives::<Int64Type>("longs")
    }

    /// Booleans without nulls.
    pub(crate) fn booleans(&self) -> Result<Vec<bool>, LoadError> {
        let mut values = Vec::new();
        for array in &self.arrays {
            let found: Option<&BooleanArray> = array.as_boolean_opt().filter(|found| found.null_count() == 0);
            values.extend(found.ok_or_else(|| self.wrong(array, "booleans"))?.values().iter());
        }
        Ok(values)
    }

    /// Strings without nulls.
    pub(crate) fn strings(&self) -> Result<Vec<String>, LoadError> {
        let mut values = Vec::new();
        for array in &self.arrays {
            let found: Option<&StringArray> = array.as_string_opt().filter(|found| found.null_count() == 0);
            let found = found.ok_or_else(|| self.wrong(array, "strings"))?;
            values.extend((0..found.len()).map(|row| found.value(row).to_owned()));
        }
        Ok(values)
    }

    /// Lists of doubles; no list and no value is null.
    pub(crate) fn double_lists(&self) -> Result<Lists<f64>, LoadError> {
        let (ends, items) = self.items()?;
        Ok(Lists { ends, values: items.doubles()? })
    }

    /// Lists of floats; no list and no value is null.
    pub(crate) fn float_lists(&self) -> Result<Lists<f32>, LoadError> {
        let (ends, items) = self.items()?;
        Ok(Lists { ends, values: items.primitives::<Float32Type>("floats")? })
    }

    /// Lists of 32-bit integers; no list and no value is null.
    pub(crate) fn int_lists(&self) -> Result<Lists<i32>, LoadError> {
        let (ends, items) = self.items()?;
        Ok(Lists { ends, values: items.ints()? })
    }

    /// Lists of strings; no list and no string is null.
    pub(crate) fn string_lists(&self) -> Result<Lists<String>, LoadError> {
        let (ends, items) = self.items()?;
        Ok(Lists { ends, values: items.strings()? })
    }

    /// Maps: where the entries of each row end, and the keys and values of all entries; no map is null.
    pub(crate) fn maps(&self) -> Result<(Vec<usize>, Values<'a>, Values<'a>), LoadError> {
        let (mut ends, mut end) = (Vec::new(), 0);
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for array in &self.arrays {
            let maps = array.as_map_opt().filter(|maps| maps.null_count() == 0);
            let maps = maps.ok_or_else(|| self.wrong(array, "maps without nulls"))?;
            for row in 0..maps.len() {
                end += maps.value_length(row) as usize;
                ends.push(end);
            }
            let offsets = maps.value_offsets();
            let (from, to) = (offsets[0] as usize, offsets[maps.len()] as usize);
            keys.push(maps.keys().slice(from, to - from));
            values.push(maps.values().slice(from, to - from));
        }
        let named = |part: &str, arrays| Values::new(self.data, format!("{}.{part}", self.name), arrays);
        Ok((ends, named("key", keys), named("value", values)))
    }

    /// Where each row's list ends, and the values of all lists as one array; no list is null.
    pub(crate) fn array_lists(&self) -> Result<(Vec<usize>, ArrayRef), LoadError> {
        let (ends, items) = self.items()?;
        let columns: Vec<Column> = items.arrays.into_iter().map(Column::Array).collect();
        let joined = Column::concat(&columns.iter().collect::<Vec<_>>());
        let joined = joined.map_err(|error| self.data.error(error))?;
        let array = joined.as_array().cloned();
        Ok((ends, array.ok_or_else(|| self.data.error(format!("column '{}' has no lists", self.name)))?))
    }

    /// The keys and values of maps of strings, those of every row one after another; none is null.
    pub(crate) fn string_pairs(&self) -> Result<Vec<(String, String)>, LoadError> {
        let mut pairs = Vec::new();
        for array in &self.arrays {
            let maps = array.as_map_opt().filter(|maps| maps.null_count() == 0);
            let maps = maps.ok_or_else(|| self.wrong(array, "maps without nulls"))?;
            let side = |values: &ArrayRef| {
                Values::new(self.data, self.name.clone(), vec![Arc::clone(values)]).strings()
            };
            pairs.extend(side(maps.keys())?.into_iter().zip(side(maps.values())?));
        }
        Ok(pairs)
    }

    /// The items of lists of lists as lists, those of every row one after another.
    pub(crate) fn flattened(&self) -> Result<Values<'a>, LoadError> {
        Ok(self.items()?.1)
    }

    /// Vectors, written out in full; none is null.
    pub(crate) fn vectors(&self) -> Result<Vec<Vec<f64>>, LoadError> {
        let rows = self.bounded_rows()?;
        let mut vectors = vec![Vec::new(); rows.len()];
        rows.iter().zip(&mut vectors).for_each(|(row, values)| {
            row.into_iter().for_each(|row| row.write_dense(values));
        });
        Ok(vectors)
    }

    /// Vectors, each dense or sparse as it was saved, of which all may be written out; none is null.
    pub(crate) fn bounded_rows(&self) -> Result<VectorColumn, LoadError> {
        let rows = self.vector_rows()?;
        let zeros = rows.iter().flatten().map(|row| row.size() - row.values().len());
        self.data.zeros(zeros.fold(0, usize::saturating_add))?;
        Ok(rows)
    }

    /// Vectors, each dense or sparse as it was saved; none is null. The size of a sparse one is but a word.
    pub(crate) fn vector_rows(&self) -> Result<VectorColumn, LoadError> {
        let mut vectors = VectorBuilder::default();
        for array in &self.arrays {
            let column = VectorColumn::from_arrow(array.as_ref());
            let column =
                column.map_err(|error| self.data.error(format!("column '{}': {error}", self.name)))?;
            for row in column.iter() {
                vectors.push(row.ok_or_else(|| self.wrong(array, "vectors without nulls"))?);
            }
        }
        Ok(vectors.finish())
    }

    /// Matrices, written out in full; none is null.
    pub(crate) fn dense_matrices(&self) -> Result<Vec<DenseMatrix>, LoadError> {
        let matrices = self.matrices()?;
        self.data.zeros(matrices.iter().map(Matrix::zeros).fold(0, usize::saturating_add))?;
        Ok(matrices.into_iter().map(Matrix::written_out).collect())
    }

    /// Matrices, each dense or sparse as it was saved; none is null.
    pub(crate) fn matrices(&self) -> Result<Vec<Matrix>, LoadError> {
        let fields = |name: &str| self.field(name);
        let parts = matrix::Parts {
            kinds: fields("type")?.primitives::<Int8Type>("8-bit integers")?,
            rows: fields("numRows")?.ints()?,
            cols: fields("numCols")?.ints()?,
            pointers: fields("colPtrs")?.nulls_as_empty()?.int_lists()?,
            indices: fields("rowIndices")?.nulls_as_empty()?.int_lists()?,
            values: fields("values")?.double_lists()?,
            transposed: fields("isTransposed")?.booleans()?,
        };
        let mut matrices = Vec::with_capacity(parts.kinds.len());
        for row in 0..parts.kinds.len() {
            let invalid = |reason| self.data.error(format!("column '{}', row {row}: {reason}", self.name));
            self.data.zeros(parts.rows(row).map_err(invalid)?)?;
            matrices.push(parts.matrix(row).map_err(invalid)?);
        }
        Ok(matrices)
    }

    fn buffer<T: ArrowPrimitiveType>(&self, expected: &str) -> Result<ScalarBuffer<T::Native>, LoadError> {
        match self.arrays.as_slice() {
            [only] => Ok(self.without_nulls::<T>(only, expected)?.values().clone()),
            _ => Ok(self.primitives::<T>(expected)?.into()),
        }
    }

    fn primitives<T: ArrowPrimitiveType>(&self, expected: &str) -> Result<Vec<T::Native>, LoadError> {
        let mut values = Vec::with_capacity(self.arrays.iter().map(|array| array.len()).sum());
        for array in &self.arrays {
            values.extend_from_slice(self.without_nulls::<T>(array, expected)?.values());
        }
        Ok(values)
    }

    fn without_nulls<'b, T: ArrowPrimitiveType>(
        &self,
        array: &'b ArrayRef,
        expected: &str,
    ) -> Result<&'b PrimitiveArray<T>, LoadError> {
        let found: Option<&PrimitiveArray<T>> = array.as_primitive_opt();
        found.filter(|found| found.null_count() == 0).ok_or_else(|| self.wrong(array, expected))
    }

    /// Where each row's list ends, and the items of all lists.
    fn items(&self) -> Result<(Vec<usize>, Values<'a>), LoadError> {
        let mut ends = Vec::with_capacity(self.arrays.iter().map(|array| array.len()).sum());
        let mut items = Vec::with_capacity(self.arrays.len());
        for array in &self.arrays {
            let lists = array.as_list_opt::<i32>().filter(|lists| lists.null_count() == 0);
            let lists = lists.ok_or_else(|| self.wrong(array, "lists without nulls"))?;
            let (offsets, before) = (lists.value_offsets(), ends.last().copied().unwrap_or(0));
            let (from, to) = (offsets[0] as usize, offsets[lists.len()] as usize);
            ends.extend(offsets[1..].iter().map(|&end| before + end as usize - from));
            items.push(lists.values().slice(from, to - from));
        }
        Ok((ends, Values::new(self.data, format!("{}[]", self.name), items)))
    }

    /// The same lists, with an empty one in place of each null.
    fn nulls_as_empty(self) -> Result<Values<'a>, LoadError> {
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.arrays.len());
        for array in &self.arrays {
            let lists = array.as_list_opt::<i32>().ok_or_else(|| self.wrong(array, "lists"))?;
            let (field, offsets, values, nulls) = lists.clone().into_parts();
            let filled = (0..lists.len()).all(|row| lists.is_valid(row) || lists.value_length(row) == 0);
            let nulls = if filled { None } else { nulls };
            let lists = ListArray::try_new(field, offsets, values, nulls);
            arrays.push(Arc::new(lists.map_err(|error| self.data.error(error))?));
        }
        Ok(Values { arrays, ..self })
    }

    fn wrong(&self, array: &ArrayRef, expected: &str) -> LoadError {
        let nulls = if array.null_count() > 0 { " with nulls" } else { "" };
        self.data.error(format!(
            "column '{}' is {}{nulls}, expected {expected}",
            self.name,
            array.data_type()
        ))
    }
}
