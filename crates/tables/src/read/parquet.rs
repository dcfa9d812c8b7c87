//! Reads Parquet files: the columns as Arrow has them, page by page.
//!
//! Spark's 96-bit timestamps are read as microseconds, which is what Spark computes with and can read again.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, FieldRef, Schema, SchemaRef, TimeUnit};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Type as PhysicalType;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;

use crate::error::TableError;
use crate::read::{BATCH_BYTES, BATCH_ROWS};

pub(crate) struct ParquetRows {
    name: String,
    schema: SchemaRef,
    metadata: Arc<ParquetMetaData>,
    reader: ParquetRecordBatchReader,
}

impl ParquetRows {
    pub(crate) fn open(path: &Path) -> Result<ParquetRows, TableError> {
        let file = File::open(path).map_err(TableError::io("open", path))?;
        let name = path.display().to_string();
        let failed = |source| failed(&name, source);
        let mut found = ArrowReaderMetadata::load(&file, ArrowReaderOptions::default()).map_err(failed)?;
        if let Some(schema) = with_microseconds(&found) {
            let options = ArrowReaderOptions::default().with_schema(Arc::new(schema));
            found = ArrowReaderMetadata::try_new(Arc::clone(found.metadata()), options).map_err(failed)?;
        }
        let (schema, metadata) = (Arc::clone(found.schema()), Arc::clone(found.metadata()));
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, found)
            .with_batch_size(rows_at_once(&metadata))
            .build()
            .map_err(failed)?;
        Ok(ParquetRows { name, schema, metadata, reader })
    }

    pub(crate) fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// The key-value metadata that Spark wrote.
    pub(crate) fn spark_metadata(&self) -> BTreeMap<String, String> {
        let pairs = self.metadata.file_metadata().key_value_metadata().into_iter().flatten();
        pairs
            .filter(|pair| pair.key.starts_with("org.apache.spark."))
            .filter_map(|pair| Some((pair.key.clone(), pair.value.clone()?)))
            .collect()
    }

    pub(crate) fn next(&mut self) -> Result<Option<RecordBatch>, TableError> {
        let batch = self.reader.next().transpose();
        batch.map_err(|error| failed(&self.name, ParquetError::from(error)))
    }

    pub(crate) fn follow(&mut self, path: &Path) -> Result<(), TableError> {
        let next = ParquetRows::open(path)?;
        if let Some(problem) = difference(&self.schema, &next.schema) {
            let hint =
                format!("the part files of a folder have the same columns; the first has {}", self.name);
            return Err(TableError::unfit(next.name, problem, hint));
        }
        *self = ParquetRows { schema: Arc::clone(&self.schema), ..next };
        Ok(())
    }
}

impl fmt::Debug for ParquetRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ParquetRows({})", self.name)
    }
}

fn failed(name: &str, source: ParquetError) -> TableError {
    TableError::Parquet { action: "read", path: name.to_owned(), source }
}

/// As many rows as keep a batch of wide rows small.
fn rows_at_once(metadata: &ParquetMetaData) -> usize {
    let widest = metadata.row_groups().iter().map(|group| {
        let rows = group.num_rows().max(1);
        group.total_byte_size().max(0) / rows
    });
    let bytes = usize::try_from(widest.max().unwrap_or(0)).unwrap_or(usize::MAX);
    (BATCH_BYTES / bytes.max(1)).clamp(1, BATCH_ROWS)
}

/// What differs between the columns of two files of one folder.
fn difference(first: &Schema, other: &Schema) -> Option<String> {
    let names = |schema: &Schema| schema.fields().iter().map(|f| f.name().clone()).collect::<Vec<_>>();
    let (expected, found) = (names(first), names(other));
    if expected != found {
        return Some(format!("found the columns {found:?}, expected {expected:?}"));
    }
    let mut pairs = first.fields().iter().zip(other.fields());
    let (one, two) = pairs.find(|(one, two)| !one.data_type().equals_datatype(two.data_type()))?;
    Some(format!("column '{}' is {}, expected {}", one.name(), two.data_type(), one.data_type()))
}

/// The schema with every 96-bit timestamp in microseconds; `None` when there is none.
fn with_microseconds(found: &ArrowReaderMetadata) -> Option<Schema> {
    let leaves = found.parquet_schema().columns();
    if !leaves.iter().any(|leaf| leaf.physical_type() == PhysicalType::INT96) {
        return None;
    }
    let mut wide = leaves.iter().map(|leaf| leaf.physical_type() == PhysicalType::INT96);
    let fields: Vec<FieldRef> =
        found.schema().fields().iter().map(|field| Arc::new(coerced(field, &mut wide))).collect();
    Some(Schema::new_with_metadata(fields, found.schema().metadata().clone()))
}

/// `field` with the type of each leaf for which `wide` holds changed; leaves come in the file's order.
fn coerced(field: &Field, wide: &mut impl Iterator<Item = bool>) -> Field {
    let data_type = match field.data_type() {
        DataType::Struct(fields) => {
            DataType::Struct(fields.iter().map(|field| Arc::new(coerced(field, wide))).collect())
        }
        DataType::List(item) => DataType::List(Arc::new(coerced(item, wide))),
        DataType::LargeList(item) => DataType::LargeList(Arc::new(coerced(item, wide))),
        DataType::Map(entries, sorted) => DataType::Map(Arc::new(coerced(entries, wide)), *sorted),
        leaf => match wide.next() {
            Some(true) => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            _ => leaf.clone(),
        },
    };
    field.clone().with_data_type(data_type)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::cast::AsArray;
    use arrow_array::types::TimestampMicrosecondType;
    use parquet::data_type::{Int96, Int96Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    /// Writes 96-bit timestamps as Spark does: days since the Julian epoch, nanoseconds of the day.
    fn write_int96(path: &Path, days: &[u32]) {
        let schema = "message m { required group s { required int96 t; } }";
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let properties = Arc::new(WriterProperties::builder().build());
        let mut writer = SerializedFileWriter::new(File::create(path).unwrap(), schema, properties).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let of_day = |&day| {
            let mut value = Int96::new();
            // 1,000 nanoseconds past midnight.
            value.set_data(1_000, 0, day);
            value
        };
        let values: Vec<Int96> = days.iter().map(of_day).collect();
        column.typed::<Int96Type>().write_batch(&values, None, None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
        writer.close().unwrap();
    }

    #[test]
    fn wide_timestamps_are_microseconds_whatever_the_year() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.parquet");
        // 1970-01-01, and 0001-01-01, which nanoseconds in 64 bits do not reach.
        write_int96(&path, &[2_440_588, 1_721_426]);
        let batch = ParquetRows::open(&path).unwrap().next().unwrap().unwrap();
        let column = Arc::clone(batch.column(0).as_struct().column(0));
        let times = column.as_primitive::<TimestampMicrosecondType>();
        assert_eq!(times.values()[..], [1, -62_135_596_800_000_000 + 1]);
        assert_eq!(times.timezone(), Some("UTC"));
    }

    #[test]
    fn folders_of_different_columns_are_refused() {
        let first = Schema::new(vec![Field::new("a", DataType::Int32, true)]);
        let other = Schema::new(vec![Field::new("a", DataType::Int64, true)]);
        assert_eq!(difference(&first, &other).unwrap(), "column 'a' is Int64, expected Int32");
        let other = Schema::new(vec![Field::new("b", DataType::Int32, true)]);
        assert!(difference(&first, &other).unwrap().starts_with("found the columns"));
        assert_eq!(difference(&first, &first), None);
    }
}
