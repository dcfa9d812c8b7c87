//! Shifts and multiplies each slot of a vector: `(x − shift) · factor`.
//!
//! Serves `StandardScalerModel` (mllib's `StandardScalerModel.transform`), `IDFModel` and every other stage that
//! multiplies slot by slot. Without a shift a sparse row stays sparse, explicit zeros included; with one, every
//! row becomes dense.

use std::fmt;
use std::sync::Arc;

use super::slotwise::{Slotwise, keeps_order};
use super::{Mismatch, Operation, Outputs, expect_types, vectors};
use crate::column::{Column, ColumnType, VectorBuilder, VectorColumn, VectorRef};
use crate::error::OpError;
use crate::row::{MadeStep, RowStep, RowType};

/// `(x − shift) · factor`, slot by slot.
#[derive(Clone, Debug)]
pub struct Scale {
    /// Taken from each slot, if there is anything to take.
    pub shift: Option<Arc<[f64]>>,
    /// Multiplies each slot, if there is anything to multiply with.
    pub factor: Option<Arc<[f64]>>,
}

impl Scale {
    pub(super) fn size(&self) -> Option<usize> {
        self.shift.as_ref().or(self.factor.as_ref()).map(|values| values.len())
    }

    /// Shifts and multiplies a row in place.
    pub(super) fn apply(&self, row: &mut [f64]) {
        let row = row.iter_mut();
        match (&self.shift, &self.factor) {
            (None, None) => {}
            (None, Some(factor)) => row.zip(factor.iter()).for_each(|(x, f)| *x *= f),
            (Some(shift), None) => row.zip(shift.iter()).for_each(|(x, s)| *x -= s),
            (Some(shift), Some(factor)) => {
                row.zip(shift.iter()).zip(factor.iter()).for_each(|((x, s), f)| *x = (*x - s) * f);
            }
        }
    }

    /// Shifts and multiplies the values that rows have in one slot.
    #[inline]
    pub(super) fn apply_to_slot(&self, slot: usize, values: &mut [f64]) {
        let at = |values: &Option<Arc<[f64]>>| values.as_ref().map(|values| values[slot]);
        match (at(&self.shift), at(&self.factor)) {
            (None, None) => {}
            (None, Some(factor)) => values.iter_mut().for_each(|x| *x *= factor),
            (Some(shift), None) => values.iter_mut().for_each(|x| *x -= shift),
            (Some(shift), Some(factor)) => values.iter_mut().for_each(|x| *x = (*x - shift) * factor),
        }
    }

    fn scale_row(&self, row: VectorRef<'_>, dense: &mut Vec<f64>, out: &mut VectorBuilder) {
        row.write_dense(dense);
        self.apply(dense);
        out.push_dense(dense);
    }
}

impl Slotwise for Scale {
    fn size(&self) -> Option<usize> {
        Scale::size(self)
    }

    fn at(&self, slot: usize, x: f64) -> f64 {
        let shifted = self.shift.as_ref().map_or(x, |shift| x - shift[slot]);
        self.factor.as_ref().map_or(shifted, |factor| shifted * factor[slot])
    }

    fn ascends(&self, slot: usize) -> bool {
        self.shift.as_ref().is_none_or(|shift| shift[slot].is_finite())
            && self.factor.as_ref().is_none_or(|factor| keeps_order(factor[slot]))
    }
}

impl RowStep for Scale {
    fn run(&mut self, inputs: &[f64], out: &mut [f64]) -> bool {
        out.copy_from_slice(inputs);
        self.apply(out);
        true
    }
}

impl Operation for Scale {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let column = vectors(inputs[0])?;
        if let Some((size, values)) = column.as_block()
            && size > 0
            && self.size().is_none_or(|expected| expected == size)
        {
            let scaled = VectorColumn::fill_block(rows, size, |out| {
                out.copy_from_slice(values);
                out.chunks_exact_mut(size).for_each(|row| self.apply(row));
                Ok::<_, OpError>(())
            })?;
            return Ok(Column::Vector(scaled).into());
        }
        if self.shift.is_none() {
            for (at, row) in column.iter().enumerate() {
                expect_vector(inputs[0], at, row, self.size())?;
            }
            let factor = |slot: usize| self.factor.as_ref().map(|factor| factor[slot]);
            let scaled = column.map_stored(|slot, x| factor(slot).map_or(x, |factor| x * factor));
            return Ok(Column::Vector(scaled).into());
        }
        let mut out = VectorBuilder::with_capacity(rows, self.size().unwrap_or(0));
        let mut dense = Vec::new();
        for (at, row) in column.iter().enumerate() {
            let row = expect_vector(inputs[0], at, row, self.size())?;
            self.scale_row(row, &mut dense, &mut out);
        }
        Ok(Column::Vector(out.finish()).into())
    }

    fn row_step(&self, inputs: &[RowType]) -> Option<MadeStep> {
        match inputs {
            [RowType::Vector(size)] if self.size().is_none_or(|expected| expected == *size) => {
                Some((Box::new(self.clone()), inputs[0]))
            }
            _ => None,
        }
    }

    fn width(&self, _inputs: usize) -> usize {
        self.size().unwrap_or(0)
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |values: &Option<Arc<[f64]>>| if values.is_some() { "yes" } else { "no" };
        write!(f, "scale [shift: {}, factor: {}]", part(&self.shift), part(&self.factor))
    }
}

/// The vector of a row that must not be null and must have the size `expected`, where that is known.
pub(crate) fn expect_vector<'a>(
    column: &Column,
    at: usize,
    row: Option<VectorRef<'a>>,
    expected: Option<usize>,
) -> Result<VectorRef<'a>, OpError> {
    let wanted = || expected.map_or_else(|| "a vector".to_owned(), |size| format!("a vector of size {size}"));
    let row = row.ok_or_else(|| OpError::row(at, 0, "null", wanted()))?;
    match expected {
        Some(size) if row.size() != size => {
            let found = format!("a vector of size {}: {}", row.size(), column.show(at));
            Err(OpError::row(at, 0, found, wanted()))
        }
        _ => Ok(row),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(scale: &Scale, column: VectorColumn) -> VectorColumn {
        let rows = column.len();
        let outputs = scale.run(rows, &[&Column::Vector(column)]).ok().unwrap();
        outputs.columns[0].as_vectors().unwrap().clone()
    }

    #[test]
    fn a_sparse_row_stays_sparse_without_a_shift() {
        let scale = Scale { shift: None, factor: Some(Arc::from([2.0, 0.0, 0.5])) };
        let mut rows = VectorBuilder::default();
        rows.push_sparse(3, &[1, 2], &[7.0, 8.0]);
        rows.push_dense(&[1.0, 2.0, 3.0]);
        let out = run(&scale, rows.finish());
        assert_eq!(out.get(0), Some(VectorRef::Sparse { size: 3, indices: &[1, 2], values: &[0.0, 4.0] }));
        assert_eq!(out.get(1), Some(VectorRef::Dense(&[2.0, 0.0, 1.5])));
    }

    #[test]
    fn a_shift_makes_rows_dense() {
        let scale = Scale { shift: Some(Arc::from([1.0, 1.0])), factor: Some(Arc::from([2.0, 3.0])) };
        let mut rows = VectorBuilder::default();
        rows.push_sparse(2, &[1], &[2.0]);
        assert_eq!(run(&scale, rows.finish()).get(0), Some(VectorRef::Dense(&[-2.0, 3.0])));
    }

    #[test]
    fn the_wrong_size_is_named() {
        let scale = Scale { shift: None, factor: Some(Arc::from([1.0, 1.0])) };
        let column = Column::Vector(VectorColumn::from_block(1, 3, vec![1.0, 2.0, 3.0]));
        let Err(OpError::Row(fault)) = scale.run(1, &[&column]) else { panic!("a row error") };
        assert_eq!(fault.expected, "a vector of size 2");
        assert!(fault.found.starts_with("a vector of size 3"));
    }
}
