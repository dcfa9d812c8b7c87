//! The product of two rows of factors, found by whole numbers: Spark's `ALSModel`.
//!
//! Floats are multiplied and added one after another, without fused steps, as Spark does.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float32Array, Float64Array, Int64Array};
use arrow_schema::DataType;
use smallvec::smallvec;

use super::{Mismatch, Operation, Outputs};
use crate::column::{Column, ColumnType, mask};
use crate::error::OpError;

/// Rows of factors by number.
#[derive(Clone, Debug, Default)]
pub struct Factors {
    rank: usize,
    places: HashMap<i32, usize>,
    values: Vec<f32>,
}

impl Factors {
    /// Factors of `ids`, `rank` for each, one after another in `values`; `None` if those are not as many.
    pub fn new(rank: usize, ids: Vec<i32>, values: Vec<f32>) -> Option<Factors> {
        let fits = ids.len().checked_mul(rank) == Some(values.len());
        let places = ids.into_iter().enumerate().map(|(place, id)| (id, place));
        fits.then(|| Factors { rank, places: places.collect(), values })
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    fn get(&self, id: i32) -> Option<&[f32]> {
        let start = self.places.get(&id)? * self.rank;
        self.values.get(start..start + self.rank)
    }
}

/// The dot product of a user's and an item's factors; NaN where one of them is not known.
#[derive(Clone, Debug)]
pub struct DotFactors {
    /// By the first column.
    pub users: Arc<Factors>,
    /// By the second column.
    pub items: Arc<Factors>,
    /// Whether a row without a number is dropped.
    pub drop_unknown: bool,
}

const WHOLE: &str = "a whole number of 32 bits";

/// The ids of a column of numbers; each must be a whole number of 32 bits.
fn ids(column: &Column, input: usize) -> Result<Vec<i32>, OpError> {
    let array: &ArrayRef =
        column.as_array().ok_or_else(|| OpError::Internal("a column of numbers was promised".to_owned()))?;
    let whole = |value: f64| (f64::from(value as i32) == value).then_some(value as i32);
    let found: Vec<Option<i32>> = if matches!(array.data_type(), DataType::Float32 | DataType::Float64) {
        let doubles = arrow_cast::cast(array, &DataType::Float64)?;
        let doubles = doubles.as_any().downcast_ref::<Float64Array>();
        doubles.map_or_else(Vec::new, |all| all.iter().map(|value| value.and_then(whole)).collect())
    } else {
        let longs = arrow_cast::cast(array, &DataType::Int64)?;
        let longs = longs.as_any().downcast_ref::<Int64Array>();
        longs.map_or_else(Vec::new, |all| {
            all.iter().map(|value| value.and_then(|value| value.try_into().ok())).collect()
        })
    };
    let refused = |row| move || OpError::value(column, row, input, WHOLE);
    found.into_iter().enumerate().map(|(row, id)| id.ok_or_else(refused(row))).collect()
}

fn dot(user: &[f32], item: &[f32]) -> f32 {
    user.iter().zip(item).fold(0.0, |sum, (a, b)| sum + a * b)
}

impl Operation for DotFactors {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        let wrong = (0..2).find(|&at| {
            !inputs
                .get(at)
                .is_some_and(|found| found.is_numeric() && !matches!(found, ColumnType::Decimal(_)))
        });
        match wrong {
            Some(input) => Err(Mismatch { input, expected: "numbers".to_owned() }),
            None => Ok(vec![ColumnType::Float]),
        }
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let (users, items) = (ids(inputs[0], 0)?, ids(inputs[1], 1)?);
        let scores = users.into_iter().zip(items).map(|(user, item)| {
            let factors = self.users.get(user).zip(self.items.get(item));
            factors.map_or(f32::NAN, |(user, item)| dot(user, item))
        });
        let scores: Vec<f32> = scores.collect();
        let unknown = self.drop_unknown && scores.iter().any(|score| score.is_nan());
        let keep = unknown.then(|| mask(rows, |row| !scores[row].is_nan()));
        Ok(Outputs { columns: smallvec![Column::Array(Arc::new(Float32Array::from(scores)))], keep })
    }

    fn drops_rows(&self) -> bool {
        self.drop_unknown
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rank = self.users.rank;
        write!(f, "dot of factors [{} users, {} items, rank {rank}]", self.users.len(), self.items.len())
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;
    use arrow_array::types::Float32Type;

    use super::*;

    fn run(drop_unknown: bool, users: Vec<Option<f64>>) -> Result<(Vec<f32>, Option<Vec<bool>>), OpError> {
        let users_known = Factors::new(2, vec![7, 9], vec![1.0, 2.0, 0.5, -1.0]).unwrap();
        let items_known = Factors::new(2, vec![-1], vec![3.0, 5.0]).unwrap();
        let op = DotFactors { users: Arc::new(users_known), items: Arc::new(items_known), drop_unknown };
        let rows = users.len();
        let users = Column::Array(Arc::new(Float64Array::from(users)));
        let items = Column::Array(Arc::new(Int64Array::from(vec![-1; rows])));
        let outputs = op.run(rows, &[&users, &items])?;
        let scores = outputs.columns[0].as_array().unwrap().as_primitive::<Float32Type>().values().to_vec();
        Ok((scores, outputs.keep.map(|keep| keep.iter().collect())))
    }

    #[test]
    fn strangers_have_no_score() {
        let (scores, keep) = run(false, vec![Some(7.0), Some(9.0), Some(8.0)]).ok().unwrap();
        assert_eq!((&scores[..2], scores[2].is_nan(), keep), (&[13.0, -3.5][..], true, None));
        assert_eq!(run(true, vec![Some(8.0), Some(7.0)]).ok().unwrap().1, Some(vec![false, true]));
    }

    #[test]
    fn ids_are_whole_numbers() {
        for odd in [None, Some(7.5), Some(f64::NAN), Some(1e10), Some(-2_147_483_649.0)] {
            let Err(OpError::Row(fault)) = run(false, vec![Some(7.0), odd]) else { panic!("{odd:?}") };
            assert_eq!((fault.row, fault.input), (1, 0));
        }
    }

    #[test]
    fn factors_are_as_many_as_the_rank() {
        assert!(Factors::new(2, vec![1], vec![1.0]).is_none());
    }
}
