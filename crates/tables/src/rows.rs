//! A batch of a source's rows, and the mark of columns that are still text.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field};

/// Some consecutive rows of one file.
#[derive(Clone, Debug)]
pub struct Rows {
    /// The file, as errors name it.
    pub file: Arc<str>,
    /// The number of the first row in its file, counted from 1.
    pub first: u64,
    /// The rows. Columns of CSV and JSON lines hold text; see [`bind`](crate::bind).
    pub batch: RecordBatch,
}

impl Rows {
    /// The number in its file of the batch's row `row`, counted from 1.
    pub fn number(&self, row: usize) -> u64 {
        self.first + row as u64
    }
}

/// How the text of a column is to be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// A CSV cell; a null was an empty cell.
    Csv,
    /// A JSON value as it was written; a null was no value at all, unlike the text `null`.
    Json,
}

const MARK: &str = "firesteel.text";

impl Text {
    /// The Arrow field of a column of such text.
    pub(crate) fn field(self, name: &str) -> Field {
        let mark = match self {
            Text::Csv => "csv",
            Text::Json => "json",
        };
        let metadata = HashMap::from([(MARK.to_owned(), mark.to_owned())]);
        Field::new(name, DataType::Utf8, true).with_metadata(metadata)
    }

    /// The kind of text that a column holds; `None` when it has a type of its own.
    pub(crate) fn of(field: &Field) -> Option<Text> {
        match field.metadata().get(MARK)?.as_str() {
            "csv" => Some(Text::Csv),
            "json" => Some(Text::Json),
            _ => None,
        }
    }
}
