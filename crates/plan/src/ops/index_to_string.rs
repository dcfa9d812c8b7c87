//! The label at an index: Spark's `IndexToString`.

use std::fmt;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;

use super::{Mismatch, Operation, Outputs, doubles, expect_types, room};
use crate::column::{Column, ColumnType};
use crate::error::OpError;

/// Finds the label at each index; a fraction is cut off towards zero.
#[derive(Clone, Debug)]
pub struct IndexToString {
    /// The labels.
    pub labels: Arc<[String]>,
    /// Whether a null or NaN is an error, as from Spark 4.1 on (SPARK-51963); before, a null stayed null and a NaN
    /// meant index 0.
    pub strict: bool,
}

impl Operation for IndexToString {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Double])?;
        Ok(vec![ColumnType::String])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut out = StringBuilder::with_capacity(rows, 0);
        for (row, value) in doubles(inputs[0])?.iter().enumerate() {
            let invalid = || {
                let expected = format!("an index from 0 to {}", self.labels.len().saturating_sub(1));
                OpError::value(inputs[0], row, 0, expected)
            };
            match value {
                None if self.strict => return Err(invalid()),
                None => out.append_null(),
                Some(value) if self.strict && value.is_nan() => return Err(invalid()),
                Some(value) => {
                    // As in Java, the cast cuts towards zero, saturates and takes NaN for 0.
                    let label = usize::try_from(value as i32).ok().and_then(|index| self.labels.get(index));
                    let label = label.ok_or_else(invalid)?;
                    room::check_bytes(row, out.values_slice().len(), label.len())?;
                    out.append_value(label);
                }
            }
        }
        Ok(Column::Array(Arc::new(out.finish())).into())
    }

    fn passes_nulls(&self) -> bool {
        !self.strict
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "index to string [{} labels]", self.labels.len())
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::Float64Array;

    use super::*;

    fn run(strict: bool, value: Option<f64>) -> Result<Option<String>, OpError> {
        let op = IndexToString { labels: Arc::from(["a".to_owned(), "b".to_owned()]), strict };
        let outputs = op.run(1, &[&Column::Array(Arc::new(Float64Array::from(vec![value])))])?;
        Ok(outputs.columns[0].as_strings().unwrap().iter().next().flatten().map(str::to_owned))
    }

    #[test]
    fn fractions_are_cut_off_towards_zero() {
        for (index, label) in [(0.0, "a"), (0.9, "a"), (-0.5, "a"), (1.99, "b")] {
            assert_eq!(run(true, Some(index)).ok().flatten().as_deref(), Some(label), "{index}");
        }
    }

    #[test]
    fn indices_without_a_label_are_refused() {
        for index in [-1.0, 2.0, f64::INFINITY] {
            assert!(run(false, Some(index)).is_err(), "{index}");
        }
    }

    #[test]
    fn nulls_and_nans_changed_in_spark_4_1() {
        assert_eq!(run(false, None).ok().unwrap(), None);
        assert_eq!(run(false, Some(f64::NAN)).ok().flatten().as_deref(), Some("a"));
        assert!(run(true, None).is_err() && run(true, Some(f64::NAN)).is_err());
    }
}
