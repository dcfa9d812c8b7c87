//! `GET /docs`: the endpoints, and a form to try a prediction.
//!
//! One self-contained page: style, script and the models' signatures are in it, and the policy that goes with it
//! allows nothing else to be loaded and nothing but this server to be asked.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use firesteel_deploy::Endpoint;
use firesteel_plan::Field;
use http::{HeaderValue, header};
use serde_json::{Value, json};

use crate::app::App;
use crate::openapi::{Operation, operations};
use crate::sample::sample_record;

const PAGE: &str = include_str!("docs.html");
const STYLE: &str = include_str!("docs.css");
const SCRIPT: &str = include_str!("docs.js");

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/docs", get(docs)).route("/", get(home))
}

/// Leads people who open the bare address to the page.
async fn home() -> Response {
    let mut response = Response::new("GET /docs\n".into());
    *response.status_mut() = http::StatusCode::TEMPORARY_REDIRECT;
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/docs"));
    response
}

async fn docs(State(app): State<Arc<App>>) -> Response {
    let nonce = format!("{:016x}{:016x}", app.next_id(), app.next_id());
    let data = data(&app).to_string().replace('<', "\\u003c");
    let page = PAGE
        .replace("{{nonce}}", &nonce)
        .replace("{{style}}", STYLE)
        .replace("{{script}}", SCRIPT)
        .replace("{{data}}", &data);
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'; \
         img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let mut response = Response::new(page.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// What the page's script shows.
fn data(app: &App) -> Value {
    let endpoints = app.fleet.endpoints();
    let models: Vec<Value> = endpoints.iter().map(|endpoint| model(endpoint, endpoints.len() == 1)).collect();
    let operations: Vec<Value> = operations(app).iter().map(operation).collect();
    json!({ "version": env!("CARGO_PKG_VERSION"), "models": models, "operations": operations })
}

fn operation(operation: &Operation) -> Value {
    json!({
        "method": operation.method.to_uppercase(),
        "path": operation.path,
        "tag": operation.tag,
        "summary": operation.summary,
    })
}

fn model(endpoint: &Endpoint, sole: bool) -> Value {
    let path = if sole { "/predict".to_owned() } else { format!("/models/{}/predict", endpoint.name()) };
    let loaded = match endpoint.loaded() {
        Ok(loaded) => loaded,
        Err(error) => return json!({ "name": endpoint.name(), "path": path, "reason": error.to_string() }),
    };
    let (info, signature) = (loaded.model().info(), loaded.model().signature());
    let sample = sample_record(loaded.model());
    let inputs = signature.inputs.iter().map(|input| {
        let mut told = field(input);
        told["sample"] = sample.get(&input.name).cloned().unwrap_or(Value::Null);
        told
    });
    json!({
        "name": endpoint.name(),
        "path": path,
        "uid": info.uid,
        "format": info.format,
        "version": info.version,
        "generation": loaded.version().number,
        "inputs": inputs.collect::<Vec<Value>>(),
        "outputs": signature.outputs.iter().map(field).collect::<Vec<Value>>(),
        "default_outputs": signature.default_outputs,
    })
}

fn field(field: &Field) -> Value {
    json!({
        "name": field.name,
        "type": field.column_type.to_string(),
        "size": field.size,
        "nullable": field.nullable,
        "stage": field.stage,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_loads_nothing_from_elsewhere() {
        assert!(!STYLE.contains("url("));
        for text in [PAGE, STYLE, SCRIPT] {
            for loaded in ["http://", "https://", "src=", "@import", "import(", "innerHTML"] {
                assert!(!text.contains(loaded), "{loaded}");
            }
        }
    }
}
