//! Scores the churn example and compares every column with Spark's answers, bit for bit.

use std::path::Path;
use std::sync::Arc;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use firesteel_plan::{Column, ColumnType, Field, VectorColumn, VectorRef};
use firesteel_tables::{Format, Layout, Rows, Sink, Source, Target, bind};

use crate::{churn, firesteel, names, stderr, succeed};

/// The columns that Spark's transform adds, in its order.
const ADDED: [&str; 5] = ["features_raw", "features", "rawPrediction", "probability", "prediction"];
const OWN: [&str; 5] = ["customer_id", "age", "income", "tenure_months", "credit_score"];

fn rows(path: &Path) -> Vec<Rows> {
    Source::open(path, None).unwrap().map(Result::unwrap).collect()
}

/// A row's value of a column in a form in which every bit shows.
fn shown(column: &Column, row: usize) -> String {
    let bits =
        |values: &[f64]| values.iter().map(|value| format!("{:x}", value.to_bits())).collect::<Vec<_>>();
    match column {
        Column::Vector(vectors) => match vectors.get(row) {
            None => "null".to_owned(),
            Some(VectorRef::Dense(values)) => format!("dense {:?}", bits(values)),
            Some(VectorRef::Sparse { size, indices, values }) => {
                format!("{size} {indices:?} {:?}", bits(values))
            }
        },
        Column::Array(array) => match array.as_primitive_opt::<Float64Type>() {
            Some(doubles) if doubles.is_valid(row) => bits(&[doubles.value(row)])[0].clone(),
            _ => column.show(row),
        },
    }
}

/// Every value of the named column, from the first row to the last.
fn column(rows: &[Rows], name: &str, to: Option<ColumnType>) -> Vec<String> {
    let mut values = Vec::new();
    for rows in rows {
        let array = rows.batch.column_by_name(name).unwrap_or_else(|| panic!("no column {name}"));
        let column = match &to {
            Some(to) => {
                let field = Field {
                    name: name.to_owned(),
                    column_type: to.clone(),
                    size: None,
                    nullable: true,
                    stage: String::new(),
                };
                bind(rows, &[field]).unwrap().columns.remove(0)
            }
            None if VectorColumn::is_vector_type(array.data_type()) => {
                Column::Vector(VectorColumn::from_arrow(array).unwrap())
            }
            None => Column::Array(Arc::clone(array)),
        };
        values.extend((0..column.len()).map(|row| shown(&column, row)));
    }
    values
}

/// Equal, or the first row that differs.
fn assert_same(name: &str, found: &[String], expected: &[String]) {
    assert_eq!(found.len(), expected.len(), "rows of {name}");
    if let Some(row) = (0..found.len()).find(|&row| found[row] != expected[row]) {
        panic!("{name}, row {row}: found {}, expected {}", found[row], expected[row]);
    }
}

#[test]
fn parquet_equals_spark_to_the_last_bit() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("scored.parquet");
    let output =
        succeed(firesteel().arg("score").args([churn("model"), churn("rows.parquet")]).arg("-o").arg(&out));
    assert!(stderr(&output).starts_with("20,000 rows in, 20,000 out, 0 dropped, "), "{}", stderr(&output));
    assert_eq!(names(folder.path()), ["scored.parquet"]);
    let (found, expected) = (rows(&out), rows(&churn("expected.parquet")));
    let columns: Vec<String> =
        found[0].batch.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(columns, [OWN, ADDED].concat());
    for name in [OWN, ADDED].concat() {
        assert_same(name, &column(&found, name, None), &column(&expected, name, None));
    }
}

#[test]
fn csv_and_json_lines_give_the_same_answers() {
    let folder = tempfile::tempdir().unwrap();
    let expected = rows(&churn("expected.parquet"));
    for name in ["rows.csv", "rows.jsonl"] {
        // The rows as text, written by our own writer without any outputs.
        let text = folder.path().join(name);
        let format = Format::of_name(&text).unwrap();
        let source = Source::open(&churn("rows.parquet"), None).unwrap();
        let schema = source.schema();
        let mut sink = Sink::create(Target::File(text.clone()), format, Layout::default()).unwrap();
        for rows in source {
            let rows = rows.unwrap();
            let nothing =
                firesteel_plan::Scored { rows_in: rows.batch.num_rows(), survivors: None, columns: vec![] };
            sink.write(&rows, &nothing).unwrap();
        }
        sink.finish("rows", &schema).unwrap();
        let out = folder.path().join("scored.jsonl");
        succeed(firesteel().arg("score").arg(churn("model")).arg(&text).arg("-o").arg(&out));
        let found = rows(&out);
        for name in ["features", "rawPrediction", "probability"] {
            let found = column(&found, name, Some(ColumnType::Vector));
            assert_same(name, &found, &column(&expected, name, None));
        }
        let found = column(&found, "prediction", Some(ColumnType::Double));
        assert_same("prediction", &found, &column(&expected, "prediction", None));
    }
}

#[test]
fn a_folder_of_parts_is_scored_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let parts = folder.path().join("parts");
    std::fs::create_dir(&parts).unwrap();
    std::fs::copy(churn("rows.parquet"), parts.join("part-00000-x.snappy.parquet")).unwrap();
    std::fs::copy(churn("rows.parquet"), parts.join("part-00001-x.snappy.parquet")).unwrap();
    std::fs::write(parts.join("_SUCCESS"), "").unwrap();
    let out = folder.path().join("scored.parquet");
    let mut command = firesteel();
    command
        .arg("score")
        .arg(churn("model"))
        .arg(&parts)
        .arg("-o")
        .arg(&out)
        .args(["--columns", "prediction"]);
    succeed(&mut command);
    let once = column(&rows(&churn("expected.parquet")), "prediction", None);
    assert_same("prediction", &column(&rows(&out), "prediction", None), &[once.clone(), once].concat());
}
