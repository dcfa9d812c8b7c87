//! Picks slots of a vector, in any order: Spark's `VectorSlicer` and feature selectors.

use std::fmt;
use std::sync::Arc;

use super::scale::expect_vector;
use super::{Mismatch, Operation, Outputs, expect_types, vectors};
use crate::column::{Column, ColumnType, VectorBuilder, VectorRef};
use crate::error::OpError;

/// The vector of some slots. A sparse vector stays sparse; a slot beyond its end is zero, while one beyond the end of
/// a dense vector is an error, as in Spark.
#[derive(Clone, Debug)]
pub struct SelectSlots {
    /// The slots in the order in which they come out, each once.
    pub slots: Arc<[u32]>,
    /// Whether a sparse vector keeps the zeros that it stores.
    pub keeps_zeros: bool,
}

impl SelectSlots {
    /// The size that dense vectors have at least.
    fn least(&self) -> usize {
        self.slots.iter().max().map_or(0, |&last| last as usize + 1)
    }
}

impl Operation for SelectSlots {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let least = self.least();
        let mut out = VectorBuilder::with_capacity(rows, self.slots.len());
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            match expect_vector(inputs[0], at, row, None)? {
                VectorRef::Dense(values) if values.len() >= least => {
                    let chosen = self.slots.iter().map(|&slot| values[slot as usize]);
                    out.push_with(self.slots.len(), |out| out.extend(chosen));
                }
                VectorRef::Dense(_) => {
                    return Err(OpError::value(
                        inputs[0],
                        at,
                        0,
                        format!("a vector of size {least} or more"),
                    ));
                }
                VectorRef::Sparse { indices, values, .. } => {
                    let found = self.slots.iter().enumerate().filter_map(|(place, slot)| {
                        let stored = indices.binary_search(slot).ok()?;
                        let value = values[stored];
                        (self.keeps_zeros || value != 0.0).then_some((place as u32, value))
                    });
                    let (places, chosen): (Vec<u32>, Vec<f64>) = found.unzip();
                    out.push_sparse(self.slots.len(), &places, &chosen);
                }
            }
        }
        Ok(Column::Vector(out.finish()).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "select slots [{}]", self.slots.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_come_in_the_order_asked() {
        let op = SelectSlots { slots: Arc::from([3, 0]), keeps_zeros: true };
        let mut rows = VectorBuilder::default();
        rows.push_dense(&[1.0, 2.0, 3.0, 4.0]);
        rows.push_sparse(4, &[0, 1, 3], &[0.0, 5.0, 6.0]);
        rows.push_sparse(2, &[0], &[7.0]);
        let column = Column::Vector(rows.finish());
        let outputs = op.run(3, &[&column]).ok().unwrap();
        let out = outputs.columns[0].as_vectors().unwrap();
        assert_eq!(out.get(0), Some(VectorRef::Dense(&[4.0, 1.0])));
        assert_eq!(out.get(1), Some(VectorRef::Sparse { size: 2, indices: &[0, 1], values: &[6.0, 0.0] }));
        assert_eq!(out.get(2), Some(VectorRef::Sparse { size: 2, indices: &[1], values: &[7.0] }));
        let outputs = SelectSlots { keeps_zeros: false, ..op }.run(3, &[&column]).ok().unwrap();
        let out = outputs.columns[0].as_vectors().unwrap();
        assert_eq!(out.get(1), Some(VectorRef::Sparse { size: 2, indices: &[0], values: &[6.0] }));
    }

    #[test]
    fn a_dense_vector_must_have_the_slots() {
        let op = SelectSlots { slots: Arc::from([1]), keeps_zeros: true };
        let column = Column::Vector(crate::VectorColumn::from_block(1, 1, vec![1.0]));
        let Err(OpError::Row(fault)) = op.run(1, &[&column]) else { panic!("a row error") };
        assert_eq!(fault.expected, "a vector of size 2 or more");
    }
}
