//! Every path, by resource in reading order.

use std::sync::Arc;

use axum::Router;

use crate::app::App;
use crate::error::{Fault, Kind};
use crate::{api, grpc, kserve, mlflow, oip, openapi, pages};

/// The routes of each resource.
const RESOURCES: &[fn() -> Router<Arc<App>>] = &[
    api::predict::routes,
    api::health::routes,
    api::models::routes,
    api::metrics::routes,
    oip::routes,
    mlflow::routes,
    kserve::routes,
    openapi::routes,
    pages::docs::routes,
];

/// The service behind the REST address.
pub(crate) fn rest(app: &Arc<App>) -> Router {
    let merged = RESOURCES.iter().fold(Router::new(), |router, routes| router.merge(routes()));
    merged
        .fallback(async || {
            Fault::new(Kind::NotFound, "there is nothing at this path; GET /docs lists what there is")
        })
        .method_not_allowed_fallback(async || {
            Fault::new(
                Kind::Method,
                "this path does not take this method; the Allow header lists those it takes",
            )
        })
        .with_state(Arc::clone(app))
}

/// The service behind the gRPC address.
pub(crate) fn grpc(app: &Arc<App>) -> Router {
    grpc::routes(app)
}
