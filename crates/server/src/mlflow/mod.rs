//! MLflow's scoring protocol: `POST /invocations`, `GET /ping`, `GET /version`.
//!
//! Bodies, answers and errors are those of `mlflow.pyfunc.scoring_server` for a model of the spark flavor: the answer
//! is `{"predictions": […]}` with the value of the column `prediction` of each row (of the only default output where
//! there is no such column, else records). `params: {"outputs": […]}` or `?outputs=` asks for other outputs, which
//! come as records. A row that the model drops is null. NaN and infinities are bare, as Python writes and reads them.
//! What differs: parquet bodies are not taken, a missing content type is 415 and not 500, errors never repeat the
//! body and hold no stack trace. `GET /health` is the plain one.

mod body;
mod columns;
mod csv;
mod rows;
mod value;
mod write;

use std::sync::Arc;

use axum::Router;
use axum::body::Body as HttpBody;
use axum::extract::{FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use firesteel_deploy::Loaded;
use firesteel_plan::Batch;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::json;

use crate::api::{Outputs, Target};
use crate::app::App;
use crate::call::{Call, Face};
use crate::error::{Fault, Kind};
use crate::oip::quoted;
use crate::payload::Payload;
use body::Body;
pub(crate) use body::Limits;
pub(crate) use rows::{Layout, Rows};
pub(crate) use write::{Predictions, Specials};

/// An error in MLflow's form.
struct Failure(Fault);

impl<E: Into<Fault>> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let fault = self.0;
        let error_code = match fault.kind {
            Kind::MediaType => return text(StatusCode::UNSUPPORTED_MEDIA_TYPE, fault.to_string()),
            Kind::Invalid => "INVALID_PARAMETER_VALUE",
            Kind::NotFound => "RESOURCE_DOES_NOT_EXIST",
            Kind::Unavailable | Kind::Busy => "TEMPORARILY_UNAVAILABLE",
            Kind::Deadline => "DEADLINE_EXCEEDED",
            Kind::Unsupported => "NOT_IMPLEMENTED",
            Kind::Internal => "INTERNAL_ERROR",
            Kind::Malformed | Kind::Method | Kind::Slow | Kind::Refused | Kind::TooLarge => "BAD_REQUEST",
        };
        let body = json!({ "error_code": error_code, "message": fault.to_string() }).to_string();
        let mut response = crate::api::json(body);
        fault.dress(&mut response);
        if fault.kind == Kind::Invalid {
            *response.status_mut() = StatusCode::BAD_REQUEST;
        }
        response
    }
}

/// The routes of the protocol; with a model's name for a server of several.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/invocations", post(invocations))
        .route("/models/{name}/invocations", post(invocations))
        .route("/ping", get(ping))
        .route("/version", get(async || text(StatusCode::OK, env!("CARGO_PKG_VERSION").to_owned())))
}

fn text(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(HttpBody::from(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

async fn ping(State(app): State<Arc<App>>) -> Response {
    text(if app.is_ready() { StatusCode::OK } else { StatusCode::NOT_FOUND }, "\n".to_owned())
}

/// What a body is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Media {
    Csv,
    Json,
}

fn media(headers: &HeaderMap) -> Result<Media, Fault> {
    let refuse = |text: String| Err(Fault::new(Kind::MediaType, text));
    let found = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = found.split(';').map(str::trim);
    let mime = parts.next().unwrap_or_default();
    let parameters: Vec<(&str, &str)> =
        parts.map(|part| part.split_once('=').unwrap_or((part, ""))).collect();
    if parameters.iter().any(|(name, value)| *name == "charset" && !value.eq_ignore_ascii_case("utf-8")) {
        return refuse("The scoring server only supports UTF-8".to_owned());
    }
    let other: Vec<&str> =
        parameters.iter().map(|&(name, _)| name).filter(|name| *name != "charset").collect();
    if !other.is_empty() {
        return refuse(format!("Unrecognized content type parameters: {}.", other.join(", ")));
    }
    match mime {
        "text/csv" => Ok(Media::Csv),
        "application/json" => Ok(Media::Json),
        _ => refuse(format!(
            "This predictor only supports the following content types: Types: ['text/csv', 'application/json']. \
             Got '{found}'."
        )),
    }
}

async fn invocations(State(app): State<Arc<App>>, request: Request) -> Result<Response, Failure> {
    let (mut parts, body) = request.into_parts();
    let Target(endpoint) = Target::from_request_parts(&mut parts, &app).await?;
    let outputs = Outputs::from_request_parts(&mut parts, &app).await?;
    let media = media(&parts.headers)?;
    let payload = Payload::read(Request::from_parts(parts, body), &app).await?;
    let loaded = endpoint.loaded()?;
    let asked = outputs.names();
    let mended;
    let (bytes, read) = match media {
        Media::Csv => (payload.bytes.as_ref(), Ok(None)),
        Media::Json => match Body::read(&payload.bytes) {
            Ok(body) => (payload.bytes.as_ref(), Ok(Some(body))),
            Err(fault) => match quoted(&payload.bytes, value::BARE_NAN) {
                Some(text) => {
                    mended = text;
                    (mended.as_slice(), Body::read(&mended).map(Some))
                }
                None => (payload.bytes.as_ref(), Err(fault)),
            },
        },
    };
    let named = read.as_ref().ok().and_then(Option::as_ref).map_or(&[][..], |body| &body.outputs);
    let asked = if asked.is_empty() { named.iter().map(String::as_str).collect() } else { asked };
    let columns = if asked.is_empty() { usual_outputs(&loaded) } else { asked.clone() };
    let mut call = Call::begin_with(&app, Face::Mlflow, &endpoint, &loaded, &columns, payload.arrived)?;
    let answer = match &read {
        Ok(body) => {
            let batch = call.off_reactor(bytes.len(), |call| match body {
                Some(body) => body.batch(limits(call, &loaded)),
                None => read_csv(bytes, limits(call, &loaded)),
            });
            predict(&mut call, batch, !asked.is_empty(), Specials::Bare).await
        }
        Err(fault) => Err(fault.clone()),
    };
    Ok(call.end(answer).map(crate::api::json)?)
}

/// What is answered if nothing is asked for: `prediction` where the model has it, else its default outputs.
pub(crate) fn usual_outputs(loaded: &Loaded) -> Vec<&'static str> {
    let outputs = &loaded.model().signature().outputs;
    if outputs.iter().any(|field| field.name == "prediction") { vec!["prediction"] } else { Vec::new() }
}

/// What the rows of a call are read against.
pub(crate) fn limits<'a>(call: &'a Call<'_>, loaded: &'a Loaded) -> Limits<'a> {
    let app = call.app();
    Limits {
        model: &loaded.model().signature().inputs,
        scorer: call.scorer(),
        max_rows: app.limits.max_records,
        strict: app.strict,
    }
}

/// Reads a body of CSV.
pub(crate) fn read_csv(bytes: &[u8], limits: Limits<'_>) -> Result<Batch, Fault> {
    let mut table = crate::json::Table::new(limits.scorer, 16, limits.max_rows, limits.strict);
    csv::read(bytes, &mut table)?;
    table.finish()
}

/// Reads a body of JSON against one plan, whatever outputs it asks for.
pub(crate) fn read_json(bytes: &[u8], limits: Limits<'_>) -> Result<Batch, Fault> {
    match (Body::read(bytes), quoted(bytes, value::BARE_NAN)) {
        (Err(_), Some(mended)) => Body::read(&mended)?.batch(limits),
        (read, _) => read?.batch(limits),
    }
}

/// Scores a batch and writes the predictions: the values of the only output, or records.
pub(crate) async fn predict(
    call: &mut Call<'_>,
    batch: Result<Batch, Fault>,
    as_records: bool,
    specials: Specials,
) -> Result<Vec<u8>, Fault> {
    let scored = call.score(batch?).await?;
    let names: Vec<&str> = call.scorer().outputs().iter().map(|field| field.name.as_str()).collect();
    let as_records = as_records || names.len() != 1;
    let predictions = Predictions { names: &names, scored: &scored, as_records, specials };
    call.off_reactor(scored.rows_in * 24, |_| predictions.write())
}
