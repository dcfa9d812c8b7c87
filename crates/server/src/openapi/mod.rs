//! `GET /openapi.json`: OpenAPI 3.1, typed from the signatures of the models.
//!
//! Schemas are JSON Schema 2020-12, as OpenAPI 3.1 has them. A double is a number, or one of the three words for
//! doubles that JSON has no number for.

mod protocols;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use firesteel_deploy::Loaded;
use firesteel_plan::{ColumnType, Field};
use serde_json::{Map, Value, json};

use crate::api;
use crate::app::App;
use crate::error::Kind;
use crate::sample::sample_record;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/openapi.json", get(openapi))
}

/// One method of one path, for OpenAPI and the docs page.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// `get` or `post`.
    pub(crate) method: &'static str,
    pub(crate) path: String,
    /// The protocol, under which the docs page lists it.
    pub(crate) tag: &'static str,
    /// What it does, in one sentence.
    pub(crate) summary: &'static str,
    /// The schema of the request's body; null where there is none.
    pub(crate) request: Value,
    /// The schema of the answer.
    pub(crate) answer: Value,
    /// What it is answered with when it is refused.
    pub(crate) faults: &'static [Kind],
}

/// A protocol's operations.
type Protocol = fn(&App) -> Vec<Operation>;

/// Each protocol in reading order.
const PROTOCOLS: &[Protocol] = &[plain, protocols::inference, protocols::mlflow, protocols::kserve];

/// Every operation that is documented.
pub(crate) fn operations(app: &App) -> Vec<Operation> {
    PROTOCOLS.iter().flat_map(|protocol| protocol(app)).collect()
}

async fn openapi(State(app): State<Arc<App>>) -> Response {
    api::json(document(&app).to_string())
}

fn document(app: &App) -> Value {
    let mut paths = Map::new();
    for operation in operations(app) {
        let path = paths.entry(operation.path.clone()).or_insert_with(|| json!({}));
        path[operation.method] = describe(&operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Firesteel",
            "summary": "Spark ML models behind REST, without Spark",
            "version": env!("CARGO_PKG_VERSION"),
        },
        "paths": paths,
        "components": { "schemas": schemas(app) },
    })
}

fn describe(operation: &Operation) -> Value {
    let mut responses = json!({
        "200": { "description": "The answer", "content": { "application/json": { "schema": operation.answer } } },
    });
    for kind in operation.faults {
        let status = kind.status();
        responses[status.as_str()] = json!({
            "description": status.canonical_reason().unwrap_or(kind.name()),
            "content": { "application/json": { "schema": reference("Error") } },
        });
    }
    let mut described =
        json!({ "summary": operation.summary, "tags": [operation.tag], "responses": responses });
    if !operation.request.is_null() {
        described["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": operation.request } } });
    }
    let mut parameters = path_parameters(&operation.path);
    if operation.path.contains("/predict") {
        parameters.push(json!({
            "name": "outputs", "in": "query", "required": false, "schema": { "type": "string" },
            "description": "Names of outputs, separated by commas; the default ones if absent",
        }));
    }
    if !parameters.is_empty() {
        described["parameters"] = parameters.into();
    }
    described
}

/// The parameters in a path: what stands in braces.
fn path_parameters(path: &str) -> Vec<Value> {
    let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let parameter =
        |name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    names.map(parameter).collect()
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The name of a model's schema; OpenAPI allows letters, digits and `._-` in it.
fn schema_name(model: &str, what: &str) -> String {
    let plain =
        |letter: char| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '_' };
    format!("{}.{what}", model.chars().map(plain).collect::<String>())
}

const PREDICT_FAULTS: &[Kind] = &[
    Kind::Malformed,
    Kind::NotFound,
    Kind::Slow,
    Kind::TooLarge,
    Kind::Invalid,
    Kind::Unavailable,
    Kind::Deadline,
    Kind::Internal,
];

/// Plain REST.
fn plain(app: &App) -> Vec<Operation> {
    let operation = |method, path: &str, summary, answer| Operation {
        method,
        path: path.to_owned(),
        tag: "REST",
        summary,
        request: Value::Null,
        answer,
        faults: &[],
    };
    let object = || json!({ "type": "object" });
    let mut all = Vec::new();
    let endpoints = app.fleet.endpoints();
    for endpoint in &endpoints {
        let name = endpoint.name();
        let base = if endpoints.len() == 1 { String::new() } else { format!("/models/{name}") };
        let record = reference(&schema_name(name, "Record"));
        let answer = reference(&schema_name(name, "Answer"));
        let reload = if endpoints.len() == 1 { "/model/reload".to_owned() } else { format!("{base}/reload") };
        all.push(Operation {
            request: record.clone(),
            faults: PREDICT_FAULTS,
            ..operation("post", &format!("{base}/predict"), "Score one record", answer.clone())
        });
        all.push(Operation {
            request: json!({
                "type": "object",
                "properties": { "predictions": { "type": "array", "items": record } },
                "required": ["predictions"],
                "additionalProperties": false,
            }),
            faults: PREDICT_FAULTS,
            ..operation(
                "post",
                &format!("{base}/predict/batch"),
                "Score several records, one answer each, in order",
                json!({ "type": "array", "items": answer }),
            )
        });
        all.push(Operation {
            faults: &[Kind::NotFound, Kind::Refused],
            ..operation(
                "post",
                &reload,
                "Load the model's files anew; a bad model is refused and the old one stays",
                object(),
            )
        });
    }
    all.push(operation(
        "get",
        "/health",
        "Whether the process runs, and what it knows of the model",
        object(),
    ));
    all.push(Operation {
        faults: &[Kind::Unavailable],
        ..operation(
            "get",
            "/ready",
            "Whether requests are taken: 503 while loading and while stopping",
            object(),
        )
    });
    all.push(operation("get", "/models", "The models with their states", object()));
    all.push(Operation {
        faults: &[Kind::NotFound, Kind::Unavailable],
        ..operation("get", "/models/{name}", "A model's inputs and outputs", object())
    });
    all.push(operation("get", "/metrics", "Metrics for Prometheus, as text", json!({ "type": "string" })));
    all
}

fn schemas(app: &App) -> Value {
    let mut schemas = json!({
        "Double": {
            "description": "A number, or the word for a double that JSON has no number for",
            "anyOf": [{ "type": "number" }, { "enum": ["NaN", "Infinity", "-Infinity"] }],
        },
        "SparseVector": {
            "type": "object",
            "properties": {
                "size": { "type": "integer", "minimum": 0 },
                "indices": { "type": "array", "items": { "type": "integer", "minimum": 0 } },
                "values": { "type": "array", "items": reference("Double") },
            },
            "required": ["size", "indices", "values"],
        },
        "Error": {
            "type": "object",
            "properties": { "error": {
                "type": "object",
                "properties": {
                    "kind": { "enum": Kind::ALL.map(Kind::name) },
                    "message": { "type": "string" },
                    "problems": { "type": "array", "items": {
                        "type": "object",
                        "properties": {
                            "record": { "type": "integer" },
                            "field": { "type": "string" },
                            "problem": { "type": "string" },
                        },
                        "required": ["record", "field", "problem"],
                    } },
                    "problems_left_out": { "type": "integer" },
                },
                "required": ["kind", "message"],
            } },
            "required": ["error"],
        },
    });
    for endpoint in app.fleet.endpoints() {
        let Ok(loaded) = endpoint.loaded() else { continue };
        schemas[schema_name(endpoint.name(), "Record")] = record(&loaded, app.strict);
        schemas[schema_name(endpoint.name(), "Answer")] = answer(&loaded);
    }
    schemas
}

fn record(loaded: &Loaded, strict: bool) -> Value {
    let signature = loaded.model().signature();
    let properties: Map<String, Value> =
        signature.inputs.iter().map(|field| (field.name.clone(), typed(field))).collect();
    let required: Vec<&str> = signature.inputs.iter().map(|field| field.name.as_str()).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": !strict,
        "examples": [sample_record(loaded.model())],
    })
}

fn answer(loaded: &Loaded) -> Value {
    let signature = loaded.model().signature();
    let is_default = |field: &&Field| signature.default_outputs.contains(&field.name);
    let mut properties: Map<String, Value> =
        signature.outputs.iter().filter(is_default).map(|field| (field.name.clone(), typed(field))).collect();
    properties
        .insert("dropped".to_owned(), json!({ "const": true, "description": "The model drops this row" }));
    properties.insert("latency_ms".to_owned(), json!({ "type": "number" }));
    json!({ "type": "object", "properties": properties, "required": ["latency_ms"], "additionalProperties": true })
}

/// The schema of a field's values.
fn typed(field: &Field) -> Value {
    let schema = of_type(&field.column_type, field.size);
    if field.nullable { json!({ "anyOf": [schema, { "type": "null" }] }) } else { schema }
}

fn of_type(column_type: &ColumnType, size: Option<usize>) -> Value {
    let integer = |bits: u32| {
        let max = (1_i128 << (bits - 1)) - 1;
        json!({ "type": "integer", "minimum": (-max - 1) as i64, "maximum": max as i64 })
    };
    match column_type {
        ColumnType::Boolean => json!({ "type": "boolean" }),
        ColumnType::Byte => integer(8),
        ColumnType::Short => integer(16),
        ColumnType::Int => integer(32),
        ColumnType::Long => integer(64),
        ColumnType::Float | ColumnType::Double => reference("Double"),
        ColumnType::Decimal(_) => json!({ "type": "number" }),
        ColumnType::String => json!({ "type": "string" }),
        ColumnType::Date => json!({ "type": "string", "format": "date" }),
        ColumnType::Timestamp => json!({ "type": "string", "format": "date-time" }),
        // OpenAPI's `date-time` has a zone.
        ColumnType::TimestampNtz => json!({ "type": "string" }),
        ColumnType::Array(item) => json!({ "type": "array", "items": of_type(item, None) }),
        ColumnType::Vector => {
            let mut dense = json!({ "type": "array", "items": reference("Double") });
            if let Some(size) = size {
                dense["minItems"] = size.into();
                dense["maxItems"] = size.into();
            }
            json!({ "anyOf": [dense, reference("SparseVector")] })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_schemas() {
        assert_eq!(
            of_type(&ColumnType::Byte, None),
            json!({ "type": "integer", "minimum": -128, "maximum": 127 })
        );
        assert_eq!(of_type(&ColumnType::Long, None)["maximum"], json!(i64::MAX));
        assert_eq!(of_type(&ColumnType::Vector, Some(2))["anyOf"][0]["minItems"], json!(2));
        assert_eq!(schema_name("a b/ü", "Record"), "a_b__.Record");
        assert_eq!(
            path_parameters("/a/{b}/c/{d}:e").iter().map(|one| &one["name"]).collect::<Vec<_>>(),
            ["b", "d"]
        );
    }
}
