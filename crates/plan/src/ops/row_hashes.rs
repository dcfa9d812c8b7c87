//! Hashes of a vector by which near ones meet: Spark's `BucketedRandomProjectionLSHModel` and `MinHashLSHModel`.
//!
//! Each row becomes a list of vectors, one for each hash table, with the hash as their only slot.

use std::fmt;
use std::sync::Arc;

use arrow_array::ListArray;
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field};

use super::scale::expect_vector;
use super::{Mismatch, Operation, Outputs, Weights, expect_types, vectors};
use crate::column::{Column, ColumnType, VectorColumn, VectorRef};
use crate::dot::DotOrder;
use crate::error::OpError;
use crate::exactness::Exactness;

/// The hashes of a row.
#[derive(Clone, Debug)]
pub enum RowHashes {
    /// The bucket that the dot product with each row of directions falls in.
    Buckets {
        /// A direction for each hash table.
        directions: Weights,
        /// The length of a bucket, above 0.
        length: f64,
        /// Whether to divide by the length, as Spark did up to 3.1; else the product is multiplied with its reciprocal.
        divides: bool,
    },
    /// The smallest of the hashes of the places that are not 0.
    Smallest {
        /// Factor and summand of each hash table.
        coefficients: Arc<[(i32, i32)]>,
        /// Whether sums of 32 bits overflow, as they did up to Spark 2.3.
        overflows: bool,
    },
}

/// Hashes are remainders by this prime.
const PRIME: i64 = 2_038_074_743;

impl RowHashes {
    fn tables(&self) -> usize {
        match self {
            RowHashes::Buckets { directions, .. } => directions.scores(),
            RowHashes::Smallest { coefficients, .. } => coefficients.len(),
        }
    }

    fn size(&self) -> Option<usize> {
        match self {
            RowHashes::Buckets { directions, .. } => Some(directions.features()),
            RowHashes::Smallest { .. } => None,
        }
    }

    /// The hash of a row in a table; `None` where the row is all zeros and that has no hash.
    fn hash(&self, table: usize, row: VectorRef<'_>) -> Option<f64> {
        match self {
            RowHashes::Buckets { directions, length, divides } => {
                let product = directions.dot(table, row);
                Some((if *divides { product / length } else { product * (1.0 / length) }).floor())
            }
            RowHashes::Smallest { coefficients, overflows } => {
                let (factor, summand) = *coefficients.get(table)?;
                let hash = |(place, _): (usize, f64)| match overflows {
                    true => {
                        let sum = (place as i32).wrapping_add(1).wrapping_mul(factor).wrapping_add(summand);
                        i64::from(sum) % PRIME
                    }
                    false => ((1 + place as i64) * i64::from(factor) + i64::from(summand)) % PRIME,
                };
                row.active().filter(|&(_, value)| value != 0.0).map(hash).min().map(|hash| hash as f64)
            }
        }
    }
}

impl Operation for RowHashes {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Array(Box::new(ColumnType::Vector))])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let tables = self.tables();
        let mut hashes = Vec::with_capacity(rows * tables);
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            let row = expect_vector(inputs[0], at, row, self.size())?;
            for table in 0..tables {
                let hash = self.hash(table, row);
                hashes.push(hash.ok_or_else(|| {
                    OpError::value(inputs[0], at, 0, "a vector with at least one value that is not 0")
                })?);
            }
        }
        let items = VectorColumn::from_block(hashes.len(), 1, hashes).to_arrow()?;
        let field = Field::new("element", DataType::Struct(items.fields().clone()), true);
        let offsets = OffsetBuffer::from_lengths(std::iter::repeat_n(tables, rows));
        let lists = ListArray::try_new(Arc::new(field), offsets, Arc::new(items), None)?;
        Ok(Column::Array(Arc::new(lists)).into())
    }

    fn width(&self, _inputs: usize) -> usize {
        self.tables()
    }

    fn set_exactness(&mut self, exactness: Exactness) {
        if let RowHashes::Buckets { directions, .. } = self {
            directions.set_order(DotOrder::of_rows(exactness));
        }
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row hashes [{} tables]", self.tables())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: VectorRef<'static> = VectorRef::Sparse { size: 4, indices: &[0, 3], values: &[0.0, 2.0] };

    #[test]
    fn a_product_falls_in_a_bucket() {
        let directions = Weights::dense(2, 4, vec![1.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.9]).unwrap();
        let op = RowHashes::Buckets { directions, length: 0.5, divides: false };
        assert_eq!((op.hash(0, ROW), op.hash(1, ROW)), (Some(-4.0), Some(3.0)));
    }

    #[test]
    fn the_smallest_hash_is_taken() {
        let op = |overflows| RowHashes::Smallest { coefficients: Arc::from([(1_000_000_000, 7)]), overflows };
        assert_eq!(op(false).hash(0, ROW), Some((4_000_000_007_i64 % PRIME) as f64));
        assert_eq!(op(true).hash(0, ROW), Some(f64::from(4_000_000_007_u32 as i32)));
        assert_eq!(op(false).hash(0, VectorRef::Dense(&[0.0, -0.0])), None);
    }

    #[test]
    fn a_row_becomes_a_list_of_vectors() {
        let op = RowHashes::Smallest { coefficients: Arc::from([(1, 0), (2, 0)]), overflows: false };
        let column = Column::Vector(VectorColumn::from_block(2, 2, vec![0.0, 1.0, 1.0, 1.0]));
        let outputs = op.run(2, &[&column]).ok().unwrap();
        assert_eq!(
            outputs.columns[0].column_type(),
            op.output_types(&[&ColumnType::Vector]).ok().map(|mut types| types.remove(0))
        );
        let lists = outputs.columns[0].as_lists().unwrap().value(0);
        let items = VectorColumn::from_arrow(&lists).unwrap();
        assert_eq!(
            (items.get(0), items.get(1)),
            (Some(VectorRef::Dense(&[2.0])), Some(VectorRef::Dense(&[4.0])))
        );
    }
}
