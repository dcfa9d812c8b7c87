//! Makes typed columns of text, by the rules of the format that the text came in.

mod csv;
mod json;

use arrow_array::StringArray;
use firesteel_plan::{Column, ColumnType};

use crate::rows::Text;

/// A cell that does not hold a value of the type asked for.
#[derive(Debug)]
pub(crate) struct BadCell {
    /// The row in the batch.
    pub(crate) row: usize,
    pub(crate) found: String,
    pub(crate) expected: String,
    pub(crate) hint: &'static str,
}

/// What to do where a decimal is asked for.
const NO_DECIMALS: &str = "only statements make decimals; declare the column as double";

impl BadCell {
    fn new(row: usize, found: &str, expected: &ColumnType) -> BadCell {
        BadCell { row, found: shown(found), expected: expected.to_string(), hint: "" }
    }
}

/// The longest value shown in an error message, in characters.
const SHOWN: usize = 120;

fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The cells as a column of type `to`.
pub(crate) fn column(cells: &StringArray, text: Text, to: &ColumnType) -> Result<Column, BadCell> {
    match text {
        Text::Csv => csv::column(cells, to),
        Text::Json => json::column(&cells.iter().collect::<Vec<_>>(), to),
    }
}

/// The content of JSON text as a string: a string's own characters, any other value as it was written, as
/// Spark reads JSON where its schema says string. `None` for `null`.
pub(crate) fn json_content(raw: &str) -> Option<std::borrow::Cow<'_, str>> {
    json::content(raw)
}
