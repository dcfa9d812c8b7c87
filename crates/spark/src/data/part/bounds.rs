//! What a part file announces, held against its bytes before anything is decoded.

use std::io;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use parquet::basic::{Compression, Encoding, Type};
use parquet::column::page::{Page, PageReader};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::pages::{Kind, pages};
use super::{delta, footer};
use crate::allowance::Allowance;

/// The bytes of the two levels of a value.
const LEVELS: u64 = 4;

/// Refuses a file that is more than the save may ask for, or whose numbers contradict each other.
pub(super) fn check(file: &Bytes, allowance: &Allowance) -> Result<(), String> {
    footer::check(file)?;
    let reader = SerializedFileReader::new(file.clone()).map_err(|error| error.to_string())?;
    let mut left = file.len();
    for (place, group) in reader.metadata().row_groups().iter().enumerate() {
        let rows = u64::try_from(group.num_rows()).map_err(|_| "it has a negative number of rows")?;
        allowance.values(rows)?;
        let readers = reader.get_row_group(place).map_err(|error| error.to_string())?;
        for (column, about) in group.columns().iter().enumerate() {
            let chunk = chunk(file, about).ok_or("a column lies outside the file")?;
            left = left.checked_sub(chunk.len()).ok_or("its columns overlap")?;
            check_chunk(chunk, about, rows, allowance)?;
            if matches!(about.column_type(), Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY) {
                let pages = readers.get_column_page_reader(column).map_err(|error| error.to_string())?;
                check_strings(pages, about.column_type(), allowance)?;
            }
        }
    }
    Ok(())
}

/// The bytes of a column in a row group.
fn chunk<'a>(file: &'a [u8], about: &ColumnChunkMetaData) -> Option<&'a [u8]> {
    let start = about.dictionary_page_offset().unwrap_or(about.data_page_offset());
    let end = start.checked_add(about.compressed_size())?;
    file.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
}

/// Counts what the headers of a column's pages announce.
fn check_chunk(
    chunk: &[u8],
    about: &ColumnChunkMetaData,
    rows: u64,
    allowance: &Allowance,
) -> Result<(), String> {
    let (mut values, mut has_dictionary) = (0_u64, false);
    for page in pages(chunk) {
        let page = page?;
        if page.kind == Kind::Index {
            continue;
        }
        allowance.values(page.values)?;
        allowance.unpacked(page.unpacked)?;
        if matches!(about.compression(), Compression::GZIP(_)) && unpacks_to_more(page.packed, page.unpacked)
        {
            return Err("a page unpacks to more than it announces".to_owned());
        }
        if page.kind == Kind::Data {
            values = values.saturating_add(page.values);
            if page.is_coded() && !has_dictionary {
                return Err("a dictionary is missing".to_owned());
            }
        } else if std::mem::replace(&mut has_dictionary, true) || values > 0 {
            return Err("a dictionary is out of place".to_owned());
        }
    }
    allowance.decoded(values.saturating_mul(width(about).saturating_add(LEVELS)))?;
    let repeated = about.column_descr().max_rep_level() > 0;
    let counted = if repeated { values >= rows } else { values == rows };
    if !counted || i64::try_from(values) != Ok(about.num_values()) {
        return Err(format!("{values} values in the pages of a column of {rows} rows"));
    }
    Ok(())
}

/// The bytes of a value, but for those of a string.
fn width(about: &ColumnChunkMetaData) -> u64 {
    match about.column_type() {
        Type::BOOLEAN => 1,
        Type::INT32 | Type::FLOAT => 4,
        Type::INT64 | Type::DOUBLE | Type::BYTE_ARRAY => 8,
        Type::INT96 => 12,
        Type::FIXED_LEN_BYTE_ARRAY => u64::try_from(about.column_descr().type_length()).unwrap_or(0),
    }
}

/// Whether gzip makes more of these bytes: the reader would take all of it, whatever was announced.
fn unpacks_to_more(packed: &[u8], announced: u64) -> bool {
    let mut unpacked = io::Read::take(MultiGzDecoder::new(packed), announced.saturating_add(1));
    io::copy(&mut unpacked, &mut io::sink()).is_ok_and(|count| count > announced)
}

/// Counts the bytes of strings: each may be a place in a dictionary, or share the one before it.
fn check_strings(pages: Box<dyn PageReader>, of: Type, allowance: &Allowance) -> Result<(), String> {
    let mut longest = 0;
    for page in pages {
        let page = page.map_err(|error| error.to_string())?;
        let values = u64::from(page.num_values());
        match (&page, page.encoding()) {
            (Page::DictionaryPage { buf, .. }, _) if of == Type::BYTE_ARRAY => longest = longest_string(buf),
            (Page::DictionaryPage { .. }, _) => (),
            (_, Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY) => {
                allowance.decoded(longest.saturating_mul(values))?;
            }
            (_, encoding @ (Encoding::DELTA_BYTE_ARRAY | Encoding::DELTA_LENGTH_BYTE_ARRAY)) => {
                let strings = strings(&page).ok_or_else(|| format!("{encoding} in a page of version 1"))?;
                let size = delta::size(strings, values, encoding == Encoding::DELTA_BYTE_ARRAY);
                allowance.decoded(size.ok_or("the lengths of its strings are damaged")?)?;
            }
            _ => (),
        }
    }
    Ok(())
}

/// The bytes behind the levels of a page of version 2.
fn strings(page: &Page) -> Option<&[u8]> {
    match page {
        Page::DataPageV2 { buf, def_levels_byte_len, rep_levels_byte_len, .. } => {
            buf.get((*def_levels_byte_len as usize).checked_add(*rep_levels_byte_len as usize)?..)
        }
        _ => None,
    }
}

/// The length of the longest string of a dictionary.
fn longest_string(mut dictionary: &[u8]) -> u64 {
    let mut longest = 0;
    while let Some((length, rest)) = dictionary.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length);
        longest = longest.max(u64::from(length));
        dictionary = rest.get(length as usize..).unwrap_or_default();
    }
    longest
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn gzip_that_makes_more_than_announced_is_told() {
        let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&[0; 10_000]).unwrap();
        let packed = packed.finish().unwrap();
        assert!(!unpacks_to_more(&packed, 10_000));
        assert!(unpacks_to_more(&packed, 9_999));
        let two = [packed.as_slice(), &packed].concat();
        assert!(unpacks_to_more(&two, 10_000));
        assert!(!unpacks_to_more(b"not gzip", 0));
    }

    #[test]
    fn the_longest_string_of_a_dictionary_is_found() {
        assert_eq!(longest_string(b"\x01\0\0\0a\x03\0\0\0abc\0\0\0\0"), 3);
        assert_eq!(longest_string(b"\xff\xff\xff\xffa"), u64::from(u32::MAX));
        assert_eq!(longest_string(b""), 0);
    }
}
