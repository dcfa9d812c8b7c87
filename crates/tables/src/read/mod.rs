//! Readers of one format each. A reader yields batches of one file and then follows on with the next file.

mod csv;
mod json;
mod parquet;

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use flate2::read::MultiGzDecoder;

use crate::error::TableError;
use crate::format::Format;
use crate::read::csv::CsvRows;
use crate::read::json::JsonRows;
use crate::read::parquet::ParquetRows;

/// Most rows in a batch.
pub(crate) const BATCH_ROWS: usize = 8_192;
/// Where a batch of wide rows ends before that: bytes of text, and cells.
pub(crate) const BATCH_BYTES: usize = 16 << 20;
pub(crate) const BATCH_CELLS: usize = 4 << 20;
/// The longest record of text.
pub(crate) const RECORD_BYTES: usize = 64 << 20;
/// Most columns of a text file.
pub(crate) const COLUMNS: usize = 20_000;

const BUFFER: usize = 256 << 10;

/// Text to read.
pub(crate) struct Input {
    pub(crate) name: Arc<str>,
    pub(crate) bytes: Box<dyn BufRead + Send>,
}

impl Input {
    /// Opens a file; what ends in `.gz` is unpacked.
    pub(crate) fn open(path: &Path) -> Result<Input, TableError> {
        let file = File::open(path).map_err(TableError::io("open", path))?;
        let bytes: Box<dyn BufRead + Send> = match path.extension().is_some_and(|end| end == "gz") {
            true => Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(file))),
            false => Box::new(BufReader::with_capacity(BUFFER, file)),
        };
        Ok(Input { name: path.display().to_string().into(), bytes })
    }

    pub(crate) fn failed(&self, error: std::io::Error) -> TableError {
        TableError::io("read", Path::new(self.name.as_ref()))(error)
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Input({})", self.name)
    }
}

/// The reader of one format.
#[derive(Debug)]
pub(crate) enum FileReader {
    Parquet(ParquetRows),
    Csv(CsvRows),
    Json(JsonRows),
}

impl FileReader {
    pub(crate) fn open(format: Format, path: &Path) -> Result<FileReader, TableError> {
        match format {
            Format::Parquet => Ok(FileReader::Parquet(ParquetRows::open(path)?)),
            _ => FileReader::stream(format, Input::open(path)?),
        }
    }

    pub(crate) fn stream(format: Format, input: Input) -> Result<FileReader, TableError> {
        match format {
            Format::Csv => Ok(FileReader::Csv(CsvRows::new(input)?)),
            Format::JsonLines => Ok(FileReader::Json(JsonRows::new(input))),
            Format::Parquet => {
                let hint =
                    "Parquet is read from its end: write it to a file first, or stream CSV or JSON lines";
                Err(TableError::unfit(&input.name, "Parquet cannot be read from a stream", hint))
            }
        }
    }

    pub(crate) fn schema(&self) -> SchemaRef {
        match self {
            FileReader::Parquet(reader) => reader.schema(),
            FileReader::Csv(reader) => reader.schema(),
            FileReader::Json(_) => SchemaRef::new(arrow_schema::Schema::empty()),
        }
    }

    pub(crate) fn spark_metadata(&self) -> BTreeMap<String, String> {
        match self {
            FileReader::Parquet(reader) => reader.spark_metadata(),
            _ => BTreeMap::new(),
        }
    }

    /// The next rows of the file; `None` at its end.
    pub(crate) fn next(&mut self) -> Result<Option<RecordBatch>, TableError> {
        match self {
            FileReader::Parquet(reader) => reader.next(),
            FileReader::Csv(reader) => reader.next(),
            FileReader::Json(reader) => reader.next(),
        }
    }

    /// Goes on with another file, which must have the same columns.
    pub(crate) fn follow(&mut self, path: &Path) -> Result<(), TableError> {
        match self {
            FileReader::Parquet(reader) => reader.follow(path),
            FileReader::Csv(reader) => reader.follow(Input::open(path)?),
            FileReader::Json(reader) => {
                reader.follow(Input::open(path)?);
                Ok(())
            }
        }
    }
}
