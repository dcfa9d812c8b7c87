//! What goes into a plan and what comes out.

use crate::column::Column;

/// Rows to score: the plan's input columns, in the order of [`Plan::inputs`](crate::Plan::inputs).
#[derive(Clone, Debug)]
pub struct Batch {
    /// The number of rows; every column has as many.
    pub rows: usize,
    /// The columns.
    pub columns: Vec<Column>,
}

impl Batch {
    /// A batch of `rows` rows.
    pub fn new(rows: usize, columns: Vec<Column>) -> Batch {
        Batch { rows, columns }
    }
}

/// Scored rows: the plan's output columns, in the order of [`Plan::outputs`](crate::Plan::outputs).
#[derive(Clone, Debug)]
pub struct Scored {
    /// The number of rows that went in.
    pub rows_in: usize,
    /// Which of those rows came out, ascending; `None` when all did.
    pub survivors: Option<Vec<u32>>,
    /// The columns; as long as the rows that came out.
    pub columns: Vec<Column>,
}

impl Scored {
    /// The number of rows that came out.
    pub fn rows(&self) -> usize {
        self.survivors.as_ref().map_or(self.rows_in, Vec::len)
    }

    /// For each row that went in, its place among the rows that came out; `None` when it was dropped.
    pub fn places(&self) -> Vec<Option<usize>> {
        match &self.survivors {
            None => (0..self.rows_in).map(Some).collect(),
            Some(survivors) => {
                let mut places = vec![None; self.rows_in];
                survivors.iter().enumerate().for_each(|(place, &row)| places[row as usize] = Some(place));
                places
            }
        }
    }
}
