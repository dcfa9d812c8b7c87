//! Functions that answer whole numbers of 64 bits.

use std::sync::Arc;

use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{ArrayRef, Int64Array};

use super::rows::{Cells, Rows};
use crate::column::ColumnType;

/// A function that answers a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountFunction {
    /// The product of all numbers from 1 on; null where it does not fit.
    Factorial,
    /// The part of a range that a number lies in, of so many: 0 before it, one more than there are behind it.
    WidthBucket,
    /// The place of a number in its bitmap of 32768 bits, counted from 0.
    BitmapPlace,
    /// The bitmap that a number is in.
    BitmapNumber,
}

/// The bits of a bitmap.
const BITMAP: i64 = 8 * 4096;

impl CountFunction {
    /// The types that it takes.
    pub fn types(self) -> Vec<ColumnType> {
        use ColumnType::{Double, Int, Long};
        match self {
            CountFunction::Factorial => vec![Int],
            CountFunction::WidthBucket => vec![Double, Double, Double, Long],
            CountFunction::BitmapPlace | CountFunction::BitmapNumber => vec![Long],
        }
    }

    pub(super) fn run(self, arguments: &[ArrayRef], rows: &Rows) -> ArrayRef {
        let cells = Cells(arguments);
        let double = |at: usize, row: usize| cells.number::<Float64Type>(at, row);
        let value = |row: usize| match self {
            CountFunction::Factorial => factorial(cells.int(0, row)?),
            CountFunction::BitmapPlace => match cells.number::<Int64Type>(0, row)? {
                above if above > 0 => Some((above - 1) % BITMAP),
                value => Some(value.wrapping_neg() % BITMAP),
            },
            CountFunction::BitmapNumber => match cells.number::<Int64Type>(0, row)? {
                above if above > 0 => Some(1 + (above - 1) / BITMAP),
                value => Some(value / BITMAP),
            },
            CountFunction::WidthBucket => {
                let buckets = cells.number::<Int64Type>(3, row)?;
                bucket(double(0, row)?, double(1, row)?, double(2, row)?, buckets)
            }
        };
        Arc::new((0..rows.count).map(value).collect::<Int64Array>())
    }
}

fn factorial(of: i32) -> Option<i64> {
    (0..=20).contains(&of).then(|| (1..=i64::from(of)).product())
}

/// A range from more to less is counted downwards.
fn bucket(value: f64, from: f64, to: f64, buckets: i64) -> Option<i64> {
    let odd = value.is_nan() || !from.is_finite() || !to.is_finite() || from == to;
    if odd || buckets <= 0 || buckets == i64::MAX {
        return None;
    }
    let (done, width) = if from < to { (value - from, to - from) } else { (from - value, from - to) };
    let (before, behind) = if from < to { (value < from, value >= to) } else { (value > from, value <= to) };
    Some(if before {
        0
    } else if behind {
        buckets + 1
    } else {
        ((buckets as f64 * done / width) as i64).saturating_add(1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_counted_from_either_end() {
        let up = [-1.0, 0.0, 4.0, 9.9, 10.0].map(|value| bucket(value, 0.0, 10.0, 5));
        assert_eq!(up, [Some(0), Some(1), Some(3), Some(5), Some(6)]);
        assert_eq!([11.0, 10.0, 0.0].map(|value| bucket(value, 10.0, 0.0, 5)), [Some(0), Some(1), Some(6)]);
        assert_eq!((bucket(1.0, 0.0, 1.0, 0), bucket(f64::NAN, 0.0, 1.0, 1)), (None, None));
        assert_eq!([-1, 0, 20, 21].map(factorial), [None, Some(1), Some(2_432_902_008_176_640_000), None]);
    }
}
