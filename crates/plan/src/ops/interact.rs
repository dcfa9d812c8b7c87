//! Products of every slot of one column with every slot of the others: Spark's `Interaction`.
//!
//! A slot that holds category indices counts as so many slots, one of them 1. Follows `ml/feature/Interaction.scala`:
//! the slots of the first column vary slowest, and products are multiplied from the last column on. A sparse vector
//! gives nothing for what it does not store, not even for a category 0.

use std::fmt;

use super::scale::expect_vector;
use super::{Mismatch, Operation, Outputs, SparseRule, doubles, room};
use crate::column::{Column, ColumnType, VectorBuilder};
use crate::error::{BuildError, OpError};

/// Products of the slots of several columns.
#[derive(Clone, Debug)]
pub struct Interact {
    columns: Vec<Encoder>,
    size: usize,
    rule: SparseRule,
}

/// How the slots of a column are spread.
#[derive(Clone, Debug)]
struct Encoder {
    /// The number of categories of each slot; 1 for a number.
    counts: Vec<usize>,
    /// The place of each slot.
    places: Vec<usize>,
    size: usize,
}

/// The most slots that a vector may have.
const MAX_SIZE: usize = i32::MAX as usize;
/// The most products of one row.
const MAX_PRODUCTS: usize = 1 << 26;

impl Encoder {
    fn new(counts: Vec<usize>) -> Option<Encoder> {
        let mut size = 0_usize;
        let mut places = Vec::with_capacity(counts.len());
        for &count in &counts {
            places.push(size);
            size = size.checked_add(count).filter(|&size| size <= MAX_SIZE)?;
        }
        Some(Encoder { counts, places, size })
    }

    /// The place and value that `value` in slot `slot` becomes; `None` for what is no category.
    fn encode(&self, slot: usize, value: f64) -> Option<(usize, f64)> {
        let (count, place) = (self.counts[slot], self.places[slot]);
        if count <= 1 {
            return Some((place, value));
        }
        let category = value >= 0.0 && value < count as f64 && value.trunc() == value;
        category.then(|| (place + value as usize, 1.0))
    }
}

impl Interact {
    /// Interacts columns with these numbers of categories for each of their slots, 1 for a number.
    pub fn new(counts: Vec<Vec<usize>>, rule: SparseRule) -> Result<Interact, BuildError> {
        let too_large = || BuildError::Invalid(format!("the interaction has more than {MAX_SIZE} slots"));
        let columns: Option<Vec<Encoder>> = counts.into_iter().map(Encoder::new).collect();
        let columns = columns.ok_or_else(too_large)?;
        let mut size = 1_usize;
        for column in &columns {
            size = size.checked_mul(column.size).filter(|&size| size <= MAX_SIZE).ok_or_else(too_large)?;
        }
        Ok(Interact { columns, size, rule })
    }

    /// The size of the vectors.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The places and values of a row of a column.
    fn encoded(&self, input: usize, column: &Column, row: usize) -> Result<Vec<(usize, f64)>, OpError> {
        let encoder = &self.columns[input];
        let at_input = |error: OpError| match error {
            OpError::Row(mut fault) => {
                fault.input = input;
                OpError::Row(fault)
            }
            internal => internal,
        };
        let active: Vec<(usize, f64)> = match column.as_vectors() {
            Some(vectors) => {
                let vector = expect_vector(column, row, vectors.get(row), Some(encoder.counts.len()));
                vector.map_err(at_input)?.active().collect()
            }
            None if column.is_null(row) => return Err(OpError::row(row, input, "null", "a number")),
            None => vec![(0, doubles(column)?.value(row))],
        };
        let encode = |(slot, value): (usize, f64)| {
            encoder.encode(slot, value).ok_or_else(|| {
                let expected = format!("a category index below {} in slot {slot}", encoder.counts[slot]);
                OpError::value(column, row, input, expected)
            })
        };
        active.into_iter().map(encode).collect()
    }

    fn push_row(&self, row: usize, inputs: &[&Column], out: &mut VectorBuilder) -> Result<(), OpError> {
        let mut products = vec![(0_usize, 1.0)];
        let mut stride = 1;
        for (input, column) in inputs.iter().enumerate().rev() {
            let encoded = self.encoded(input, column, row)?;
            if encoded.len().saturating_mul(products.len()) > MAX_PRODUCTS {
                let expected = format!("columns with at most {MAX_PRODUCTS} products");
                return Err(OpError::row(row, input, "too many values", expected));
            }
            let pairs = encoded.iter().flat_map(|&(place, value)| {
                products.iter().map(move |&(before, product)| (before + place * stride, product * value))
            });
            products = pairs.collect();
            stride *= self.columns[input].size;
        }
        room::check_values(row, 0, out, products.len())?;
        let active = products.iter().filter(|(_, value)| *value != 0.0).count();
        if self.rule.is_sparse(self.size, active) {
            let stored = products.iter().filter(|(_, value)| *value != 0.0);
            let (indices, values): (Vec<u32>, Vec<f64>) =
                stored.map(|&(index, value)| (index as u32, value)).unzip();
            out.push_sparse(self.size, &indices, &values);
        } else {
            out.push_with(self.size, |out| {
                let start = out.len();
                out.resize(start + self.size, 0.0);
                products.iter().for_each(|&(index, value)| out[start + index] = value);
            });
        }
        Ok(())
    }
}

impl Operation for Interact {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        let takes = |at: usize| match (inputs.get(at), self.columns.get(at)) {
            (Some(ColumnType::Vector), Some(_)) => true,
            (Some(ColumnType::Double), Some(encoder)) => encoder.counts.len() == 1,
            _ => false,
        };
        match (0..inputs.len().max(self.columns.len())).find(|&at| !takes(at)) {
            None => Ok(vec![ColumnType::Vector]),
            Some(input) => Err(Mismatch { input, expected: "numbers, booleans or vectors".to_owned() }),
        }
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut out = VectorBuilder::with_capacity(rows, 0);
        for row in 0..rows {
            self.push_row(row, inputs, &mut out)?;
        }
        Ok(Column::Vector(out.finish()).into())
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "interact [{} columns, size {}]", self.columns.len(), self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{VectorColumn, VectorRef};

    fn op(counts: &[&[usize]]) -> Interact {
        Interact::new(counts.iter().map(|counts| counts.to_vec()).collect(), SparseRule::Ratio).unwrap()
    }

    fn run(op: &Interact, inputs: &[Column]) -> Result<VectorColumn, OpError> {
        let outputs = op.run(1, &inputs.iter().collect::<Vec<_>>())?;
        Ok(outputs.columns[0].as_vectors().unwrap().clone())
    }

    fn vector(values: &[f64]) -> Column {
        Column::Vector(VectorColumn::from_block(1, values.len(), values.to_vec()))
    }

    #[test]
    fn categories_are_spread_and_multiplied() {
        let two = [Column::from_doubles(vec![2.0]), vector(&[3.0, 4.0])];
        assert_eq!(
            run(&op(&[&[1], &[1, 1]]), &two).ok().unwrap().get(0),
            Some(VectorRef::Dense(&[6.0, 8.0]))
        );
        let spread = run(&op(&[&[3], &[1, 1]]), &two).ok().unwrap();
        assert_eq!(spread.get(0), Some(VectorRef::Sparse { size: 6, indices: &[4, 5], values: &[3.0, 4.0] }));
    }

    #[test]
    fn what_is_no_category_is_a_row_error() {
        for bad in [3.0, -1.0, 0.5, f64::NAN] {
            let column = [Column::from_doubles(vec![bad])];
            let Err(OpError::Row(fault)) = run(&op(&[&[3]]), &column) else { panic!("a row error") };
            assert!(fault.expected.contains("below 3 in slot 0"), "{}", fault.expected);
        }
    }

    #[test]
    fn sizes_are_bounded() {
        assert!(Interact::new(vec![vec![1 << 30], vec![2]], SparseRule::Ratio).is_err());
        assert!(Interact::new(vec![vec![usize::MAX, 1]], SparseRule::Ratio).is_err());
        let Err(OpError::Row(fault)) = run(&op(&[&[1, 1]]), &[vector(&[1.0])]) else { panic!("a row error") };
        assert_eq!(fault.expected, "a vector of size 2");
    }
}
