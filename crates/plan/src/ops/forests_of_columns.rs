//! Forests that read columns of numbers straight: what the passes make of [`Assemble`] and the forests behind it.
//!
//! Nulls and NaN are taken, refused or dropped as the [`Assemble`] would, in its words. The vector itself, which it
//! would store dense or sparse, is never built: its rows lie in one block for the forests alone.

use std::borrow::Cow;
use std::fmt;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float32Type, Int8Type, Int16Type, Int32Type, Int64Type};
use arrow_schema::DataType;
use smallvec::SmallVec;

use super::{Assemble, Cast, Forest, HandleInvalid, Mismatch, Operation, Outputs};
use crate::column::{Column, ColumnType, VectorColumn};
use crate::decimal::to_double;
use crate::error::OpError;
use crate::row::{MadeStep, RowStep, RowType};

/// Forests over columns of numbers and booleans; each makes one column.
#[derive(Clone, Debug)]
pub struct ForestsOfColumns {
    assemble: Assemble,
    forests: Vec<Forest>,
}

const TO_DOUBLE: Cast = Cast { to: ColumnType::Double };

impl ForestsOfColumns {
    /// `forests` over what `assemble` would make of columns cast to doubles; none tests a feature that it would not
    /// make.
    pub(crate) fn new(assemble: Assemble, forests: Vec<Forest>) -> ForestsOfColumns {
        ForestsOfColumns { assemble, forests }
    }

    /// What the `Assemble` says of rows of which some miss a value.
    fn assembled(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let doubles = inputs.iter().map(|&input| match input.as_doubles() {
            Some(_) => Ok(Cow::Borrowed(input)),
            None => TO_DOUBLE.run(rows, &[input]).map(|cast| Cow::Owned(cast.columns[0].clone())),
        });
        let doubles = doubles.collect::<Result<Vec<_>, OpError>>()?;
        self.assemble.run(rows, &doubles.iter().map(|column| &**column).collect::<Vec<_>>())
    }
}

/// Writes the columns' values row after row; answers whether a value is missing, which is then NaN.
fn fill(inputs: &[&Column], block: &mut [f64]) -> Result<bool, OpError> {
    let mut missing = false;
    for (place, input) in inputs.iter().enumerate() {
        let slots = Slots { block, place, width: inputs.len() };
        missing |= fill_column(input, slots)?;
        if let Some(nulls) = input.nulls().filter(|nulls| nulls.null_count() > 0) {
            missing = true;
            let slots = block.iter_mut().skip(place).step_by(inputs.len());
            slots.zip(nulls).filter(|(_, valid)| !valid).for_each(|(slot, _)| *slot = f64::NAN);
        }
    }
    Ok(missing)
}

/// One column of a block.
struct Slots<'a> {
    block: &'a mut [f64],
    place: usize,
    width: usize,
}

impl Slots<'_> {
    /// Writes the column; answers whether a value is NaN.
    fn fill(self, values: impl Iterator<Item = f64>) -> bool {
        let mut missing = false;
        for (slot, value) in self.block.iter_mut().skip(self.place).step_by(self.width).zip(values) {
            missing |= value.is_nan();
            *slot = value;
        }
        missing
    }
}

/// Writes a column's values as doubles; answers whether one is NaN.
fn fill_column(input: &Column, slots: Slots<'_>) -> Result<bool, OpError> {
    if let Some(doubles) = input.as_doubles() {
        return Ok(slots.fill(doubles.values().iter().copied()));
    }
    let promised = || OpError::Internal("a column of numbers was promised".to_owned());
    let array = input.as_array().ok_or_else(promised)?;
    Ok(match array.data_type() {
        DataType::Float32 => {
            slots.fill(array.as_primitive::<Float32Type>().values().iter().map(|&x| f64::from(x)))
        }
        DataType::Int64 => slots.fill(array.as_primitive::<Int64Type>().values().iter().map(|&x| x as f64)),
        DataType::Int32 => {
            slots.fill(array.as_primitive::<Int32Type>().values().iter().map(|&x| f64::from(x)))
        }
        DataType::Int16 => {
            slots.fill(array.as_primitive::<Int16Type>().values().iter().map(|&x| f64::from(x)))
        }
        DataType::Int8 => slots.fill(array.as_primitive::<Int8Type>().values().iter().map(|&x| f64::from(x))),
        DataType::Decimal128(_, scale) => {
            let scale = u8::try_from(*scale).map_err(|_| promised())?;
            slots.fill(array.as_primitive::<Decimal128Type>().values().iter().map(|&x| to_double(x, scale)))
        }
        DataType::Boolean => slots.fill(array.as_boolean().values().iter().map(|x| f64::from(u8::from(x)))),
        _ => return Err(promised()),
    })
}

impl Operation for ForestsOfColumns {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        let number = |input: &ColumnType| input.is_numeric() || *input == ColumnType::Boolean;
        if let Some(input) = inputs.iter().position(|input| !number(input)) {
            return Err(Mismatch { input, expected: "numbers or booleans".to_owned() });
        }
        let types = self.forests.iter().map(|forest| forest.output_types(&[&ColumnType::Vector]));
        Ok(types.collect::<Result<Vec<_>, _>>()?.concat())
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let mut missing = false;
        let block = VectorColumn::fill_block(rows, inputs.len(), |block| {
            missing = fill(inputs, block)?;
            Ok::<_, OpError>(())
        })?;
        let keep = match self.assemble.handle_invalid {
            HandleInvalid::Skip | HandleInvalid::Error if missing => self.assembled(rows, inputs)?.keep,
            _ => None,
        };
        let block = Column::Vector(block);
        let mut columns = SmallVec::new();
        for forest in &self.forests {
            columns.extend(forest.run(rows, &[&block])?.columns);
        }
        Ok(Outputs { columns, keep })
    }

    fn row_step(&self, inputs: &[RowType]) -> Option<MadeStep> {
        let [forest] = &self.forests[..] else { return None };
        let (forest, made) = forest.row(inputs.len())?;
        let step =
            CheckedRow { takes_nan: self.assemble.handle_invalid == HandleInvalid::Keep, step: forest };
        Some((Box::new(step), made))
    }

    fn drops_rows(&self) -> bool {
        self.assemble.drops_rows()
    }

    fn width(&self, inputs: usize) -> usize {
        self.forests.iter().map(|forest| forest.width(inputs)).sum()
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

/// A step for rows without a NaN, or for all.
#[derive(Debug)]
struct CheckedRow {
    takes_nan: bool,
    step: Box<dyn RowStep>,
}

impl RowStep for CheckedRow {
    fn run(&mut self, inputs: &[f64], out: &mut [f64]) -> bool {
        (self.takes_nan || !inputs.iter().any(|value| value.is_nan())) && self.step.run(inputs, out)
    }
}
