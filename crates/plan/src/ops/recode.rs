//! The number that stands for a number: Spark's `TargetEncoderModel`, one column.

use std::fmt;
use std::sync::Arc;

use arrow_array::Float64Array;

use super::{Mismatch, Operation, Outputs, doubles, expect_types};
use crate::column::{Column, ColumnType};
use crate::error::OpError;

/// Looks numbers up; they match as numbers do, so −0 is 0.
#[derive(Clone, Debug)]
pub struct Recode {
    /// The numbers, ascending, each with what stands for it.
    pub known: Arc<[(f64, f64)]>,
    /// What stands for a null; an error where nothing does.
    pub null: Option<f64>,
    /// What stands for a number that is not known; an error where nothing does.
    pub unknown: Option<f64>,
}

const HINT: &str = "set handleInvalid to 'keep' in the TargetEncoder";

impl Recode {
    fn code(&self, value: Option<f64>) -> Option<f64> {
        let Some(value) = value else { return self.null };
        let at = self.known.partition_point(|&(known, _)| known < value);
        match self.known.get(at) {
            Some(&(known, code)) if known == value => Some(code),
            _ => self.unknown,
        }
    }
}

impl Operation for Recode {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Double])?;
        Ok(vec![ColumnType::Double])
    }

    fn run(&self, _rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let values: &Float64Array = doubles(inputs[0])?;
        let mut codes = Vec::with_capacity(values.len());
        for (row, value) in values.iter().enumerate() {
            codes.push(self.code(value).ok_or_else(|| {
                OpError::value(inputs[0], row, 0, "a category seen in training").hint(HINT)
            })?);
        }
        Ok(Column::from_doubles(codes).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "recode [{} numbers]", self.known.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(null: Option<f64>, unknown: Option<f64>, value: Option<f64>) -> Result<f64, OpError> {
        let op = Recode { known: Arc::from([(0.0, 0.5), (2.0, 0.7)]), null, unknown };
        let column = Column::Array(Arc::new(Float64Array::from(vec![value])));
        Ok(op.run(1, &[&column])?.columns[0].as_doubles().unwrap().value(0))
    }

    #[test]
    fn numbers_are_looked_up() {
        assert_eq!(run(None, None, Some(-0.0)).ok(), Some(0.5));
        assert_eq!(run(None, None, Some(2.0)).ok(), Some(0.7));
        assert_eq!(run(Some(9.0), None, None).ok(), Some(9.0));
        for unknown in [1.0, 3.0, -1.0, f64::NAN] {
            assert_eq!(run(None, Some(8.0), Some(unknown)).ok(), Some(8.0));
            let Err(OpError::Row(fault)) = run(None, None, Some(unknown)) else { panic!("a row error") };
            assert_eq!(fault.expected, "a category seen in training");
        }
    }
}
