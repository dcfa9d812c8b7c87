//! The bucket that a number falls in: Spark's `Bucketizer`, one column.

use std::fmt;
use std::sync::Arc;

use arrow_array::Array;
use arrow_array::builder::Float64Builder;
use smallvec::smallvec;

use super::cast::java_double;
use super::{HandleInvalid, Mismatch, Operation, Outputs, doubles, expect_types};
use crate::column::{Column, ColumnType, mask};
use crate::error::OpError;

/// Finds the bucket between two splits, the lower one included, in the last bucket also the upper one. A null stays
/// null, unless invalid rows are dropped.
#[derive(Clone, Debug)]
pub struct Bucketize {
    /// The borders of the buckets, ascending; at least two.
    pub splits: Arc<[f64]>,
    /// What to do with a NaN: one more bucket, an error, or no row. A number outside the splits is always an error.
    pub handle_invalid: HandleInvalid,
}

const NAN_HINT: &str = "set handleInvalid to 'keep' or 'skip' in the Bucketizer";
const BOUNDS_HINT: &str = "let the first and last splits of the Bucketizer be infinite";

impl Bucketize {
    /// The name of each bucket, as Spark's ML attributes have it: `-Infinity, -0.5`.
    pub fn labels(&self) -> Vec<String> {
        let borders: Vec<String> = self.splits.iter().map(|&split| java_double(split)).collect();
        borders.windows(2).map(|pair| pair.join(", ")).collect()
    }

    /// The bucket of a number that is not NaN. Splits compare as in Java, where −0.0 is below 0.0.
    fn bucket(&self, value: f64) -> Option<usize> {
        let buckets = self.splits.len() - 1;
        if self.splits.last() == Some(&value) {
            return Some(buckets - 1);
        }
        match self.splits.binary_search_by(|split| split.total_cmp(&value)) {
            Ok(at) => Some(at),
            Err(at) if at == 0 || at > buckets => None,
            Err(at) => Some(at - 1),
        }
    }

    fn outside(&self, column: &Column, row: usize) -> OpError {
        let border = |split: Option<&f64>| split.map_or_else(String::new, |&split| java_double(split));
        let (first, last) = (border(self.splits.first()), border(self.splits.last()));
        OpError::value(column, row, 0, format!("a number from {first} to {last}")).hint(BOUNDS_HINT)
    }
}

impl Operation for Bucketize {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Double])?;
        Ok(vec![ColumnType::Double])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let values = doubles(inputs[0])?;
        let skip = self.handle_invalid == HandleInvalid::Skip;
        let mut out = Float64Builder::with_capacity(rows);
        for (row, value) in values.iter().enumerate() {
            match value {
                None => out.append_null(),
                Some(value) if !value.is_nan() => {
                    let bucket = self.bucket(value).ok_or_else(|| self.outside(inputs[0], row))?;
                    out.append_value(bucket as f64);
                }
                Some(_) if skip => out.append_null(),
                Some(_) if self.handle_invalid == HandleInvalid::Keep => {
                    out.append_value((self.splits.len() - 1) as f64);
                }
                Some(_) => return Err(OpError::row(row, 0, "NaN", "a number").hint(NAN_HINT)),
            }
        }
        let out = out.finish();
        let keep = (skip && out.null_count() > 0).then(|| mask(rows, |row| !out.is_null(row)));
        Ok(Outputs { columns: smallvec![Column::Array(Arc::new(out))], keep })
    }

    fn drops_rows(&self) -> bool {
        self.handle_invalid == HandleInvalid::Skip
    }

    fn passes_nulls(&self) -> bool {
        self.handle_invalid != HandleInvalid::Skip
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bucketize [{} buckets, {:?}]", self.splits.len() - 1, self.handle_invalid)
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::Float64Array;

    use super::*;

    fn op(splits: &[f64], handle_invalid: HandleInvalid) -> Bucketize {
        Bucketize { splits: Arc::from(splits), handle_invalid }
    }

    #[test]
    fn borders_belong_to_the_upper_bucket_but_for_the_last() {
        let op = op(&[-1.0, 0.0, 2.0], HandleInvalid::Error);
        let cases =
            [(-1.0, Some(0)), (-0.5, Some(0)), (0.0, Some(1)), (-0.0, Some(0)), (2.0, Some(1)), (2.1, None)];
        for (value, bucket) in cases {
            assert_eq!(op.bucket(value), bucket, "{value}");
        }
        assert_eq!(op.bucket(-1.1), None);
        assert_eq!(op.labels(), ["-1.0, 0.0", "0.0, 2.0"]);
    }

    #[test]
    fn nan_and_null_follow_handle_invalid() {
        let column = Column::Array(Arc::new(Float64Array::from(vec![Some(f64::NAN), None, Some(0.5)])));
        let run = |handle_invalid| op(&[0.0, 1.0, f64::INFINITY], handle_invalid).run(3, &[&column]);
        let kept = run(HandleInvalid::Keep).ok().unwrap();
        let expected = Float64Array::from(vec![Some(2.0), None, Some(0.0)]);
        assert_eq!(kept.columns[0].as_doubles(), Some(&expected));
        let skipped = run(HandleInvalid::Skip).ok().unwrap();
        assert_eq!(skipped.keep.unwrap().iter().collect::<Vec<_>>(), [false, false, true]);
        let Err(OpError::Row(fault)) = run(HandleInvalid::Error) else { panic!("a row error") };
        assert_eq!((fault.row, fault.found.as_str()), (0, "NaN"));
    }

    #[test]
    fn out_of_bounds_is_an_error_even_with_keep() {
        let column = Column::from_doubles(vec![9.0]);
        let Err(OpError::Row(fault)) = op(&[0.0, 1.0, 2.0], HandleInvalid::Keep).run(1, &[&column]) else {
            panic!("a row error")
        };
        assert_eq!(fault.expected, "a number from 0.0 to 2.0");
    }
}
