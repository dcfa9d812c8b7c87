//! The place of the largest value of a vector, as an int: Spark's `Vector.argmax`.

use std::fmt;
use std::sync::Arc;

use arrow_array::Int32Array;

use super::decide::largest;
use super::scale::expect_vector;
use super::{Mismatch, Operation, Outputs, expect_types, vectors};
use crate::column::{Column, ColumnType};
use crate::error::OpError;
use crate::row::{MadeStep, RowStep, RowType};

/// The place of the largest value, the first of equals; a NaN is never larger, nor is anything than a NaN that
/// stands first.
#[derive(Clone, Copy, Debug)]
pub struct LargestPlace;

/// `None` where there are no values.
fn place(values: &[f64]) -> Option<i32> {
    let place = largest(values, |value, best| value > best);
    (!values.is_empty()).then_some(place).and_then(|place| i32::try_from(place).ok())
}

impl Operation for LargestPlace {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Int])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut places = Vec::with_capacity(rows);
        let mut dense = Vec::new();
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            expect_vector(inputs[0], at, row, None)?.write_dense(&mut dense);
            let place = place(&dense);
            places.push(place.ok_or_else(|| OpError::value(inputs[0], at, 0, "a vector with values"))?);
        }
        Ok(Column::Array(Arc::new(Int32Array::from(places))).into())
    }

    fn row_step(&self, inputs: &[RowType]) -> Option<MadeStep> {
        matches!(inputs, [RowType::Vector(_)]).then(|| -> MadeStep { (Box::new(*self), RowType::Number) })
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("place of the largest")
    }
}

impl RowStep for LargestPlace {
    fn run(&mut self, inputs: &[f64], out: &mut [f64]) -> bool {
        place(inputs).is_some_and(|place| {
            out.fill(f64::from(place));
            true
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::VectorBuilder;

    #[test]
    fn the_first_of_equals_is_taken() {
        let mut rows = VectorBuilder::default();
        rows.push_dense(&[1.0, 3.0, 3.0]);
        rows.push_sparse(3, &[2], &[0.5]);
        rows.push_dense(&[f64::NAN, 3.0]);
        let outputs = LargestPlace.run(3, &[&Column::Vector(rows.finish())]).ok().unwrap();
        let places = outputs.columns[0].as_array().unwrap();
        assert_eq!(places.as_any().downcast_ref::<Int32Array>().unwrap().values()[..], [1, 2, 0]);
        let mut empty = VectorBuilder::default();
        empty.push_dense(&[]);
        assert!(matches!(LargestPlace.run(1, &[&Column::Vector(empty.finish())]), Err(OpError::Row(_))));
    }
}
