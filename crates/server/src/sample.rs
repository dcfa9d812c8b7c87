//! A plausible record for a model, from its signature: for the `curl` line, the docs form and OpenAPI's examples.

use firesteel_plan::{ColumnType, Field, Signature};
use serde_json::{Map, Value, json};

/// A record with a plausible value for each input of a model.
pub fn sample_record(signature: &Signature) -> Map<String, Value> {
    signature.inputs.iter().map(|field| (field.name.clone(), sample(field))).collect()
}

/// The record as one line of JSON.
pub fn sample_request(signature: &Signature) -> String {
    Value::Object(sample_record(signature)).to_string()
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
        let signature = Signature { inputs, ..Signature::default() };
        let request = sample_request(&signature);
        assert_eq!(
            request,
            r#"{"age":45,"income":52000.5,"tenure_months":14,"credit_score":0.71,"words":["a"]}"#
        );
    }
}
