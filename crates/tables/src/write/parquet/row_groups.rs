//! Encodes columns side by side: a few batches at a time, a column of them on each thread.

use std::io::Write;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, ListArray};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, SchemaRef};
use firesteel_plan::Column;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves,
};
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedFileWriter;

use super::file::FileThread;
use super::storage::Storage;
use crate::workers::Workers;
use crate::write::pending::Out;

/// The bytes in memory at which a row group ends.
const ROW_GROUP_BYTES: usize = 16 << 20;
/// The batches that are encoded at once: enough that threads are not started for little.
const BATCHES: usize = 4;

/// The row groups of a file.
pub(super) struct RowGroups {
    file: FileThread,
    schema: SchemaRef,
    storage: Storage,
    writers: ArrowRowGroupWriterFactory,
    lanes: Vec<Lane>,
    workers: Option<Workers>,
    /// The row groups that were handed to the file.
    ended: usize,
}

/// A column with its writers in the present row group: one for each leaf of its type.
struct Lane {
    field: FieldRef,
    leaves: usize,
    waiting: Vec<Column>,
    writers: Vec<ArrowColumnWriter>,
}

impl RowGroups {
    /// Columns of `schema`, encoded by `workers`, or by the caller.
    pub(super) fn new(
        out: Out,
        schema: &SchemaRef,
        storage: Storage,
        workers: Option<Workers>,
    ) -> Result<RowGroups, ParquetError> {
        let (file, writers) = opened(out, schema, &storage)?;
        let mut lanes: Vec<Lane> = schema
            .fields()
            .iter()
            .map(|field| Lane {
                field: Arc::clone(field),
                leaves: 0,
                waiting: Vec::new(),
                writers: Vec::new(),
            })
            .collect();
        let parquet = file.schema_descr();
        for leaf in 0..parquet.num_columns() {
            lanes[parquet.get_column_root_idx(leaf)].leaves += 1;
        }
        let (file, schema) = (FileThread::start(file)?, Arc::clone(schema));
        Ok(RowGroups { file, schema, storage, writers, lanes, workers, ended: 0 })
    }

    /// Adds a batch: a column for each field, in their order and of their types, all of the same length.
    pub(super) fn write(&mut self, columns: Vec<Column>) -> Result<(), ParquetError> {
        for (lane, column) in self.lanes.iter_mut().zip(columns) {
            lane.waiting.push(column);
        }
        if self.lanes.first().is_some_and(|lane| lane.waiting.len() >= BATCHES) {
            self.encode()?;
        }
        Ok(())
    }

    /// Ends the file.
    pub(super) fn finish(mut self) -> Result<Out, ParquetError> {
        self.encode()?;
        self.end_group()?;
        self.file.finish()
    }

    /// Encodes what waits, and ends the row group when it has become large.
    fn encode(&mut self) -> Result<(), ParquetError> {
        if self.lanes.iter().all(|lane| lane.waiting.iter().all(Column::is_empty)) {
            self.lanes.iter_mut().for_each(|lane| lane.waiting.clear());
            return Ok(());
        }
        if self.lanes.iter().any(|lane| lane.writers.is_empty()) {
            let mut writers = self.writers.create_column_writers(self.ended)?.into_iter();
            for lane in &mut self.lanes {
                lane.writers = writers.by_ref().take(lane.leaves).collect();
            }
        }
        self.each_lane(Lane::encode)?;
        let bytes: usize =
            self.lanes.iter().flat_map(|lane| &lane.writers).map(ArrowColumnWriter::memory_size).sum();
        if bytes > ROW_GROUP_BYTES { self.end_group() } else { Ok(()) }
    }

    fn end_group(&mut self) -> Result<(), ParquetError> {
        if self.lanes.iter().all(|lane| lane.writers.is_empty()) {
            return Ok(());
        }
        let chunks: Vec<ArrowColumnChunk> = self.each_lane(Lane::end_group)?.into_iter().flatten().collect();
        let learnt = chunks.iter().filter(|chunk| self.storage.learn(&chunk.close().metadata)).count();
        if learnt > 0 {
            // Only writers that are made anew take other properties.
            self.writers = opened(std::io::sink(), &self.schema, &self.storage)?.1;
        }
        self.ended += 1;
        self.file.append(chunks)
    }

    /// Does the same to all columns, side by side; the answers are in their order.
    fn each_lane<T: Send>(
        &mut self,
        work: impl Fn(&mut Lane) -> Result<T, ParquetError> + Sync,
    ) -> Result<Vec<T>, ParquetError> {
        let mut answers: Vec<Option<Result<T, ParquetError>>> = Vec::new();
        answers.resize_with(self.lanes.len(), || None);
        let one = |(lane, answer): (&mut Lane, &mut Option<_>)| *answer = Some(work(lane));
        let lanes = self.lanes.iter_mut().zip(&mut answers);
        match &self.workers {
            None => lanes.for_each(one),
            Some(workers) => {
                if !workers.each(lanes, one) {
                    return Err(stopped());
                }
            }
        }
        answers.into_iter().map(|answer| answer.unwrap_or_else(|| Err(stopped()))).collect()
    }
}

/// A file of these columns, and what makes writers for them.
fn opened<W: Write + Send>(
    out: W,
    schema: &SchemaRef,
    storage: &Storage,
) -> Result<(SerializedFileWriter<W>, ArrowRowGroupWriterFactory), ParquetError> {
    ArrowWriter::try_new(out, Arc::clone(schema), Some(storage.properties()))?.into_serialized_writer()
}

impl Lane {
    fn encode(&mut self) -> Result<(), ParquetError> {
        for column in self.waiting.drain(..) {
            let array = conformed(column, &self.field)?;
            for (leaf, writer) in compute_leaves(&self.field, &array)?.iter().zip(&mut self.writers) {
                writer.write(leaf)?;
            }
        }
        Ok(())
    }

    fn end_group(&mut self) -> Result<Vec<ArrowColumnChunk>, ParquetError> {
        self.writers.drain(..).map(ArrowColumnWriter::close).collect()
    }
}

/// The column as an array of exactly the field's type: lists may name their items otherwise.
fn conformed(column: Column, field: &Field) -> Result<ArrayRef, ArrowError> {
    match column {
        Column::Vector(vectors) => Ok(Arc::new(vectors.to_arrow()?)),
        Column::Array(array) => match (array.data_type(), field.data_type()) {
            (found, expected) if found == expected => Ok(array),
            (DataType::List(_), DataType::List(item)) => {
                let (_, offsets, values, nulls) = array.as_list::<i32>().clone().into_parts();
                let values = conformed(Column::Array(values), item)?;
                Ok(Arc::new(ListArray::try_new(Arc::clone(item), offsets, values, nulls)?))
            }
            _ => Ok(array),
        },
    }
}

fn stopped() -> ParquetError {
    ParquetError::General("a thread that encodes columns stopped at a fault of its own".to_owned())
}
