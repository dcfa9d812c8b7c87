//! Plain REST, one resource a file.
//!
//! Each path is there twice: below `/models/{name}` for the model of that name, and without it for a server that has
//! just one model.

pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod models;
pub(crate) mod predict;
mod target;

pub(crate) use target::{Outputs, Target};

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, header};

/// An answer of JSON.
pub(crate) fn json(body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
