//! Few bytes that ask for much memory.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, MapArray, StringArray, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field};
use serde_json::{Value, json};

use crate::attempt::attempt;
use crate::columns::written;
use crate::golden::Save;

/// The save of a feature stage that has only metadata.
fn feature(class: &str, params: Value) -> Save {
    Save::of(&format!("org.apache.spark.ml.feature.{class}"), &params.to_string())
}

#[test]
fn more_categories_than_models_are_refused() {
    let save = Save::golden("OneVsRestModel", "3.5.9");
    let path = save.metadata_files().into_iter().find(|path| path.starts_with("metadata")).unwrap();
    let mut about: Value = serde_json::from_slice(&save.files[&path]).unwrap();
    let labels = json!({"ml_attr": {"type": "nominal", "num_vals": 1_000_000_000_000_u64}});
    about["labelMetadata"] = labels.to_string().into();
    let interaction = feature("Interaction", json!({"inputCols": ["prediction"], "outputCol": "i"}));
    let save = Save::pipeline([save.with(&path, about.to_string()), interaction]);
    attempt(&save).assert_says("labelMetadata");
}

#[test]
fn vectors_of_any_announced_size_take_what_they_hold() {
    let hint =
        feature("VectorSizeHint", json!({"inputCol": "x", "size": i32::MAX, "handleInvalid": "optimistic"}));
    let assembler =
        feature("VectorAssembler", json!({"inputCols": ["x"], "outputCol": "y", "handleInvalid": "keep"}));
    attempt(&Save::pipeline([hint, assembler]));
}

#[test]
fn vectors_that_double_with_every_stage_end_in_an_error() {
    let names: Vec<String> = (0..=31).map(|at| format!("x{at}")).collect();
    let hint = feature("VectorSizeHint", json!({"inputCol": "x0", "size": 1, "handleInvalid": "optimistic"}));
    let doubled = names.windows(2).map(|pair| {
        feature(
            "VectorAssembler",
            json!({"inputCols": [pair[0], pair[0]], "outputCol": pair[1], "handleInvalid": "keep"}),
        )
    });
    attempt(&Save::pipeline(std::iter::once(hint).chain(doubled.take(16))));
}

#[test]
fn names_that_double_with_every_replacement_are_refused() {
    let text = |texts: Vec<&str>| -> ArrayRef { Arc::new(StringArray::from(texts)) };
    let field = |name: &str, nullable| Arc::new(Field::new(name, DataType::Utf8, nullable));
    let (keys, values) =
        ((field("key", false), text(vec!["a"; 60])), (field("value", true), text(vec!["aa"; 60])));
    let entries = StructArray::from(vec![keys, values]);
    let entries_field = Arc::new(Field::new("entries", entries.data_type().clone(), false));
    let map = MapArray::new(entries_field, OffsetBuffer::from_lengths([60]), entries, None, false);
    let data = written(&[
        ("vectorCol".to_owned(), text(vec!["y"])),
        ("prefixesToRewrite".to_owned(), Arc::new(map) as ArrayRef),
    ]);
    let rewriter = feature("VectorAttributeRewriter", json!({})).with("data/part-00000.parquet", data);
    let hint = feature("VectorSizeHint", json!({"inputCol": "a", "size": 3}));
    let assembler = feature("VectorAssembler", json!({"inputCols": ["a"], "outputCol": "y"}));
    attempt(&Save::pipeline([hint, assembler, rewriter])).assert_says("new names of slots");
}
