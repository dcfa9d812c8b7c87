//! What a path and its query say: which endpoint, which outputs.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Query, RawPathParams};
use firesteel_deploy::Endpoint;
use http::request::Parts;

use crate::app::App;
use crate::error::{Fault, Kind};

/// The endpoint that the path names, or the only one if it names none.
pub(crate) struct Target(pub(crate) Arc<Endpoint>);

impl FromRequestParts<Arc<App>> for Target {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Target, Fault> {
        let params = RawPathParams::from_request_parts(parts, app).await;
        let params = params.map_err(|error| Fault::new(Kind::NotFound, error.to_string()))?;
        let named = params.iter().find(|(key, _)| *key == "name");
        let endpoint = match named {
            Some((_, name)) => app.fleet.endpoint(name)?,
            None => app.fleet.sole()?,
        };
        Ok(Target(endpoint))
    }
}

/// The outputs that the query asks for: `?outputs=a,b`.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outputs {
    outputs: Option<String>,
}

impl Outputs {
    /// Their names; none for the default ones.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.outputs.as_deref().map_or_else(Vec::new, |outputs| outputs.split(',').map(str::trim).collect())
    }
}

impl FromRequestParts<Arc<App>> for Outputs {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Outputs, Fault> {
        if parts.uri.query().is_none() {
            return Ok(Outputs::default());
        }
        let query = Query::try_from_uri(&parts.uri);
        let Query(outputs) = query.map_err(|error| Fault::new(Kind::Malformed, error.body_text()))?;
        Ok(outputs)
    }
}
