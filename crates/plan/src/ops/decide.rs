//! Chooses a class from raw predictions or probabilities.
//!
//! The rules are those of Spark's `raw2prediction` and `probability2prediction` in
//! `ml/classification/{Classifier,ProbabilisticClassifier,LogisticRegression}.scala`.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use arrow_array::Float64Array;
use smallvec::SmallVec;

use super::scale::expect_vector;
use super::{Mismatch, Operation, Outputs, doubles, vectors};
use crate::column::{Column, ColumnType, VectorRef};
use crate::error::OpError;
use crate::row::{MadeStep, RowStep, RowType};

/// How a class is chosen; the class is a double.
#[derive(Clone, Debug, PartialEq)]
pub enum Decide {
    /// The class with the largest value, the first of equals; a NaN is never larger, nor is anything than a NaN
    /// that stands first.
    Largest,
    /// The class with the largest value, the first of equals, as Java orders doubles: NaN above all numbers, 0.0
    /// above -0.0.
    LargestOrNan,
    /// The class with the largest value above minus infinity, the first of equals, never NaN; -1 where there is none.
    LargestOrNone,
    /// The class with the largest value divided by its threshold, the first of equals; never one that is NaN
    /// unless all are, which is class 0.
    Scaled(Arc<[f64]>),
    /// Class 1 if the value of class 1 is above the threshold, else class 0; of a double, its own value.
    Above(f64),
}

impl Decide {
    /// The class of a row, or what the row lacks.
    fn class(&self, values: &[f64]) -> Result<f64, String> {
        match self {
            Decide::Largest | Decide::LargestOrNan if values.is_empty() => {
                Err("a value for each class".to_owned())
            }
            Decide::Largest => Ok(largest(values, |value, best| value > best) as f64),
            Decide::LargestOrNan => Ok(largest(values, |value, best| compare(value, best).is_gt()) as f64),
            Decide::LargestOrNone => Ok(largest_or_none(values).map_or(-1.0, |class| class as f64)),
            Decide::Scaled(thresholds) if thresholds.len() == values.len() => {
                Ok(scaled(values, thresholds) as f64)
            }
            Decide::Scaled(thresholds) => Err(format!("{} classes", thresholds.len())),
            Decide::Above(threshold) => match values.get(1) {
                Some(value) => Ok(above(*value, *threshold)),
                None => Err("two classes".to_owned()),
            },
        }
    }
}

/// The place of the value that no other is `above`, the first of equals; 0 where there is none.
pub(super) fn largest(values: &[f64], above: impl Fn(f64, f64) -> bool) -> usize {
    let mut best = 0;
    for (class, value) in values.iter().enumerate() {
        if above(*value, values[best]) {
            best = class;
        }
    }
    best
}

fn largest_or_none(values: &[f64]) -> Option<usize> {
    let mut best = (None, f64::NEG_INFINITY);
    for (class, value) in values.iter().enumerate() {
        if *value > best.1 {
            best = (Some(class), *value);
        }
    }
    best.0
}

/// As Java's `Double.compare`: one NaN, greater than every number.
pub(super) fn compare(a: f64, b: f64) -> Ordering {
    let plain = |x: f64| if x.is_nan() { f64::NAN.abs() } else { x };
    plain(a).total_cmp(&plain(b))
}

fn scaled(values: &[f64], thresholds: &[f64]) -> usize {
    let mut best = (0, f64::NEG_INFINITY);
    for (class, (value, threshold)) in values.iter().zip(thresholds).enumerate() {
        let value = value / threshold;
        if value > best.1 {
            best = (class, value);
        }
    }
    best.0
}

fn above(value: f64, threshold: f64) -> f64 {
    f64::from(u8::from(value > threshold))
}

impl Operation for Decide {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        match (self, inputs) {
            (_, [ColumnType::Vector]) | (Decide::Above(_), [ColumnType::Double]) => {
                Ok(vec![ColumnType::Double])
            }
            _ => Err(Mismatch { input: 0, expected: "one column of vectors".to_owned() }),
        }
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        if let Decide::Above(threshold) = self
            && inputs[0].as_vectors().is_none()
        {
            let classes: Float64Array = doubles(inputs[0])?.unary(|value| above(value, *threshold));
            return Ok(Column::Array(Arc::new(classes)).into());
        }
        let column = vectors(inputs[0])?;
        if let (Decide::Largest, Some((2, block))) = (self, column.as_block()) {
            // Without a branch, which for rows of two classes is often foretold wrongly.
            let pairs = block.as_chunks::<2>().0.iter();
            return Ok(Column::from_few(pairs.map(|&[first, second]| above(second, first)).collect()).into());
        }
        let mut classes = SmallVec::with_capacity(rows);
        let mut dense = Vec::new();
        for (at, row) in column.iter().enumerate() {
            let row = expect_vector(inputs[0], at, row, None)?;
            let values = match row {
                VectorRef::Dense(values) => values,
                VectorRef::Sparse { .. } => {
                    row.write_dense(&mut dense);
                    &dense
                }
            };
            classes.push(self.class(values).map_err(|expected| OpError::value(inputs[0], at, 0, expected))?);
        }
        Ok(Column::from_few(classes).into())
    }

    fn row_step(&self, inputs: &[RowType]) -> Option<MadeStep> {
        match inputs {
            [RowType::Vector(_)] => Some((Box::new(self.clone()), RowType::Number)),
            _ => None,
        }
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Decide::Largest => f.write_str("decide [largest]"),
            Decide::LargestOrNan => f.write_str("decide [largest or NaN]"),
            Decide::LargestOrNone => f.write_str("decide [largest or none]"),
            Decide::Scaled(thresholds) => write!(f, "decide [largest by thresholds {thresholds:?}]"),
            Decide::Above(threshold) => write!(f, "decide [above {threshold}]"),
        }
    }
}

impl RowStep for Decide {
    fn run(&mut self, inputs: &[f64], out: &mut [f64]) -> bool {
        self.class(inputs).is_ok_and(|class| {
            out.fill(class);
            true
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::VectorColumn;

    const NAN: f64 = f64::NAN;

    fn class(decide: &Decide, values: &[f64]) -> f64 {
        let column = Column::Vector(VectorColumn::from_block(1, values.len(), values.to_vec()));
        let outputs = decide.run(1, &[&column]).ok().unwrap();
        outputs.columns[0].as_doubles().unwrap().value(0)
    }

    #[test]
    fn the_first_of_equals_is_the_largest() {
        assert_eq!(class(&Decide::Largest, &[1.0, 3.0, 3.0]), 1.0);
        assert_eq!(class(&Decide::Largest, &[-0.0, 0.0]), 0.0);
        assert_eq!(class(&Decide::Largest, &[NAN, 5.0]), 0.0);
        assert_eq!(class(&Decide::Largest, &[1.0, NAN, 2.0]), 2.0);
    }

    #[test]
    fn nan_can_be_the_largest_or_none() {
        assert_eq!(class(&Decide::LargestOrNan, &[1.0, NAN, -NAN]), 1.0);
        assert_eq!(class(&Decide::LargestOrNan, &[-0.0, 0.0, 0.0]), 1.0);
        assert_eq!(class(&Decide::LargestOrNone, &[NAN, 0.5, NAN, 0.5]), 1.0);
        assert_eq!(class(&Decide::LargestOrNone, &[NAN, f64::NEG_INFINITY]), -1.0);
    }

    #[test]
    fn thresholds_divide() {
        let by = |thresholds: &[f64]| Decide::Scaled(Arc::from(thresholds));
        assert_eq!(class(&by(&[0.5, 0.1]), &[0.6, 0.4]), 1.0);
        assert_eq!(class(&by(&[0.5, 0.5]), &[0.5, 0.5]), 0.0);
        assert_eq!(class(&by(&[0.0, 0.5]), &[0.1, 0.9]), 0.0);
        assert_eq!(class(&by(&[0.0, 0.5]), &[0.0, 1.0]), 1.0);
        assert_eq!(class(&by(&[0.5, 0.5]), &[NAN, NAN]), 0.0);
        assert_eq!(class(&by(&[0.5, 0.5]), &[NAN, 0.1]), 1.0);
    }

    #[test]
    fn above_is_strict_and_false_for_nan() {
        assert_eq!(class(&Decide::Above(0.5), &[0.5, 0.5]), 0.0);
        assert_eq!(class(&Decide::Above(0.5), &[0.4, 0.6]), 1.0);
        assert_eq!(class(&Decide::Above(0.5), &[NAN, NAN]), 0.0);
        assert_eq!(class(&Decide::Above(f64::NEG_INFINITY), &[1e300, -1e300]), 1.0);
    }

    #[test]
    fn a_double_is_above_by_itself() {
        let outputs = Decide::Above(0.5).run(2, &[&Column::from_doubles(vec![0.6, 0.5])]).ok().unwrap();
        assert_eq!(outputs.columns[0].as_doubles().unwrap().values()[..], [1.0, 0.0]);
    }

    #[test]
    fn the_wrong_number_of_classes_is_a_row_error() {
        let column = Column::Vector(VectorColumn::from_block(1, 1, vec![1.0]));
        for decide in [Decide::Scaled(Arc::from([0.5, 0.5])), Decide::Above(0.5)] {
            assert!(matches!(decide.run(1, &[&column]), Err(OpError::Row(_))));
        }
        let empty = Column::Vector(VectorColumn::from_block(1, 0, vec![]));
        assert!(matches!(Decide::Largest.run(1, &[&empty]), Err(OpError::Row(_))));
    }
}
