//! Every value in the metadata of every class, changed.

use serde_json::{Value, json};

use crate::attempt::attempt;
use crate::golden::{Save, every_layout};

/// What stands in place of a value.
fn values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(-1),
        json!(0),
        json!(i32::MAX),
        json!(3_000_000_000_u64),
        json!(u64::MAX),
        json!(-2.5),
        json!(1e308),
        json!("NaN"),
        json!("-Inf"),
        json!(""),
        json!("\u{7}\n\u{1b}[31mx"),
        json!("../../x"),
        json!("(".repeat(1000)),
        json!(["a", 1]),
        json!([]),
        json!([[]]),
        json!({"type": 0, "size": i32::MAX, "indices": [], "values": []}),
        json!(vec![7; 1000]),
        json!(true),
    ]
}

/// The places of all values below `value`.
fn places(value: &Value) -> Vec<String> {
    let below = |key: String, value: &Value| {
        let own = std::iter::once(String::new()).chain(places(value));
        own.map(|rest| format!("/{key}{rest}")).collect::<Vec<_>>()
    };
    match value {
        Value::Object(map) => map.iter().flat_map(|(key, value)| below(key.clone(), value)).collect(),
        Value::Array(list) => {
            list.iter().take(2).enumerate().flat_map(|(at, value)| below(at.to_string(), value)).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn any_value_of_the_metadata_may_be_hostile() {
    for save in every_layout() {
        for path in save.metadata_files() {
            let Ok(about) = serde_json::from_slice::<Value>(&save.files[&path]) else { continue };
            for place in places(&about).iter().filter(|place| !place.contains("stopWords/")) {
                for value in values() {
                    let name = format!("{}, {path}: {place} is {value:.80}", save.name);
                    let mut changed = about.clone();
                    *changed.pointer_mut(place).unwrap() = value;
                    let save = Save { name, ..save.clone() };
                    attempt(&save.with(&path, changed.to_string()));
                }
            }
        }
    }
}

#[test]
fn metadata_nested_without_end_is_refused() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let save = Save::of("org.apache.spark.ml.feature.Tokenizer", &format!(r#"{{"inputCol":{deep}}}"#));
        attempt(&save).assert_says("recursion limit");
    }
}
