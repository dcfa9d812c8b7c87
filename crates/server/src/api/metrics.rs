//! `GET /metrics`, for Prometheus.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use http::{HeaderValue, header};

use crate::app::App;
use crate::error::{Fault, Kind};

/// The text format of OpenMetrics.
const TEXT: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/metrics", get(metrics))
}

async fn metrics(State(app): State<Arc<App>>) -> Result<Response, Fault> {
    let text = app.metrics.text().map_err(|_| Fault::new(Kind::Internal, "the metrics cannot be written"))?;
    let mut response = Response::new(text.into());
    response.headers_mut().insert(header::CONTENT_TYPE, TEXT);
    Ok(response)
}
