//! Writes JSON lines. Values that came as JSON go out as they came.

use std::io::{BufWriter, Write as _};

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_schema::{ArrowError, Field};
use firesteel_plan::Scored;

use super::pending::Out;
use super::value::{Write, column_json, json, key, string};
use super::{Layout, internal, source_row, write_failed};
use crate::bind;
use crate::error::TableError;
use crate::rows::{Rows, Text};

#[derive(Debug)]
pub(crate) struct JsonSink {
    out: BufWriter<Out>,
    layout: Layout,
    text: Vec<u8>,
}

/// A column with its key; `absent` rows have no such key.
struct Member {
    key: Vec<u8>,
    write: Write,
    absent: Option<ArrayRef>,
}

impl JsonSink {
    pub(crate) fn new(out: Out, layout: Layout) -> JsonSink {
        JsonSink { out: BufWriter::new(out), layout, text: Vec::new() }
    }

    pub(crate) fn write(&mut self, rows: &Rows, scored: &Scored) -> Result<(), TableError> {
        let schema = rows.batch.schema_ref();
        self.layout.check(&rows.file, schema)?;
        let failed = |error: ArrowError| internal(&rows.file, error);
        let mut members = Vec::new();
        for (field, array) in schema.fields().iter().zip(rows.batch.columns()) {
            members.push(self.member(rows, field, array)?);
        }
        let mut outputs = Vec::new();
        for (field, column) in self.layout.outputs.iter().zip(&scored.columns) {
            outputs.push((key(&field.name), column_json(column).map_err(failed)?));
        }
        for row in 0..scored.rows() {
            self.text.clear();
            let source = source_row(scored, row);
            for member in &members {
                if !member.absent.as_ref().is_some_and(|array| array.is_null(source)) {
                    self.begin(&member.key);
                    (member.write)(source, &mut self.text);
                }
            }
            for (key, write) in &outputs {
                self.begin(key);
                write(row, &mut self.text);
            }
            self.text.extend(if self.text.is_empty() { b"{}\n".as_slice() } else { b"}\n" });
            self.out.write_all(&self.text).map_err(write_failed(self.out.get_ref().name()))?;
        }
        Ok(())
    }

    fn begin(&mut self, key: &[u8]) {
        self.text.push(if self.text.is_empty() { b'{' } else { b',' });
        self.text.extend(key);
    }

    fn member(&self, rows: &Rows, field: &Field, array: &ArrayRef) -> Result<Member, TableError> {
        let failed = |error: ArrowError| internal(&rows.file, error);
        let key = key(field.name());
        let text = match Text::of(field) {
            Some(text) => text,
            None => return Ok(Member { key, write: json(array).map_err(failed)?, absent: None }),
        };
        let cells = array.as_string::<i32>().clone();
        Ok(match (text, self.layout.types.get(field.name())) {
            (Text::Json, _) => {
                let write: Write = Box::new(move |row, out| out.extend(cells.value(row).as_bytes()));
                Member { key, write, absent: Some(array.clone()) }
            }
            (Text::Csv, Some(to)) => {
                let column = bind::column(rows, field.name(), to)?;
                Member { key, write: column_json(&column).map_err(failed)?, absent: None }
            }
            (Text::Csv, None) => {
                let write: Write = Box::new(move |row, out| match cells.is_null(row) {
                    true => out.extend(b"null"),
                    false => string(cells.value(row), out),
                });
                Member { key, write, absent: None }
            }
        })
    }

    pub(crate) fn finish(self) -> Result<(), TableError> {
        let name = self.out.get_ref().name().to_owned();
        let out = self.out.into_inner().map_err(|error| write_failed(&name)(error.into_error()))?;
        out.commit()
    }
}
