//! Brings each slot of a vector into a range: Spark's `MinMaxScalerModel`.
//!
//! A NaN stays; a slot that was constant in training becomes the middle of the range. The order of the operations
//! and the form of the result changed in Spark 3.0, and with it the last bit.

use std::fmt;
use std::sync::Arc;

use super::slotwise::{Slotwise, keeps_order};
use super::{Mismatch, Operation, Outputs, SparseRule, expect_types, scale::expect_vector, vectors};
use crate::column::{Column, ColumnType, VectorBuilder};
use crate::error::OpError;

/// How the range is applied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MinMaxForm {
    /// Up to Spark 2.4: `(x − low) / (high − low) · (max − min) + min`, always dense.
    DivideFirst,
    /// From Spark 3.0 on: `(x − low) · ((max − min) / (high − low)) + min`, dense or sparse by this rule.
    FactorFirst(SparseRule),
}

/// `low` and `high` seen in training become `min` and `max`, slot by slot.
#[derive(Clone, Debug)]
pub struct MinMax {
    low: Arc<[f64]>,
    /// The range of each slot, or the factor, as the form has it.
    by: Arc<[f64]>,
    min: f64,
    max: f64,
    form: MinMaxForm,
}

impl MinMax {
    /// `low` and `high` must be of one size.
    pub fn new(low: &[f64], high: &[f64], min: f64, max: f64, form: MinMaxForm) -> MinMax {
        let by = low.iter().zip(high).map(|(low, high)| {
            let range = high - low;
            match form {
                MinMaxForm::DivideFirst => range,
                MinMaxForm::FactorFirst(_) if range != 0.0 => (max - min) / range,
                MinMaxForm::FactorFirst(_) => 0.0,
            }
        });
        MinMax { low: Arc::from(low), by: by.collect(), min, max, form }
    }

    fn slot(&self, slot: usize, x: f64) -> f64 {
        let (low, by) = (self.low[slot], self.by[slot]);
        match self.form {
            _ if x.is_nan() => x,
            MinMaxForm::DivideFirst => {
                let raw = if by != 0.0 { (x - low) / by } else { 0.5 };
                raw * (self.max - self.min) + self.min
            }
            MinMaxForm::FactorFirst(_) if by != 0.0 => (x - low) * by + self.min,
            MinMaxForm::FactorFirst(_) => (self.min + self.max) / 2.0,
        }
    }
}

impl Slotwise for MinMax {
    fn size(&self) -> Option<usize> {
        Some(self.low.len())
    }

    fn at(&self, slot: usize, x: f64) -> f64 {
        self.slot(slot, x)
    }

    fn ascends(&self, slot: usize) -> bool {
        let range = match self.form {
            MinMaxForm::DivideFirst => self.max - self.min,
            MinMaxForm::FactorFirst(_) => 1.0,
        };
        self.low[slot].is_finite() && self.min.is_finite() && keeps_order(self.by[slot]) && keeps_order(range)
    }
}

impl Operation for MinMax {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        expect_types(inputs, &[ColumnType::Vector])?;
        Ok(vec![ColumnType::Vector])
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let size = self.low.len();
        let mut out = VectorBuilder::with_capacity(rows, size);
        let mut values = Vec::new();
        for (at, row) in vectors(inputs[0])?.iter().enumerate() {
            expect_vector(inputs[0], at, row, Some(size))?.write_dense(&mut values);
            values.iter_mut().enumerate().for_each(|(slot, x)| *x = self.slot(slot, *x));
            match self.form {
                MinMaxForm::DivideFirst => out.push_dense(&values),
                MinMaxForm::FactorFirst(rule) => rule.push_dense(&values, &mut out),
            }
        }
        Ok(Column::Vector(out.finish()).into())
    }

    fn width(&self, _inputs: usize) -> usize {
        self.low.len()
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "min max [{} to {}, size {}]", self.min, self.max, self.low.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{VectorColumn, VectorRef};

    const CURRENT: MinMaxForm = MinMaxForm::FactorFirst(SparseRule::Ratio);

    fn run(form: MinMaxForm, values: &[f64]) -> VectorColumn {
        let op = MinMax::new(&vec![0.0; values.len()], &vec![3.0; values.len()], 0.0, 1.0, form);
        let column = Column::Vector(VectorColumn::from_block(1, values.len(), values.to_vec()));
        op.run(1, &[&column]).ok().unwrap().columns[0].as_vectors().unwrap().clone()
    }

    #[test]
    fn few_values_are_stored_sparse_from_spark_3_on() {
        let sparse = VectorRef::Sparse { size: 5, indices: &[1], values: &[1.0] };
        assert_eq!(run(CURRENT, &[0.0, 3.0, 0.0, 0.0, 0.0]).get(0), Some(sparse));
        let dense = run(MinMaxForm::DivideFirst, &[0.0, 3.0, 0.0, 0.0, 0.0]);
        assert_eq!(dense.get(0), Some(VectorRef::Dense(&[0.0, 1.0, 0.0, 0.0, 0.0])));
    }

    #[test]
    fn a_nan_stays_and_a_constant_becomes_the_middle() {
        let op = MinMax::new(&[4.0, 0.0], &[4.0, 1.0], -1.0, 3.0, CURRENT);
        let column = Column::Vector(VectorColumn::from_block(1, 2, vec![9.0, f64::NAN]));
        let outputs = op.run(1, &[&column]).ok().unwrap();
        let row = outputs.columns[0].as_vectors().unwrap().get(0).unwrap().values();
        assert!(row[0] == 1.0 && row[1].is_nan());
    }

    #[test]
    fn the_order_shows_in_the_last_bit() {
        let last = |form| {
            let op = MinMax::new(&[0.1], &[0.7], 0.0, 1.0, form);
            let column = Column::Vector(VectorColumn::from_block(1, 1, vec![0.3]));
            op.run(1, &[&column]).ok().unwrap().columns[0].as_vectors().unwrap().get(0).unwrap().values()[0]
        };
        assert_eq!(last(MinMaxForm::DivideFirst), (0.3 - 0.1) / (0.7 - 0.1));
        assert_eq!(last(CURRENT), (0.3 - 0.1) * (1.0 / (0.7 - 0.1)));
    }
}
