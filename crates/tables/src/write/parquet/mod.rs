//! Writes Parquet as Spark writes it: Snappy, vectors as Spark's `VectorUDT`, Spark's schema in the file's
//! metadata, so that `spark.read.parquet` gives vectors again.

mod file;
mod row_groups;
mod storage;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, StringArray};
use arrow_schema::{Field, Schema, SchemaRef};
use firesteel_plan::{Column, ColumnType, Scored};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;

use self::row_groups::RowGroups;
use self::storage::Storage;
use super::pending::Out;
use super::spark_schema::{self, ROW_METADATA, VERSION};
use super::{Layout, internal, late_column};
use crate::bind;
use crate::error::TableError;
use crate::parse::json_content;
use crate::rows::{Rows, Text};
use crate::workers::Workers;

/// Dates and times are written as Spark 3 and later count them.
const COUNTED_AS: &str = "3.5.0";

pub(crate) struct ParquetSink {
    name: String,
    layout: Layout,
    workers: Option<Workers>,
    state: State,
}

enum State {
    /// No rows were seen yet, so not all columns may be known.
    Open(Option<Out>),
    Settled {
        sources: usize,
        groups: RowGroups,
    },
}

impl fmt::Debug for ParquetSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ParquetSink({})", self.name)
    }
}

impl ParquetSink {
    pub(crate) fn new(out: Out, layout: Layout) -> ParquetSink {
        ParquetSink { name: out.name().to_owned(), layout, workers: None, state: State::Open(Some(out)) }
    }

    pub(crate) fn set_workers(&mut self, workers: Workers) {
        self.workers = Some(workers);
    }

    pub(crate) fn write(&mut self, rows: &Rows, scored: &Scored) -> Result<(), TableError> {
        let columns = self.columns(rows, scored)?;
        if let State::Open(_) = self.state {
            self.settle(&rows.file, rows.batch.schema_ref(), &columns)?;
        }
        let State::Settled { sources, groups } = &mut self.state else {
            return Err(internal(&self.name, "has no writer"));
        };
        if let Some(late) = rows.batch.schema_ref().fields().get(*sources) {
            return Err(late_column(rows, late.name()));
        }
        groups.write(columns).map_err(|error| failed(&self.name, error))
    }

    pub(crate) fn finish(mut self, origin: &str, schema: &SchemaRef) -> Result<(), TableError> {
        if let State::Open(_) = self.state {
            self.settle(origin, schema, &[])?;
        }
        match self.state {
            State::Settled { groups, .. } => {
                groups.finish().map_err(|error| failed(&self.name, error))?.commit()
            }
            State::Open(_) => Err(internal(&self.name, "has no writer")),
        }
    }

    /// The columns of the file: the source's, then the outputs, of the rows that survived.
    fn columns(&self, rows: &Rows, scored: &Scored) -> Result<Vec<Column>, TableError> {
        let mut columns = Vec::with_capacity(rows.batch.num_columns() + scored.columns.len());
        for (field, array) in rows.batch.schema_ref().fields().iter().zip(rows.batch.columns()) {
            columns.push(Column::Array(source_column(rows, field, array, &self.layout)?));
        }
        if let Some(survivors) = &scored.survivors {
            for column in &mut columns {
                *column = column.take(survivors).map_err(|error| internal(&self.name, error))?;
            }
        }
        columns.extend(scored.columns.iter().cloned());
        Ok(columns)
    }

    /// Settles the columns, at the first rows.
    fn settle(&mut self, origin: &str, source: &Schema, first: &[Column]) -> Result<(), TableError> {
        let State::Open(out) = &mut self.state else { return Ok(()) };
        self.layout.check(origin, source)?;
        let mut fields: Vec<Arc<Field>> = Vec::new();
        for field in source.fields() {
            let to = self.layout.types.get(field.name()).unwrap_or(&ColumnType::String);
            fields.push(match Text::of(field) {
                Some(_) => Arc::new(Field::new(field.name(), to.to_arrow(), true)),
                None => Arc::clone(field),
            });
        }
        for output in &self.layout.outputs {
            fields.push(Arc::new(Field::new(&output.name, output.column_type.to_arrow(), true)));
        }
        let schema = Arc::new(Schema::new(fields));
        let storage = Storage::new(&schema, first, key_values(&schema, &self.layout));
        let Some(out) = out.take() else { return Err(internal(&self.name, "has no writer")) };
        let groups = RowGroups::new(out, &schema, storage, self.workers.clone());
        let groups = groups.map_err(|error| failed(&self.name, error))?;
        self.state = State::Settled { sources: source.fields().len(), groups };
        Ok(())
    }
}

/// What Spark reads beside the rows: its version, its schema, and how old dates are counted.
fn key_values(schema: &Schema, layout: &Layout) -> Vec<KeyValue> {
    let sizes: HashMap<&str, usize> =
        layout.outputs.iter().filter_map(|field| Some((field.name.as_str(), field.size?))).collect();
    let before = layout.spark_metadata.get(ROW_METADATA).map(String::as_str);
    let mut pairs = layout.spark_metadata.clone();
    pairs.entry(VERSION.to_owned()).or_insert_with(|| COUNTED_AS.to_owned());
    pairs.insert(ROW_METADATA.to_owned(), spark_schema::row_metadata(schema, before, &sizes));
    pairs.into_iter().map(|(key, value)| KeyValue::new(key, value)).collect()
}

/// A column of the source under the type that the file has it in.
fn source_column(
    rows: &Rows,
    field: &Field,
    array: &ArrayRef,
    layout: &Layout,
) -> Result<ArrayRef, TableError> {
    let column = match (Text::of(field), layout.types.get(field.name())) {
        (None, _) | (Some(Text::Csv), None) => return Ok(Arc::clone(array)),
        (Some(Text::Json), None) => {
            let values = array.as_string::<i32>();
            let strings: StringArray = values.iter().map(|raw| raw.and_then(json_content)).collect();
            return Ok(Arc::new(strings));
        }
        (Some(_), Some(to)) => bind::column(rows, field.name(), to)?,
    };
    match column {
        Column::Array(array) => Ok(array),
        Column::Vector(vectors) => match vectors.to_arrow() {
            Ok(array) => Ok(Arc::new(array)),
            Err(error) => Err(internal(&rows.file, error)),
        },
    }
}

fn failed(path: &str, error: ParquetError) -> TableError {
    match error {
        ParquetError::External(cause) => match cause.downcast::<std::io::Error>() {
            Ok(cause) => super::write_failed(path)(*cause),
            Err(cause) => {
                let source = ParquetError::External(cause);
                TableError::Parquet { action: "write", path: path.to_owned(), source }
            }
        },
        source => TableError::Parquet { action: "write", path: path.to_owned(), source },
    }
}
