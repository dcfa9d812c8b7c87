//! Part files as Spark and others write them, and hostile ones.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{
    Array, ArrayRef, Float64Array, Int32Array, ListArray, RecordBatch, StringArray, StructArray,
};
use arrow_schema::{DataType, Field};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder, WriterVersion};

use crate::allowance::Allowance;
use crate::testing::Save;

fn part(case: &str) -> Bytes {
    let bundle = Save::golden(case, "3.5.9").bundle().dir("data");
    let name = bundle.files().into_iter().find(|name| name.starts_with("part-")).unwrap();
    bundle.read(&name).unwrap()
}

fn written(batch: &RecordBatch, properties: WriterPropertiesBuilder) -> Bytes {
    let mut file = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), Some(properties.build())).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    file.into()
}

fn column(values: ArrayRef) -> RecordBatch {
    RecordBatch::try_from_iter([("values", values)]).unwrap()
}

fn rows(bytes: Bytes) -> usize {
    read(bytes).unwrap().iter().map(RecordBatch::num_rows).sum()
}

fn read(bytes: Bytes) -> Result<Vec<RecordBatch>, String> {
    let allowance = Allowance::default();
    allowance.grow(bytes.len());
    super::read(&allowance, bytes, None)
}

fn refusal(allowance: &Allowance, bytes: Bytes) -> String {
    super::read(allowance, bytes, None).unwrap_err()
}

#[test]
fn a_part_file_is_read() {
    assert_eq!(rows(part("StandardScalerModel")), 1);
}

/// Nodes of trees as Spark saves them: a column of structs, with lists and structs in it, between two plain ones.
fn nodes(rows: i32) -> RecordBatch {
    let doubles = |by: f64| -> ArrayRef {
        Arc::new(Float64Array::from_iter(
            (0..rows).map(|row| (row % 7 != 3).then(|| f64::from(row).sin() * by)),
        ))
    };
    let lists = (0..rows).map(|row| Some((0..row % 3).map(move |at| Some(f64::from(row * 5 + at)))));
    let field = |name: &str, of: &ArrayRef| Arc::new(Field::new(name, of.data_type().clone(), true));
    let structs = |children: Vec<(&str, ArrayRef)>| -> ArrayRef {
        let fields: Vec<_> = children.iter().map(|(name, of)| field(name, of)).collect();
        let columns = children.into_iter().map(|(_, column)| column).collect();
        Arc::new(StructArray::new(fields.into(), columns, None))
    };
    let split = structs(vec![("feature", doubles(2.0)), ("at", doubles(3.0))]);
    let lists: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Float64Type, _, _>(lists));
    let node =
        structs(vec![("id", doubles(1.0)), ("stats", lists), ("split", split), ("gain", doubles(9.0))]);
    let trees: ArrayRef = Arc::new(Int32Array::from_iter_values(0..rows));
    let names: ArrayRef = Arc::new(StringArray::from_iter_values((0..rows).map(|row| format!("n{row}"))));
    RecordBatch::try_from_iter_with_nullable([
        ("tree", trees, true),
        ("node", node, true),
        ("name", names, true),
    ])
    .unwrap()
}

#[test]
fn two_threads_read_what_one_reads() {
    let file = written(&nodes(30_000), WriterProperties::builder().set_max_row_group_row_count(Some(12_000)));
    let one = ParquetRecordBatchReaderBuilder::try_new(file.clone()).unwrap().with_batch_size(8192);
    let one: Vec<RecordBatch> = one.build().unwrap().map(Result::unwrap).collect();
    let two = read(file).unwrap();
    assert_eq!(one.len(), two.len());
    for (one, two) in one.iter().zip(&two) {
        assert_eq!(one.columns(), two.columns());
        assert_eq!(one.schema().fields(), two.schema().fields());
    }
}

#[test]
fn columns_that_are_not_wanted_are_not_there() {
    let allowance = Allowance::default();
    for rows in [10, 30_000] {
        let file = written(&nodes(rows), WriterProperties::builder());
        allowance.grow(file.len());
        let wanted: &[&str] = &["name", "node.split", "node.stats", "node.sta", "nobody"];
        let some = super::read(&allowance, file.clone(), Some(wanted)).unwrap();
        let names = |fields: &arrow_schema::Fields| -> Vec<String> {
            fields.iter().map(|field| field.name().clone()).collect()
        };
        for (some, all) in some.iter().zip(read(file).unwrap()) {
            assert_eq!(names(some.schema().fields()), ["node", "name"]);
            let DataType::Struct(fields) = some.column(0).data_type() else { panic!("structs") };
            assert_eq!(names(fields), ["stats", "split"]);
            let of = |batch: &RecordBatch| batch.column_by_name("node").unwrap().as_struct().clone();
            let (some_nodes, nodes) = (of(some), of(&all));
            assert_eq!(some.column_by_name("name"), all.column_by_name("name"));
            for name in ["stats", "split"] {
                assert_eq!(some_nodes.column_by_name(name), nodes.column_by_name(name));
            }
        }
    }
}

#[test]
fn every_codec_may_pack_a_megabyte_of_equal_values() {
    const VALUES: usize = 1 << 17;
    let zeros = column(Arc::new(Float64Array::from(vec![0.0; VALUES])));
    for codec in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::LZ4_RAW,
        Compression::ZSTD(ZstdLevel::default()),
    ] {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            let properties = WriterProperties::builder().set_compression(codec).set_writer_version(version);
            assert_eq!(rows(written(&zeros, properties.clone())), VALUES, "{codec}");
            assert_eq!(rows(written(&zeros, properties.set_dictionary_enabled(false))), VALUES, "{codec}");
        }
    }
}

#[test]
fn strings_of_the_second_version_are_read_within_bounds() {
    let labels: Vec<String> = (0..1000).map(|number| format!("a long label {number}")).collect();
    let labels = column(Arc::new(StringArray::from(labels)));
    for encoding in [Encoding::DELTA_BYTE_ARRAY, Encoding::DELTA_LENGTH_BYTE_ARRAY] {
        let properties = WriterProperties::builder()
            .set_writer_version(WriterVersion::PARQUET_2_0)
            .set_dictionary_enabled(false)
            .set_encoding(encoding);
        let file = written(&labels, properties.clone());
        let read = read(file.clone()).unwrap();
        assert_eq!(read[0].column(0).as_ref(), labels.column(0).as_ref());
        let error = refusal(&Allowance::left(u64::MAX, u64::MAX, 25_000), file);
        assert!(error.contains("too much text"), "{error}");
        let first = written(&labels, properties.set_writer_version(WriterVersion::PARQUET_1_0));
        let error = self::read(first).unwrap_err();
        assert!(error.contains("in a page of version 1"), "{error}");
    }
}

#[test]
fn a_long_string_that_is_often_meant_is_refused() {
    let long = "x".repeat(10_000);
    let often = column(Arc::new(StringArray::from(vec![long.as_str(); 1000])));
    let file = written(&often, WriterProperties::builder());
    assert!(file.len() < 60_000);
    assert_eq!(rows(file.clone()), 1000);
    let error = refusal(&Allowance::left(u64::MAX, u64::MAX, 9_000_000), file);
    assert!(error.contains("too much text"), "{error}");
}

#[test]
fn too_many_values_and_bytes_are_refused_before_they_are_decoded() {
    let file = part("StandardScalerModel");
    for values in [0, 3] {
        let error = refusal(&Allowance::left(values, u64::MAX, u64::MAX), file.clone());
        assert!(error.contains("announce too many values"), "{error}");
    }
    let error = refusal(&Allowance::left(u64::MAX, 3, u64::MAX), file);
    assert!(error.contains("unpack to too many"), "{error}");
}

#[test]
fn a_page_that_keeps_the_reader_busy_is_refused_at_once() {
    let mut file = part("StandardScalerModel").to_vec();
    // The first page follows the magic number. Its header now has a field that nobody knows: 2^31 - 1 booleans.
    file[4..11].copy_from_slice(&[0xb9, 0xf1, 0xff, 0xff, 0xff, 0xff, 0x07]);
    let error = read(file.into()).unwrap_err();
    assert!(error.contains("a page is damaged"), "{error}");
}

#[test]
fn a_file_cut_anywhere_is_an_error() {
    let whole = part("StandardScalerModel");
    for end in 0..whole.len() {
        assert!(read(whole.slice(..end)).is_err(), "cut at {end}");
    }
}
