//! KServe's first protocol: `GET /v1/models`, `GET /v1/models/{name}` and `POST /v1/models/{name}:predict`.
//!
//! `{"instances": […]}` holds rows: objects with a field for each input, or lists in the order of the signature.
//! The answer is `{"predictions": […]}` as MLflow's (the `prediction` of each row, null where the row was dropped),
//! but in strict JSON, since KServe's client reads nothing else: NaN and infinities are texts. Other outputs by
//! `?outputs=` or `"parameters": {"outputs": […]}`; then predictions are records. Errors are `{"error": "…"}`.
//! See `kserve/website`, `docs/concepts/architecture/data-plane/v1-protocol.md`.

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use firesteel_deploy::State as ModelState;
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::api::Outputs;
use crate::app::App;
use crate::call::{Call, Face};
use crate::error::{Fault, Kind};
use crate::json::{self, Table};
use crate::mlflow::{Layout, Limits, Rows, Specials, limits, predict, usual_outputs};
use crate::oip::Failure;
use crate::payload::Payload;

/// The routes of the protocol.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/v1/models", get(models).fallback(wrong_method))
        .route("/v1/models/{model}", any(model))
        .route("/v1/{*rest}", any(nothing_here))
}

async fn wrong_method() -> Failure {
    Fault::new(Kind::Method, "this path does not take this method").into()
}

async fn nothing_here() -> Failure {
    Fault::new(Kind::NotFound, "the protocol has nothing at this path").into()
}

async fn models(State(app): State<Arc<App>>) -> Response {
    let names: Vec<String> = app.fleet.index().into_iter().map(|listing| listing.name).collect();
    crate::api::json(serde_json::json!({ "models": names }).to_string())
}

/// A path of one segment has the model's name and, after a colon, the verb.
async fn model(
    State(app): State<Arc<App>>,
    Path(segment): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    match (segment.strip_suffix(":predict"), request.method()) {
        (Some(name), &Method::POST) => predictions(&app, name, request).await,
        (Some(_), _) => Ok(wrong_method().await.into_response()),
        (None, &Method::GET | &Method::HEAD) => ready(&app, &segment),
        (None, _) => Ok(wrong_method().await.into_response()),
    }
}

fn ready(app: &App, name: &str) -> Result<Response, Failure> {
    let endpoint = app.fleet.endpoint(name)?;
    let ready = !app.is_draining() && matches!(endpoint.state(), ModelState::Ready { .. });
    let mut response = crate::api::json(serde_json::json!({ "name": name, "ready": ready }).to_string());
    if !ready {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    Ok(response)
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    instances: &'a RawValue,
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
struct Parameters {
    #[serde(default)]
    outputs: Vec<String>,
}

async fn predictions(app: &Arc<App>, name: &str, request: Request) -> Result<Response, Failure> {
    let endpoint = app.fleet.endpoint(name)?;
    let (mut parts, body) = request.into_parts();
    let outputs = Outputs::from_request_parts(&mut parts, app).await?;
    let payload = Payload::read(Request::from_parts(parts, body), app).await?;
    let loaded = endpoint.loaded()?;
    let body = serde_json::from_slice::<Body<'_>>(&payload.bytes).map_err(|error| Fault::json(&error));
    let named = body.as_ref().ok().and_then(|body| body.parameters.as_ref());
    let asked = match (outputs.names(), named) {
        (names, Some(named)) if names.is_empty() => named.outputs.iter().map(String::as_str).collect(),
        (names, _) => names,
    };
    let columns = if asked.is_empty() { usual_outputs(&loaded) } else { asked.clone() };
    let mut call = Call::begin_with(app, Face::Kserve, &endpoint, &loaded, &columns, payload.arrived)?;
    let answer = match &body {
        Ok(body) => {
            let batch =
                call.off_reactor(payload.bytes.len(), |call| batch(body.instances, limits(call, &loaded)));
            predict(&mut call, batch, !asked.is_empty(), Specials::Texts).await
        }
        Err(fault) => Err(fault.clone()),
    };
    Ok(call.end(answer).map(crate::api::json)?)
}

/// Reads a body against one plan, whatever outputs it asks for.
pub(crate) fn read(bytes: &[u8], limits: Limits<'_>) -> Result<firesteel_plan::Batch, Fault> {
    let body = serde_json::from_slice::<Body<'_>>(bytes).map_err(|error| Fault::json(&error))?;
    batch(body.instances, limits)
}

fn batch(instances: &RawValue, limits: Limits<'_>) -> Result<firesteel_plan::Batch, Fault> {
    let mut table = Table::new(limits.scorer, 16, limits.max_rows, limits.strict);
    let layout = Layout::signature(limits.model, limits.scorer);
    json::read(instances.get().as_bytes(), Rows { table: &mut table, layout: &layout })?;
    table.finish()
}
