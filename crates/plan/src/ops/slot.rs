//! The value at one place of a vector.

use std::fmt;

use super::{Mismatch, Operation, Outputs, expect_types, vectors};
use crate::column::{Column, ColumnType, VectorRef};
use crate::error::OpError;

/// The value at a place of each vector; a vector that is null or too short is an error.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// The place, counted from 0.
    pub index: usize,
}

impl Slot {
    fn value(&self, row: VectorRef<'_>) -> Option<f64> {
        match row {
            VectorRef::Dense(values) => values.get(self.index).copied(),
            VectorRef::Sparse { size, indices, values } => {
                let stored = indices.iter().position(|&index| index as usize == self.index);
                (self.index < size).then(|| stored.map_or(0.0, |at| values[at]))
            }
        }
    }
}

impl Operation for Slot {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Double])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut found = Vec::with_capacity(rows);
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            let value = row.and_then(|row| self.value(row));
            let expected = || format!("a vector with a value at {}", self.index);
            found.push(value.ok_or_else(|| OpError::value(inputs[0], at, 0, expected()))?);
        }
        Ok(Column::from_doubles(found).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "slot [{}]", self.index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::VectorBuilder;

    #[test]
    fn dense_and_sparse_vectors_have_slots() {
        let mut rows = VectorBuilder::default();
        rows.push_dense(&[1.0, 2.0]);
        rows.push_sparse(5, &[1, 3], &[7.0, 8.0]);
        rows.push_sparse(5, &[3], &[8.0]);
        let column = Column::Vector(rows.finish());
        let outputs = Slot { index: 1 }.run(3, &[&column]).ok().unwrap();
        assert_eq!(outputs.columns[0].as_doubles().unwrap().values()[..], [2.0, 7.0, 0.0]);
        let Err(OpError::Row(fault)) = Slot { index: 2 }.run(3, &[&column]) else { panic!("a row error") };
        assert_eq!((fault.row, fault.expected.as_str()), (0, "a vector with a value at 2"));
        assert!(matches!(Slot { index: 5 }.run(3, &[&column]), Err(OpError::Row(_))));
    }
}
