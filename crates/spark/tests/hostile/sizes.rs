//! Few bytes that ask for much memory.

use serde_json::{Value, json};

use crate::attempt::attempt;
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
