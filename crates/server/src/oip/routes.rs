//! The paths of REST, as in `specification/protocol/inference_rest.md` and Triton's extensions.
//!
//! Errors are `{"error": "…"}`, also for unknown paths under `/v2`. Health is answered with bodies, which KServe's
//! client reads and Triton's does not mind.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any, get, post};
use bytes::Bytes;
use firesteel_deploy::{Endpoint, Loaded, State as ModelState, Tally};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::body::{self, BodyError, OutputTensor};
use super::datatype::{Datatype, row_shape};
use super::encoding::compress;
use super::infer::{Inferred, Target, infer};
use super::metadata::{EXTENSIONS, ModelMetadata, SERVER};
use super::request::InferRequest;
use crate::app::App;
use crate::call::{Face, off_reactor};
use crate::error::{Fault, Kind};
use crate::payload::Payload;

const JSON_LENGTH: HeaderName = HeaderName::from_static("inference-header-content-length");

/// An error in the protocol's form.
#[derive(Debug)]
pub(crate) struct Failure(Fault);

impl<E: Into<Fault>> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = json_response(StatusCode::OK, &json!({ "error": self.0.to_string() }));
        self.0.dress(&mut response);
        response
    }
}

impl From<BodyError> for Fault {
    fn from(error: BodyError) -> Fault {
        Fault::new(Kind::Malformed, error.to_string())
    }
}

type Answer = Result<Response, Failure>;
type Shared = State<Arc<App>>;

/// The routes of the protocol.
pub(crate) fn routes() -> Router<Arc<App>> {
    let only = |method: MethodRouter<Arc<App>>| method.fallback(wrong_method);
    let model = |path: &str, handler: fn() -> MethodRouter<Arc<App>>| {
        Router::new().route(&format!("/v2/models/{{model}}{path}"), handler().fallback(wrong_method)).route(
            &format!("/v2/models/{{model}}/versions/{{version}}{path}"),
            handler().fallback(wrong_method),
        )
    };
    Router::new()
        .route("/v2", only(get(server_metadata)))
        .route("/v2/", only(get(server_metadata)))
        .route("/v2/health/live", only(get(live)))
        .route("/v2/health/ready", only(get(ready)))
        .route("/v2/models/stats", only(get(all_statistics)))
        .merge(model("", || get(model_metadata)))
        .merge(model("/ready", || get(model_ready)))
        .merge(model("/infer", || post(model_infer)))
        .merge(model("/config", || get(model_config)))
        .merge(model("/stats", || get(model_statistics)))
        .route("/v2/repository/index", only(post(repository_index)))
        .route("/v2/repository/models/{model}/load", only(post(load)))
        .route("/v2/repository/models/{model}/unload", only(post(unload)))
        .route("/v2/{*rest}", any(nothing_here))
}

async fn wrong_method() -> Failure {
    Failure(Fault::new(Kind::Method, "this path does not take this method"))
}

async fn nothing_here() -> Failure {
    Failure(Fault::new(Kind::NotFound, "the protocol has nothing at this path, or it is not served"))
}

fn json_response(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn yes_or_no(name: &str, yes: bool) -> Response {
    json_response(if yes { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, &json!({ name: yes }))
}

async fn live() -> Response {
    yes_or_no("live", true)
}

async fn ready(State(app): Shared) -> Response {
    yes_or_no("ready", app.is_ready())
}

async fn server_metadata() -> Response {
    let body = json!({ "name": SERVER, "version": env!("CARGO_PKG_VERSION"), "extensions": EXTENSIONS });
    json_response(StatusCode::OK, &body)
}

/// The model and version of a path.
#[derive(Deserialize)]
struct Named {
    model: String,
    version: Option<String>,
}

impl Named {
    /// The endpoint, and its model in use, which is of the version that the path names.
    fn loaded(&self, app: &App) -> Result<(Arc<Endpoint>, Arc<Loaded>), Fault> {
        let endpoint = app.fleet.endpoint(&self.model)?;
        if let Some(version) = &self.version {
            endpoint.expect_version(version)?;
        }
        let loaded = endpoint.loaded()?;
        Ok((endpoint, loaded))
    }

    fn metadata(&self, app: &App) -> Result<ModelMetadata, Fault> {
        let (endpoint, loaded) = self.loaded(app)?;
        let drops_rows = loaded.scorer::<&str>(&[])?.drops_rows();
        Ok(ModelMetadata::of(endpoint.name(), &loaded, drops_rows))
    }
}

async fn model_metadata(State(app): Shared, Path(named): Path<Named>) -> Answer {
    let metadata = serde_json::to_value(named.metadata(&app)?).map_err(|error| Fault::json(&error))?;
    Ok(json_response(StatusCode::OK, &metadata))
}

async fn model_ready(State(app): Shared, Path(named): Path<Named>) -> Answer {
    let endpoint = app.fleet.endpoint(&named.model)?;
    let ready = match &named.version {
        _ if app.is_draining() || !matches!(endpoint.state(), ModelState::Ready { .. }) => false,
        Some(version) => endpoint.expect_version(version).map(|()| true)?,
        None => true,
    };
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Ok(json_response(status, &json!({ "name": endpoint.name(), "ready": ready })))
}

async fn model_config(State(app): Shared, Path(named): Path<Named>) -> Answer {
    let metadata = named.metadata(&app)?;
    let tensors = |tensors: &[super::metadata::TensorMetadata]| -> Value {
        let tensor = |tensor: &super::metadata::TensorMetadata| json!({ "name": tensor.name, "data_type": tensor.data_type(), "dims": tensor.dims() });
        tensors.iter().map(tensor).collect()
    };
    let delay = app.fleet.settings().max_batch_delay.as_micros();
    let config = json!({
        "name": metadata.name,
        "platform": metadata.platform,
        "backend": SERVER,
        "max_batch_size": app.limits.max_records,
        "input": tensors(&metadata.inputs),
        "output": tensors(&metadata.outputs),
        "dynamic_batching": { "max_queue_delay_microseconds": u64::try_from(delay).unwrap_or(u64::MAX) },
    });
    Ok(json_response(StatusCode::OK, &config))
}

async fn all_statistics(State(app): Shared) -> Response {
    let models: Value = app.fleet.endpoints().iter().filter_map(|endpoint| statistics(endpoint)).collect();
    json_response(StatusCode::OK, &json!({ "model_stats": models }))
}

async fn model_statistics(State(app): Shared, Path(named): Path<Named>) -> Answer {
    let (endpoint, _) = named.loaded(&app)?;
    let models: Value = statistics(&endpoint).into_iter().collect();
    Ok(json_response(StatusCode::OK, &json!({ "model_stats": models })))
}

/// What an endpoint has done; `None` if it has no model.
fn statistics(endpoint: &Endpoint) -> Option<Value> {
    let version = endpoint.loaded().ok()?.version().number.to_string();
    let now = endpoint.statistics().snapshot();
    let tally = |tally: Tally| json!({ "count": tally.count, "ns": tally.ns });
    let last = now.last_inference.and_then(|last| last.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    Some(json!({
        "name": endpoint.name(),
        "version": version,
        "last_inference": u64::try_from(last.as_millis()).unwrap_or(u64::MAX),
        "inference_count": now.inference_count,
        "execution_count": now.execution_count,
        "inference_stats": {
            "success": tally(now.success),
            "fail": tally(now.fail),
            "queue": tally(now.queue),
            "compute_input": tally(now.compute_input),
            "compute_infer": tally(now.compute_infer),
            "compute_output": tally(now.compute_output),
            "cache_hit": tally(Tally::default()),
            "cache_miss": tally(Tally::default()),
        },
        "batch_stats": [],
        "memory_usage": [],
        "response_stats": {},
    }))
}

/// A body that may be empty, else an object.
fn optional_object(bytes: &Bytes) -> Result<Map<String, Value>, Fault> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Map::new());
    }
    serde_json::from_slice(bytes).map_err(|error| Fault::json(&error))
}

async fn repository_index(State(app): Shared, request: Request) -> Answer {
    let payload = Payload::read(request, &app).await?;
    let only_ready = optional_object(&payload.bytes)?.get("ready").and_then(Value::as_bool).unwrap_or(false);
    let index = app.fleet.index().into_iter().filter_map(|listing| {
        let (state, reason) = state(&listing.state);
        let version = listing.version.map_or_else(String::new, |version| version.number.to_string());
        let entry = json!({ "name": listing.name, "version": version, "state": state, "reason": reason });
        (state == "READY" || !only_ready).then_some(entry)
    });
    Ok(json_response(StatusCode::OK, &index.collect()))
}

/// An endpoint's state in the words of the repository extension, and why it is in that state.
pub(crate) fn state(state: &ModelState) -> (&'static str, &str) {
    match state {
        ModelState::Ready { refused } => ("READY", refused.as_deref().unwrap_or("")),
        ModelState::Loading => ("LOADING", ""),
        ModelState::Unavailable { reason } => ("UNAVAILABLE", reason),
    }
}

async fn load(State(app): Shared, Path(named): Path<Named>, request: Request) -> Answer {
    let payload = Payload::read(request, &app).await?;
    let body = optional_object(&payload.bytes)?;
    if body.get("parameters").and_then(Value::as_object).is_some_and(|parameters| !parameters.is_empty()) {
        let message = "a model is loaded from its own files; load it without parameters";
        return Err(Failure(Fault::new(Kind::Unsupported, message)));
    }
    app.fleet.endpoint(&named.model)?.load().await?;
    Ok(json_response(StatusCode::OK, &json!({})))
}

async fn unload(State(app): Shared, Path(named): Path<Named>, request: Request) -> Answer {
    Payload::read(request, &app).await?;
    app.fleet.endpoint(&named.model)?.unload().await;
    Ok(json_response(StatusCode::OK, &json!({})))
}

async fn model_infer(State(app): Shared, Path(named): Path<Named>, request: Request) -> Answer {
    let endpoint = app.fleet.endpoint(&named.model)?;
    let headers = request.headers().clone();
    let payload = Payload::read(request, &app).await?;
    let loaded = endpoint.loaded()?;
    let size = payload.bytes.len();
    let length = json_length(&headers);
    let read = off_reactor(size, || length.and_then(|length| read(length, payload.bytes, &loaded)));
    let id = read.as_ref().ok().and_then(|request| request.id.clone());
    let target = Target {
        face: Face::Oip,
        endpoint: &endpoint,
        version: named.version.as_deref(),
        arrived: payload.arrived,
    };
    let write = |inferred: Inferred| write(endpoint.name(), id.as_deref(), inferred, &headers);
    Ok(infer(&app, &target, read, write).await?)
}

/// The length of the JSON that the header gives, if it is there.
fn json_length(headers: &HeaderMap) -> Result<Option<usize>, Fault> {
    let Some(value) = headers.get(JSON_LENGTH) else { return Ok(None) };
    let length = value.to_str().ok().and_then(|text| text.parse().ok());
    length.map(Some).ok_or_else(|| Fault::new(Kind::Malformed, format!("{JSON_LENGTH} is no length")))
}

/// Reads a body; a length of 0 means that it is the elements of the model's only input.
pub(crate) fn read(json_length: Option<usize>, bytes: Bytes, loaded: &Loaded) -> Result<InferRequest, Fault> {
    if json_length != Some(0) {
        return Ok(body::read(&bytes, json_length)?);
    }
    match loaded.model().signature().inputs.as_slice() {
        [input] => {
            let datatype = Datatype::of(&input.column_type);
            Ok(body::read_raw(bytes, &input.name, datatype, &row_shape(input))?)
        }
        inputs => {
            let found = inputs.len();
            let message = format!("a raw binary request is for a model of one input, this one has {found}");
            Err(Fault::new(Kind::Malformed, message))
        }
    }
}

fn write(model: &str, id: Option<&str>, inferred: Inferred, headers: &HeaderMap) -> Result<Response, Fault> {
    let outputs = inferred.outputs.into_iter().map(|(tensor, binary)| OutputTensor { tensor, binary });
    let (body, length) = body::write(model, &inferred.version, id, &outputs.collect::<Vec<_>>())?;
    let (body, encoding) = compress(headers, body);
    let mut response = Response::new(Body::from(body));
    let kind = if length.is_some() { "application/octet-stream" } else { "application/json" };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Some(length) = length {
        response.headers_mut().insert(JSON_LENGTH, HeaderValue::from(length));
    }
    if let Some(encoding) = encoding {
        response.headers_mut().insert(header::CONTENT_ENCODING, encoding);
    }
    Ok(response)
}
