//! The pages of a column chunk, by their headers alone: what they hold is neither unpacked nor decoded.

use super::footer::STATISTICS;
use super::thrift::{Field, Shape, Thrift};

const PAGE: &[Field] = &[
    Field(1, KIND, Shape::Int),
    Field(2, UNPACKED, Shape::Int),
    Field(3, PACKED, Shape::Int),
    Field(4, "crc", Shape::Int),
    Field(5, "data", Shape::Struct(DATA)),
    Field(6, "index", Shape::Struct(&[])),
    Field(7, "dictionary", Shape::Struct(DICTIONARY)),
    Field(8, "data_v2", Shape::Struct(DATA_V2)),
];

const KIND: &str = "type";
const UNPACKED: &str = "uncompressed_page_size";
const PACKED: &str = "compressed_page_size";
const VALUES: &str = "num_values";
const ENCODING: &str = "encoding";
const LEVEL_BYTES: &str = "levels_byte_length";

const DATA: &[Field] = &[
    Field(1, VALUES, Shape::Int),
    Field(2, ENCODING, Shape::Int),
    Field(3, "definition_levels", Shape::Int),
    Field(4, "repetition_levels", Shape::Int),
    Field(5, "statistics", Shape::Struct(STATISTICS)),
];

const DICTIONARY: &[Field] =
    &[Field(1, VALUES, Shape::Int), Field(2, ENCODING, Shape::Int), Field(3, "is_sorted", Shape::Bool)];

const DATA_V2: &[Field] = &[
    Field(1, VALUES, Shape::Int),
    Field(2, "null_count", Shape::Int),
    Field(3, "row_count", Shape::Int),
    Field(4, ENCODING, Shape::Int),
    Field(5, LEVEL_BYTES, Shape::Int),
    Field(6, LEVEL_BYTES, Shape::Int),
    Field(7, "is_compressed", Shape::Bool),
    Field(8, "statistics", Shape::Struct(STATISTICS)),
];

/// What a page is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Data,
    Index,
    Dictionary,
}

/// A page.
#[derive(Debug, PartialEq)]
pub(super) struct Page<'a> {
    pub(super) kind: Kind,
    /// The bytes that it announces to have when it is unpacked.
    pub(super) unpacked: u64,
    /// The values that it announces, nulls and empty lists among them.
    pub(super) values: u64,
    /// Parquet's number of the encoding.
    encoding: i64,
    /// Its bytes after the levels that are never packed.
    pub(super) packed: &'a [u8],
}

impl Page<'_> {
    /// Whether its values are places in a dictionary.
    pub(super) fn is_coded(&self) -> bool {
        matches!(self.encoding, 2 | 8)
    }
}

/// The pages of the chunk with these bytes, up to the first that is damaged.
pub(super) fn pages(chunk: &[u8]) -> impl Iterator<Item = Result<Page<'_>, String>> {
    let mut rest = Some(chunk);
    std::iter::from_fn(move || {
        let from = rest.filter(|rest| !rest.is_empty())?;
        let next = next(from);
        rest = next.as_ref().map(|(_, rest)| *rest);
        Some(next.map(|(page, _)| page).ok_or_else(|| "a page is damaged".to_owned()))
    })
}

/// The first page, and the bytes behind it.
fn next(chunk: &[u8]) -> Option<(Page<'_>, &[u8])> {
    let (mut kind, mut unpacked, mut packed) = (-1, -1, -1);
    let (mut headers, mut values, mut encoding, mut levels) = (0, 0, -1, 0_i64);
    let mut thrift = Thrift::new(chunk);
    thrift.structure(PAGE, &mut |name, value| match name {
        KIND => kind = value,
        UNPACKED => unpacked = value,
        PACKED => packed = value,
        VALUES => {
            headers += 1;
            values = value;
        }
        ENCODING => encoding = value,
        LEVEL_BYTES if value < 0 => levels = i64::MAX,
        LEVEL_BYTES => levels = levels.saturating_add(value),
        _ => (),
    })?;
    let kind = match kind {
        0 | 3 if headers == 1 => Kind::Data,
        1 if headers == 0 => Kind::Index,
        2 if headers == 1 => Kind::Dictionary,
        _ => return None,
    };
    let whole = thrift.take(usize::try_from(packed).ok()?)?;
    let page = Page {
        kind,
        unpacked: u32::try_from(unpacked).ok()?.into(),
        values: u32::try_from(values).ok()?.into(),
        encoding,
        packed: whole.get(usize::try_from(levels).ok()?..)?,
    };
    Some((page, thrift.rest()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A data page of 3 values in 2 bytes.
    const DATA: &[u8] = &[0x15, 0, 0x15, 8, 0x15, 4, 0x2c, 0x15, 6, 0x15, 0, 0x15, 6, 0x15, 6, 0, 0, 7, 7];

    fn read(chunk: &[u8]) -> Vec<Result<Page<'_>, String>> {
        pages(chunk).collect()
    }

    #[test]
    fn pages_follow_each_other() {
        let page = Page { kind: Kind::Data, unpacked: 4, values: 3, encoding: 0, packed: &[7, 7] };
        let dictionary = [0x15, 4, 0x15, 2, 0x15, 2, 0x4c, 0x15, 2, 0x15, 4, 0x11, 0, 0, 9];
        let two = [&dictionary[..], DATA].concat();
        let coded = Page { kind: Kind::Dictionary, unpacked: 1, values: 1, encoding: 2, packed: &[9] };
        assert!(coded.is_coded() && !page.is_coded());
        assert_eq!(read(&two), [Ok(coded), Ok(page)]);
        assert!(read(&[]).is_empty());
    }

    #[test]
    fn levels_that_are_never_packed_are_left_out() {
        let page = [
            0x15, 6, 0x15, 8, 0x15, 8, 0x5c, 0x15, 6, 0x15, 0, 0x15, 6, 0x15, 0, 0x15, 2, 0x15, 4, 0, 0, 1,
            2, 3, 4,
        ];
        assert_eq!(read(&page)[0].as_ref().unwrap().packed, [4]);
        let mut longer = page;
        longer[18] = 8;
        assert!(read(&longer)[0].is_err());
        longer[18] = 1;
        assert!(read(&longer)[0].is_err());
    }

    #[test]
    fn damaged_pages_are_refused_at_once() {
        let damaged = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut page = DATA.to_vec();
            change(&mut page);
            assert_eq!(read(&page), [Err("a page is damaged".to_owned())]);
        };
        damaged(&|page| page[1] = 8);
        damaged(&|page| page[1] = 2);
        damaged(&|page| page[3] = 7);
        damaged(&|page| page[5] = 6);
        damaged(&|page| page[8] = 5);
        // A list of two thousand million booleans that no reader knows.
        damaged(&|page| {
            page.splice(16..16, [0xb9, 0xf1, 0xff, 0xff, 0xff, 0xff, 0x07]);
        });
        for end in 1..DATA.len() {
            damaged(&|page| page.truncate(end));
        }
    }
}
