//! Category indices in place of the values of some slots: Spark's `VectorIndexerModel`.
//!
//! Values match as numbers do, so −0 is 0 and a NaN matches nothing. Of a sparse vector only what is stored is
//! looked up: Spark gives 0 the index 0.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use smallvec::smallvec;

use super::cast::java_double;
use super::scale::expect_vector;
use super::{HandleInvalid, Mismatch, Operation, Outputs, expect_types, vectors};
use crate::column::{Column, ColumnType, VectorBuilder, VectorRef, mask};
use crate::error::OpError;

/// Looks up the values of some slots.
#[derive(Clone, Debug)]
pub struct IndexSlots {
    /// What to do with a value that was not seen: an error, no row, or one more category.
    pub handle_invalid: HandleInvalid,
    /// The size of the vectors.
    pub size: usize,
    /// The categories of slots, each a value with its index, by ascending values; in other slots values stay.
    pub slots: Arc<BTreeMap<usize, Vec<(f64, f64)>>>,
}

const HINT: &str = "set handleInvalid to 'keep' or 'skip' in the VectorIndexer";

impl IndexSlots {
    /// The categories of a slot as Java prints them, by ascending values; `None` where values stay.
    pub fn labels(&self, slot: usize) -> Option<Vec<String>> {
        let categories = self.slots.get(&slot)?;
        Some(categories.iter().map(|&(category, _)| java_double(category)).collect())
    }

    /// The number in place of `value`; `None` where it was not seen and is not kept.
    fn look_up(&self, slot: usize, value: f64) -> Option<f64> {
        let Some(categories) = self.slots.get(&slot) else { return Some(value) };
        let at = categories.partition_point(|&(category, _)| category < value);
        match categories.get(at) {
            Some(&(category, index)) if category == value => Some(index),
            _ if self.handle_invalid == HandleInvalid::Keep => Some(categories.len() as f64),
            _ => None,
        }
    }
}

impl Operation for IndexSlots {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let skip = self.handle_invalid == HandleInvalid::Skip;
        let mut out = VectorBuilder::with_capacity(rows, self.size);
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            let row = expect_vector(inputs[0], at, row, Some(self.size))?;
            let values: Option<Vec<f64>> =
                row.active().map(|(slot, value)| self.look_up(slot, value)).collect();
            match (values, row) {
                (Some(values), VectorRef::Dense(_)) => out.push_dense(&values),
                (Some(values), VectorRef::Sparse { size, indices, .. }) => {
                    out.push_sparse(size, indices, &values);
                }
                (None, _) if skip => out.push_null(),
                (None, _) => {
                    let unseen = row.active().find(|&(slot, value)| self.look_up(slot, value).is_none());
                    let (slot, value) = unseen.unwrap_or_default();
                    let found = format!("{value:?} in slot {slot}");
                    return Err(OpError::row(at, 0, found, "a value seen in training").hint(HINT));
                }
            }
        }
        let out = out.finish();
        let keep = out.nulls().filter(|_| skip).map(|nulls| mask(rows, |row| nulls.is_valid(row)));
        Ok(Outputs { columns: smallvec![Column::Vector(out)], keep })
    }

    fn drops_rows(&self) -> bool {
        self.handle_invalid == HandleInvalid::Skip
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "index slots [{} of {}, {:?}]", self.slots.len(), self.size, self.handle_invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(handle_invalid: HandleInvalid, rows: VectorBuilder) -> Result<Outputs, OpError> {
        let slots = Arc::new(BTreeMap::from([(0, vec![(-1.0, 1.0), (0.0, 0.0), (5.0, 2.0)])]));
        let column = Column::Vector(rows.finish());
        IndexSlots { handle_invalid, size: 2, slots }.run(column.len(), &[&column])
    }

    fn row(first: f64) -> VectorBuilder {
        let mut rows = VectorBuilder::default();
        rows.push_dense(&[first, 7.0]);
        rows
    }

    #[test]
    fn values_become_indices() {
        let mut rows = row(-0.0);
        rows.push_dense(&[5.0, f64::NAN]);
        rows.push_sparse(2, &[1], &[3.0]);
        let outputs = run(HandleInvalid::Error, rows).ok().unwrap();
        let out = outputs.columns[0].as_vectors().unwrap();
        assert_eq!(out.get(0), Some(VectorRef::Dense(&[0.0, 7.0])));
        assert_eq!(out.get(1).map(|row| row.values()[0]), Some(2.0));
        assert_eq!(out.get(2), Some(VectorRef::Sparse { size: 2, indices: &[1], values: &[3.0] }));
    }

    #[test]
    fn unseen_values_follow_handle_invalid() {
        for unseen in [9.0, f64::NAN, -2.0] {
            let kept = run(HandleInvalid::Keep, row(unseen)).ok().unwrap();
            assert_eq!(kept.columns[0].as_vectors().unwrap().get(0), Some(VectorRef::Dense(&[3.0, 7.0])));
            let skipped = run(HandleInvalid::Skip, row(unseen)).ok().unwrap();
            assert_eq!(skipped.keep.unwrap().count_set_bits(), 0);
            let Err(OpError::Row(fault)) = run(HandleInvalid::Error, row(unseen)) else {
                panic!("a row error")
            };
            assert!(fault.found.ends_with("in slot 0"), "{}", fault.found);
        }
    }
}
