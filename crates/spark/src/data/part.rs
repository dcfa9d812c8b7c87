//! One Parquet part file, read within bounds.
//!
//! A few bytes of Parquet can stand for any number of values, so the values that the pages announce are counted
//! before they are decoded. The `parquet` crate panics on some damaged files: that is an error here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::RecordBatch;
use bytes::Bytes;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::file::reader::{FileReader, SerializedFileReader};

/// A file may announce this many values, and so many more for each of its bytes.
const FREE_VALUES: u64 = 1 << 22;
const VALUES_A_BYTE: u64 = 256;
/// The most bytes that the decoded columns of one file may take.
const MAX_DECODED: usize = 8 << 30;
const BATCH_ROWS: usize = 8192;

/// The rows of a part file.
pub(super) fn read(bytes: Bytes) -> Result<Vec<RecordBatch>, String> {
    let read = catch_unwind(AssertUnwindSafe(|| {
        check_sizes(&bytes)?;
        decode(bytes)
    }));
    read.unwrap_or_else(|_| Err("it is damaged".to_owned()))
}

/// Refuses a file whose pages announce more values than a file of its size can mean.
fn check_sizes(bytes: &Bytes) -> Result<(), String> {
    let reader = SerializedFileReader::new(bytes.clone()).map_err(|error| error.to_string())?;
    let allowed = FREE_VALUES.saturating_add(VALUES_A_BYTE.saturating_mul(bytes.len() as u64));
    let mut values = 0_u64;
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(|error| error.to_string())?;
        for column in 0..group.num_columns() {
            let mut pages = group.get_column_page_reader(column).map_err(|error| error.to_string())?;
            while let Some(page) = pages.peek_next_page().map_err(|error| error.to_string())? {
                values = values.saturating_add(page.num_levels.unwrap_or(0) as u64);
                if values > allowed {
                    return Err(format!("its {} bytes announce more than {allowed} values", bytes.len()));
                }
                pages.skip_next_page().map_err(|error| error.to_string())?;
            }
        }
    }
    Ok(())
}

fn decode(bytes: Bytes) -> Result<Vec<RecordBatch>, String> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = ArrowReaderMetadata::load(&bytes, options).map_err(|error| error.to_string())?;
    let reader =
        ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, metadata).with_batch_size(BATCH_ROWS);
    let mut batches = Vec::new();
    let mut decoded = 0_usize;
    for batch in reader.build().map_err(|error| error.to_string())? {
        let batch = batch.map_err(|error| error.to_string())?;
        decoded = decoded.saturating_add(batch.get_array_memory_size());
        if decoded > MAX_DECODED {
            return Err(format!("its rows take more than {MAX_DECODED} bytes"));
        }
        batches.push(batch);
    }
    Ok(batches)
}
