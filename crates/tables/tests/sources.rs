//! Files, folders and streams, and what passes through untouched.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by a panic and says why it skips"
)]

use std::path::Path;
use std::sync::{Arc, Mutex};

use arrow_array::Float64Array;
use firesteel_plan::{Column, ColumnType, Field, Scored};
use firesteel_tables::{Format, Layout, Rows, Sink, Source, TableError, Target, bind};

fn field(name: &str, column_type: ColumnType) -> Field {
    Field { name: name.to_owned(), column_type, size: None, nullable: true, stage: "0 Test".to_owned() }
}

/// Standard output of a test.
#[derive(Clone, Default)]
struct Screen(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Adds to each row of `source` the output `score`, twice the column `x`.
fn doubled(
    source: Source,
    target: Target,
    format: Format,
    types: &[(&str, ColumnType)],
) -> Result<(), TableError> {
    let types = types.iter().map(|(name, found)| ((*name).to_owned(), found.clone())).collect();
    let layout = Layout {
        outputs: vec![field("score", ColumnType::Double)],
        types,
        spark_metadata: source.spark_metadata(),
    };
    let (origin, schema) = (source.origin().to_owned(), source.schema());
    let mut sink = Sink::create(target, format, layout)?;
    for rows in source {
        let rows = rows?;
        let batch = bind(&rows, &[field("x", ColumnType::Double)])?;
        let doubles = batch.columns[0].as_doubles().unwrap();
        let score: Float64Array = doubles.iter().map(|x| x.map(|x| 2.0 * x)).collect();
        let columns = vec![Column::Array(Arc::new(score))];
        sink.write(&rows, &Scored { rows_in: batch.rows, survivors: None, columns })?;
    }
    sink.finish(&origin, &schema)
}

fn try_stream(text: &str) -> Result<Source, TableError> {
    Source::stream(Box::new(std::io::Cursor::new(text.to_owned().into_bytes())), "stdin", None)
}

fn stream(text: &str) -> Source {
    try_stream(text).unwrap()
}

fn to_text(source: Source, format: Format) -> Result<String, TableError> {
    let screen = Screen::default();
    let target = Target::Stream { stream: Box::new(screen.clone()), name: "stdout".into() };
    doubled(source, target, format, &[("x", ColumnType::Double)])?;
    let bytes = screen.0.lock().unwrap().clone();
    Ok(String::from_utf8(bytes).unwrap())
}

#[test]
fn json_passes_through_as_it_came() {
    let text = "{\"id\":123456789012345678901234567890,\"x\":1,\"deep\":{\"a\":[1.50,null]}}\n{\"x\":0.5,\"gone\":null}\n";
    let out = to_text(stream(text), Format::JsonLines).unwrap();
    let expected = "{\"id\":123456789012345678901234567890,\"x\":1,\"deep\":{\"a\":[1.50,null]},\"score\":2.0}\n\
                    {\"x\":0.5,\"gone\":null,\"score\":1.0}\n";
    assert_eq!(out, expected);
}

#[test]
fn csv_passes_through_as_it_came() {
    let text = "\u{feff}id,x,\"a \"\"note\"\"\"\r\n007,1.50,\"one, two\"\r\n8,,\n";
    let out = to_text(stream(text), Format::Csv).unwrap();
    assert_eq!(out, "id,x,\"a \"\"note\"\"\",score\n007,1.50,\"one, two\",3.0\n8,,,\n");
}

#[test]
fn text_becomes_the_other_text() {
    let out = to_text(stream("id,x\n007,1.5\n\"\",\n"), Format::JsonLines).unwrap();
    assert_eq!(out, "{\"id\":\"007\",\"x\":1.5,\"score\":3.0}\n{\"id\":\"\",\"x\":null,\"score\":null}\n");
    let out = to_text(stream("{\"x\":1,\"s\":\"a,b\",\"o\":{\"k\":1}}\n{\"x\":2}"), Format::Csv).unwrap();
    assert_eq!(out, "x,s,o,score\n1,\"a,b\",\"{\"\"k\"\":1}\",2.0\n2,,,4.0\n");
}

#[test]
fn text_becomes_parquet() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.parquet");
    let types = [("x", ColumnType::Double), ("id", ColumnType::Long)];
    let source = stream("{\"id\":7,\"x\":1,\"s\":\"a\",\"o\":[1]}\n{\"x\":2}\n");
    doubled(source, Target::File(path.clone()), Format::Parquet, &types).unwrap();
    let source = Source::open(&path, None).unwrap();
    let types: Vec<String> =
        source.declared().types.iter().map(|(name, found)| format!("{name} {found}")).collect();
    assert_eq!(types, ["id bigint", "o string", "s string", "score double", "x double"]);
    let rows: Vec<Rows> = source.map(Result::unwrap).collect();
    let batch = bind(&rows[0], &[field("id", ColumnType::Long), field("o", ColumnType::String)]).unwrap();
    assert_eq!((batch.columns[0].show(0), batch.columns[0].show(1)), ("7".into(), "null".into()));
    assert_eq!((batch.columns[1].show(0), batch.columns[1].show(1)), ("[1]".into(), "null".into()));
}

fn failure(text: &str) -> TableError {
    try_stream(text).and_then(|source| to_text(source, Format::JsonLines)).unwrap_err()
}

#[test]
fn errors_name_file_row_and_column() {
    let text = "x\n1\n2\nthree\n";
    assert_eq!(failure(text).to_string(), "stdin, row 3, column 'x': found \"three\", expected double");
    let text = "{\"x\":1}\n{\"x\":\"2\"}\n";
    assert_eq!(failure(text).to_string(), "stdin, row 2, column 'x': found \"2\", expected double");
    assert_eq!(failure("x,y\n1\n").to_string(), "stdin, row 1: found 1 cells, expected 2 as in the header");
    assert!(failure("x,x\n").to_string().contains("'x' twice"));
    let error = failure("X\n1\n");
    assert!(error.to_string().contains("'x' (did you mean 'X'?)"), "{error}");
    assert!(failure("x,score\n1,2\n").to_string().contains("has a column 'score' already"));
    assert!(failure("[{\"x\":1}]").hint().unwrap().contains("jq"));
}

#[test]
fn a_late_key_needs_json_lines() {
    let text = "{\"x\":1}\n".repeat(8192) + "{\"x\":1,\"late\":2}\n";
    let error = to_text(stream(&text), Format::Csv).unwrap_err();
    assert!(error.to_string().contains("'late' first comes up"), "{error}");
    assert!(to_text(stream(&text), Format::JsonLines).unwrap().ends_with("\"late\":2,\"score\":2.0}\n"));
}

#[test]
fn tables_without_rows_keep_their_columns() {
    assert_eq!(to_text(stream("id,x\n"), Format::Csv).unwrap(), "id,x,score\n");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.parquet");
    doubled(stream("id,x\n"), Target::File(path.clone()), Format::Parquet, &[]).unwrap();
    let source = Source::open(&path, None).unwrap();
    assert_eq!(source.schema().fields().len(), 3);
    assert_eq!(source.count(), 0);
}

fn folder_of(parts: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    parts.iter().for_each(|(name, text)| std::fs::write(folder.path().join(name), text).unwrap());
    folder
}

fn from_folder(folder: &Path) -> Result<String, TableError> {
    to_text(Source::open(folder, None)?, Format::Csv)
}

#[test]
fn part_files_are_one_table() {
    let parts = [
        ("part-1.csv", "x,y\n3,c\n"),
        ("part-0.csv", "x,y\n1,a\n2,b\n"),
        ("_SUCCESS", ""),
        ("part-2.csv", ""),
    ];
    let text = from_folder(folder_of(&parts).path()).unwrap();
    assert_eq!(text, "x,y,score\n1,a,2.0\n2,b,4.0\n3,c,6.0\n");
    let parts = [("part-0.csv", "x,y\n1,a\n"), ("part-1.csv", "x,z\n3,c\n")];
    let error = from_folder(folder_of(&parts).path()).unwrap_err().to_string();
    assert!(error.contains("part-1.csv: found the header"), "{error}");
    let parts = [("part-0.csv", "x,y\n1,a\n"), ("part-1.csv", "x,y\n3,c\nbad,d\n")];
    let error = from_folder(folder_of(&parts).path()).unwrap_err().to_string();
    assert!(error.contains("part-1.csv, row 2, column 'x'"), "{error}");
}

#[test]
fn packed_text_is_unpacked() {
    let folder = folder_of(&[("part-0.csv", "x\n1\n"), ("part-1.csv", "x\n2\n")]);
    let status = std::process::Command::new("gzip").arg(folder.path().join("part-1.csv")).status();
    assert!(status.unwrap().success());
    assert_eq!(from_folder(folder.path()).unwrap(), "x,score\n1,2.0\n2,4.0\n");
}

#[test]
fn parquet_is_no_stream_and_no_text() {
    let bytes = Box::new(std::io::Cursor::new(b"PAR1....".to_vec()));
    let error = Source::stream(bytes, "stdin", None).unwrap_err();
    assert!(error.hint().unwrap().contains("write it to a file first"), "{error}");
    let folder = folder_of(&[("rows.parquet", "x\n1\n")]);
    let error = Source::open(&folder.path().join("rows.parquet"), None).unwrap_err();
    assert!(error.hint().unwrap().contains("whole Parquet file"), "{error}");
}
