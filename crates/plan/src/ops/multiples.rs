//! A number times each of some factors, as a vector: Spark's quantiles of a survival time
//! (`ml/regression/AFTSurvivalRegression.scala`).

use std::fmt;
use std::sync::Arc;

use arrow_array::Array;

use super::{Mismatch, Operation, Outputs, doubles, expect_types};
use crate::column::{Column, ColumnType, VectorColumn};
use crate::error::OpError;

/// A number times each factor; a null is an error.
#[derive(Clone, Debug)]
pub struct Multiples {
    /// The factors.
    pub factors: Arc<[f64]>,
}

impl Operation for Multiples {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Double])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let numbers = doubles(inputs[0])?;
        if let Some(at) = (0..rows).find(|&at| numbers.is_null(at)) {
            return Err(OpError::row(at, 0, "null", "a number"));
        }
        let values = numbers.values().iter().flat_map(|number| self.factors.iter().map(move |f| number * f));
        let values = values.collect();
        Ok(Column::Vector(VectorColumn::from_block(rows, self.factors.len(), values)).into())
    }

    fn width(&self, _inputs: usize) -> usize {
        self.factors.len()
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "multiples [{}]", self.factors.len())
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::Float64Array;

    use super::*;

    #[test]
    fn each_factor_has_its_slot() {
        let multiples = Multiples { factors: Arc::from([0.5, 2.0]) };
        let outputs = multiples.run(2, &[&Column::from_doubles(vec![1.0, 3.0])]).ok().unwrap();
        let found = outputs.columns[0].as_vectors().unwrap();
        assert_eq!(found.as_block(), Some((2, &[0.5, 2.0, 1.5, 6.0][..])));
        let null = Column::Array(Arc::new(Float64Array::from(vec![Some(1.0), None])));
        assert!(matches!(multiples.run(2, &[&null]), Err(OpError::Row(fault)) if fault.row == 1));
    }
}
