//! What is written reads back: every format, any values, any rows dropped.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by a panic and says why it skips"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use firesteel_plan::{Batch, Column, ColumnType, Field, Scored, VectorBuilder, VectorColumn};
use firesteel_tables::{Format, Layout, Rows, Sink, Source, Target, bind};
use proptest::prelude::*;

/// One row: id, amount, name, flag; then the outputs vector and prediction.
type Row = (Option<i64>, Option<f64>, Option<String>, Option<bool>, Option<Vector>, Option<f64>);

#[derive(Clone, Debug)]
enum Vector {
    Dense(Vec<f64>),
    Sparse(Vec<(bool, f64)>),
}

fn double() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        any::<u64>().prop_map(f64::from_bits),
        Just(-0.0),
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
    ]
    // A NaN's payload has no name in text.
    .prop_map(|value| if value.is_nan() { f64::NAN } else { value })
}

fn vector() -> impl Strategy<Value = Vector> {
    prop_oneof![
        prop::collection::vec(double(), 0..4).prop_map(Vector::Dense),
        prop::collection::vec((any::<bool>(), double()), 0..6).prop_map(Vector::Sparse),
    ]
}

fn rows() -> impl Strategy<Value = Vec<(Row, bool)>> {
    let name = prop_oneof![any::<String>(), "[a,\"\\r\\n ]{0,4}"];
    let row = (
        any::<Option<i64>>(),
        prop::option::of(double()),
        prop::option::of(name),
        any::<Option<bool>>(),
        prop::option::of(vector()),
        prop::option::of(double()),
    );
    prop::collection::vec((row, any::<bool>()), 0..20)
}

fn vectors<'a>(values: impl Iterator<Item = &'a Option<Vector>>) -> VectorColumn {
    let mut builder = VectorBuilder::default();
    for value in values {
        match value {
            None => builder.push_null(),
            Some(Vector::Dense(values)) => builder.push_dense(values),
            Some(Vector::Sparse(slots)) => {
                let active = slots.iter().enumerate().filter(|(_, (active, _))| *active);
                let (indices, values): (Vec<u32>, Vec<f64>) =
                    active.map(|(at, &(_, value))| (at as u32, value)).unzip();
                builder.push_sparse(slots.len(), &indices, &values);
            }
        }
    }
    builder.finish()
}

fn field(name: &str, column_type: ColumnType) -> Field {
    Field { name: name.to_owned(), column_type, size: None, nullable: true, stage: "0 Test".to_owned() }
}

fn fields() -> Vec<Field> {
    vec![
        field("id", ColumnType::Long),
        field("amount", ColumnType::Double),
        field("name", ColumnType::String),
        field("flag", ColumnType::Boolean),
        field("probability", ColumnType::Vector),
        field("prediction", ColumnType::Double),
    ]
}

fn table(rows: &[(Row, bool)]) -> Rows {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(rows.iter().map(|(row, _)| row.0).collect::<Int64Array>())),
        ("amount", Arc::new(rows.iter().map(|(row, _)| row.1).collect::<Float64Array>())),
        ("name", Arc::new(rows.iter().map(|(row, _)| row.2.clone()).collect::<StringArray>())),
        ("flag", Arc::new(rows.iter().map(|(row, _)| row.3).collect::<BooleanArray>())),
    ];
    Rows { file: "made".into(), first: 1, batch: RecordBatch::try_from_iter(columns).unwrap() }
}

/// Writes the rows, with those for which the mark is false dropped.
fn write(path: &Path, format: Format, rows: &[(Row, bool)]) {
    let layout = Layout { outputs: fields().split_off(4), ..Layout::default() };
    let mut sink = Sink::create(Target::File(path.to_owned()), format, layout).unwrap();
    let source = table(rows);
    let kept: Vec<&Row> = rows.iter().filter(|(_, kept)| *kept).map(|(row, _)| row).collect();
    let survivors = (0..rows.len() as u32).filter(|&row| rows[row as usize].1).collect();
    let scored = Scored {
        rows_in: rows.len(),
        survivors: Some(survivors),
        columns: vec![
            Column::Vector(vectors(kept.iter().map(|row| &row.4))),
            Column::Array(Arc::new(kept.iter().map(|row| row.5).collect::<Float64Array>())),
        ],
    };
    sink.write(&source, &scored).unwrap();
    sink.finish("made", &source.batch.schema()).unwrap();
}

fn read(path: &Path, inputs: &[Field]) -> Vec<Batch> {
    let source = Source::open(path, None).unwrap();
    source.map(|rows| bind(&rows.unwrap(), inputs).unwrap()).collect()
}

/// Each row as text in which every bit shows.
fn shown(batches: &[Batch]) -> Vec<String> {
    let cell = |column: &Column, row: usize| match column.as_doubles() {
        Some(doubles) if !column.is_null(row) => format!("{:?}", doubles.value(row).to_bits()),
        _ => match column.as_vectors() {
            Some(vectors) => format!("{:?}", vectors.get(row)),
            // A null is told from the text.
            None => format!("{} {:?}", column.is_null(row), column.show(row)),
        },
    };
    let row = |batch: &Batch, row| {
        batch.columns.iter().map(|column| cell(column, row)).collect::<Vec<_>>().join(" | ")
    };
    batches.iter().flat_map(|batch| (0..batch.rows).map(move |at| row(batch, at))).collect()
}

fn expected(rows: &[(Row, bool)], inputs: usize) -> Vec<String> {
    let kept: Vec<(Row, bool)> = rows.iter().filter(|(_, kept)| *kept).cloned().collect();
    let mut columns: Vec<Column> =
        table(&kept).batch.columns().iter().map(|array| Column::Array(Arc::clone(array))).collect();
    columns.push(Column::Vector(vectors(kept.iter().map(|(row, _)| &row.4))));
    columns.push(Column::Array(Arc::new(kept.iter().map(|(row, _)| row.5).collect::<Float64Array>())));
    columns.truncate(inputs);
    shown(&[Batch::new(kept.len(), columns)])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn parquet_reads_back(rows in rows()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.parquet");
        write(&path, Format::Parquet, &rows);
        prop_assert_eq!(shown(&read(&path, &fields())), expected(&rows, 6));
        let declared = Source::open(&path, None).unwrap().declared().types;
        let types: BTreeMap<String, ColumnType> =
            fields().into_iter().map(|field| (field.name, field.column_type)).collect();
        prop_assert_eq!(declared, types);
    }

    #[test]
    fn json_lines_read_back(rows in rows()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        write(&path, Format::JsonLines, &rows);
        prop_assert_eq!(shown(&read(&path, &fields())), expected(&rows, 6));
    }

    #[test]
    fn csv_reads_back(rows in rows()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        write(&path, Format::Csv, &rows);
        prop_assert_eq!(shown(&read(&path, &fields()[..4])), expected(&rows, 4));
    }
}
