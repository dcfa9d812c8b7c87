//! What a source's schema tells of its columns, for opening a model.

use std::collections::BTreeMap;

use arrow_schema::Schema;
use firesteel_plan::Declared;
use serde_json::Value;

use crate::types::declared_types;
use crate::write::ROW_METADATA;

/// The types and names of the columns, and the sizes of vectors where Spark wrote them beside the rows. A schema
/// without columns is one that is not known yet.
pub(crate) fn declared(schema: &Schema, spark: &BTreeMap<String, String>) -> Declared {
    let names = schema.fields().iter().map(|field| field.name().clone());
    Declared {
        types: declared_types(schema),
        sizes: spark.get(ROW_METADATA).map(|text| sizes(text)).unwrap_or_default(),
        columns: (!schema.fields().is_empty()).then(|| names.collect()),
        ..Declared::default()
    }
}

/// The sizes of the vector columns whose ML attributes tell them.
fn sizes(row_metadata: &str) -> BTreeMap<String, usize> {
    let schema: Value = serde_json::from_str(row_metadata).unwrap_or_default();
    let fields = schema["fields"].as_array().into_iter().flatten();
    fields
        .filter_map(|field| Some((field["name"].as_str()?.to_owned(), size(&field["metadata"]["ml_attr"])?)))
        .collect()
}

/// The size of an attribute group: its `num_attrs`, else the number of its attributes.
fn size(group: &Value) -> Option<usize> {
    if let Some(size) = group["num_attrs"].as_u64() {
        return usize::try_from(size).ok();
    }
    let kinds = group["attrs"].as_object()?.values();
    Some(kinds.filter_map(Value::as_array).map(Vec::len).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_attributes() {
        let text = r#"{"type":"struct","fields":[
            {"name":"a","type":{"type":"udt"},"nullable":true,"metadata":{"ml_attr":{"num_attrs":3}}},
            {"name":"b","metadata":{"ml_attr":{"attrs":{"numeric":[{"idx":0}],"nominal":[{"idx":1},{"idx":2}]}}}},
            {"name":"c","metadata":{"ml_attr":{"type":"nominal","vals":["x"]}}},
            {"name":"d","metadata":{}}]}"#;
        assert_eq!(sizes(text), BTreeMap::from([("a".to_owned(), 3), ("b".to_owned(), 3)]));
        assert!(sizes("no JSON").is_empty());
    }

    #[test]
    fn an_unknown_schema_names_no_columns() {
        assert_eq!(declared(&Schema::empty(), &BTreeMap::new()), Declared::default());
    }
}
