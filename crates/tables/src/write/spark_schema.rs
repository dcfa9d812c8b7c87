//! Spark's schema of a Parquet file, as Spark keeps it in the file's metadata.
//!
//! The format is that of Spark's `StructType.json`; `ParquetWriteSupport` writes it and Spark's reader prefers
//! it to the file's own schema. A column that Spark has no type for is left out, so that Spark reads the rest.

use std::collections::HashMap;

use arrow_schema::{DataType, Field, Schema, TimeUnit};
use firesteel_plan::VectorColumn;
use serde_json::{Map, Value, json};

/// The key under which Spark keeps its schema.
pub(crate) const ROW_METADATA: &str = "org.apache.spark.sql.parquet.row.metadata";
/// The key under which Spark keeps its version.
pub(crate) const VERSION: &str = "org.apache.spark.version";

/// Spark's schema of these columns. What `before`, the source's own schema, says of a column stays where it
/// still fits; `sizes` are of vectors.
pub(crate) fn row_metadata(schema: &Schema, before: Option<&str>, sizes: &HashMap<&str, usize>) -> String {
    let before: Value = before.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let kept: HashMap<&str, &Value> = before["fields"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|field| Some((field["name"].as_str()?, field)))
        .collect();
    let fields: Vec<Value> = schema
        .fields()
        .iter()
        .filter_map(|field| {
            let found = spark_type(field.data_type())?;
            match kept.get(field.name().as_str()) {
                Some(kept) if plain(&kept["type"]) == plain(&found) => Some((*kept).clone()),
                _ => Some(spark_field(field, found, sizes.get(field.name().as_str()))),
            }
        })
        .collect();
    json!({"type": "struct", "fields": fields}).to_string()
}

fn spark_field(field: &Field, found: Value, size: Option<&usize>) -> Value {
    let metadata = match size {
        Some(size) => json!({"ml_attr": {"num_attrs": size}}),
        None => json!({}),
    };
    json!({"name": field.name(), "type": found, "nullable": field.is_nullable(), "metadata": metadata})
}

/// The type without what says nothing of the values' layout: UDTs, nullability and metadata.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(members) if members.get("type").is_some_and(|kind| kind == "udt") => {
            plain(&members["sqlType"])
        }
        Value::Object(members) => {
            let says_nothing =
                |key: &str| matches!(key, "nullable" | "containsNull" | "valueContainsNull" | "metadata");
            let told = members.iter().filter(|(key, _)| !says_nothing(key));
            Value::Object(told.map(|(key, value)| (key.clone(), plain(value))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.iter().map(plain).collect()),
        other => other.clone(),
    }
}

/// Spark's type for a column that the Parquet writer makes of this Arrow type.
fn spark_type(data_type: &DataType) -> Option<Value> {
    use DataType as D;
    let micros = |unit: &TimeUnit| matches!(unit, TimeUnit::Microsecond | TimeUnit::Millisecond);
    Some(match data_type {
        _ if VectorColumn::is_vector_type(data_type) => json!({
            "type": "udt",
            "class": "org.apache.spark.ml.linalg.VectorUDT",
            "pyClass": "pyspark.ml.linalg.VectorUDT",
            "sqlType": struct_type(data_type)?,
        }),
        D::Boolean => json!("boolean"),
        D::Int8 => json!("byte"),
        D::Int16 | D::UInt8 => json!("short"),
        D::Int32 | D::UInt16 => json!("integer"),
        D::Int64 | D::UInt32 => json!("long"),
        D::UInt64 => json!("decimal(20,0)"),
        D::Float32 => json!("float"),
        D::Float64 => json!("double"),
        D::Utf8 | D::LargeUtf8 | D::Utf8View => json!("string"),
        D::Binary | D::LargeBinary | D::BinaryView | D::FixedSizeBinary(_) => json!("binary"),
        D::Date32 => json!("date"),
        D::Timestamp(unit, Some(_)) if micros(unit) => json!("timestamp"),
        D::Timestamp(unit, None) if micros(unit) => json!("timestamp_ntz"),
        D::Decimal32(precision, scale) | D::Decimal64(precision, scale) | D::Decimal128(precision, scale)
            if *scale >= 0 =>
        {
            json!(format!("decimal({precision},{scale})"))
        }
        D::Dictionary(_, value) => spark_type(value)?,
        D::List(item) | D::LargeList(item) | D::FixedSizeList(item, _) => {
            let element = spark_type(item.data_type())?;
            json!({"type": "array", "elementType": element, "containsNull": item.is_nullable()})
        }
        D::Map(entries, _) => match entries.data_type() {
            D::Struct(pair) if pair.len() == 2 => json!({
                "type": "map",
                "keyType": spark_type(pair[0].data_type())?,
                "valueType": spark_type(pair[1].data_type())?,
                "valueContainsNull": pair[1].is_nullable(),
            }),
            _ => return None,
        },
        D::Struct(_) => struct_type(data_type)?,
        _ => return None,
    })
}

fn struct_type(data_type: &DataType) -> Option<Value> {
    let DataType::Struct(members) = data_type else { return None };
    let fields: Option<Vec<Value>> = members
        .iter()
        .map(|member| Some(spark_field(member, spark_type(member.data_type())?, None)))
        .collect();
    Some(json!({"type": "struct", "fields": fields?}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use firesteel_plan::ColumnType;

    /// What Spark 3.5.9 wrote for a vector column of the churn example.
    const OF_SPARK: &str = r#"{"type":"struct","fields":[{"name":"probability","type":{"type":"udt","class":"org.apache.spark.ml.linalg.VectorUDT","pyClass":"pyspark.ml.linalg.VectorUDT","sqlType":{"type":"struct","fields":[{"name":"type","type":"byte","nullable":false,"metadata":{}},{"name":"size","type":"integer","nullable":true,"metadata":{}},{"name":"indices","type":{"type":"array","elementType":"integer","containsNull":false},"nullable":true,"metadata":{}},{"name":"values","type":{"type":"array","elementType":"double","containsNull":false},"nullable":true,"metadata":{}}]}},"nullable":true,"metadata":{"ml_attr":{"num_attrs":2}}}]}"#;

    #[test]
    fn a_vector_reads_as_spark_writes_it() {
        let schema = Schema::new(vec![Field::new("probability", ColumnType::Vector.to_arrow(), true)]);
        assert_eq!(row_metadata(&schema, None, &HashMap::from([("probability", 2)])), OF_SPARK);
    }

    #[test]
    fn what_the_source_said_stays_while_it_fits() {
        let said = r#"{"fields":[
            {"name":"a","type":"integer","nullable":true,"metadata":{"comment":"kept"}},
            {"name":"b","type":"integer","nullable":true,"metadata":{"comment":"stale"}}]}"#;
        let schema = Schema::new(vec![
            Field::new("a", DataType::Int32, true),
            Field::new("b", DataType::Int64, false),
            Field::new("time", DataType::Time64(TimeUnit::Nanosecond), true),
        ]);
        let text = row_metadata(&schema, Some(said), &HashMap::new());
        assert!(text.contains("kept") && !text.contains("stale"), "{text}");
        assert!(text.contains(r#"{"name":"b","type":"long","nullable":false,"metadata":{}}"#), "{text}");
        assert!(!text.contains("time"), "{text}");
    }
}
