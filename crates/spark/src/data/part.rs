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
use parquet::basic::Encoding;
use parquet::column::page::Page;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::reader::{FileReader, SerializedFileReader};

/// A file may announce this many values, and so many more for each of its bytes.
const FREE_VALUES: u64 = 1 << 22;
const VALUES_A_BYTE: u64 = 256;
/// The most bytes that the decoded columns of one file may take.
const MAX_DECODED: usize = 8 << 30;
const BATCH_ROWS: usize = 8192;

/// The rows of a part file.
pub(super) fn read(bytes: Bytes) -> Result<Vec<RecordBatch>, String> {
    let allowed = FREE_VALUES.saturating_add(VALUES_A_BYTE.saturating_mul(bytes.len() as u64));
    read_within(allowed, bytes)
}

fn read_within(allowed: u64, bytes: Bytes) -> Result<Vec<RecordBatch>, String> {
    let read = catch_unwind(AssertUnwindSafe(|| {
        check_sizes(&bytes, allowed)?;
        decode(bytes)
    }));
    read.unwrap_or_else(|_| Err("it is damaged".to_owned()))
}

/// Refuses a file whose pages announce more values than allowed.
fn check_sizes(bytes: &Bytes, allowed: u64) -> Result<(), String> {
    let reader = SerializedFileReader::new(bytes.clone()).map_err(|error| error.to_string())?;
    let columns = reader.metadata().row_groups().iter().flat_map(RowGroupMetaData::columns);
    if !columns.into_iter().all(|column| lies_within(column, bytes.len())) {
        return Err("a column lies outside the file".to_owned());
    }
    let mut values = 0_u64;
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(|error| error.to_string())?;
        for column in 0..group.num_columns() {
            let mut has_dictionary = false;
            for page in group.get_column_page_reader(column).map_err(|error| error.to_string())? {
                let page = page.map_err(|error| error.to_string())?;
                has_dictionary |= matches!(page, Page::DictionaryPage { .. });
                let coded = matches!(page.encoding(), Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY);
                if coded && !has_dictionary {
                    return Err("a dictionary is missing".to_owned());
                }
                values = values.saturating_add(u64::from(page.num_values()));
                if values > allowed {
                    return Err(format!("its {} bytes announce more than {allowed} values", bytes.len()));
                }
            }
        }
    }
    Ok(())
}

fn lies_within(column: &ColumnChunkMetaData, length: usize) -> bool {
    let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
    let end = start.checked_add(column.compressed_size());
    start >= 0
        && column.compressed_size() >= 0
        && end.and_then(|end| usize::try_from(end).ok()).is_some_and(|end| end <= length)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Save;

    fn part() -> Bytes {
        let bundle = Save::golden("StandardScalerModel", "3.5.9").bundle().dir("data");
        let name = bundle.files().into_iter().find(|name| name.starts_with("part-")).unwrap();
        bundle.read(&name).unwrap()
    }

    #[test]
    fn a_part_file_is_read() {
        assert_eq!(read(part()).unwrap().iter().map(RecordBatch::num_rows).sum::<usize>(), 1);
    }

    #[test]
    fn too_many_values_are_refused_before_they_are_decoded() {
        let error = read_within(3, part()).unwrap_err();
        assert!(error.contains("announce more than 3 values"), "{error}");
    }

    #[test]
    fn a_file_cut_anywhere_is_an_error() {
        let whole = part();
        for end in 0..whole.len() {
            assert!(read(whole.slice(..end)).is_err(), "cut at {end}");
        }
    }
}
