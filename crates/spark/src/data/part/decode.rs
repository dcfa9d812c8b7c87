//! Decodes the columns of a file, those of a large one by two threads.

use std::cmp::Reverse;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchReader, StructArray};
use arrow_buffer::NullBuffer;
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Fields, Schema};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Type;

use super::DAMAGED;

/// The most bytes that the decoded columns of one file may take.
const MAX_DECODED: usize = 8 << 30;
/// The rows of a batch, and those where a column has texts, of which an array holds 2 GiB.
const BATCH_ROWS: usize = 1 << 17;
const BATCH_ROWS_OF_TEXTS: usize = 1 << 13;
/// So many bytes are worth a thread.
const BYTES_A_THREAD: i64 = 128 << 10;

/// The rows of a file in the columns `wanted`, or in all of them; one batch at least.
pub(super) fn decode(bytes: Bytes, wanted: Option<&[&str]>) -> Result<Vec<RecordBatch>, String> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = ArrowReaderMetadata::load(&bytes, options).map_err(|error| error.to_string())?;
    let leaves = metadata.parquet_schema().columns();
    let texts = leaves.iter().any(|leaf| leaf.physical_type() == Type::BYTE_ARRAY);
    let rows = if texts { BATCH_ROWS_OF_TEXTS } else { BATCH_ROWS };
    let [first, second] = halves(units(&metadata, wanted));
    let decoded = AtomicUsize::new(0);
    let some = |leaves: &[usize]| some_columns((bytes.clone(), metadata.clone()), leaves, rows, &decoded);
    if second.bytes < BYTES_A_THREAD {
        return some(&[first.leaves, second.leaves].concat());
    }
    let (first, second) = thread::scope(|scope| {
        let other = thread::Builder::new().spawn_scoped(scope, || some(&second.leaves));
        let first = some(&first.leaves);
        let second = match other {
            Ok(other) => other.join().unwrap_or_else(|_| Err(DAMAGED.to_owned())),
            Err(_) => some(&second.leaves),
        };
        (first, second)
    });
    let (first, second) = (first?, second?);
    if first.len() != second.len() {
        return Err("its columns differ in their numbers of rows".to_owned());
    }
    let both = first.iter().zip(&second);
    let joined: Result<_, ArrowError> = both.map(|both| joined(metadata.schema(), both)).collect();
    joined.map_err(|error| error.to_string())
}

/// Batches of `rows` rows of some leaves of the file's columns; adds to `decoded` the bytes that they take.
fn some_columns(
    (bytes, metadata): (Bytes, ArrowReaderMetadata),
    leaves: &[usize],
    rows: usize,
    decoded: &AtomicUsize,
) -> Result<Vec<RecordBatch>, String> {
    let mask = ProjectionMask::leaves(metadata.parquet_schema(), leaves.iter().copied());
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, metadata)
        .with_projection(mask)
        .with_batch_size(rows);
    let reader = reader.build().map_err(|error| error.to_string())?;
    let schema = reader.schema();
    let mut batches = Vec::new();
    for batch in reader {
        let batch = batch.map_err(|error| error.to_string())?;
        let size = batch.get_array_memory_size();
        if decoded.fetch_add(size, Ordering::Relaxed).saturating_add(size) > MAX_DECODED {
            return Err(format!("its rows take more than {MAX_DECODED} bytes"));
        }
        batches.push(batch);
    }
    if batches.is_empty() {
        batches.push(RecordBatch::new_empty(schema));
    }
    Ok(batches)
}

/// Leaves that one thread decodes, and the bytes of their pages.
#[derive(Debug, Default)]
struct Leaves {
    leaves: Vec<usize>,
    bytes: i64,
}

impl Leaves {
    fn add(&mut self, leaves: &[usize], bytes: i64) {
        self.leaves.extend_from_slice(leaves);
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

/// What can be decoded by itself: a column, or a field of a column of structs.
fn units(metadata: &ArrowReaderMetadata, wanted: Option<&[&str]>) -> Vec<Leaves> {
    let parquet = metadata.parquet_schema();
    let mut units: Vec<Leaves> = Vec::new();
    let mut last = None;
    for (leaf, column) in parquet.columns().iter().enumerate() {
        let path = column.path().parts();
        if wanted.is_some_and(|names| !names.iter().any(|name| begins(path, name))) {
            continue;
        }
        let root = path.first().and_then(|root| metadata.schema().field_with_name(root).ok());
        let of_structs = root.is_some_and(|field| matches!(field.data_type(), DataType::Struct(_)));
        let unit = Some((parquet.get_column_root_idx(leaf), path.get(1).filter(|_| of_structs)));
        if last != unit {
            units.push(Leaves::default());
            last = unit;
        }
        let groups = metadata.metadata().row_groups().iter();
        let bytes = groups
            .fold(0, |sum: i64, group| sum.saturating_add(group.column(leaf).uncompressed_size().max(0)));
        if let Some(unit) = units.last_mut() {
            unit.add(&[leaf], bytes);
        }
    }
    units
}

/// Whether a path begins with the parts of `name`, which points part.
fn begins(path: &[String], name: &str) -> bool {
    name.split('.').enumerate().all(|(at, part)| path.get(at).is_some_and(|found| found == part))
}

/// Two halves of about the same size, the larger one first.
fn halves(mut units: Vec<Leaves>) -> [Leaves; 2] {
    units.sort_by_key(|unit| Reverse(unit.bytes));
    let mut halves = [Leaves::default(), Leaves::default()];
    for unit in units {
        halves[1].add(&unit.leaves, unit.bytes);
        halves.sort_by_key(|half| Reverse(half.bytes));
    }
    halves
}

/// The columns of both batches, in the order of `schema`.
fn joined(schema: &Schema, both: (&RecordBatch, &RecordBatch)) -> Result<RecordBatch, ArrowError> {
    let (mut fields, mut columns): (Vec<FieldRef>, Vec<ArrayRef>) = (Vec::new(), Vec::new());
    for field in schema.fields() {
        let column = match (both.0.column_by_name(field.name()), both.1.column_by_name(field.name())) {
            (None, None) => continue,
            (Some(column), None) | (None, Some(column)) => Arc::clone(column),
            (Some(one), Some(other)) => joined_structs(field, one, other)?,
        };
        fields.push(Arc::new(field.as_ref().clone().with_data_type(column.data_type().clone())));
        columns.push(column);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

/// Structs with the fields of both, in the order of `field`.
fn joined_structs(field: &Field, one: &ArrayRef, other: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let (DataType::Struct(order), Some(one), Some(other)) =
        (field.data_type(), one.as_struct_opt(), other.as_struct_opt())
    else {
        return Err(ArrowError::SchemaError(format!("column '{}' comes up twice", field.name())));
    };
    let (mut fields, mut columns): (Vec<FieldRef>, Vec<ArrayRef>) = (Vec::new(), Vec::new());
    for child in order {
        for part in [one, other] {
            if let Some((at, field)) = part.fields().find(child.name()) {
                fields.push(Arc::clone(field));
                columns.push(Arc::clone(part.column(at)));
            }
        }
    }
    let nulls = NullBuffer::union(one.nulls(), other.nulls());
    Ok(Arc::new(StructArray::try_new(Fields::from(fields), columns, nulls)?))
}
