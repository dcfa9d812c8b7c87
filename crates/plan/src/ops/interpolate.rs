//! A step-wise linear function: Spark's isotonic regression.
//!
//! `IsotonicRegressionModel.predict` (`mllib/regression/IsotonicRegression.scala`): the value at a known point,
//! between two points the straight line, outside them the first or last value. The point is looked for as Java's
//! `Arrays.binarySearch` does, which decides among equal points and puts NaN last and -0.0 before 0.0.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use arrow_array::Float64Array;

use super::decide::compare;
use super::{Mismatch, Operation, Outputs, doubles, expect_types};
use crate::column::{Column, ColumnType};
use crate::error::{BuildError, OpError};

/// A step-wise linear function through points.
#[derive(Clone, Debug)]
pub struct Interpolate {
    points: Arc<[f64]>,
    values: Arc<[f64]>,
}

impl Interpolate {
    /// A function with `values` at the `points`, which ascend; equal points may stand beside each other.
    pub fn new(points: Vec<f64>, values: Vec<f64>) -> Result<Interpolate, BuildError> {
        if points.is_empty() || points.len() != values.len() || !points.is_sorted() {
            return Err(BuildError::Invalid(format!(
                "{} points and {} values, expected a value for each of some ascending points",
                points.len(),
                values.len()
            )));
        }
        Ok(Interpolate { points: points.into(), values: values.into() })
    }

    fn at(&self, x: f64) -> f64 {
        let (points, values) = (&self.points, &self.values);
        match search(points, x) {
            Ok(found) => values[found],
            Err(0) => values[0],
            Err(next) if next == points.len() => values[next - 1],
            Err(next) => {
                let (x1, x2) = (points[next - 1], points[next]);
                let (y1, y2) = (values[next - 1], values[next]);
                y1 + (y2 - y1) * (x - x1) / (x2 - x1)
            }
        }
    }
}

/// Where `x` stands among `points`, or where it would; halves as Java does.
fn search(points: &[f64], x: f64) -> Result<usize, usize> {
    let (mut low, mut high) = (0, points.len());
    while low < high {
        let middle = usize::midpoint(low, high - 1);
        match compare(points[middle], x) {
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
            Ordering::Equal => return Ok(middle),
        }
    }
    Err(low)
}

impl Operation for Interpolate {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Double])?;
        Ok(vec![ColumnType::Double])
    }

    fn run(&self, _rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let found: Float64Array = doubles(inputs[0])?.unary(|x| self.at(x));
        Ok(Column::Array(Arc::new(found)).into())
    }

    fn passes_nulls(&self) -> bool {
        true
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "interpolate [{} points]", self.points.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_points_the_line_is_straight() {
        let line = Interpolate::new(vec![0.0, 1.0, 3.0], vec![1.0, 2.0, 6.0]).unwrap();
        let at = |x| line.at(x);
        assert_eq!((at(-5.0), at(0.0), at(0.5), at(2.0), at(3.0)), (1.0, 1.0, 1.5, 4.0, 6.0));
        assert_eq!((at(9.0), at(f64::NAN), at(-f64::NAN), at(-0.0)), (6.0, 6.0, 6.0, 1.0));
    }

    #[test]
    fn the_same_of_equal_points_is_found_as_in_java() {
        let line = Interpolate::new(vec![1.0, 1.0, 1.0, 2.0], vec![1.0, 2.0, 3.0, 4.0]).unwrap();
        assert_eq!(line.at(1.0), 2.0);
    }

    #[test]
    fn points_that_do_not_ascend_are_refused() {
        assert!(Interpolate::new(vec![], vec![]).is_err());
        assert!(Interpolate::new(vec![1.0, 0.0], vec![0.0, 0.0]).is_err());
        assert!(Interpolate::new(vec![f64::NAN, 0.0], vec![0.0, 0.0]).is_err());
        assert!(Interpolate::new(vec![0.0], vec![0.0, 0.0]).is_err());
    }
}
