//! Writes rows with a plan's outputs beside them: the source's columns in their order, then the outputs.

mod csv;
mod json;
mod parquet;
mod pending;
mod spark_schema;
mod value;

pub(crate) use spark_schema::ROW_METADATA;

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

use arrow_schema::{Schema, SchemaRef};
use firesteel_plan::{ColumnType, Field, Scored};

use crate::error::TableError;
use crate::format::Format;
use crate::rows::Rows;
use crate::workers::Workers;
use crate::write::csv::CsvSink;
use crate::write::json::JsonSink;
use crate::write::parquet::ParquetSink;
use crate::write::pending::Out;

/// Where rows are written.
pub enum Target {
    /// A file. It is written beside the target and renamed at the end, so that the name never stands for half
    /// a file. A device or a pipe is written as it is.
    File(PathBuf),
    /// A stream, such as standard output.
    Stream {
        /// The stream.
        stream: Box<dyn Write + Send>,
        /// Its name, for errors.
        name: String,
    },
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::File(path) => write!(f, "File({})", path.display()),
            Target::Stream { name, .. } => write!(f, "Stream({name})"),
        }
    }
}

/// What is written beside the source's own columns.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// The plan's outputs.
    pub outputs: Vec<Field>,
    /// The types of the source's text columns, where the model or the caller knows them. Parquet has the
    /// others as strings.
    pub types: BTreeMap<String, ColumnType>,
    /// The source's [`spark_metadata`](crate::Source::spark_metadata).
    pub spark_metadata: BTreeMap<String, String>,
}

impl Layout {
    /// Refuses an output that has the name of a column of the source, as Spark does.
    fn check(&self, file: &str, schema: &Schema) -> Result<(), TableError> {
        match self.outputs.iter().find(|output| schema.column_with_name(&output.name).is_some()) {
            Some(taken) => Err(TableError::Taken { file: file.to_owned(), column: taken.name.clone() }),
            None => Ok(()),
        }
    }
}

/// Writes scored rows. Without [`Sink::finish`] no file is left under the target's name.
#[derive(Debug)]
pub struct Sink(Encoder);

#[derive(Debug)]
enum Encoder {
    Parquet(ParquetSink),
    Csv(CsvSink),
    Json(JsonSink),
}

impl Sink {
    /// Opens the target.
    pub fn create(target: Target, format: Format, layout: Layout) -> Result<Sink, TableError> {
        let out = Out::open(target)?;
        Ok(Sink(match format {
            Format::Parquet => Encoder::Parquet(ParquetSink::new(out, layout)),
            Format::Csv => Encoder::Csv(CsvSink::new(out, layout)),
            Format::JsonLines => Encoder::Json(JsonSink::new(out, layout)),
        }))
    }

    /// Lets these threads encode where the format has columns, instead of the one that writes, which waits for them.
    #[must_use]
    pub fn with_workers(mut self, workers: Workers) -> Sink {
        if let Encoder::Parquet(sink) = &mut self.0 {
            sink.set_workers(workers);
        }
        self
    }

    /// Writes the rows that came out of the plan: `scored` was made of `rows`.
    pub fn write(&mut self, rows: &Rows, scored: &Scored) -> Result<(), TableError> {
        match &mut self.0 {
            Encoder::Parquet(sink) => sink.write(rows, scored),
            Encoder::Csv(sink) => sink.write(rows, scored),
            Encoder::Json(sink) => sink.write(rows, scored),
        }
    }

    /// Writes what is left to write and gives the file its name; `schema` is the source's, for a table without
    /// rows.
    pub fn finish(self, origin: &str, schema: &SchemaRef) -> Result<(), TableError> {
        match self.0 {
            Encoder::Parquet(sink) => sink.finish(origin, schema),
            Encoder::Csv(sink) => sink.finish(origin, schema),
            Encoder::Json(sink) => sink.finish(),
        }
    }
}

/// The row of the source that became row `row` of what was scored.
fn source_row(scored: &Scored, row: usize) -> usize {
    scored.survivors.as_ref().map_or(row, |rows| rows[row] as usize)
}

/// The error for a key that first comes up when the columns of the output are settled.
fn late_column(rows: &Rows, name: &str) -> TableError {
    let problem = format!("the column '{name}' first comes up in row {} or later", rows.first);
    let hint = "CSV and Parquet settle their columns at the first rows: write JSON lines, or give the first \
                object every key";
    TableError::unfit(&rows.file, problem, hint)
}

fn internal(path: &str, problem: impl ToString) -> TableError {
    TableError::unfit(path, problem.to_string(), "")
}

fn write_failed(path: &str) -> impl FnOnce(std::io::Error) -> TableError + use<> {
    TableError::io("write", Path::new(path))
}
