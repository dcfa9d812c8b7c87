//! What the other protocols offer, path by path. Their bodies are told in their own specifications.

use serde_json::{Value, json};

use super::Operation;
use crate::app::App;

/// Method, path, and what it does.
type Line = (&'static str, &'static str, &'static str);

const INFERENCE: &[Line] = &[
    ("get", "/v2", "The server's name, version and extensions"),
    ("get", "/v2/health/live", "Whether the process runs"),
    ("get", "/v2/health/ready", "Whether requests are taken"),
    ("get", "/v2/models/{model}", "A model's tensors"),
    ("get", "/v2/models/{model}/ready", "Whether a model answers"),
    ("get", "/v2/models/{model}/config", "A model's configuration, in Triton's form"),
    ("get", "/v2/models/{model}/stats", "A model's counts and times, in Triton's form"),
    ("get", "/v2/models/stats", "The counts and times of every model"),
    ("post", "/v2/models/{model}/infer", "Score tensors, in JSON or binary"),
    ("post", "/v2/repository/index", "The models with their states"),
    ("post", "/v2/repository/models/{model}/load", "Load a model, or load it anew"),
    ("post", "/v2/repository/models/{model}/unload", "Take a model out of use"),
];

const MLFLOW: &[Line] = &[
    ("post", "/invocations", "Score a dataframe, instances, inputs or CSV, as MLflow's server does"),
    ("post", "/models/{model}/invocations", "The same for one of several models"),
    ("get", "/ping", "Whether a model is loaded"),
    ("get", "/version", "The server's version"),
];

const KSERVE: &[Line] = &[
    ("get", "/v1/models", "The models' names"),
    ("get", "/v1/models/{model}", "Whether a model answers"),
    ("post", "/v1/models/{model}:predict", "Score instances"),
];

/// The Open Inference Protocol over REST.
pub(crate) fn inference(_: &App) -> Vec<Operation> {
    list("Open Inference Protocol v2", INFERENCE)
}

/// MLflow's scoring protocol.
pub(crate) fn mlflow(_: &App) -> Vec<Operation> {
    list("MLflow", MLFLOW)
}

/// KServe's first protocol.
pub(crate) fn kserve(_: &App) -> Vec<Operation> {
    list("KServe v1", KSERVE)
}

fn list(tag: &'static str, lines: &[Line]) -> Vec<Operation> {
    let operation = |&(method, path, summary): &Line| Operation {
        method,
        path: path.to_owned(),
        tag,
        summary,
        request: if method == "post" { json!({}) } else { Value::Null },
        answer: json!({}),
        faults: &[],
    };
    lines.iter().map(operation).collect()
}
