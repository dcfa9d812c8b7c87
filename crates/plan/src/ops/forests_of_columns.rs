//! Forests that read columns of numbers straight: what the passes make of [`Assemble`] and the forests behind it.
//!
//! Nulls and NaN are taken, refused or dropped as the [`Assemble`] would, in its words. The vector itself, which it
//! would store dense or sparse, is never built: its rows lie in one block for the forests alone.

use std::borrow::Cow;
use std::fmt;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
};
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

/// The columns of all forests, and whether a value is missing in those that they read.
type Answers = (SmallVec<[Column; 1]>, bool);

/// The values of a column that are converted at a time.
const AT_ONCE: usize = 64;

const TO_DOUBLE: Cast = Cast { to: ColumnType::Double };

impl ForestsOfColumns {
    /// `forests` over what `assemble` would make of columns cast to doubles; none tests a feature that it would not
    /// make.
    pub(crate) fn new(assemble: Assemble, forests: Vec<Forest>) -> ForestsOfColumns {
        ForestsOfColumns { assemble, forests }
    }

    /// The forests' answers to many rows, whose columns they read where these lie, and whether a value is missing; `None`
    /// where they take rows otherwise.
    fn in_blocks(&self, rows: usize, inputs: &[&Column]) -> Result<Option<Answers>, OpError> {
        let (mut columns, mut missing, mut failed) = (SmallVec::new(), false, None);
        for forest in &self.forests {
            let answered = forest.run_columns(rows, &mut |feature, start, out| match inputs
                .get(feature)
                .map(|input| read(input, start, out))
            {
                Some(Ok(misses)) => missing |= misses,
                Some(Err(error)) => failed = Some(error),
                None => failed = Some(OpError::Internal("a feature that is no column".to_owned())),
            });
            let Some(column) = answered else { return Ok(None) };
            columns.push(column);
        }
        if let Some(error) = failed {
            return Err(error);
        }
        let unread = |&(place, _): &(usize, &&Column)| {
            !self.forests.iter().any(|forest| forest.read().binary_search(&(place as u32)).is_ok())
        };
        for (_, input) in inputs.iter().enumerate().filter(unread) {
            missing = missing || misses(input, rows)?;
        }
        Ok(Some((columns, missing)))
    }

    /// The forests' answers to rows in one block, and whether a value is missing.
    fn row_after_row(&self, rows: usize, inputs: &[&Column]) -> Result<Answers, OpError> {
        let mut missing = false;
        let block = VectorColumn::fill_block(rows, inputs.len(), |block| {
            missing = fill(rows, inputs, block)?;
            Ok::<_, OpError>(())
        })?;
        let block = Column::Vector(block);
        let mut columns = SmallVec::new();
        for forest in &self.forests {
            columns.extend(forest.run(rows, &[&block])?.columns);
        }
        Ok((columns, missing))
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
fn fill(rows: usize, inputs: &[&Column], block: &mut [f64]) -> Result<bool, OpError> {
    let (mut missing, mut values) = (false, [0.0; AT_ONCE]);
    for (place, input) in inputs.iter().enumerate() {
        for start in (0..rows).step_by(AT_ONCE) {
            let values = &mut values[..AT_ONCE.min(rows - start)];
            missing |= read(input, start, values)?;
            let slots = block.iter_mut().skip(start * inputs.len() + place).step_by(inputs.len());
            slots.zip(values).for_each(|(slot, value)| *slot = *value);
        }
    }
    Ok(missing)
}

/// Writes a column's values from a row on as doubles, a missing one as NaN; answers whether one is.
fn read(input: &Column, start: usize, out: &mut [f64]) -> Result<bool, OpError> {
    fn write<T: Copy>(out: &mut [f64], values: &[T], double: impl Fn(T) -> f64) {
        out.iter_mut().zip(values).for_each(|(out, &value)| *out = double(value));
    }
    let promised = || OpError::Internal("a column of numbers was promised".to_owned());
    let array = input.as_array().filter(|array| array.len() >= start + out.len()).ok_or_else(promised)?;
    match array.data_type() {
        DataType::Float64 => {
            out.copy_from_slice(&array.as_primitive::<Float64Type>().values()[start..start + out.len()]);
        }
        DataType::Float32 => write(out, &array.as_primitive::<Float32Type>().values()[start..], f64::from),
        DataType::Int64 => write(out, &array.as_primitive::<Int64Type>().values()[start..], |x| x as f64),
        DataType::Int32 => write(out, &array.as_primitive::<Int32Type>().values()[start..], f64::from),
        DataType::Int16 => write(out, &array.as_primitive::<Int16Type>().values()[start..], f64::from),
        DataType::Int8 => write(out, &array.as_primitive::<Int8Type>().values()[start..], f64::from),
        DataType::Decimal128(_, scale) => {
            let scale = u8::try_from(*scale).map_err(|_| promised())?;
            let values = &array.as_primitive::<Decimal128Type>().values()[start..];
            write(out, values, |x| to_double(x, scale));
        }
        DataType::Boolean => {
            let values = array.as_boolean().values();
            (start..).zip(&mut *out).for_each(|(row, out)| *out = f64::from(u8::from(values.value(row))));
        }
        _ => return Err(promised()),
    }
    if let Some(nulls) = array.nulls().filter(|nulls| nulls.null_count() > 0) {
        (start..).zip(&mut *out).filter(|(row, _)| nulls.is_null(*row)).for_each(|(_, out)| *out = f64::NAN);
    }
    Ok(out.iter().fold(false, |missing, value| missing | value.is_nan()))
}

/// Whether a value of a column is missing.
fn misses(input: &Column, rows: usize) -> Result<bool, OpError> {
    let mut values = [0.0; AT_ONCE];
    (0..rows).step_by(AT_ONCE).try_fold(false, |missing, start| {
        Ok(missing | read(input, start, &mut values[..AT_ONCE.min(rows - start)])?)
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
        let (columns, missing) = match self.in_blocks(rows, inputs)? {
            Some(done) => done,
            None => self.row_after_row(rows, inputs)?,
        };
        let keep = match self.assemble.handle_invalid {
            HandleInvalid::Skip | HandleInvalid::Error if missing => self.assembled(rows, inputs)?.keep,
            _ => None,
        };
        Ok(Outputs { columns, keep })
    }

    fn row_step(&self, inputs: &[RowType]) -> Option<MadeStep> {
        let [forest] = &self.forests[..] else { return None };
        let (forest, made) = forest.row(inputs.len())?;
        let step =
            CheckedRow { takes_nan: self.assemble.handle_invalid == HandleInvalid::Keep, step: forest };
        Some((Box::new(step), made))
    }

    fn prepare(&self) {
        self.forests.iter().for_each(Operation::prepare);
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{
        ArrayRef, BooleanArray, Decimal128Array, Float32Array, Float64Array, Int8Array, Int16Array,
        Int32Array, Int64Array,
    };

    use super::*;
    use crate::ops::{LeafSum, Shape, SparseRule, Test, TreeNode, TreesBuilder};

    const ROWS: usize = 2500;

    /// A column of each type, with some nulls if that is asked for; the last is read by no tree.
    fn columns(nulls: bool) -> Vec<Column> {
        let at = |row: usize, column: usize| (row * 31 + column * 17 + row / 7) % 41;
        let some = |row: usize, column: usize| {
            (!nulls || at(row, column + 1) != 3).then(|| at(row, column) as i64 - 20)
        };
        let values = |column: usize| (0..ROWS).map(move |row| some(row, column));
        let arrays: [ArrayRef; 9] = [
            Arc::new(values(0).map(|x| x.map(|x| x as f64 / 3.0)).collect::<Float64Array>()),
            Arc::new(values(1).map(|x| x.map(|x| x as f32 / 3.0)).collect::<Float32Array>()),
            Arc::new(values(2).collect::<Int64Array>()),
            Arc::new(values(3).map(|x| x.map(|x| x as i32)).collect::<Int32Array>()),
            Arc::new(values(4).map(|x| x.map(|x| x as i16)).collect::<Int16Array>()),
            Arc::new(values(5).map(|x| x.map(|x| x as i8)).collect::<Int8Array>()),
            Arc::new(values(6).map(|x| x.map(i128::from)).collect::<Decimal128Array>()),
            Arc::new(values(7).map(|x| x.map(|x| x % 2 == 0)).collect::<BooleanArray>()),
            Arc::new(values(8).map(|x| x.map(|x| x as f64)).collect::<Float64Array>()),
        ];
        arrays.map(Column::Array).to_vec()
    }

    /// Trees over all columns but the last.
    fn forests(handle_invalid: HandleInvalid) -> ForestsOfColumns {
        let mut trees = TreesBuilder::new(9);
        for tree in 0..24 {
            let test = |feature: usize, threshold: f64| Test::AtMost { feature: feature % 8, threshold };
            let fork = |test, left| TreeNode::Branch { test, left, right: left + 1 };
            let (low, high) = (tree as f64 / 7.0 - 2.0, 0.5 - tree as f64 / 5.0);
            trees
                .add(&[
                    fork(test(tree, low), 1),
                    fork(test(tree + 3, high), 3),
                    TreeNode::Leaf,
                    TreeNode::Leaf,
                    TreeNode::Leaf,
                ])
                .unwrap();
        }
        let trees = Arc::new(trees.finish().unwrap());
        let values = (0..trees.leaves()).map(|leaf| 1.0 / (leaf as f64 + 3.0)).collect();
        let sum = LeafSum { values, width: 1, start: 0.0, divisor: 1.0, shape: Shape::Scalar };
        let assemble = Assemble { handle_invalid, sizes: vec![Some(1); 9], rule: SparseRule::Ratio };
        ForestsOfColumns::new(assemble, vec![Forest::sum(trees, sum).unwrap()])
    }

    fn bits(column: &Column) -> Vec<u64> {
        column.as_doubles().unwrap().values().iter().map(|x| x.to_bits()).collect()
    }

    #[test]
    fn columns_in_blocks_answer_as_rows_do() {
        for nulls in [false, true] {
            let (columns, forests) = (columns(nulls), forests(HandleInvalid::Skip));
            let inputs: Vec<&Column> = columns.iter().collect();
            let (blocks, missing) = forests.in_blocks(ROWS, &inputs).ok().unwrap().unwrap();
            let (rows, missing_in_rows) = forests.row_after_row(ROWS, &inputs).ok().unwrap();
            assert_eq!((bits(&blocks[0]), missing), (bits(&rows[0]), missing_in_rows));
            let kept = forests.run(ROWS, &inputs).ok().unwrap().keep;
            let whole = |row: &usize| inputs.iter().all(|input| !input.is_null(*row));
            let expected = nulls.then(|| (0..ROWS).filter(whole).count());
            assert_eq!(kept.map(|keep| keep.count_set_bits()), expected);
        }
    }

    #[test]
    fn a_missing_value_of_a_column_that_no_tree_reads_is_refused_too() {
        let mut columns = columns(false);
        let mut values = vec![1.0; ROWS];
        values[ROWS - 1] = f64::NAN;
        columns[8] = Column::from_doubles(values);
        let inputs: Vec<&Column> = columns.iter().collect();
        let Err(OpError::Row(fault)) = forests(HandleInvalid::Error).run(ROWS, &inputs) else {
            panic!("a row error");
        };
        assert_eq!((fault.row, fault.input), (ROWS - 1, 8));
    }
}
