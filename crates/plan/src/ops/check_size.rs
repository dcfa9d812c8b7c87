//! Lets vectors of one size through: Spark's `VectorSizeHint`.

use std::fmt;

use smallvec::smallvec;

use super::scale::expect_vector;
use super::slotwise::Slotwise;
use super::{Mismatch, Operation, Outputs, expect_types, vectors};
use crate::column::{Column, ColumnType, mask};
use crate::error::OpError;

/// Passes on vectors of the right size; a null or a vector of another size is an error, or drops its row.
#[derive(Clone, Debug)]
pub struct CheckSize {
    /// The size.
    pub size: usize,
    /// Whether to drop rows.
    pub skip: bool,
}

const HINT: &str = "set handleInvalid to 'skip' in the VectorSizeHint";

impl Slotwise for CheckSize {
    fn size(&self) -> Option<usize> {
        Some(self.size)
    }

    fn at(&self, _slot: usize, x: f64) -> f64 {
        x
    }

    fn ascends(&self, _slot: usize) -> bool {
        true
    }
}

impl Operation for CheckSize {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let column = vectors(inputs[0])?;
        let fits = |row: usize| column.get(row).is_some_and(|vector| vector.size() == self.size);
        if self.skip {
            return Ok(Outputs { columns: smallvec![inputs[0].clone()], keep: Some(mask(rows, fits)) });
        }
        if let Some(at) = (0..rows).find(|&row| !fits(row)) {
            expect_vector(inputs[0], at, column.get(at), Some(self.size))
                .map_err(|error| error.hint(HINT))?;
        }
        Ok(inputs[0].clone().into())
    }

    fn drops_rows(&self) -> bool {
        self.skip
    }

    fn holds_filters(&self) -> bool {
        true
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "check size [{}{}]", self.size, if self.skip { ", skip" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::VectorBuilder;

    #[test]
    fn other_sizes_and_nulls_are_refused_or_dropped() {
        let mut rows = VectorBuilder::default();
        rows.push_dense(&[1.0, 2.0]);
        rows.push_dense(&[1.0]);
        rows.push_null();
        rows.push_sparse(2, &[], &[]);
        let column = Column::Vector(rows.finish());
        let skipped = CheckSize { size: 2, skip: true }.run(4, &[&column]).ok().unwrap();
        assert_eq!(skipped.keep.unwrap().set_indices().collect::<Vec<_>>(), [0, 3]);
        let Err(OpError::Row(fault)) = (CheckSize { size: 2, skip: false }).run(4, &[&column]) else {
            panic!("a row error")
        };
        assert_eq!((fault.row, fault.expected.as_str()), (1, "a vector of size 2"));
    }
}
