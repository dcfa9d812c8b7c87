//! Adds columns of doubles, from the left; null where one is null.

use std::fmt;
use std::sync::Arc;

use arrow_array::{Array, Float64Array};
use arrow_buffer::NullBuffer;

use super::{Mismatch, Operation, Outputs, doubles};
use crate::column::{Column, ColumnType};
use crate::error::OpError;

/// The sum of two columns or more.
#[derive(Clone, Copy, Debug)]
pub struct Add;

impl Operation for Add {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        let odd = inputs.iter().position(|&input| *input != ColumnType::Double);
        match odd.or(inputs.is_empty().then_some(0)) {
            None => Ok(vec![ColumnType::Double]),
            Some(input) => Err(Mismatch { input, expected: ColumnType::Double.to_string() }),
        }
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut sums = vec![0.0; rows];
        let mut nulls = None;
        for (place, input) in inputs.iter().enumerate() {
            let values = doubles(input)?;
            nulls = NullBuffer::union(nulls.as_ref(), values.nulls());
            for (sum, value) in sums.iter_mut().zip(values.values()) {
                *sum = if place == 0 { *value } else { *sum + value };
            }
        }
        Ok(Column::Array(Arc::new(Float64Array::new(sums.into(), nulls))).into())
    }

    fn passes_nulls(&self) -> bool {
        true
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("add")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_null_makes_the_sum_null() {
        let one = Column::from_doubles(vec![1.0, 2.0, -0.0]);
        let other = Column::Array(Arc::new(Float64Array::from(vec![Some(0.5), None, Some(-0.0)])));
        let outputs = Add.run(3, &[&one, &other]).ok().unwrap();
        let sums = outputs.columns[0].as_doubles().unwrap();
        assert_eq!((sums.value(0), sums.is_null(1), sums.null_count()), (1.5, true, 1));
        assert!(sums.value(2).is_sign_negative());
    }
}
