//! The rows that a benchmark rotates: as batches for the plan and as request bodies for the server.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use firesteel_plan::{Batch, Column, Field, VectorRef};
use firesteel_tables::{Source, TableError, bind};
use serde_json::{Map, Value, json};

/// Rows bound to a plan's inputs.
pub(crate) struct BenchRows {
    /// All rows as one batch.
    pub(crate) all: Batch,
    fields: Vec<Field>,
}

/// The most rows that are read.
const MAX_ROWS: usize = 50_000;

/// The table of rows to use: the one given, else `rows.parquet` beside the model.
pub(crate) fn default_path(model: &Path) -> Option<PathBuf> {
    let beside = model.canonicalize().ok()?.parent()?.join("rows.parquet");
    beside.exists().then_some(beside)
}

impl BenchRows {
    /// Reads the first rows of `source`.
    pub(crate) fn read(source: Source, inputs: &[Field]) -> Result<BenchRows, TableError> {
        let mut parts: Vec<Vec<Column>> = vec![Vec::new(); inputs.len()];
        let mut rows_read = 0;
        for rows in source {
            let batch = bind(&rows?, inputs)?;
            rows_read += batch.rows;
            parts.iter_mut().zip(batch.columns).for_each(|(parts, column)| parts.push(column));
            if rows_read >= MAX_ROWS {
                break;
            }
        }
        let columns = parts.iter().filter_map(|parts| Column::concat(&parts.iter().collect::<Vec<_>>()).ok());
        Ok(BenchRows { all: Batch::new(rows_read, columns.collect()), fields: inputs.to_vec() })
    }

    /// The rows in batches of `rows`, each with rows of its own; the rest that fills no batch is left out.
    pub(crate) fn batches(&self, rows: usize) -> Vec<Batch> {
        let starts = (0..self.all.rows / rows.max(1)).map(|batch| batch * rows);
        let columns = |start| self.all.columns.iter().map(|column| column.slice(start, rows)).collect();
        starts.map(|start| Batch::new(rows, columns(start))).collect()
    }

    /// A body for `/predict` for each row.
    pub(crate) fn bodies(&self) -> Vec<Vec<u8>> {
        (0..self.all.rows).map(|row| self.record(row).to_string().into_bytes()).collect()
    }

    /// A body for `/predict/batch` for each batch of `rows` rows.
    pub(crate) fn batch_bodies(&self, rows: usize) -> Vec<Vec<u8>> {
        let starts = (0..self.all.rows / rows.max(1)).map(|batch| batch * rows);
        let records = |start: usize| (start..start + rows).map(|row| self.record(row)).collect::<Vec<_>>();
        starts.map(|start| json!({ "predictions": records(start) }).to_string().into_bytes()).collect()
    }

    /// A message of gRPC's `ModelInfer` for each batch of `rows` rows.
    pub(crate) fn messages(&self, model: &str, rows: usize) -> Result<Vec<Vec<u8>>, String> {
        let message = |batch: &Batch| firesteel_server::infer_message(model, &self.fields, batch);
        self.batches(rows).iter().map(message).collect()
    }

    /// How many of the rows differ from each other.
    pub(crate) fn distinct(&self) -> usize {
        self.bodies().into_iter().collect::<HashSet<_>>().len()
    }

    fn record(&self, row: usize) -> Value {
        let cells = self.fields.iter().zip(&self.all.columns);
        Value::Object(
            cells.map(|(field, column)| (field.name.clone(), cell(column, row))).collect::<Map<_, _>>(),
        )
    }
}

/// One value as a request writes it.
fn cell(column: &Column, row: usize) -> Value {
    match column {
        _ if column.is_null(row) => Value::Null,
        Column::Array(array) => scalar(array, row),
        Column::Vector(vectors) => match vectors.get(row) {
            None => Value::Null,
            Some(VectorRef::Dense(values)) => {
                Value::Array(values.iter().map(|&value| double(value)).collect())
            }
            Some(VectorRef::Sparse { size, indices, values }) => {
                let values: Vec<Value> = values.iter().map(|&value| double(value)).collect();
                json!({ "size": size, "indices": indices, "values": values })
            }
        },
    }
}

fn scalar(array: &ArrayRef, row: usize) -> Value {
    match array.data_type() {
        DataType::Boolean => json!(array.as_boolean().value(row)),
        DataType::Int8 => json!(array.as_primitive::<Int8Type>().value(row)),
        DataType::Int16 => json!(array.as_primitive::<Int16Type>().value(row)),
        DataType::Int32 => json!(array.as_primitive::<Int32Type>().value(row)),
        DataType::Int64 => json!(array.as_primitive::<Int64Type>().value(row)),
        DataType::Float32 => double(f64::from(array.as_primitive::<Float32Type>().value(row))),
        DataType::Float64 => double(array.as_primitive::<Float64Type>().value(row)),
        DataType::Utf8 => json!(array.as_string::<i32>().value(row)),
        DataType::List(_) => {
            let items = array.as_list::<i32>().value(row);
            let item = |at| if items.is_null(at) { Value::Null } else { scalar(&items, at) };
            Value::Array((0..items.len()).map(item).collect())
        }
        _ => Value::Null,
    }
}

/// JSON has no numbers for these three; they are written as the strings that the server reads.
fn double(value: f64) -> Value {
    match value {
        _ if value.is_nan() => json!("NaN"),
        f64::INFINITY => json!("Infinity"),
        f64::NEG_INFINITY => json!("-Infinity"),
        _ => json!(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use firesteel_plan::ColumnType;

    fn rows(values: Vec<f64>) -> BenchRows {
        let field = Field {
            name: "x".to_owned(),
            column_type: ColumnType::Double,
            size: None,
            nullable: false,
            stage: String::new(),
        };
        BenchRows { all: Batch::new(values.len(), vec![Column::from_doubles(values)]), fields: vec![field] }
    }

    #[test]
    fn bodies_are_records() {
        let rows = rows(vec![1.5, f64::NAN, 1.5]);
        assert_eq!(rows.bodies()[0], br#"{"x":1.5}"#);
        assert_eq!(rows.bodies()[1], br#"{"x":"NaN"}"#);
        assert_eq!(rows.batch_bodies(2), [br#"{"predictions":[{"x":1.5},{"x":"NaN"}]}"#]);
        assert_eq!(rows.distinct(), 2);
        assert_eq!(rows.batches(2).len(), 1);
    }
}
