//! Writes CSV with a header line. Cells that came as CSV go out as they came.

use std::io::{BufWriter, Write as _};

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_schema::{ArrowError, Field, SchemaRef};
use firesteel_plan::Scored;

use super::pending::Out;
use super::value::{Write, cell, column_csv, csv};
use super::{Layout, internal, late_column, source_row, write_failed};
use crate::error::TableError;
use crate::parse::json_content;
use crate::rows::{Rows, Text};

#[derive(Debug)]
pub(crate) struct CsvSink {
    out: BufWriter<Out>,
    layout: Layout,
    /// The source's columns, once the header is written.
    header: Option<Vec<String>>,
    text: Vec<u8>,
}

impl CsvSink {
    pub(crate) fn new(out: Out, layout: Layout) -> CsvSink {
        CsvSink { out: BufWriter::new(out), layout, header: None, text: Vec::new() }
    }

    pub(crate) fn write(&mut self, rows: &Rows, scored: &Scored) -> Result<(), TableError> {
        let schema = rows.batch.schema();
        if self.header.is_none() {
            self.write_header(&rows.file, &schema)?;
        }
        if let Some(header) = &self.header
            && let Some(late) = schema.fields().get(header.len())
        {
            return Err(late_column(rows, late.name()));
        }
        let failed = |error: ArrowError| internal(&rows.file, error);
        let mut sources = Vec::new();
        for (field, array) in schema.fields().iter().zip(rows.batch.columns()) {
            sources.push(cells(field, array).map_err(failed)?);
        }
        let outputs = scored.columns.iter().map(column_csv).collect::<Result<Vec<_>, _>>().map_err(failed)?;
        for row in 0..scored.rows() {
            self.text.clear();
            let source = source_row(scored, row);
            for write in &sources {
                write(source, &mut self.text);
                self.text.push(b',');
            }
            for write in &outputs {
                write(row, &mut self.text);
                self.text.push(b',');
            }
            self.end_row()?;
        }
        Ok(())
    }

    /// Ends the row in `text`, in which a comma follows each cell.
    fn end_row(&mut self) -> Result<(), TableError> {
        self.text.pop();
        if self.text.is_empty() {
            // A blank line would be no row.
            self.text.extend(b"\"\"");
        }
        self.text.push(b'\n');
        self.out.write_all(&self.text).map_err(write_failed(self.out.get_ref().name()))
    }

    fn write_header(&mut self, file: &str, schema: &SchemaRef) -> Result<(), TableError> {
        self.layout.check(file, schema)?;
        let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        self.text.clear();
        for name in names.iter().chain(self.layout.outputs.iter().map(|field| &field.name)) {
            cell(name.as_bytes(), &mut self.text);
            self.text.push(b',');
        }
        self.header = Some(names);
        self.end_row()
    }

    pub(crate) fn finish(mut self, origin: &str, schema: &SchemaRef) -> Result<(), TableError> {
        if self.header.is_none() {
            self.write_header(origin, schema)?;
        }
        let name = self.out.get_ref().name().to_owned();
        let out = self.out.into_inner().map_err(|error| write_failed(&name)(error.into_error()))?;
        out.commit()
    }
}

/// The cells of a column of the source.
fn cells(field: &Field, array: &ArrayRef) -> Result<Write, ArrowError> {
    match Text::of(field) {
        Some(Text::Json) => {
            let values = array.as_string::<i32>().clone();
            Ok(Box::new(move |row, out| {
                if values.is_valid(row)
                    && let Some(content) = json_content(values.value(row))
                {
                    cell(content.as_bytes(), out);
                }
            }))
        }
        _ => csv(array),
    }
}
