//! Parquet files of several row groups, encoded by several threads.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use firesteel_plan::{Column, ColumnType, Field, Scored, VectorColumn};
use firesteel_tables::{Format, Layout, Rows, Sink, Source, Target, Workers, bind};

const ROWS: usize = 8_192;
const SIZE: usize = 24;

/// Doubles of which none comes twice.
fn value(row: usize, at: usize) -> f64 {
    ((row * SIZE + at) as f64 + 0.1) / 3.0
}

fn source(first: usize) -> Rows {
    let ids: Int64Array = (first..first + ROWS).map(|row| Some(row as i64)).collect();
    let names: StringArray = (first..first + ROWS).map(|row| Some(format!("n{}", row % 7))).collect();
    let columns: Vec<(&str, ArrayRef)> = vec![("id", Arc::new(ids)), ("name", Arc::new(names))];
    Rows { file: "made".into(), first: first as u64 + 1, batch: RecordBatch::try_from_iter(columns).unwrap() }
}

fn scored(first: usize) -> Scored {
    let values = (first..first + ROWS).flat_map(|row| (0..SIZE).map(move |at| value(row, at))).collect();
    let vectors = Column::Vector(VectorColumn::from_block(ROWS, SIZE, values));
    let classes = Column::from_doubles((first..first + ROWS).map(|row| (row % 2) as f64).collect());
    Scored { rows_in: ROWS, survivors: None, columns: vec![vectors, classes] }
}

fn field(name: &str, column_type: ColumnType) -> Field {
    Field { name: name.to_owned(), column_type, size: None, nullable: true, stage: "0 Test".to_owned() }
}

fn sink(path: &Path, threads: usize) -> Sink {
    let outputs = vec![field("features", ColumnType::Vector), field("class", ColumnType::Double)];
    let layout = Layout { outputs, ..Layout::default() };
    Sink::create(Target::File(path.to_owned()), Format::Parquet, layout)
        .unwrap()
        .with_workers(Workers::new(threads).unwrap())
}

#[test]
fn row_groups_hold_every_row_in_order_whatever_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    let batches = 16;
    for threads in [1, 3] {
        let path = folder.path().join("out.parquet");
        let mut sink = sink(&path, threads);
        for batch in 0..batches {
            sink.write(&source(batch * ROWS), &scored(batch * ROWS)).unwrap();
        }
        sink.finish("made", &source(0).batch.schema()).unwrap();
        let fields = [
            field("id", ColumnType::Long),
            field("features", ColumnType::Vector),
            field("class", ColumnType::Double),
        ];
        let mut row = 0;
        for rows in Source::open(&path, None).unwrap() {
            let batch = bind(&rows.unwrap(), &fields).unwrap();
            let ids = batch.columns[0].as_array().unwrap().as_primitive::<Int64Type>().clone();
            let vectors = batch.columns[1].as_vectors().unwrap();
            let classes = batch.columns[2].as_doubles().unwrap();
            for at in 0..batch.rows {
                assert_eq!((ids.value(at), classes.value(at)), (row as i64, (row % 2) as f64));
                let expected: Vec<f64> = (0..SIZE).map(|at| value(row, at)).collect();
                assert_eq!(vectors.get(at).unwrap().values(), expected);
                row += 1;
            }
        }
        assert_eq!(row, batches * ROWS);
        assert!(groups(&path) > 1, "one row group does not show their order");
    }
}

/// The row groups of a file.
fn groups(path: &Path) -> usize {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap().num_row_groups()
}

#[test]
fn a_file_that_is_not_finished_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut sink = sink(&folder.path().join("out.parquet"), 2);
    for batch in 0..12 {
        sink.write(&source(batch * ROWS), &scored(batch * ROWS)).unwrap();
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    drop(sink);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_while_rows_are_written() {
    let mut sink = sink(Path::new("/dev/full"), 2);
    let mut batches = 0..100;
    let error = batches.find_map(|batch| sink.write(&source(batch * ROWS), &scored(batch * ROWS)).err());
    let message = error.unwrap().to_string();
    assert!(message.contains("/dev/full") && message.contains("write"), "{message}");
    assert!(batches.next().is_some());
}
