//! Puts numbers and vectors side by side into one vector: Spark's `VectorAssembler`.
//!
//! Zeros of either sign are dropped and each row is then stored dense or sparse, whichever is smaller, as
//! Spark's `Vector.compressed` decides; a NaN inside a vector column is never checked.

use std::fmt;

use smallvec::{SmallVec, smallvec};

use super::{HandleInvalid, Mismatch, Operation, Outputs, doubles, room};
use crate::column::{Column, ColumnType, VectorBuilder, VectorColumn, mask};
use crate::error::OpError;
use crate::row::{MadeStep, RowStep, RowType};

/// When Spark's `Vector.compressed` stores a row as sparse; it changed in Spark 4.1 (SPARK-51340).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SparseRule {
    /// Up to Spark 4.0: `1.5 · (nnz + 1) < size`.
    Ratio,
    /// From Spark 4.1 on: `12 · nnz + 28 < 8 · size + 12`.
    Bytes,
}

impl SparseRule {
    /// Whether a row of `size` values, `active` of them not zero, is stored as sparse.
    pub fn is_sparse(self, size: usize, active: usize) -> bool {
        match self {
            SparseRule::Ratio => 1.5 * (active as f64 + 1.0) < size as f64,
            SparseRule::Bytes => 12 * active + 16 < 8 * size,
        }
    }

    /// Adds the vector of `size` with these active values in the form that Spark would store it in.
    pub(crate) fn push(self, size: usize, indices: &[u32], values: &[f64], out: &mut VectorBuilder) {
        if self.is_sparse(size, values.len()) {
            out.push_sparse(size, indices, values);
        } else {
            out.push_with(size, |dense| {
                let start = dense.len();
                dense.resize(start + size, 0.0);
                for (&index, &value) in indices.iter().zip(values) {
                    dense[start + index as usize] = value;
                }
            });
        }
    }

    /// Adds a vector in the form that Spark would store it in; zeros of either sign leave a sparse one.
    pub(crate) fn push_dense(self, values: &[f64], out: &mut VectorBuilder) {
        let active = values.iter().filter(|&&value| value != 0.0).count();
        if !self.is_sparse(values.len(), active) {
            return out.push_dense(values);
        }
        let stored = values.iter().enumerate().filter(|&(_, &value)| value != 0.0);
        let (indices, stored): (Vec<u32>, Vec<f64>) =
            stored.map(|(index, &value)| (index as u32, value)).unzip();
        out.push_sparse(values.len(), &indices, &stored);
    }
}

/// Puts its inputs, doubles and vectors, side by side.
#[derive(Clone, Debug)]
pub struct Assemble {
    /// What to do with a null, and with a NaN in a column of doubles.
    pub handle_invalid: HandleInvalid,
    /// The size of each input: 1 for doubles, that of every vector where it is known.
    pub sizes: Vec<Option<usize>>,
    /// When a row is stored as sparse.
    pub rule: SparseRule,
}

const HINT: &str = "set handleInvalid to 'keep' or 'skip', or impute the column first";

/// The most missing values that a null vector may stand for: each takes room.
const MAX_MISSING: usize = 1 << 24;

/// The largest vector, as in Spark, which counts in 32 bits.
const MAX_SIZE: usize = i32::MAX as usize;

/// Why a row of numbers is not stored as dense.
pub(super) enum NotDense {
    /// It holds a NaN to look at.
    Nan,
    /// It is stored as sparse; all of its values were written.
    Sparse,
}

impl Assemble {
    /// The sum of the inputs' sizes where all are known.
    fn width(&self) -> Option<usize> {
        self.sizes.iter().copied().sum()
    }

    /// All inputs doubles, no null, no NaN: writes rows straight into a block while none is sparse.
    fn dense_rows(&self, rows: usize, inputs: &[&Column]) -> Option<VectorColumn> {
        let width = inputs.len();
        let columns: SmallVec<[&[f64]; 16]> = inputs
            .iter()
            .map(|column| column.as_doubles().filter(|array| column.nulls().is_none() && !array.is_empty()))
            .map(|array| array.map(|array| &array.values()[..]))
            .collect::<Option<_>>()?;
        let block: Result<VectorColumn, NotDense> = VectorColumn::fill_block(rows, width, |values| {
            for (row, values) in values.chunks_exact_mut(width.max(1)).enumerate() {
                self.dense_row(columns.iter().map(|column| column[row]), values)?;
            }
            Ok(())
        });
        block.ok()
    }

    /// Writes a row of numbers while it is not sparse.
    #[inline(always)]
    pub(super) fn dense_row(
        &self,
        numbers: impl Iterator<Item = f64>,
        out: &mut [f64],
    ) -> Result<(), NotDense> {
        let mut active = 0;
        let width = out.len();
        for (slot, value) in out.iter_mut().zip(numbers) {
            if value.is_nan() && self.handle_invalid != HandleInvalid::Keep {
                return Err(NotDense::Nan);
            }
            active += usize::from(value != 0.0);
            // Adding zero turns the negative zero, which Spark drops as a zero, into a positive one.
            *slot = value + 0.0;
        }
        if self.rule.is_sparse(width, active) { Err(NotDense::Sparse) } else { Ok(()) }
    }

    /// The rows without a null and without a NaN in a column of doubles.
    fn valid_rows(&self, rows: usize, inputs: &[&Column]) -> arrow_buffer::BooleanBuffer {
        mask(rows, |row| {
            inputs.iter().all(|column| {
                !column.is_null(row) && column.as_doubles().is_none_or(|array| !array.value(row).is_nan())
            })
        })
    }

    fn push_row(
        &self,
        row: usize,
        inputs: &[&Column],
        parts: &mut Parts,
        out: &VectorBuilder,
    ) -> Result<(), OpError> {
        parts.clear();
        for (input, column) in inputs.iter().enumerate() {
            if column.is_null(row) {
                self.push_null(row, input, parts)?;
            } else if let Column::Vector(column) = column {
                if let Some(vector) = column.get(row) {
                    room::check_values(row, input, out, parts.values.len() + vector.values().len())?;
                    vector.active().for_each(|(index, value)| parts.push(index, value));
                    parts.size += vector.size();
                }
            } else {
                let value = doubles(column)?.value(row);
                if value.is_nan() && self.handle_invalid == HandleInvalid::Error {
                    return Err(OpError::row(row, input, "NaN", "a number").hint(HINT));
                }
                parts.push(0, value);
                parts.size += 1;
            }
            room::check_values(row, input, out, parts.values.len())?;
            if parts.size > MAX_SIZE {
                let found = format!("{} values with this column", parts.size);
                return Err(OpError::row(row, input, found, format!("{MAX_SIZE} in a vector or less")));
            }
        }
        Ok(())
    }

    fn push_null(&self, row: usize, input: usize, parts: &mut Parts) -> Result<(), OpError> {
        if self.handle_invalid == HandleInvalid::Error {
            return Err(OpError::row(row, input, "null", "a value").hint(HINT));
        }
        let size = self.sizes.get(input).copied().flatten().ok_or_else(|| {
            OpError::row(row, input, "null", "a vector, since the size of this column's vectors is not known")
                .hint("add a VectorSizeHint before the VectorAssembler")
        })?;
        if size > MAX_MISSING {
            let found = format!("null, which stands for {size} missing values");
            return Err(OpError::row(row, input, found, format!("{MAX_MISSING} or less")).hint(HINT));
        }
        (0..size).for_each(|index| parts.push(index, f64::NAN));
        parts.size += size;
        Ok(())
    }
}

/// The active values of the row being assembled.
#[derive(Default)]
struct Parts {
    size: usize,
    indices: Vec<u32>,
    values: Vec<f64>,
}

impl Parts {
    fn clear(&mut self) {
        self.size = 0;
        self.indices.clear();
        self.values.clear();
    }

    fn push(&mut self, index: usize, value: f64) {
        if value != 0.0 {
            self.indices.push((self.size + index) as u32);
            self.values.push(value);
        }
    }
}

impl Operation for Assemble {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        let wrong = inputs.iter().position(|input| !matches!(input, ColumnType::Double | ColumnType::Vector));
        match wrong {
            None => Ok(vec![ColumnType::Vector]),
            Some(input) => Err(Mismatch { input, expected: "numbers, booleans or vectors".to_owned() }),
        }
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        if let Some(block) = self.dense_rows(rows, inputs) {
            return Ok(Column::Vector(block).into());
        }
        let keep = (self.handle_invalid == HandleInvalid::Skip).then(|| self.valid_rows(rows, inputs));
        let mut out = VectorBuilder::with_capacity(rows, self.width().unwrap_or(0));
        let mut parts = Parts::default();
        for row in 0..rows {
            if keep.as_ref().is_some_and(|keep| !keep.value(row)) {
                out.push_null();
                continue;
            }
            self.push_row(row, inputs, &mut parts, &out)?;
            self.rule.push(parts.size, &parts.indices, &parts.values, &mut out);
        }
        Ok(Outputs { columns: smallvec![Column::Vector(out.finish())], keep })
    }

    fn row_step(&self, inputs: &[RowType]) -> Option<MadeStep> {
        let numbers = !inputs.is_empty() && inputs.iter().all(|input| *input == RowType::Number);
        numbers.then(|| -> MadeStep { (Box::new(self.clone()), RowType::Vector(inputs.len())) })
    }

    fn width(&self, inputs: usize) -> usize {
        inputs
    }

    fn drops_rows(&self) -> bool {
        self.handle_invalid == HandleInvalid::Skip
    }

    fn holds_filters(&self) -> bool {
        true
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "assemble [{:?}", self.handle_invalid)?;
        match self.width() {
            Some(width) => write!(f, ", size {width}]"),
            None => f.write_str("]"),
        }
    }
}

/// Rows of numbers that are stored dense.
impl RowStep for Assemble {
    fn run(&mut self, inputs: &[f64], out: &mut [f64]) -> bool {
        self.dense_row(inputs.iter().copied(), out).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::Float64Array;

    use super::super::vectors;
    use super::*;
    use crate::column::VectorRef;

    fn assemble(handle_invalid: HandleInvalid, sizes: &[Option<usize>]) -> Assemble {
        Assemble { handle_invalid, sizes: sizes.to_vec(), rule: SparseRule::Ratio }
    }

    fn numbers(values: &[Option<f64>]) -> Column {
        Column::Array(Arc::new(Float64Array::from(values.to_vec())))
    }

    fn one_vector(outputs: &Outputs) -> &VectorColumn {
        vectors(&outputs.columns[0]).ok().unwrap()
    }

    #[test]
    fn negative_zero_becomes_zero() {
        let columns = [numbers(&[Some(-0.0)]), numbers(&[Some(1.0)])];
        let inputs: Vec<&Column> = columns.iter().collect();
        let outputs = assemble(HandleInvalid::Error, &[Some(1), Some(1)]).run(1, &inputs).ok().unwrap();
        let VectorRef::Dense(values) = one_vector(&outputs).get(0).unwrap() else { panic!("dense") };
        assert!(values[0].is_sign_positive());
    }

    #[test]
    fn few_values_are_stored_sparse() {
        let columns =
            [numbers(&[Some(0.0)]), numbers(&[Some(0.0)]), numbers(&[Some(0.0)]), numbers(&[Some(3.0)])];
        let inputs: Vec<&Column> = columns.iter().collect();
        let outputs = assemble(HandleInvalid::Error, &[Some(1); 4]).run(1, &inputs).ok().unwrap();
        let sparse = VectorRef::Sparse { size: 4, indices: &[3], values: &[3.0] };
        assert_eq!(one_vector(&outputs).get(0), Some(sparse));
    }

    #[test]
    fn nulls_and_nans_follow_handle_invalid() {
        let columns =
            [numbers(&[Some(f64::NAN), Some(1.0), None]), numbers(&[Some(2.0), Some(2.0), Some(2.0)])];
        let inputs: Vec<&Column> = columns.iter().collect();
        let sizes = [Some(1), Some(1)];
        let Err(OpError::Row(fault)) = assemble(HandleInvalid::Error, &sizes).run(3, &inputs) else {
            panic!("a row error");
        };
        assert_eq!((fault.row, fault.input, fault.found.as_str()), (0, 0, "NaN"));
        let skipped = assemble(HandleInvalid::Skip, &sizes).run(3, &inputs).ok().unwrap();
        assert_eq!(skipped.keep.unwrap().set_indices().collect::<Vec<_>>(), [1]);
        let kept = assemble(HandleInvalid::Keep, &sizes).run(3, &inputs).ok().unwrap();
        assert!(one_vector(&kept).get(2).unwrap().values()[0].is_nan());
    }

    #[test]
    fn the_rule_changed_in_spark_4_1() {
        let sparse_up_to =
            |rule: SparseRule, size| (0..=size).filter(|&active| rule.is_sparse(size, active)).count();
        assert_eq!((sparse_up_to(SparseRule::Ratio, 20), sparse_up_to(SparseRule::Bytes, 20)), (13, 12));
        assert_eq!((sparse_up_to(SparseRule::Ratio, 2), sparse_up_to(SparseRule::Bytes, 2)), (1, 0));
    }
}
