//! The footer of a Parquet file, checked before it is read.
//!
//! The `parquet` crate builds the schema by calling itself for each level and takes memory for as many children as a
//! field announces. The layout is that of `parquet.thrift`: <https://github.com/apache/parquet-format>.

use super::thrift::{Field, Shape, Thrift};

/// The most fields that a schema may have, and the most levels of them.
const MAX_FIELDS: u64 = 1 << 16;
const MAX_LEVELS: usize = 32;

const FILE: &[Field] = &[
    Field(1, "version", Shape::Int),
    Field(2, SCHEMA, Shape::List(&Shape::Struct(SCHEMA_ELEMENT))),
    Field(3, "rows", Shape::Int),
    Field(4, "row_groups", Shape::List(&Shape::Struct(ROW_GROUP))),
    Field(5, "key_values", Shape::List(&Shape::Struct(KEY_VALUE))),
    Field(6, "created_by", Shape::Bytes),
    Field(7, "column_orders", Shape::List(&Shape::Struct(MARKS))),
    Field(8, "encryption", Shape::Struct(&[])),
    Field(9, "signing_key", Shape::Bytes),
];

const SCHEMA: &str = "schema";
const CHILDREN: &str = "num_children";
const SCHEMA_ELEMENT: &[Field] = &[
    Field(1, "type", Shape::Int),
    Field(2, "type_length", Shape::Int),
    Field(3, "repetition", Shape::Int),
    Field(4, "name", Shape::Bytes),
    Field(5, CHILDREN, Shape::Int),
    Field(6, "converted_type", Shape::Int),
    Field(7, "scale", Shape::Int),
    Field(8, "precision", Shape::Int),
    Field(9, "field_id", Shape::Int),
    Field(10, "logical_type", Shape::Struct(LOGICAL_TYPE)),
];

/// A union of empty structs.
const MARKS: &[Field] = &[
    Field(1, "first", Shape::Struct(&[])),
    Field(2, "second", Shape::Struct(&[])),
    Field(3, "third", Shape::Struct(&[])),
];

const LOGICAL_TYPE: &[Field] = &[
    Field(1, "string", Shape::Struct(&[])),
    Field(2, "map", Shape::Struct(&[])),
    Field(3, "list", Shape::Struct(&[])),
    Field(4, "enum", Shape::Struct(&[])),
    Field(5, "decimal", Shape::Struct(&[Field(1, "scale", Shape::Int), Field(2, "precision", Shape::Int)])),
    Field(6, "date", Shape::Struct(&[])),
    Field(7, "time", Shape::Struct(TIME)),
    Field(8, "timestamp", Shape::Struct(TIME)),
    Field(10, "integer", Shape::Struct(&[Field(1, "width", Shape::Byte), Field(2, "signed", Shape::Bool)])),
    Field(11, "unknown", Shape::Struct(&[])),
    Field(12, "json", Shape::Struct(&[])),
    Field(13, "bson", Shape::Struct(&[])),
    Field(14, "uuid", Shape::Struct(&[])),
    Field(15, "float16", Shape::Struct(&[])),
    Field(16, "variant", Shape::Struct(&[Field(1, "version", Shape::Byte)])),
    Field(17, "geometry", Shape::Struct(&[Field(1, "crs", Shape::Bytes)])),
    Field(18, "geography", Shape::Struct(&[Field(1, "crs", Shape::Bytes), Field(2, "edges", Shape::Int)])),
];

const TIME: &[Field] = &[Field(1, "utc", Shape::Bool), Field(2, "unit", Shape::Struct(MARKS))];

const KEY_VALUE: &[Field] = &[Field(1, "key", Shape::Bytes), Field(2, "value", Shape::Bytes)];

const ROW_GROUP: &[Field] = &[
    Field(1, "columns", Shape::List(&Shape::Struct(COLUMN_CHUNK))),
    Field(2, "bytes", Shape::Int),
    Field(3, "rows", Shape::Int),
    Field(4, "sorting", Shape::List(&Shape::Struct(SORTING))),
    Field(5, "offset", Shape::Int),
    Field(6, "compressed", Shape::Int),
    Field(7, "ordinal", Shape::Int),
];

const SORTING: &[Field] = &[
    Field(1, "column", Shape::Int),
    Field(2, "descending", Shape::Bool),
    Field(3, "nulls_first", Shape::Bool),
];

const COLUMN_CHUNK: &[Field] = &[
    Field(1, "path", Shape::Bytes),
    Field(2, "offset", Shape::Int),
    Field(3, "metadata", Shape::Struct(COLUMN_METADATA)),
    Field(4, "offset_index", Shape::Int),
    Field(5, "offset_index_length", Shape::Int),
    Field(6, "column_index", Shape::Int),
    Field(7, "column_index_length", Shape::Int),
    Field(8, "crypto", Shape::Struct(&[])),
    Field(9, "encrypted", Shape::Bytes),
];

const COLUMN_METADATA: &[Field] = &[
    Field(1, "type", Shape::Int),
    Field(2, "encodings", Shape::List(&Shape::Int)),
    Field(3, "path", Shape::List(&Shape::Bytes)),
    Field(4, "codec", Shape::Int),
    Field(5, "values", Shape::Int),
    Field(6, "uncompressed", Shape::Int),
    Field(7, "compressed", Shape::Int),
    Field(8, "key_values", Shape::List(&Shape::Struct(KEY_VALUE))),
    Field(9, "data_offset", Shape::Int),
    Field(10, "index_offset", Shape::Int),
    Field(11, "dictionary_offset", Shape::Int),
    Field(12, "statistics", Shape::Struct(STATISTICS)),
    Field(13, "encoding_stats", Shape::List(&Shape::Struct(ENCODING_STATS))),
    Field(14, "bloom_offset", Shape::Int),
    Field(15, "bloom_length", Shape::Int),
    Field(16, "sizes", Shape::Struct(SIZES)),
    Field(17, "geospatial", Shape::Struct(GEOSPATIAL)),
];

const ENCODING_STATS: &[Field] =
    &[Field(1, "page", Shape::Int), Field(2, "encoding", Shape::Int), Field(3, "count", Shape::Int)];

const SIZES: &[Field] = &[
    Field(1, "bytes", Shape::Int),
    Field(2, "repetition", Shape::List(&Shape::Int)),
    Field(3, "definition", Shape::List(&Shape::Int)),
];

const GEOSPATIAL: &[Field] =
    &[Field(1, "box", Shape::Struct(BOX)), Field(2, "types", Shape::List(&Shape::Int))];

const BOX: &[Field] = &[
    Field(1, "xmin", Shape::Double),
    Field(2, "xmax", Shape::Double),
    Field(3, "ymin", Shape::Double),
    Field(4, "ymax", Shape::Double),
    Field(5, "zmin", Shape::Double),
    Field(6, "zmax", Shape::Double),
    Field(7, "mmin", Shape::Double),
    Field(8, "mmax", Shape::Double),
];

/// The statistics of a column or a page.
pub(super) const STATISTICS: &[Field] = &[
    Field(1, "max", Shape::Bytes),
    Field(2, "min", Shape::Bytes),
    Field(3, "nulls", Shape::Int),
    Field(4, "distinct", Shape::Int),
    Field(5, "max_value", Shape::Bytes),
    Field(6, "min_value", Shape::Bytes),
    Field(7, "max_is_exact", Shape::Bool),
    Field(8, "min_is_exact", Shape::Bool),
    Field(9, "nans", Shape::Int),
];

/// Refuses a file whose footer is damaged or whose schema is too large.
pub(super) fn check(file: &[u8]) -> Result<(), String> {
    let footer = find(file).ok_or("it does not end as a Parquet file")?;
    let mut schema = Schema::default();
    let walked = Thrift::new(footer).structure(FILE, &mut |name, value| match name {
        CHILDREN => schema.children = value,
        SCHEMA => schema.next(),
        _ => (),
    });
    walked.ok_or("its footer is damaged")?;
    schema.check()
}

/// The footer: its length and `PAR1` close the file.
fn find(file: &[u8]) -> Option<&[u8]> {
    let (rest, length) = file.strip_suffix(b"PAR1")?.split_last_chunk::<4>()?;
    let start = rest.len().checked_sub(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
    rest.get(start..)
}

/// The tree of fields, told by how many children each has in pre-order.
#[derive(Default)]
struct Schema {
    /// The children of the field that is being walked.
    children: i64,
    /// The children that are due at each level.
    due: Vec<i64>,
    levels: usize,
    fields: u64,
    announced: u64,
}

impl Schema {
    fn next(&mut self) {
        while self.due.last() == Some(&0) {
            self.due.pop();
        }
        if let Some(due) = self.due.last_mut() {
            *due -= 1;
        }
        let children = std::mem::take(&mut self.children);
        self.fields += 1;
        self.announced = self.announced.saturating_add(u64::try_from(children).unwrap_or(u64::MAX));
        if children > 0 && self.due.len() <= MAX_LEVELS {
            self.due.push(children);
        }
        self.levels = self.levels.max(self.due.len());
    }

    fn check(&self) -> Result<(), String> {
        if self.levels > MAX_LEVELS {
            return Err(format!("its columns have more than {MAX_LEVELS} levels"));
        }
        if self.fields > MAX_FIELDS {
            return Err(format!("its schema has {} fields, expected at most {MAX_FIELDS}", self.fields));
        }
        if self.announced.checked_add(1) != Some(self.fields) {
            return Err("its schema is damaged".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with a schema of fields with so many children.
    fn file(children: &[u8]) -> Vec<u8> {
        let mut footer = vec![0x29, 0xfc];
        footer.extend([children.len() as u8 | 0x80, (children.len() >> 7) as u8]);
        for &count in children {
            footer.extend(if count == 0 { vec![0] } else { vec![0x55, 2 * count, 0] });
        }
        footer.push(0);
        let length = footer.len() as u32;
        [footer, length.to_le_bytes().to_vec(), b"PAR1".to_vec()].concat()
    }

    #[test]
    fn a_schema_is_one_tree() {
        assert_eq!(check(&file(&[2, 1, 0, 0])), Ok(()));
        for broken in [&[2, 1, 0][..], &[2, 1, 0, 0, 0], &[0, 0], &[63]] {
            assert_eq!(check(&file(broken)), Err("its schema is damaged".to_owned()), "{broken:?}");
        }
    }

    #[test]
    fn a_schema_without_end_is_refused() {
        let mut levels = [1; 10_000];
        levels[9_999] = 0;
        assert!(check(&file(&levels)).unwrap_err().contains("more than 32 levels"));
    }

    #[test]
    fn a_file_without_a_footer_is_refused() {
        for file in [&b""[..], b"PAR1", b"\x01\0\0\0PAR1", b"\x01\0\0\0PARE", b"\0\xff\xff\xff\xffPAR1"] {
            assert!(check(file).unwrap_err().contains("does not end as"), "{file:?}");
        }
        assert!(check(b"\x19\x01\0\0\0PAR1").unwrap_err().contains("footer is damaged"));
    }
}
