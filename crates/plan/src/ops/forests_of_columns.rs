//! Forests that read columns of doubles straight: what the passes make of [`Assemble`] and the forests behind it.
//!
//! Nulls and NaN are taken, refused or dropped as the [`Assemble`] would, in its words. The vector itself, which it
//! would store dense or sparse, is never built: its rows lie in one block for the forests alone.

use std::fmt;

use arrow_array::Array;

use super::{Assemble, Forest, HandleInvalid, Mismatch, Operation, Outputs, doubles};
use crate::column::{Column, ColumnType, VectorColumn};
use crate::error::OpError;

/// Forests over columns of doubles; each makes one column.
#[derive(Clone, Debug)]
pub struct ForestsOfColumns {
    assemble: Assemble,
    forests: Vec<Forest>,
}

impl ForestsOfColumns {
    /// `forests` over what `assemble` would make of doubles; none tests a feature that it would not make.
    pub(crate) fn new(assemble: Assemble, forests: Vec<Forest>) -> ForestsOfColumns {
        ForestsOfColumns { assemble, forests }
    }
}

/// Rows of the columns' values, row after row; and whether a value is missing, which is then NaN.
fn block(rows: usize, inputs: &[&Column]) -> Result<(Vec<f64>, bool), OpError> {
    let width = inputs.len();
    let mut block = vec![0.0; rows * width];
    let mut missing = false;
    for (place, input) in inputs.iter().enumerate() {
        let column = doubles(input)?;
        let slots = block.iter_mut().skip(place).step_by(width);
        for (slot, value) in slots.zip(column.values()) {
            missing |= value.is_nan();
            *slot = *value;
        }
        if column.null_count() > 0 {
            missing = true;
            let slots = block.iter_mut().skip(place).step_by(width);
            slots.enumerate().filter(|(row, _)| column.is_null(*row)).for_each(|(_, slot)| *slot = f64::NAN);
        }
    }
    Ok((block, missing))
}

impl Operation for ForestsOfColumns {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        if let Some(input) = inputs.iter().position(|input| **input != ColumnType::Double) {
            return Err(Mismatch { input, expected: ColumnType::Double.to_string() });
        }
        let types = self.forests.iter().map(|forest| forest.output_types(&[&ColumnType::Vector]));
        Ok(types.collect::<Result<Vec<_>, _>>()?.concat())
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let (block, missing) = block(rows, inputs)?;
        let keep = match self.assemble.handle_invalid {
            HandleInvalid::Skip if missing => Some(self.assemble.valid_rows(rows, inputs)),
            HandleInvalid::Error if missing => self.assemble.run(rows, inputs)?.keep,
            _ => None,
        };
        let block = Column::Vector(VectorColumn::from_block(rows, inputs.len(), block));
        let mut columns = Vec::with_capacity(self.forests.len());
        for forest in &self.forests {
            columns.extend(forest.run(rows, &[&block])?.columns);
        }
        Ok(Outputs { columns, keep })
    }

    fn drops_rows(&self) -> bool {
        self.assemble.drops_rows()
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "forests of columns [{:?}", self.assemble.handle_invalid)?;
        for forest in &self.forests {
            f.write_str(", ")?;
            forest.describe(f)?;
        }
        f.write_str("]")
    }
}
