//! The inputs of a signature, as `mlflow/types/schema.py` writes them.

use firesteel_plan::ColumnType;
use serde::Deserialize;

/// A column, or a tensor, which has no type of this list.
#[derive(Debug, Deserialize)]
struct Input {
    name: Option<String>,
    #[serde(flatten)]
    kind: Kind,
}

#[derive(Debug, Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    name: String,
    items: Option<Box<Kind>>,
}

/// The named columns, each with its type if a model here can have it; `None` if they have no names.
pub(crate) fn columns(json: &str) -> Result<Option<Vec<(String, Option<ColumnType>)>>, String> {
    let inputs: Vec<Input> = serde_json::from_str(json)
        .map_err(|error| format!("the inputs of its signature cannot be read: {error}"))?;
    let column = |input: Input| Some((input.name?, column_type(&input.kind)));
    Ok(inputs.into_iter().map(column).collect::<Option<Vec<_>>>().filter(|columns| !columns.is_empty()))
}

fn column_type(kind: &Kind) -> Option<ColumnType> {
    Some(match kind.name.as_str() {
        "boolean" => ColumnType::Boolean,
        "integer" => ColumnType::Int,
        "long" => ColumnType::Long,
        "float" => ColumnType::Float,
        "double" => ColumnType::Double,
        "string" => ColumnType::String,
        "datetime" => ColumnType::Timestamp,
        "sparkml_vector" => ColumnType::Vector,
        "array" => ColumnType::Array(Box::new(column_type(kind.items.as_deref()?)?)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_types_or_are_only_known_to_be_there() {
        let json = r#"[{"type":"long","name":"a","required":true},{"type":"datetime","name":"t"},
            {"type":"object","name":"m"},
            {"type":"array","items":{"type":"string"},"name":"w"},{"type":"sparkml_vector","name":"v"}]"#;
        let found = columns(json).unwrap().unwrap();
        let named = |name: &str, column_type| (name.to_owned(), column_type);
        let expected = [
            named("a", Some(ColumnType::Long)),
            named("t", Some(ColumnType::Timestamp)),
            named("m", None),
            named("w", Some(ColumnType::strings())),
            named("v", Some(ColumnType::Vector)),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_has_no_names_tells_nothing() {
        let tensor = r#"[{"type":"tensor","tensor-spec":{"dtype":"float64","shape":[-1,4]}}]"#;
        assert_eq!(columns(tensor).unwrap(), None);
        assert_eq!(columns("[]").unwrap(), None);
        assert!(columns("{}").unwrap_err().contains("signature"));
    }
}
