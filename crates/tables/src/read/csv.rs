//! Reads CSV as RFC 4180 has it: a header line, commas, `"` around cells, `""` for a quote within one.
//!
//! Cells stay text. As Spark's reader has it, an empty cell is null and `""` is the empty string. Unlike
//! Spark's, a backslash is a plain character and a quoted cell may hold line ends.

use std::collections::HashSet;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Schema, SchemaRef};
use csv_core::ReadFieldResult;

use crate::error::TableError;
use crate::read::{BATCH_BYTES, BATCH_CELLS, BATCH_ROWS, COLUMNS, Input, RECORD_BYTES};
use crate::rows::Text;

#[derive(Debug)]
pub(crate) struct CsvRows {
    cells: Cells,
    schema: SchemaRef,
    /// The number of the next row in its file.
    row: u64,
}

impl CsvRows {
    pub(crate) fn new(input: Input) -> Result<CsvRows, TableError> {
        let mut cells = Cells::new(input);
        let names = cells.header()?;
        let fields: Vec<_> = names.iter().map(|name| Text::Csv.field(name)).collect();
        Ok(CsvRows { cells, schema: Arc::new(Schema::new(fields)), row: 1 })
    }

    pub(crate) fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    pub(crate) fn follow(&mut self, input: Input) -> Result<(), TableError> {
        let mut cells = Cells::new(input);
        let names = cells.header()?;
        let expected: Vec<&str> = self.schema.fields().iter().map(|field| field.name().as_str()).collect();
        // Spark leaves a part without rows empty.
        if names != expected && !names.is_empty() {
            let problem = format!("found the header {names:?}, expected {expected:?}");
            let hint = "the part files of a folder have the same header";
            return Err(TableError::unfit(&cells.input.name, problem, hint));
        }
        *self = CsvRows { cells, schema: Arc::clone(&self.schema), row: 1 };
        Ok(())
    }

    pub(crate) fn next(&mut self) -> Result<Option<RecordBatch>, TableError> {
        let width = self.schema.fields().len();
        let mut columns: Vec<StringBuilder> = (0..width).map(|_| StringBuilder::new()).collect();
        let (mut rows, mut bytes) = (0, 0);
        while rows < BATCH_ROWS && bytes < BATCH_BYTES && rows * width < BATCH_CELLS {
            match self.cells.record(self.row, &self.schema, &mut columns)? {
                Some(length) => bytes += length,
                None => break,
            }
            rows += 1;
            self.row += 1;
        }
        if rows == 0 {
            return Ok(None);
        }
        let columns: Vec<ArrayRef> =
            columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef).collect();
        let batch = RecordBatch::try_new(self.schema(), columns);
        batch.map(Some).map_err(|error| TableError::unfit(&self.cells.input.name, error.to_string(), ""))
    }
}

/// The cells of a file, one after another.
#[derive(Debug)]
struct Cells {
    input: Input,
    parser: csv_core::Reader,
    cell: Vec<u8>,
}

/// One cell: the bytes are in [`Cells::cell`].
struct Cell {
    length: usize,
    empty: bool,
    last: bool,
}

impl Cells {
    fn new(input: Input) -> Cells {
        Cells { input, parser: csv_core::Reader::new(), cell: vec![0; 1024] }
    }

    /// The next cell; `None` at the end of the file. `room` is what is left of the longest record.
    fn next(&mut self, row: u64, room: usize) -> Result<Option<Cell>, TableError> {
        let (mut length, mut quoted) = (0, false);
        loop {
            let bytes = match self.input.bytes.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.input.failed(error)),
            };
            let (result, read, written) = self.parser.read_field(bytes, &mut self.cell[length..]);
            // Only an empty cell needs to know whether it was quoted.
            quoted |= length == 0 && written == 0 && bytes[..read].contains(&b'"');
            self.input.bytes.consume(read);
            length += written;
            match result {
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::OutputFull if length >= room => return Err(self.too_long(row)),
                ReadFieldResult::OutputFull => self.cell.resize(self.cell.len() * 2, 0),
                ReadFieldResult::Field { record_end } => {
                    return Ok(Some(Cell { length, empty: length == 0 && !quoted, last: record_end }));
                }
                ReadFieldResult::End => return Ok(None),
            }
        }
    }

    fn too_long(&self, row: u64) -> TableError {
        TableError::Record {
            file: self.input.name.to_string(),
            row,
            problem: format!("is longer than {} MiB", RECORD_BYTES >> 20),
            hint: "is a closing quote missing?",
        }
    }

    /// The names of the columns; none when the file is empty.
    fn header(&mut self) -> Result<Vec<String>, TableError> {
        let mut names: Vec<String> = Vec::new();
        let mut room = RECORD_BYTES;
        while let Some(cell) = self.next(0, room)? {
            room = room.saturating_sub(cell.length);
            let name = std::str::from_utf8(&self.cell[..cell.length]).map(str::to_owned);
            let name =
                name.map_err(|_| self.unfit("the header is not UTF-8", "convert the file to UTF-8"))?;
            names.push(name);
            if names.len() > COLUMNS {
                let problem = format!("has more than {COLUMNS} columns");
                return Err(self.unfit(&problem, "is it CSV? Rows end with line ends"));
            }
            if cell.last {
                break;
            }
        }
        let mut seen = HashSet::new();
        match names.iter().find(|name| !seen.insert(name.as_str())) {
            Some(twice) => {
                let problem = format!("the header has '{twice}' twice");
                Err(self.unfit(&problem, "the first line names the columns, each once"))
            }
            None => Ok(names),
        }
    }

    fn unfit(&self, problem: &str, hint: &str) -> TableError {
        TableError::unfit(&self.input.name, problem, hint)
    }

    /// Adds the next record's cells to `columns`; the record's bytes, or `None` at the end of the file.
    fn record(
        &mut self,
        row: u64,
        schema: &Schema,
        columns: &mut [StringBuilder],
    ) -> Result<Option<usize>, TableError> {
        let (mut at, mut bytes) = (0, 0);
        while let Some(cell) = self.next(row, RECORD_BYTES.saturating_sub(bytes))? {
            bytes += cell.length;
            if let Some(column) = columns.get_mut(at) {
                let text = std::str::from_utf8(&self.cell[..cell.length]);
                match text {
                    _ if cell.empty => column.append_null(),
                    Ok(text) => column.append_value(text),
                    Err(_) => return Err(self.not_utf8(row, schema.field(at).name(), cell.length)),
                }
            }
            at += 1;
            if cell.last {
                return if at == columns.len() {
                    Ok(Some(bytes))
                } else {
                    Err(self.cells(row, at, columns.len()))
                };
            }
        }
        if at == 0 { Ok(None) } else { Err(self.cells(row, at, columns.len())) }
    }

    fn cells(&self, row: u64, found: usize, expected: usize) -> TableError {
        TableError::Record {
            file: self.input.name.to_string(),
            row,
            problem: format!("found {found} cells, expected {expected} as in the header"),
            hint: "cells that hold commas, quotes or line ends stand in quotes",
        }
    }

    fn not_utf8(&self, row: u64, column: &str, length: usize) -> TableError {
        TableError::Value {
            file: self.input.name.to_string(),
            row,
            column: column.to_owned(),
            found: format!("\"{}\"", self.cell[..length.min(40)].escape_ascii()),
            expected: "text in UTF-8".to_owned(),
            hint: "convert the file to UTF-8",
        }
    }
}
