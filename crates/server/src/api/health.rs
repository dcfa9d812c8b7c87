//! `GET /health` and `GET /ready`.
//!
//! Health is of the process: 200 as long as it runs, with what it knows of the model. Readiness is of the service:
//! 503 until every model is loaded, and while the server drains.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use firesteel_deploy::Endpoint;
use http::StatusCode;
use serde_json::{Value, json};

use super::Target;
use crate::api;
use crate::app::App;
use crate::error::Fault;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/health", get(health))
        .route("/ready", get(ready))
        .route("/models/{name}/health", get(model_health))
        .route("/models/{name}/ready", get(model_ready))
}

async fn health(State(app): State<Arc<App>>) -> Response {
    match app.fleet.sole() {
        Ok(endpoint) => api::json(tell(&endpoint).to_string()),
        Err(_) => {
            let models = app.fleet.endpoints().iter().map(|one| (one.name().to_owned(), tell(one))).collect();
            let models = Value::Object(models);
            api::json(json!({ "status": status(app.fleet.is_ready()), "model_loaded": app.fleet.is_ready(), "models": models }).to_string())
        }
    }
}

async fn model_health(Target(endpoint): Target) -> Response {
    api::json(tell(&endpoint).to_string())
}

async fn ready(State(app): State<Arc<App>>) -> Response {
    let mut response =
        api::json(json!({ "ready": app.is_ready(), "draining": app.is_draining() }).to_string());
    if !app.is_ready() {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    response
}

async fn model_ready(State(app): State<Arc<App>>, Target(endpoint): Target) -> Result<Response, Fault> {
    endpoint.loaded()?;
    if app.is_draining() {
        return Err(Fault::draining());
    }
    Ok(api::json(json!({ "ready": true, "draining": false }).to_string()))
}

fn status(loaded: bool) -> &'static str {
    if loaded { "healthy" } else { "degraded" }
}

fn tell(endpoint: &Endpoint) -> Value {
    let loaded = endpoint.loaded();
    let last = endpoint.statistics().snapshot().last_inference;
    let mut told = json!({
        "status": status(loaded.is_ok()),
        "model_loaded": loaded.is_ok(),
        "model_version": null,
        "last_prediction_time": last.map(timestamp),
    });
    match loaded {
        Ok(loaded) => {
            let version = loaded.version();
            told["model_version"] = version_name(version).into();
            told["model_generation"] = version.number.into();
        }
        Err(error) => told["reason"] = error.to_string().into(),
    }
    told
}

/// What the save calls itself; where it has no name, which model of this endpoint it is.
pub(crate) fn version_name(version: &firesteel_deploy::Version) -> String {
    if version.uid.is_empty() { version.number.to_string() } else { version.uid.clone() }
}

/// A time as RFC 3339 in UTC, to the millisecond.
pub(crate) fn timestamp(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let (days, seconds) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", since.subsec_millis())
}

/// Year, month and day of a day counted from 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", `civil_from_days`, for days that are not negative).
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_write_them() {
        let at = |millis| timestamp(SystemTime::UNIX_EPOCH + Duration::from_millis(millis));
        assert_eq!(at(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(at(951_782_400_123), "2000-02-29T00:00:00.123Z");
        assert_eq!(at(1_767_225_599_999), "2025-12-31T23:59:59.999Z");
    }
}
