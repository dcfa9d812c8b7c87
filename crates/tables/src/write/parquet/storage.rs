//! How each column of a file is stored: with Snappy and a dictionary, as Spark stores all, where that makes it smaller.
//!
//! Most doubles that a model answers differ from one another in every bit, and looking for those that repeat is most of
//! the work of writing them. A sample of the first rows tells such columns, and each row group those that are left.
//! What a column is stored without is tried again now and then, for rows that have become others.

use std::collections::HashMap;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_schema::Schema;
use firesteel_plan::{Column, VectorColumn};
use parquet::basic::{Compression, Type};
use parquet::file::metadata::{ColumnChunkMetaData, KeyValue};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

/// The doubles of a column that are looked at.
const SAMPLE: usize = 4_096;
/// So many doubles that come once in [`SAMPLE`] say that a dictionary would not hold all. It holds a MiB, 131,072 of
/// them; of as many equally likely ones 3,970 come once.
const ONCE: usize = 3_970;

/// So many row groups are stored without a dictionary or Snappy before both are tried again: an attempt costs time, and
/// most columns stay what they are.
const TRIED_AGAIN: u32 = 8;

/// The values that are encoded at once, between looks at whether a page is full.
const WRITE_BATCH: usize = 8_192;

/// How the columns of the next row group are stored.
pub(super) struct Storage {
    leaves: HashMap<ColumnPath, Leaf>,
    key_values: Vec<KeyValue>,
}

/// How a leaf of a column's type is stored.
#[derive(Clone, Copy)]
struct Leaf {
    dictionary: bool,
    snappy: bool,
    statistics: bool,
    /// The row groups that were stored without one of the two, since both were tried.
    without: u32,
}

const AS_SPARK: Leaf = Leaf { dictionary: true, snappy: true, statistics: true, without: 0 };

impl Storage {
    /// For a file that begins with the rows of `columns`, one for each field of the schema, or none.
    pub(super) fn new(schema: &Schema, columns: &[Column], key_values: Vec<KeyValue>) -> Storage {
        let mut leaves = HashMap::new();
        for (field, column) in schema.fields().iter().zip(columns) {
            match column {
                Column::Vector(vectors) => leaves.extend(vector_leaves(field.name(), vectors)),
                Column::Array(array) => {
                    if let Some(doubles) = array.as_primitive_opt::<Float64Type>() {
                        leaves.insert(ColumnPath::from(field.name().as_str()), double_leaf(doubles.values()));
                    }
                }
            }
        }
        Storage { leaves, key_values }
    }

    pub(super) fn properties(&self) -> WriterProperties {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_write_batch_size(WRITE_BATCH)
            .set_key_value_metadata(Some(self.key_values.clone()));
        let told = self.leaves.iter().fold(properties, |properties, (path, leaf)| {
            let compression = if leaf.snappy { Compression::SNAPPY } else { Compression::UNCOMPRESSED };
            let statistics = if leaf.statistics { EnabledStatistics::Page } else { EnabledStatistics::None };
            properties
                .set_column_dictionary_enabled(path.clone(), leaf.dictionary)
                .set_column_compression(path.clone(), compression)
                .set_column_statistics_enabled(path.clone(), statistics)
        });
        told.build()
    }

    /// Learns from a row group's column; whether the next is to be stored otherwise. A dictionary stays where it makes
    /// the column half as large, Snappy where it saves a tenth.
    pub(super) fn learn(&mut self, chunk: &ColumnChunkMetaData) -> bool {
        let leaf = self.leaves.entry(chunk.column_path().clone()).or_insert(AS_SPARK);
        let (stored, encoded) = (chunk.compressed_size(), chunk.uncompressed_size());
        let plain = match chunk.column_type() {
            Type::DOUBLE | Type::INT64 => Some(chunk.num_values() * 8),
            Type::FLOAT | Type::INT32 => Some(chunk.num_values() * 4),
            _ => None,
        };
        let without = if leaf.dictionary && leaf.snappy { 0 } else { leaf.without + 1 };
        let learnt = match without {
            TRIED_AGAIN.. => Leaf { statistics: leaf.statistics, ..AS_SPARK },
            _ => Leaf {
                dictionary: leaf.dictionary && plain.is_none_or(|plain| encoded <= plain / 2),
                snappy: leaf.snappy && stored < encoded / 10 * 9,
                without,
                ..*leaf
            },
        };
        let changed = (learnt.dictionary, learnt.snappy) != (leaf.dictionary, leaf.snappy);
        *leaf = learnt;
        changed
    }
}

/// The leaves of vectors. The least and the greatest of their parts help no reader to skip rows.
fn vector_leaves(name: &str, vectors: &VectorColumn) -> [(ColumnPath, Leaf); 4] {
    let path =
        |parts: &[&str]| ColumnPath::new([&[name], parts].concat().into_iter().map(str::to_owned).collect());
    let unread = |leaf: Leaf| Leaf { statistics: false, ..leaf };
    let values = vectors.as_block().map_or(AS_SPARK, |(_, values)| double_leaf(values));
    [
        (path(&["type"]), unread(AS_SPARK)),
        (path(&["size"]), unread(AS_SPARK)),
        (path(&["indices", "list", "element"]), unread(AS_SPARK)),
        (path(&["values", "list", "element"]), unread(values)),
    ]
}

/// How to store a column of doubles that begins with these.
fn double_leaf(values: &[f64]) -> Leaf {
    let mut sample: Vec<u64> = values.iter().take(SAMPLE).map(|value| value.to_bits()).collect();
    sample.sort_unstable();
    let once = sample.chunk_by(|one, next| one == next).filter(|same| same.len() == 1).count();
    if once < ONCE {
        return AS_SPARK;
    }
    // Whole numbers, and what was a float once, end in zeros, which Snappy finds.
    let ragged = sample.iter().filter(|&&bits| bits as u32 != 0).count();
    Leaf { dictionary: false, snappy: ragged * 8 < sample.len() * 7, ..AS_SPARK }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::schema::parser::parse_message_type;
    use parquet::schema::types::SchemaDescriptor;

    use super::*;

    fn leaf(values: impl Iterator<Item = f64>) -> (bool, bool) {
        let leaf = double_leaf(&values.collect::<Vec<_>>());
        (leaf.dictionary, leaf.snappy)
    }

    /// What is known of a column of 1,000 doubles that take so many bytes, encoded and then stored.
    fn chunk(encoded: i64, stored: i64) -> ColumnChunkMetaData {
        let schema = parse_message_type("message m { required double x; }").unwrap();
        let column = SchemaDescriptor::new(Arc::new(schema)).column(0);
        let about = ColumnChunkMetaData::builder(column).set_num_values(1_000);
        about.set_total_uncompressed_size(encoded).set_total_compressed_size(stored).build().unwrap()
    }

    #[test]
    fn what_saves_little_is_left_out_and_tried_again() {
        let mut storage = Storage::new(&Schema::empty(), &[], Vec::new());
        let mut learn = |encoded, stored| {
            storage.learn(&chunk(encoded, stored));
            let leaf = storage.leaves[&ColumnPath::from("x")];
            (leaf.dictionary, leaf.snappy)
        };
        assert_eq!(learn(2_000, 1_000), (true, true));
        assert_eq!(learn(7_000, 6_900), (false, false));
        for _ in 1..TRIED_AGAIN {
            assert_eq!(learn(8_000, 8_000), (false, false));
        }
        assert_eq!(learn(8_000, 8_000), (true, true));
        // Rows that repeat by now.
        assert_eq!(learn(2_000, 1_990), (true, false));
    }

    #[test]
    fn doubles_that_repeat_have_a_dictionary() {
        let mixed = |at: u64| {
            let once = (at ^ (at << 31)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            (once ^ (once >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 16
        };
        let some = |of: u64| leaf((0..8_192).map(move |at| (mixed(at) % of) as f64 / 3.0));
        assert_eq!(some(50_000), (true, true));
        assert_eq!(some(1 << 40), (false, false));
        // Few rows say nothing.
        assert_eq!(leaf((0..3_000).map(|at| f64::from(at) / 3.0)), (true, true));
        // Whole numbers all differ too, but half of their bytes are zeros.
        assert_eq!(leaf((0..8_192).map(f64::from)), (false, true));
    }
}
