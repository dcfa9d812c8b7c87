//! One row of numbers at a time through a plan: no columns and, once made, no allocation.
//!
//! A [`Plan`] whose operations can all do so has a [`RowScorer`]: the values of a row lie one after another in a buffer
//! of the scorer, and each operation reads its inputs there and writes its answer behind them. The answers are those
//! of [`Plan::score`], to the last bit. A row that an operation may refuse, drop or store as sparse is left to
//! [`Plan::score`], which has the words for it.

use std::fmt;
use std::ops::Range;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type};
use arrow_schema::DataType;

use crate::column::{Column, ColumnType};
use crate::executor::Plan;
use crate::graph::Graph;
use crate::ops::room;

/// From here on not every integer is a double.
const ALL_DOUBLES: i64 = 1 << 53;

/// What a slot of one row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowType {
    Number,
    /// A dense vector of this size.
    Vector(usize),
}

impl RowType {
    pub(crate) fn width(self) -> usize {
        match self {
            RowType::Number => 1,
            RowType::Vector(size) => size,
        }
    }
}

/// An operation on one row.
pub(crate) trait RowStep: fmt::Debug + Send {
    /// Computes `out`, which has the width that was promised, from the inputs one after another; `false` where columns
    /// must say what becomes of the row.
    fn run(&mut self, inputs: &[f64], out: &mut [f64]) -> bool;
}

/// An operation's step and what it makes.
pub(crate) type MadeStep = (Box<dyn RowStep>, RowType);

/// Scores single rows of numbers; made by [`Plan::row_scorer`], one for each thread.
#[derive(Debug)]
pub struct RowScorer {
    /// What each input may hold.
    holds: Vec<fn(f64) -> bool>,
    steps: Vec<Step>,
    /// The values of the inputs, then those that each step made.
    values: Vec<f64>,
    /// Inputs of a step that do not lie side by side.
    gathered: Vec<f64>,
    outputs: Vec<Range<usize>>,
}

#[derive(Debug)]
struct Step {
    step: Box<dyn RowStep>,
    inputs: Inputs,
    output: Range<usize>,
}

/// Where the inputs of a step lie.
#[derive(Debug)]
enum Inputs {
    Together(Range<usize>),
    Apart(Vec<Range<usize>>),
}

impl Inputs {
    fn of(ranges: Vec<Range<usize>>) -> Inputs {
        let together = ranges.windows(2).all(|pair| pair[0].end == pair[1].start);
        match (together, ranges.first(), ranges.last()) {
            (true, Some(first), Some(last)) => Inputs::Together(first.start..last.end),
            _ => Inputs::Apart(ranges),
        }
    }

    /// How many values have to be brought together.
    fn gathered(&self) -> usize {
        match self {
            Inputs::Together(_) => 0,
            Inputs::Apart(ranges) => ranges.iter().map(Range::len).sum(),
        }
    }
}

/// The answers to a row, as long as the scorer is not asked again.
#[derive(Clone, Copy, Debug)]
pub struct RowScores<'a> {
    values: &'a [f64],
    outputs: &'a [Range<usize>],
}

impl<'a> RowScores<'a> {
    /// The value of an output, by its place in [`Plan::outputs`]: one number, be its column one of integers, or those of
    /// a dense vector.
    pub fn output(&self, place: usize) -> Option<&'a [f64]> {
        self.values.get(self.outputs.get(place)?.clone())
    }
}

impl Plan {
    /// What scores single rows of numbers; `None` where an input is no number or an operation needs columns.
    pub fn row_scorer(&self) -> Option<RowScorer> {
        RowScorer::of(self.graph())
    }
}

impl RowScorer {
    fn of(graph: &Graph) -> Option<RowScorer> {
        let holds = graph.inputs.iter().map(|field| holds(&field.column_type)).collect::<Option<Vec<_>>>()?;
        let mut slots: Vec<Option<(RowType, Range<usize>)>> =
            (0..holds.len()).map(|at| Some((RowType::Number, at..at + 1))).collect();
        slots.resize(graph.slots, None);
        let mut end = holds.len();
        let mut steps = Vec::with_capacity(graph.nodes.len());
        for node in &graph.nodes {
            let inputs = node.inputs.iter().map(|&slot| slots.get(slot)?.clone());
            let (types, ranges): (Vec<RowType>, Vec<_>) =
                inputs.collect::<Option<Vec<_>>>()?.into_iter().unzip();
            let (step, made) = node.op.row_step(&types)?;
            let output = end..end.checked_add(made.width())?;
            // One that a batch of one row would have no room for is left to it.
            room::check_width(1, output.end).ok()?;
            end = output.end;
            let [slot] = node.outputs[..] else { return None };
            *slots.get_mut(slot)? = Some((made, output.clone()));
            steps.push(Step { step, inputs: Inputs::of(ranges), output });
        }
        let outputs = graph.outputs.iter().map(|&(_, slot)| Some(slots.get(slot)?.as_ref()?.1.clone()));
        let outputs = outputs.collect::<Option<_>>()?;
        let gathered = steps.iter().map(|step| step.inputs.gathered()).max().unwrap_or(0);
        let gathered = Vec::with_capacity(gathered);
        Some(RowScorer { holds, steps, values: vec![0.0; end], gathered, outputs })
    }

    /// Reads a row of columns of the types of [`Plan::inputs`] as [`score`](RowScorer::score) takes it; `false` where it has
    /// a null or something else than numbers.
    pub fn read(&self, columns: &[Column], row: usize, numbers: &mut Vec<f64>) -> bool {
        numbers.clear();
        numbers.extend(columns.iter().map_while(|column| number(column, row)));
        numbers.len() == columns.len()
    }

    /// Scores a row, a number for each of [`Plan::inputs`] in their order, none of them null. `None` where
    /// [`Plan::score`] must be asked: there are not as many numbers, one is none of its column's type, or an operation
    /// may refuse or drop the row.
    pub fn score(&mut self, row: &[f64]) -> Option<RowScores<'_>> {
        if row.len() != self.holds.len() || !self.holds.iter().zip(row).all(|(holds, &value)| holds(value)) {
            return None;
        }
        self.values[..row.len()].copy_from_slice(row);
        for Step { step, inputs, output } in &mut self.steps {
            let (before, made) = self.values.split_at_mut(output.start);
            let out = &mut made[..output.len()];
            let inputs = match inputs {
                Inputs::Together(range) => &before[range.clone()],
                Inputs::Apart(ranges) => {
                    self.gathered.clear();
                    ranges.iter().for_each(|range| self.gathered.extend_from_slice(&before[range.clone()]));
                    &self.gathered[..]
                }
            };
            if !step.run(inputs, out) {
                return None;
            }
        }
        Some(RowScores { values: &self.values, outputs: &self.outputs })
    }
}

/// Whether a column of this type may hold a number; `None` if it holds other things, or numbers that no double is.
fn holds(column_type: &ColumnType) -> Option<fn(f64) -> bool> {
    Some(match column_type {
        ColumnType::Double => |_| true,
        ColumnType::Float => |x| x.is_nan() || f64::from(x as f32) == x,
        ColumnType::Long => |x| x.abs() <= ALL_DOUBLES as f64 && same(x, x as i64 as f64),
        ColumnType::Int => |x| same(x, f64::from(x as i32)),
        ColumnType::Short => |x| same(x, f64::from(x as i16)),
        ColumnType::Byte => |x| same(x, f64::from(x as i8)),
        _ => return None,
    })
}

/// The number in a row of a column, if it holds one that is a double exactly.
fn number(column: &Column, row: usize) -> Option<f64> {
    let array = column.as_array().filter(|array| row < array.len() && array.is_valid(row))?;
    Some(match array.data_type() {
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row),
        DataType::Float32 => array.as_primitive::<Float32Type>().value(row).into(),
        DataType::Int64 => {
            let value = array.as_primitive::<Int64Type>().value(row);
            (value.unsigned_abs() <= ALL_DOUBLES.unsigned_abs()).then_some(value as f64)?
        }
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).into(),
        DataType::Int16 => array.as_primitive::<Int16Type>().value(row).into(),
        DataType::Int8 => array.as_primitive::<Int8Type>().value(row).into(),
        _ => return None,
    })
}

/// An integer has no negative zero.
fn same(x: f64, y: f64) -> bool {
    x.to_bits() == y.to_bits()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::ops::{
        Assemble, Decide, HandleInvalid, Linear, Probability, Scale, Shape, SparseRule, Weights,
    };
    use crate::passes::random;
    use crate::{Batch, Builder, Declared, ModelInfo, StageInfo};

    #[test]
    fn rows_are_answered_as_batches_of_one() {
        random::compare_rows();
    }

    /// A logistic regression over two columns, an integer first.
    fn plan() -> Plan {
        let declared = BTreeMap::from([("n".to_owned(), ColumnType::Int)]);
        let mut builder = Builder::new(Declared::from(declared));
        builder.stage(StageInfo::default());
        let columns = ["n", "x"].map(|name| builder.doubles(name, true).unwrap());
        let assemble = Assemble {
            handle_invalid: HandleInvalid::Error,
            sizes: vec![Some(1); 2],
            rule: SparseRule::Ratio,
        };
        let mut made = builder.apply(assemble.into(), &columns.each_ref()).unwrap();
        made = builder
            .apply(Scale { shift: None, factor: Some(Arc::from([0.5, 2.0])) }.into(), &[&made])
            .unwrap();
        let weights = Weights::dense(1, 2, vec![1.0, -1.0]).unwrap();
        made = builder
            .apply(Linear::new(weights, vec![0.25], Shape::Mirrored).unwrap().into(), &[&made])
            .unwrap();
        let probability = builder.apply(Probability::Logistic { factor: 1.0 }.into(), &[&made]).unwrap();
        let class = builder.apply(Decide::Largest.into(), &[&made]).unwrap();
        builder.bind("probability", probability).unwrap();
        builder.bind("prediction", class).unwrap();
        builder.finish(ModelInfo::default()).unwrap().plan(&["probability", "prediction"]).unwrap()
    }

    #[test]
    fn a_row_is_answered_from_its_numbers() {
        let plan = plan();
        let mut scorer = plan.row_scorer().unwrap();
        let scores = scorer.score(&[3.0, 0.5]).unwrap();
        let likely = 1.0 / (1.0 + (-0.75_f64).exp());
        assert_eq!(scores.output(1), Some(&[1.0][..]));
        assert!((scores.output(0).unwrap()[1] - likely).abs() < 1e-15);
        assert_eq!(scores.output(2), None);
    }

    #[test]
    fn what_columns_must_answer_is_left_to_them() {
        let plan = plan();
        let mut scorer = plan.row_scorer().unwrap();
        for row in [&[3.0, f64::NAN][..], &[1.5, 0.5], &[-0.0, 0.5], &[1e10, 0.5], &[3.0], &[3.0, 0.5, 1.0]] {
            assert!(scorer.score(row).is_none(), "{row:?}");
        }
        let column = |value: f64| Column::from_doubles(vec![value]);
        assert!(
            plan.score(Batch::new(1, vec![column(3.0), column(0.5)])).is_err(),
            "the first is an integer"
        );
    }

    #[test]
    fn nothing_is_allocated_for_a_row() {
        let plan = plan();
        let mut scorer = plan.row_scorer().unwrap();
        scorer.score(&[3.0, 0.5]).unwrap();
        let rows = allocation_counter::measure(|| {
            for row in 0..100 {
                scorer.score(&[f64::from(row), 0.5]).unwrap();
            }
        });
        assert_eq!(rows.count_total, 0);
    }
}
