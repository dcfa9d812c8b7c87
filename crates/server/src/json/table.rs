//! The rows of a request while it is read: typed columns, and everything that is wrong with it.

use std::fmt;

use firesteel_deploy::Scorer;
use firesteel_plan::Batch;

use super::cell::{Cell, Wrong};
use super::column::ColumnBuilder;
use super::nearest::nearest;
use crate::error::{Fault, Kind, Problem};

/// The most problems that are listed; the rest are counted.
const MAX_PROBLEMS: usize = 20;

/// Columns for the inputs of a scorer, filled cell by cell.
///
/// A row-wise reader sets each cell and calls [`Table::end_row`]; a reader of whole columns moves by
/// [`Table::at_row`].
pub(crate) struct Table<'s> {
    scorer: &'s Scorer,
    columns: Vec<ColumnBuilder>,
    /// For each input, the row, counted from 1, in which it was last set.
    set: Vec<usize>,
    /// The row at hand.
    row: usize,
    max_rows: usize,
    /// Whether unknown fields are refused.
    strict: bool,
    problems: Vec<Problem>,
    more: usize,
    too_many: bool,
}

impl fmt::Debug for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table")
            .field("row", &self.row)
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

impl<'s> Table<'s> {
    /// A table for about `expected` rows, of which it takes at most `max_rows`.
    pub(crate) fn new(scorer: &'s Scorer, expected: usize, max_rows: usize, strict: bool) -> Table<'s> {
        let columns =
            scorer.inputs().iter().map(|field| ColumnBuilder::new(&field.column_type, expected)).collect();
        let set = vec![0; scorer.inputs().len()];
        Table {
            scorer,
            columns,
            set,
            row: 0,
            max_rows,
            strict,
            problems: Vec::new(),
            more: 0,
            too_many: false,
        }
    }

    pub(crate) fn scorer(&self) -> &'s Scorer {
        self.scorer
    }

    /// The row at hand, counted from 0.
    pub(crate) fn row(&self) -> usize {
        self.row
    }

    /// Reads the cell of the input at `place` in the row at hand; hand what it read to [`Table::note`].
    pub(crate) fn cell(&mut self, place: usize) -> Cell<'_> {
        let field = &self.scorer.inputs()[place];
        if self.set[place] == self.row + 1 {
            self.problem(&field.name, "the field is given twice");
        }
        self.set[place] = self.row + 1;
        Cell { column: &mut self.columns[place], nullable: field.nullable, size: field.size }
    }

    /// Notes what reading a cell came to.
    pub(crate) fn note(&mut self, place: usize, read: Result<(), Wrong>) {
        if let Err(wrong) = read {
            let field = &self.scorer.inputs()[place];
            self.problem(&field.name, wrong.tell(field));
        }
    }

    /// Notes that something is wrong with a field of the row at hand.
    pub(crate) fn problem(&mut self, field: &str, problem: impl Into<String>) {
        if self.problems.len() == MAX_PROBLEMS {
            self.more += 1;
            return;
        }
        self.problems.push(Problem { record: self.row, field: field.to_owned(), problem: problem.into() });
    }

    /// Ends the row at hand, which had these fields that the model does not read.
    pub(crate) fn end_row<'n>(&mut self, unknown: impl Iterator<Item = &'n str> + Clone) {
        let scorer = self.scorer;
        let now = self.row + 1;
        if self.set.iter().any(|&set| set != now) {
            for (place, field) in scorer.inputs().iter().enumerate() {
                if self.set[place] == now {
                    continue;
                }
                let typo = match nearest(&field.name, unknown.clone()) {
                    Some(typo) => format!("; was '{typo}' meant for it?"),
                    None if field.nullable => "; send null where its value is not known".to_owned(),
                    None => String::new(),
                };
                self.problem(&field.name, format!("the field is missing{typo}"));
            }
        }
        if self.strict {
            for name in unknown.filter(|name| !scorer.is_known(name)) {
                let near = nearest(name, scorer.inputs().iter().map(|field| field.name.as_str()));
                let meant = near.map_or_else(String::new, |near| format!("; was '{near}' meant?"));
                self.problem(name, format!("the model does not read this field{meant}"));
            }
        }
        self.row += 1;
    }

    /// Moves to a row, for readers of whole columns.
    pub(crate) fn at_row(&mut self, row: usize) {
        self.row = row;
    }

    /// Whether there are as many rows as there may be.
    pub(crate) fn is_full(&self) -> bool {
        self.row >= self.max_rows
    }

    /// Notes that there are more rows than there may be.
    pub(crate) fn overflow(&mut self) {
        self.too_many = true;
    }

    /// The rows as a batch, or everything that is wrong with them.
    pub(crate) fn finish(self) -> Result<Batch, Fault> {
        if self.too_many {
            let max = self.max_rows;
            return Err(Fault::new(
                Kind::TooLarge,
                format!("more than {max} records in one request; send fewer"),
            ));
        }
        if !self.problems.is_empty() {
            let found = self.problems.len() + self.more;
            let message = if found == 1 {
                "a problem in the input".to_owned()
            } else {
                format!("{found} problems in the input")
            };
            return Err(Fault {
                problems: self.problems,
                more: self.more,
                ..Fault::new(Kind::Invalid, message)
            });
        }
        let columns = self.columns.into_iter().map(ColumnBuilder::finish).collect::<Result<_, _>>();
        match columns {
            Ok(columns) => Ok(Batch::new(self.row, columns)),
            Err(error) => Err(Fault::new(Kind::Internal, error.to_string())),
        }
    }
}
