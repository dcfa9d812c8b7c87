use bytes::Bytes;
use firesteel_plan::{Column, ColumnType};

use super::*;

fn field(name: &str, column_type: ColumnType) -> Field {
    Field { name: name.to_owned(), column_type, size: None, nullable: true, stage: String::new() }
}

fn tensor(name: &str, datatype: Datatype, shape: &[usize], data: Data) -> Tensor {
    Tensor { name: name.to_owned(), datatype, shape: shape.to_vec(), data, nulls: Vec::new() }
}

fn floats(name: &str, shape: &[usize], values: &[f64]) -> Tensor {
    tensor(name, Datatype::Fp64, shape, Data::Float(values.to_vec()))
}

fn read(tensors: Vec<Tensor>, fields: &[Field]) -> Result<Batch, String> {
    batch(tensors, Wanted { model: fields, plan: fields, max_rows: 100, strict: false })
        .map_err(|error| error.to_string())
}

fn doubles(column: &Column) -> Vec<f64> {
    column.as_doubles().unwrap().values().to_vec()
}

#[test]
fn scalars_come_as_lists_or_columns_and_widen() {
    let fields = [field("a", ColumnType::Double), field("b", ColumnType::Double)];
    let ints = tensor("b", Datatype::Uint8, &[2, 1], Data::Uint(vec![1, 255]));
    let batch = read(vec![ints, floats("a", &[2], &[0.5, 1.5])], &fields).unwrap();
    assert_eq!(batch.rows, 2);
    assert_eq!((doubles(&batch.columns[0]), doubles(&batch.columns[1])), (vec![0.5, 1.5], vec![1.0, 255.0]));
}

#[test]
fn every_problem_is_told_at_once() {
    let fields =
        [field("age", ColumnType::Double), field("plan", ColumnType::String), field("n", ColumnType::Int)];
    let error = read(vec![floats("agee", &[1], &[1.0]), floats("n", &[1], &[1.0])], &fields).unwrap_err();
    assert_eq!(
        error,
        "tensor 'age' (FP64 [-1]) is missing; was 'agee' meant for it?; \
         tensor 'plan' (BYTES [-1]) is missing; \
         tensor 'n': found FP64, expected an integer datatype"
    );
}

#[test]
fn rows_must_agree_and_be_few_enough() {
    let fields = [field("a", ColumnType::Double), field("b", ColumnType::Double)];
    let error = read(vec![floats("a", &[1], &[1.0]), floats("b", &[2], &[1.0, 2.0])], &fields).unwrap_err();
    assert!(error.starts_with("tensor 'b' has 2 rows, but tensor 'a' has 1"), "{error}");
    let many = tensor("a", Datatype::Fp64, &[usize::MAX, 0], Data::Float(Vec::new()));
    assert!(read(vec![many], &fields).unwrap_err().contains("expected at most 100"));
    assert!(read(Vec::new(), &fields).unwrap_err().contains("no input tensors"));
    let twice = vec![floats("a", &[1], &[1.0]), floats("a", &[1], &[1.0]), floats("b", &[1], &[1.0])];
    assert_eq!(read(twice, &fields).unwrap_err(), "tensor 'a' is given twice");
}

#[test]
fn a_model_of_numbers_takes_its_whole_row() {
    let fields = [field("a", ColumnType::Double), field("b", ColumnType::Int)];
    let whole = tensor("input-0", Datatype::Int64, &[2, 2], Data::Int(vec![1, 2, 3, 4]));
    let batch = read(vec![whole.clone()], &fields).unwrap();
    assert_eq!(doubles(&batch.columns[0]), [1.0, 3.0]);
    assert_eq!(batch.columns[1].show(1), "4");
    let cut =
        super::batch(vec![whole], Wanted { model: &fields, plan: &fields[1..], max_rows: 9, strict: false })
            .unwrap();
    assert_eq!(cut.columns[0].show(0), "2", "the place is the place in the model, not in the plan");
    let text = [field("a", ColumnType::Double), field("b", ColumnType::String)];
    assert!(read(vec![floats("input-0", &[1, 2], &[1.0, 2.0])], &text).unwrap_err().contains("is missing"));
    assert!(read(vec![floats("input-0", &[1, 3], &[1.0; 3])], &fields).unwrap_err().contains("is missing"));
    let vector = [field("features", ColumnType::Vector)];
    assert_eq!(read(vec![floats("input-0", &[1, 3], &[1.0; 3])], &vector).unwrap().columns.len(), 1);
}

#[test]
fn vectors_have_their_size() {
    let mut features = field("features", ColumnType::Vector);
    features.size = Some(2);
    let fields = [features];
    let batch = read(vec![floats("features", &[2, 2], &[1.0, 2.0, 3.0, 4.0])], &fields).unwrap();
    assert_eq!(batch.columns[0].show(1), "[3.0, 4.0]");
    let error = read(vec![floats("features", &[1, 3], &[1.0; 3])], &fields).unwrap_err();
    assert_eq!(error, "tensor 'features': found shape [1, 3], expected FP64 [-1,2]");
    let mut null = floats("features", &[2, 2], &[1.0, 2.0, f64::NAN, f64::NAN]);
    null.nulls = vec![2, 3];
    assert!(read(vec![null.clone()], &fields).unwrap().columns[0].is_null(1));
    null.nulls = vec![2];
    assert!(read(vec![null], &fields).unwrap_err().contains("a null in the vector of row 1"));
}

#[test]
fn texts_and_lists_of_texts() {
    let fields = [field("city", ColumnType::String), field("words", ColumnType::strings())];
    let bytes = |texts: &[&'static str]| Data::Bytes(texts.iter().map(|&text| Bytes::from(text)).collect());
    let mut city = tensor("city", Datatype::Bytes, &[2], bytes(&["Bern", ""]));
    city.nulls = vec![1];
    let words = tensor("words", Datatype::Bytes, &[2, 2], bytes(&["a", "b", "c", "d"]));
    let batch = read(vec![city, words], &fields).unwrap();
    assert_eq!((batch.columns[0].show(0), batch.columns[0].is_null(1)), ("Bern".to_owned(), true));
    assert_eq!(batch.columns[1].show(1), "[c, d]");
    assert_eq!(batch.columns[1].column_type(), Some(ColumnType::strings()));
    let bad = tensor("city", Datatype::Bytes, &[1], Data::Bytes(vec![Bytes::from_static(&[0xff])]));
    assert!(read(vec![bad], &fields[..1]).unwrap_err().contains("element 0 is not UTF-8"));
}

#[test]
fn integers_must_fit_their_column() {
    let fields = [field("n", ColumnType::Byte)];
    let error = read(vec![tensor("n", Datatype::Int64, &[1], Data::Int(vec![128]))], &fields).unwrap_err();
    assert_eq!(error, "tensor 'n': found 128, expected a value of Int8");
    assert!(read(vec![tensor("n", Datatype::Uint64, &[1], Data::Uint(vec![127]))], &fields).is_ok());
    let float = [field("f", ColumnType::Float)];
    assert!(read(vec![floats("f", &[1], &[0.1])], &float).unwrap_err().contains("expected FP32"));
    assert!(read(vec![tensor("f", Datatype::Fp32, &[1], Data::Float(vec![0.5]))], &float).is_ok());
    let boolean = [field("b", ColumnType::Boolean)];
    assert!(read(vec![tensor("b", Datatype::Bool, &[1], Data::Bool(vec![true]))], &boolean).is_ok());
    assert!(read(vec![tensor("b", Datatype::Int8, &[1], Data::Int(vec![1]))], &boolean).is_err());
}

#[test]
fn nulls_stand_only_where_they_may() {
    let mut fields = [field("a", ColumnType::Double)];
    let mut tensor = floats("a", &[2], &[1.0, f64::NAN]);
    tensor.nulls = vec![1];
    assert!(read(vec![tensor.clone()], &fields).unwrap().columns[0].is_null(1));
    fields[0].nullable = false;
    assert_eq!(
        read(vec![tensor], &fields).unwrap_err(),
        "tensor 'a': found null at element 1, expected a value"
    );
}

#[test]
fn strict_refuses_what_the_model_does_not_read() {
    let fields = [field("income", ColumnType::Double)];
    let tensors = vec![floats("income", &[1], &[1.0]), floats("incomes", &[1], &[1.0])];
    assert!(read(tensors.clone(), &fields).is_ok());
    let strict = Wanted { model: &fields, plan: &fields, max_rows: 9, strict: true };
    let error = batch(tensors, strict).unwrap_err().to_string();
    assert_eq!(error, "the model does not read tensor 'incomes'; was 'income' meant?");
}
