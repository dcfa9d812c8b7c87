//! One Parquet part file, read within bounds.
//!
//! A few bytes of Parquet can stand for any number of values, so what they announce is counted before any are
//! decoded. The `parquet` crate panics on some damaged files: that is an error here.

mod bounds;
mod delta;
mod footer;
mod pages;
mod thrift;

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::{RecordBatch, RecordBatchReader};
use bytes::Bytes;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

use crate::allowance::Allowance;

/// The most bytes that the decoded columns of one file may take.
const MAX_DECODED: usize = 8 << 30;
const BATCH_ROWS: usize = 8192;

/// The rows of a part file, if the save may ask for that much; an empty batch where there are none.
pub(super) fn read(allowance: &Allowance, bytes: Bytes) -> Result<Vec<RecordBatch>, String> {
    let read = catch_unwind(AssertUnwindSafe(|| {
        bounds::check(&bytes, allowance)?;
        decode(bytes)
    }));
    read.unwrap_or_else(|_| Err("it is damaged".to_owned()))
}

fn decode(bytes: Bytes) -> Result<Vec<RecordBatch>, String> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = ArrowReaderMetadata::load(&bytes, options).map_err(|error| error.to_string())?;
    let reader =
        ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, metadata).with_batch_size(BATCH_ROWS);
    let (mut batches, mut decoded) = (Vec::new(), 0_usize);
    let reader = reader.build().map_err(|error| error.to_string())?;
    let schema = reader.schema();
    for batch in reader {
        let batch = batch.map_err(|error| error.to_string())?;
        decoded = decoded.saturating_add(batch.get_array_memory_size());
        if decoded > MAX_DECODED {
            return Err(format!("its rows take more than {MAX_DECODED} bytes"));
        }
        batches.push(batch);
    }
    if batches.is_empty() {
        batches.push(RecordBatch::new_empty(schema));
    }
    Ok(batches)
}

#[cfg(test)]
mod tests;
