//! A record to try a model with, for the `curl` line, the docs form and OpenAPI's examples: the one that the model was
//! saved with, else a plausible one from its signature.

use firesteel_plan::{ColumnType, Field, Model};
use serde_json::{Map, Value, json};

/// A record with a value for each input of a model.
pub fn sample_record(model: &Model) -> Map<String, Value> {
    let inputs = &model.signature().inputs;
    let saved = model.info().example.as_deref().and_then(|example| of_example(example, inputs));
    saved.unwrap_or_else(|| plausible(inputs))
}

/// The record as one line of JSON.
pub fn sample_request(model: &Model) -> String {
    Value::Object(sample_record(model)).to_string()
}

/// What the model reads of its example, if that has all of it.
fn of_example(example: &str, inputs: &[Field]) -> Option<Map<String, Value>> {
    let record: Map<String, Value> = serde_json::from_str(example).ok()?;
    inputs.iter().map(|field| Some((field.name.clone(), record.get(&field.name)?.clone()))).collect()
}

fn plausible(inputs: &[Field]) -> Map<String, Value> {
    inputs.iter().map(|field| (field.name.clone(), sample(field))).collect()
}

/// The longest vector that is written out; longer ones are sparse.
const MAX_DENSE: usize = 16;

fn sample(field: &Field) -> Value {
    match &field.column_type {
        ColumnType::Vector => {
            let size = field.size.unwrap_or(3);
            if size <= MAX_DENSE {
                return json!(vec![0.5; size]);
            }
            json!({ "size": size, "indices": [0], "values": [1.0] })
        }
        ColumnType::Array(item) => json!([scalar(&field.name, item)]),
        other => scalar(&field.name, other),
    }
}

/// Values for names that nearly every table has; the first that the name contains counts.
const KNOWN: &[(&str, f64)] = &[
    ("age", 45.0),
    ("income", 52_000.5),
    ("salary", 52_000.5),
    ("tenure", 14.0),
    ("month", 6.0),
    ("score", 0.71),
    ("rate", 0.25),
    ("ratio", 0.25),
    ("price", 19.99),
    ("amount", 120.5),
    ("count", 3.0),
    ("year", 2024.0),
    ("hour", 12.0),
];

fn scalar(name: &str, column_type: &ColumnType) -> Value {
    let name = name.to_lowercase();
    let known = KNOWN.iter().find(|(part, _)| name.contains(part)).map(|&(_, value)| value);
    match column_type {
        ColumnType::Boolean => json!(true),
        ColumnType::String => json!("a"),
        ColumnType::Date => json!("2024-01-31"),
        ColumnType::Timestamp => json!("2024-01-31T12:00:00Z"),
        ColumnType::TimestampNtz => json!("2024-01-31T12:00:00"),
        ColumnType::Float | ColumnType::Double => match known.unwrap_or(1.5) {
            whole if whole.fract() == 0.0 => json!(whole as i64),
            value => json!(value),
        },
        _ => json!(known.unwrap_or(1.0) as i64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn churn_reads_like_a_customer() {
        let field = |name: &str, column_type| Field {
            name: name.into(),
            column_type,
            size: None,
            nullable: false,
            stage: String::new(),
        };
        let doubles = ["age", "income", "tenure_months", "credit_score"];
        let mut inputs = doubles.map(|name| field(name, ColumnType::Double)).to_vec();
        inputs.push(field("words", ColumnType::strings()));
        let request = Value::Object(plausible(&inputs)).to_string();
        assert_eq!(
            request,
            r#"{"age":45,"income":52000.5,"tenure_months":14,"credit_score":0.71,"words":["a"]}"#
        );
        let example = r#"{"id":1,"age":30,"income":1e4,"tenure_months":null,"credit_score":0.5,"words":[]}"#;
        let record = Value::Object(of_example(example, &inputs).unwrap()).to_string();
        assert_eq!(
            record,
            r#"{"age":30,"income":10000.0,"tenure_months":null,"credit_score":0.5,"words":[]}"#
        );
        assert_eq!(of_example(r#"{"age":30}"#, &inputs), None);
    }
}
