//! Converts between types as Spark SQL casts them.

use std::fmt;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int32Type};
use arrow_array::{ArrayRef, StringArray};
use arrow_cast::CastOptions;
use arrow_schema::DataType;

use super::expression::{decimals_to_doubles, decimals_to_strings};
use super::{Mismatch, Operation, Outputs};
use crate::column::{Column, ColumnType};
use crate::error::OpError;
use crate::row::{MadeStep, RowStep, RowType};

/// Numbers and booleans to `double`; numbers and booleans to `string` as Java prints them; floats and doubles to
/// `int`, what is no whole number of 32 bits as Java casts it.
#[derive(Clone, Debug)]
pub struct Cast {
    /// The type to convert to: `double`, `string` or `int`.
    pub to: ColumnType,
}

impl Operation for Cast {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        let [from] = inputs else {
            return Err(Mismatch { input: 0, expected: "one column".to_owned() });
        };
        let scalar = from.is_numeric() || matches!(from, ColumnType::Boolean);
        let whole = self.to == ColumnType::Int && matches!(from, ColumnType::Float | ColumnType::Double);
        if whole || scalar && matches!(self.to, ColumnType::Double | ColumnType::String) {
            Ok(vec![self.to.clone()])
        } else {
            Err(Mismatch { input: 0, expected: format!("a column that casts to {}", self.to) })
        }
    }

    fn run(&self, _rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let array = inputs.first().and_then(|column| column.as_array());
        let array = array.ok_or_else(|| OpError::Internal("a scalar column was promised".to_owned()))?;
        let cast = match self.to {
            ColumnType::String => to_strings(array)?,
            ColumnType::Int => to_ints(array)?,
            _ => to_doubles(array)?,
        };
        Ok(Column::Array(cast).into())
    }

    fn passes_nulls(&self) -> bool {
        true
    }

    /// A number of one row is a double already.
    fn row_step(&self, inputs: &[RowType]) -> Option<MadeStep> {
        let numbers = matches!(self.to, ColumnType::Double | ColumnType::Int) && inputs == [RowType::Number];
        numbers.then(|| -> MadeStep { (Box::new(self.clone()), RowType::Number) })
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cast to {}", self.to)
    }
}

fn to_doubles(array: &ArrayRef) -> Result<ArrayRef, OpError> {
    if let DataType::Decimal128(..) = array.data_type() {
        return decimals_to_doubles(array);
    }
    // The commonest, without the way through Arrow's list of all casts.
    if let Some(ints) = array.as_primitive_opt::<Int32Type>() {
        return Ok(Arc::new(ints.unary::<_, Float64Type>(f64::from)));
    }
    Ok(arrow_cast::cast_with_options(array, &DataType::Float64, &CastOptions::default())?)
}

fn to_ints(array: &ArrayRef) -> Result<ArrayRef, OpError> {
    let doubles = arrow_cast::cast(array, &arrow_schema::DataType::Float64)?;
    Ok(Arc::new(doubles.as_primitive::<Float64Type>().unary::<_, Int32Type>(|value| value as i32)))
}

pub(super) fn to_strings(array: &ArrayRef) -> Result<ArrayRef, OpError> {
    if let Some(doubles) = array.as_primitive_opt::<Float64Type>() {
        let strings: StringArray = doubles.iter().map(|value| value.map(java_double)).collect();
        return Ok(Arc::new(strings));
    }
    if let Some(floats) = array.as_primitive_opt::<Float32Type>() {
        let strings: StringArray = floats.iter().map(|value| value.map(java_float)).collect();
        return Ok(Arc::new(strings));
    }
    if let DataType::Decimal128(..) = array.data_type() {
        return decimals_to_strings(array);
    }
    Ok(arrow_cast::cast(array, &DataType::Utf8)?)
}

/// `value` as Java's `Double.toString` prints it: at least one digit on each side of the point, computerized
/// scientific notation outside 10⁻³ to 10⁷. The digits are the shortest that read back, as in JDK 19 and later.
pub(crate) fn java_double(value: f64) -> String {
    java_number(value, &format!("{value:?}"), &format!("{value:e}"))
}

/// `value` as Java's `Float.toString` prints it.
pub(crate) fn java_float(value: f32) -> String {
    java_number(f64::from(value), &format!("{value:?}"), &format!("{value:e}"))
}

fn java_number(value: f64, plain: &str, scientific: &str) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let size = value.abs();
    if size == 0.0 || (1e-3..1e7).contains(&size) {
        return plain.to_owned();
    }
    let (digits, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let point = if digits.contains('.') { "" } else { ".0" };
    format!("{digits}{point}E{exponent}")
}

impl RowStep for Cast {
    fn run(&mut self, inputs: &[f64], out: &mut [f64]) -> bool {
        match self.to {
            ColumnType::Int => out.iter_mut().zip(inputs).for_each(|(out, x)| *out = f64::from(*x as i32)),
            _ => out.copy_from_slice(inputs),
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_become_ints_as_in_java() {
        let column = Column::from_doubles(vec![3.0, -0.5, f64::NAN, 1e10]);
        let cast = Cast { to: ColumnType::Int }.run(4, &[&column]).ok().unwrap();
        let ints = cast.columns[0].as_array().unwrap().as_primitive::<Int32Type>().values().to_vec();
        assert_eq!(ints, [3, 0, 0, i32::MAX]);
    }

    #[test]
    fn prints_doubles_as_java() {
        let cases = [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (2.5, "2.5"),
            (9_999_999.0, "9999999.0"),
            (1e7, "1.0E7"),
            (1e8, "1.0E8"),
            (1e10, "1.0E10"),
            (1.5e-5, "1.5E-5"),
            (1e-5, "1.0E-5"),
            (0.001, "0.001"),
            (f64::INFINITY, "Infinity"),
            (f64::NAN, "NaN"),
            (1.7976931348623157e308, "1.7976931348623157E308"),
        ];
        for (value, text) in cases {
            assert_eq!(java_double(value), text);
        }
        assert_eq!(java_float(0.1), "0.1");
        assert_eq!(java_float(1e10), "1.0E10");
    }
}
