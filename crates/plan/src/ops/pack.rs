//! Doubles side by side as a dense vector.

use std::fmt;

use arrow_array::Array;

use super::{Mismatch, Operation, Outputs, doubles};
use crate::column::{Column, ColumnType, VectorColumn};
use crate::error::OpError;

/// Columns of doubles as one column of dense vectors, whatever the values; a null is an error.
#[derive(Clone, Copy, Debug)]
pub struct Pack;

impl Operation for Pack {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        match inputs.iter().position(|&input| *input != ColumnType::Double) {
            None => Ok(vec![ColumnType::Vector]),
            Some(input) => Err(Mismatch { input, expected: ColumnType::Double.to_string() }),
        }
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut packed = vec![0.0; rows * inputs.len()];
        for (place, input) in inputs.iter().enumerate() {
            let values = doubles(input)?;
            if let Some(at) = (0..rows).find(|&at| values.is_null(at)) {
                return Err(OpError::row(at, place, "null", "a number"));
            }
            let slots = packed.iter_mut().skip(place).step_by(inputs.len());
            slots.zip(values.values()).for_each(|(slot, value)| *slot = *value);
        }
        Ok(Column::Vector(VectorColumn::from_block(rows, inputs.len(), packed)).into())
    }

    fn width(&self, inputs: usize) -> usize {
        inputs
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("pack")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::Float64Array;

    use super::*;

    #[test]
    fn each_column_has_its_slot() {
        let (one, other) = (Column::from_doubles(vec![1.0, 2.0]), Column::from_doubles(vec![0.0, f64::NAN]));
        let outputs = Pack.run(2, &[&one, &other]).ok().unwrap();
        let found = outputs.columns[0].as_vectors().unwrap();
        assert_eq!(found.get(0).unwrap().values(), [1.0, 0.0]);
        assert!(found.get(1).unwrap().values()[1].is_nan());
        let null = Column::Array(Arc::new(Float64Array::from(vec![Some(1.0), None])));
        assert!(matches!(Pack.run(2, &[&one, &null]), Err(OpError::Row(fault)) if fault.row == 1));
    }
}
