//! The input example: a data frame as JSON, of which the first row is shown to people.

use serde_json::{Map, Value};

/// The first row of an example as a record in JSON; `None` if the example has no named columns.
pub(crate) fn first_record(bytes: &[u8]) -> Option<String> {
    let example: Value = serde_json::from_slice(bytes).ok()?;
    let record = match &example {
        Value::Array(rows) => rows.first()?.as_object()?.clone(),
        Value::Object(parts) => match (parts.get("columns"), parts.get("data")) {
            (Some(columns), Some(data)) => split(columns, data)?,
            _ => parts.clone(),
        },
        _ => return None,
    };
    Some(Value::Object(record).to_string())
}

/// The first row of a frame whose columns and rows stand apart (`pandas_orient: split`).
fn split(columns: &Value, data: &Value) -> Option<Map<String, Value>> {
    let (columns, row) = (columns.as_array()?, data.as_array()?.first()?.as_array()?);
    let named = columns.iter().zip(row).map(|(name, value)| Some((name.as_str()?.to_owned(), value.clone())));
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_has_a_first_row() {
        let first = |json: &str| first_record(json.as_bytes());
        let expected = Some(r#"{"a":1,"b":"x"}"#.to_owned());
        assert_eq!(first(r#"{"columns":["a","b"],"index":[0],"data":[[1,"x"],[2,"y"]]}"#), expected);
        assert_eq!(first(r#"[{"a":1,"b":"x"},{"a":2,"b":"y"}]"#), expected);
        assert_eq!(first(r#"{"a":1,"b":"x"}"#), expected);
        for none in
            [r#"{"columns":["a"],"data":[]}"#, r#"{"columns":[1],"data":[[1]]}"#, "[]", "[1]", "3", "{"]
        {
            assert_eq!(first(none), None, "{none}");
        }
    }
}
