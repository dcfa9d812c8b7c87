//! Puts a number in place of missing ones: Spark's `ImputerModel`, one column.
//!
//! Spark casts to double, replaces, and casts back to the column's own type; a long above 2⁵³ is rounded on the way.

use std::fmt;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
};
use arrow_array::{Array, ArrayRef, PrimitiveArray};
use arrow_schema::DataType;

use super::{Mismatch, Operation, Outputs};
use crate::column::{Column, ColumnType};
use crate::error::OpError;

/// Replaces nulls and the values equal to `missing`, where NaN equals NaN.
#[derive(Clone, Debug)]
pub struct Impute {
    /// What counts as missing beside null.
    pub missing: f64,
    /// What takes its place.
    pub surrogate: f64,
}

impl Impute {
    fn value(&self, value: Option<f64>) -> f64 {
        match value {
            Some(value) if value != self.missing && !(value.is_nan() && self.missing.is_nan()) => value,
            _ => self.surrogate,
        }
    }

    fn map<T: ArrowPrimitiveType>(
        &self,
        array: &ArrayRef,
        to: impl Fn(T::Native) -> f64,
        from: impl Fn(f64) -> T::Native,
    ) -> ArrayRef {
        let array = array.as_primitive::<T>();
        Arc::new(PrimitiveArray::<T>::from_iter_values(
            array.iter().map(|value| from(self.value(value.map(&to)))),
        ))
    }
}

impl Operation for Impute {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        match inputs {
            [only] if only.is_numeric() && !matches!(only, ColumnType::Decimal(_)) => {
                Ok(vec![(*only).clone()])
            }
            _ => Err(Mismatch { input: 0, expected: "numbers".to_owned() }),
        }
    }

    fn run(&self, _rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let array =
            inputs[0].as_array().ok_or_else(|| OpError::Internal("numbers were promised".to_owned()))?;
        let imputed = match array.data_type() {
            DataType::Float64 => self.map::<Float64Type>(array, |x| x, |x| x),
            DataType::Float32 => self.map::<Float32Type>(array, f64::from, |x| x as f32),
            DataType::Int64 => self.map::<Int64Type>(array, |x| x as f64, |x| x as i64),
            DataType::Int32 => self.map::<Int32Type>(array, f64::from, |x| x as i32),
            // As in Java, a double becomes an int first and the int is then cut to its low bits.
            DataType::Int16 => self.map::<Int16Type>(array, f64::from, |x| x as i32 as i16),
            DataType::Int8 => self.map::<Int8Type>(array, f64::from, |x| x as i32 as i8),
            other => return Err(OpError::Internal(format!("numbers were promised, not {other}"))),
        };
        Ok(Column::Array(imputed).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "impute [{} by {}]", self.missing, self.surrogate)
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::{Float64Array, Int32Array};

    use super::*;

    fn run(missing: f64, array: impl Array + 'static) -> ArrayRef {
        let op = Impute { missing, surrogate: 1.667 };
        let rows = array.len();
        let outputs = op.run(rows, &[&Column::Array(Arc::new(array))]).ok().unwrap();
        outputs.columns[0].as_array().unwrap().clone()
    }

    #[test]
    fn nulls_and_missing_values_are_replaced() {
        let values = Float64Array::from(vec![Some(f64::NAN), None, Some(2.0), Some(-0.0)]);
        let doubles = |array: ArrayRef| array.as_primitive::<Float64Type>().values().to_vec();
        assert_eq!(doubles(run(f64::NAN, values.clone())), [1.667, 1.667, 2.0, -0.0]);
        let out = doubles(run(0.0, values));
        assert!(out[0].is_nan());
        assert_eq!(out[1..], [1.667, 2.0, 1.667]);
    }

    #[test]
    fn integers_stay_integers() {
        let out = run(7.0, Int32Array::from(vec![Some(7), None, Some(-3)]));
        assert_eq!(out.as_primitive::<Int32Type>().values(), &[1, 1, -3]);
    }
}
