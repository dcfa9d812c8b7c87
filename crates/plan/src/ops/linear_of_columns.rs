//! Linear scores of columns of numbers and of categories: what the passes make of [`OneHot`], [`Assemble`] and the
//! linear scores behind it.
//!
//! A category adds one weight, which is looked up. No vector is built, yet the products are added in the order that the
//! vector would have them added in: one after another where it would be sparse, four sums side by side where it would
//! be dense. A zero of a dense vector adds nothing to them, since weights are finite here and no sum is ever −0.

use std::fmt;

use arrow_array::{Array, Float64Array};
use smallvec::SmallVec;

use super::{Assemble, HandleInvalid, Linear, Mismatch, OneHot, Operation, Outputs, doubles};
use crate::column::{Column, ColumnType};
use crate::error::OpError;
use crate::subplan::Subplan;

/// What a column adds to the vector that is never built.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// The number itself.
    Number,
    /// A single 1 at the place of a category.
    Category(OneHot),
}

impl Part {
    fn size(&self) -> usize {
        match self {
            Part::Number => 1,
            Part::Category(one_hot) => one_hot.size(),
        }
    }
}

/// Linear scores of columns; each of the models makes one column.
#[derive(Clone, Debug)]
pub struct LinearOfColumns {
    parts: Vec<Part>,
    assemble: Assemble,
    models: Vec<Linear>,
    /// The operations as they were, for a batch with a null, or with a value that one of them refuses.
    as_built: Subplan,
}

/// The values of a row that are not zero, by ascending places.
type Active = SmallVec<[(u32, f64); 32]>;

impl LinearOfColumns {
    /// `models` over what `assemble` makes of `parts`; `None` where the sums would not keep their bits.
    pub(crate) fn new(
        parts: Vec<Part>,
        assemble: Assemble,
        models: Vec<Linear>,
        as_built: Subplan,
    ) -> Option<LinearOfColumns> {
        let width = parts.iter().map(Part::size).sum();
        let fits = models.iter().all(|model| model.takes_active(width));
        (fits && assemble.handle_invalid != HandleInvalid::Skip).then_some(LinearOfColumns {
            parts,
            assemble,
            models,
            as_built,
        })
    }

    /// Writes the active values of a row; answers the size of its vector, or `None` where a value may be refused.
    fn row(&self, row: usize, columns: &[&Float64Array], active: &mut Active) -> Option<usize> {
        active.clear();
        let mut size = 0;
        for (part, column) in self.parts.iter().zip(columns) {
            let value = column.value(row);
            match part {
                Part::Number if value.is_nan() && self.assemble.handle_invalid == HandleInvalid::Error => {
                    return None;
                }
                Part::Number if value != 0.0 => active.push((size as u32, value)),
                Part::Number => {}
                Part::Category(one_hot) => {
                    if let Some(place) = one_hot.place(value)? {
                        active.push(((size + place) as u32, 1.0));
                    }
                }
            }
            size += part.size();
        }
        Some(size)
    }

    /// The models' columns; `None` where a value may be refused.
    fn scores(&self, rows: usize, columns: &[&Float64Array]) -> Option<SmallVec<[Column; 1]>> {
        let mut scores: SmallVec<[Vec<f64>; 1]> =
            self.models.iter().map(|model| Vec::with_capacity(rows * model.scores())).collect();
        let mut active = Active::new();
        for row in 0..rows {
            let size = self.row(row, columns, &mut active)?;
            let sparse = self.assemble.rule.is_sparse(size, active.len());
            for (model, scores) in self.models.iter().zip(&mut scores) {
                model.push_active(&active, sparse, scores);
            }
        }
        Some(self.models.iter().zip(scores).map(|(model, scores)| model.column(rows, scores)).collect())
    }
}

impl Operation for LinearOfColumns {
    fn output_types(&self, inputs: &[&ColumnType]) -> Result<Vec<ColumnType>, Mismatch> {
        Linear::types_over_doubles(&self.models, inputs)
    }

    fn run(&self, rows: usize, inputs: &[&Column]) -> Result<Outputs, OpError> {
        let columns = inputs.iter().map(|input| doubles(input));
        let columns = columns.collect::<Result<SmallVec<[&Float64Array; 16]>, _>>()?;
        let whole = columns.iter().all(|column| column.null_count() == 0);
        match whole.then(|| self.scores(rows, &columns)).flatten() {
            Some(columns) => Ok(Outputs { columns, keep: None }),
            None => self.as_built.run(rows, inputs),
        }
    }

    fn width(&self, _inputs: usize) -> usize {
        self.models.iter().map(Linear::scores).sum()
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let categories = self.parts.iter().filter(|part| matches!(part, Part::Category(_))).count();
        write!(f, "linear of columns [{categories} of categories, {:?}", self.assemble.handle_invalid)?;
        for model in &self.models {
            f.write_str(", ")?;
            model.describe(f)?;
        }
        f.write_str("]")
    }
}
