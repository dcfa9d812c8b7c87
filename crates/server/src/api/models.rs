//! `GET /models`, `GET /models/{name}` and `POST /models/{name}/reload` (`/model/reload` for a single model).

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use firesteel_deploy::{Listing, State as ModelState};
use firesteel_plan::Field;
use serde_json::{Value, json};

use super::Target;
use super::health::version_name;
use crate::api;
use crate::app::App;
use crate::error::Fault;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/models", get(index))
        .route("/models/{name}", get(show))
        .route("/model/reload", post(reload))
        .route("/models/{name}/reload", post(reload))
}

async fn index(State(app): State<Arc<App>>) -> Response {
    let models: Vec<Value> = app.fleet.index().iter().map(list).collect();
    api::json(json!({ "models": models }).to_string())
}

async fn show(State(app): State<Arc<App>>, Target(endpoint): Target) -> Result<Response, Fault> {
    let listing = app.fleet.index().into_iter().find(|listing| listing.name == endpoint.name());
    let mut shown = listing.as_ref().map_or(Value::Null, list);
    let loaded = endpoint.loaded()?;
    let (model, signature) = (loaded.model(), loaded.model().signature());
    shown["format"] = model.info().format.clone().into();
    shown["format_version"] = model.info().version.clone().into();
    shown["class"] = model.info().class.clone().into();
    shown["inputs"] = signature.inputs.iter().map(describe).collect();
    shown["outputs"] = signature.outputs.iter().map(describe).collect();
    shown["default_outputs"] = signature.default_outputs.clone().into();
    Ok(api::json(shown.to_string()))
}

async fn reload(Target(endpoint): Target) -> Result<Response, Fault> {
    let loaded = endpoint.load().await?;
    let version = loaded.version();
    let answer = json!({
        "status": "reloaded",
        "model": endpoint.name(),
        "model_version": version_name(version),
        "model_generation": version.number,
    });
    Ok(api::json(answer.to_string()))
}

fn list(listing: &Listing) -> Value {
    let (state, reason) = match &listing.state {
        ModelState::Ready { refused } => ("ready", refused.clone()),
        ModelState::Loading => ("loading", None),
        ModelState::Unavailable { reason } => ("unavailable", Some(reason.clone())),
    };
    json!({
        "name": listing.name,
        "state": state,
        "reason": reason,
        "model_version": listing.version.as_ref().map(version_name),
        "model_generation": listing.version.as_ref().map(|version| version.number),
    })
}

fn describe(field: &Field) -> Value {
    let mut told = json!({
        "name": field.name,
        "type": field.column_type.to_string(),
        "nullable": field.nullable,
        "stage": field.stage,
    });
    if let Some(size) = field.size {
        told["size"] = size.into();
    }
    told
}
