//! Tests of builder, cut and executor together.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{Float64Array, Int32Array};
use proptest::prelude::*;

use crate::ops::{Assemble, Bucketize, HandleInvalid, Scale, SparseRule};
use crate::*;

fn stage(place: &str, class: &str) -> StageInfo {
    StageInfo {
        place: place.to_owned(),
        class: class.to_owned(),
        uid: format!("{class}_1"),
        ..StageInfo::default()
    }
}

/// `a` and `b` assembled into `features` (bad rows handled as asked), then doubled into `scaled`.
fn model(handle_invalid: HandleInvalid, declared: &[(&str, ColumnType)]) -> Model {
    let declared = declared.iter().map(|(name, column_type)| ((*name).to_owned(), column_type.clone()));
    let mut builder = Builder::new(declared.collect::<BTreeMap<_, _>>());
    builder.stage(stage("0", "VectorAssembler"));
    let inputs = [builder.doubles("a", true).unwrap(), builder.doubles("b", true).unwrap()];
    let op = Assemble { handle_invalid, sizes: vec![Some(1), Some(1)], rule: SparseRule::Ratio };
    let features = builder.apply(op.into(), &[&inputs[0], &inputs[1]]).unwrap();
    builder.bind("features", features.with_attributes(Attributes::sized(2))).unwrap();
    builder.stage(stage("1", "StandardScalerModel"));
    let features = builder.vectors("features").unwrap();
    let scale = Scale { shift: None, factor: Some(Arc::from([2.0, 2.0])) };
    let scaled = builder.apply(scale.into(), &[&features]).unwrap();
    builder.bind("scaled", scaled).unwrap();
    builder.finish(ModelInfo::default()).unwrap()
}

fn doubles(values: &[Option<f64>]) -> Column {
    Column::Array(Arc::new(Float64Array::from(values.to_vec())))
}

fn batch(a: &[Option<f64>], b: &[Option<f64>]) -> Batch {
    Batch::new(a.len(), vec![doubles(a), doubles(b)])
}

#[test]
fn the_signature_names_inputs_outputs_and_stages() {
    let model = model(HandleInvalid::Error, &[("a", ColumnType::Int)]);
    let shown: Vec<String> = model.signature().inputs.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["a: int?", "b: double?"]);
    assert_eq!(model.signature().inputs[0].stage, "0 VectorAssembler");
    assert_eq!(model.signature().default_outputs, ["scaled"]);
    assert_eq!(model.stages()[1].inputs, ["features"]);
}

#[test]
fn a_declared_type_is_cast() {
    let plan = model(HandleInvalid::Error, &[("a", ColumnType::Int)]).plan_default().unwrap();
    let ints = Column::Array(Arc::new(Int32Array::from(vec![3])));
    let scored = plan.score(Batch::new(1, vec![ints, doubles(&[Some(0.5)])])).unwrap();
    assert_eq!(scored.columns[0].as_vectors().unwrap().get(0), Some(VectorRef::Dense(&[6.0, 1.0])));
}

#[test]
fn dropped_rows_are_told_apart() {
    let plan = model(HandleInvalid::Skip, &[]).plan_default().unwrap();
    let scored = plan.score(batch(&[Some(1.0), None, Some(3.0)], &[Some(1.0); 3])).unwrap();
    assert_eq!((scored.rows_in, scored.rows()), (3, 2));
    assert_eq!(scored.survivors, Some(vec![0, 2]));
    assert_eq!(scored.places(), [Some(0), None, Some(1)]);
    assert_eq!(scored.columns[0].as_vectors().unwrap().get(1), Some(VectorRef::Dense(&[6.0, 2.0])));
}

/// Buckets of `x`, which refuse values below 0, then `between`, and at last the rows with an `s`.
fn filtered(between: impl FnOnce(&mut Builder)) -> Plan {
    let mut builder = Builder::new(BTreeMap::new());
    builder.stage(stage("0", "Bucketizer"));
    let x = builder.doubles("x", true).unwrap();
    let buckets = Bucketize { splits: Arc::from([0.0, 1.0, 9.0]), handle_invalid: HandleInvalid::Error };
    let buckets = builder.apply(buckets.into(), &[&x]).unwrap();
    builder.bind("bucket", buckets).unwrap();
    builder.stage(stage("1", "Between"));
    between(&mut builder);
    builder.stage(stage("2", "VectorAssembler"));
    let s = builder.doubles("s", true).unwrap();
    let op = Assemble { handle_invalid: HandleInvalid::Skip, sizes: vec![Some(1)], rule: SparseRule::Ratio };
    let kept = builder.apply(op.into(), &[&s]).unwrap();
    builder.bind("kept", kept).unwrap();
    builder.finish(ModelInfo::default()).unwrap().plan_all().unwrap()
}

#[test]
fn a_row_that_a_later_stage_drops_is_no_error() {
    let plan = filtered(|_| ());
    let scored = plan.score(batch(&[Some(-1.0), Some(2.0)], &[None, Some(1.0)])).unwrap();
    assert_eq!(scored.survivors, Some(vec![1]));
    assert_eq!(scored.columns[0].show(0), "1.0");
    assert!(plan.score(batch(&[Some(-1.0)], &[Some(1.0)])).is_err());
}

#[test]
fn but_one_that_holds_filters_comes_first() {
    let plan = filtered(|builder| {
        let x = builder.doubles("x", true).unwrap();
        let op =
            Assemble { handle_invalid: HandleInvalid::Error, sizes: vec![Some(1)], rule: SparseRule::Ratio };
        let held = builder.apply(op.into(), &[&x]).unwrap();
        builder.bind("held", held).unwrap();
    });
    assert!(plan.score(batch(&[Some(-1.0), Some(2.0)], &[None, Some(1.0)])).is_ok());
    let error = plan.score(batch(&[None, Some(2.0)], &[None, Some(1.0)])).unwrap_err().to_string();
    assert!(error.contains("stage 1 Between"), "{error}");
}

#[test]
fn errors_name_row_column_and_stage() {
    let plan = model(HandleInvalid::Error, &[]).plan_default().unwrap();
    let error = plan.score(batch(&[Some(1.0), Some(2.0)], &[Some(1.0), Some(f64::NAN)])).unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("row 1, column 'b': found NaN, expected a number"), "{text}");
    assert!(text.contains("stage 0 VectorAssembler VectorAssembler_1"), "{text}");
    assert!(text.contains("handleInvalid"), "{text}");
}

#[test]
fn the_plan_computes_only_what_is_asked_for() {
    let model = model(HandleInvalid::Error, &[]);
    assert!(!model.plan(&["features"]).unwrap().to_string().contains("scale"));
    assert!(model.plan(&["scaled"]).unwrap().to_string().contains("scale"));
    let unknown = model.plan(&["speed"]).unwrap_err().to_string();
    assert_eq!(unknown, "the model has no output 'speed'; it has features, scaled");
}

#[test]
fn a_batch_that_does_not_fit_is_refused() {
    let plan = model(HandleInvalid::Error, &[]).plan_default().unwrap();
    let short = plan.score(Batch::new(1, vec![doubles(&[Some(1.0)])])).unwrap_err();
    assert_eq!(short.to_string(), "the batch does not fit the plan: 1 columns, expected 2");
    let ints = Column::Array(Arc::new(Int32Array::from(vec![3])));
    let wrong = plan.score(Batch::new(1, vec![ints, doubles(&[Some(0.5)])])).unwrap_err();
    assert_eq!(wrong.to_string(), "the batch does not fit the plan: column 'a' is int, expected double");
}

#[test]
fn an_output_may_not_hide_a_column() {
    let mut builder = Builder::new(BTreeMap::new());
    builder.stage(stage("0", "VectorAssembler"));
    let a = builder.doubles("a", false).unwrap();
    assert_eq!(builder.bind("a", a), Err(BuildError::ColumnExists("a".to_owned())));
}

#[test]
fn the_wrong_type_is_named() {
    let mut builder = Builder::new(BTreeMap::from([("text".to_owned(), ColumnType::String)]));
    builder.stage(stage("0", "VectorAssembler"));
    let error = builder.doubles("text", false).unwrap_err().to_string();
    assert_eq!(error, "column 'text' is string, expected a column that casts to double");
}

proptest! {
    /// The cut never changes an answer: each output alone equals the same output among all, bit for bit.
    #[test]
    fn cut_changes_no_answer(
        rows in proptest::collection::vec((proptest::option::of(any::<f64>()), proptest::option::of(any::<f64>())), 0..20),
        keep in any::<bool>(),
    ) {
        let model = model(if keep { HandleInvalid::Keep } else { HandleInvalid::Skip }, &[]);
        let (a, b): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let all = model.plan_all().unwrap().score(batch(&a, &b)).unwrap();
        for (at, name) in ["features", "scaled"].iter().enumerate() {
            let one = model.plan(&[name]).unwrap().score(batch(&a, &b)).unwrap();
            prop_assert_eq!(&one.survivors, &all.survivors);
            prop_assert_eq!(bits(&one.columns[0]), bits(&all.columns[at]));
        }
    }
}

fn bits(column: &Column) -> Vec<(usize, Vec<u64>)> {
    let vectors = column.as_vectors().unwrap();
    vectors
        .iter()
        .flatten()
        .map(|row| (row.size(), row.values().iter().map(|value| value.to_bits()).collect()))
        .collect()
}
