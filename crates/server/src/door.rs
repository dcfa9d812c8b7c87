//! What every request passes before its resource: the Host check, the early 413, a request id, a fence against
//! panics, and the access log.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::panic::{self, AssertUnwindSafe};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, Request, Version, header};
use hyper::body::Incoming;
use tower::Service;

use crate::api::predict;
use crate::app::App;
use crate::error::{Fault, Kind};
use crate::payload::content_length;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request id from outside that is longer than this is replaced.
const MAX_ID: usize = 128;

/// Leads requests to the resources of one address.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    app: Arc<App>,
    router: Router,
    /// Whether bodies are bounded by their announced length; gRPC bounds each message instead.
    bounded: bool,
}

/// Counts a request while it is being answered.
struct Running<'a>(&'a App);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Door {
    pub(crate) fn new(app: Arc<App>, router: Router, bounded: bool) -> Door {
        Door { app, router, bounded }
    }

    /// Answers one request.
    pub(crate) async fn answer(&self, request: Request<Incoming>) -> Result<Response, Infallible> {
        self.app.running.fetch_add(1, Ordering::Relaxed);
        let _running = Running(&self.app);
        let id = request_id(&self.app, &request);
        let logged = tracing::enabled!(tracing::Level::DEBUG)
            .then(|| (request.method().clone(), request.uri().clone(), Instant::now()));
        let mut response = match self.check(&request) {
            Err(fault) => fault.into_response(),
            Ok(()) => self.ask(request).await,
        };
        if let Some((method, uri, started)) = logged {
            let (status, micros) = (response.status().as_u16(), started.elapsed().as_micros() as u64);
            tracing::debug!(id = ?id, %method, path = uri.path(), status, micros, "request");
        }
        self.app.metrics.answered(response.status().as_u16());
        if response.status().is_server_error() {
            tracing::warn!(id = ?id, status = response.status().as_u16(), "request failed");
        }
        response.headers_mut().insert(REQUEST_ID, id);
        Ok(response)
    }

    fn check(&self, request: &Request<Incoming>) -> Result<(), Fault> {
        let mut hosts = request.headers().get_all(header::HOST).iter();
        let (first, second) = (hosts.next(), hosts.next());
        let needs_one = request.version() == Version::HTTP_11;
        if second.is_some() || (first.is_none() && needs_one) {
            let found = if second.is_some() { "more than one" } else { "no" };
            return Err(Fault::new(
                Kind::Malformed,
                format!("the request has {found} Host header; send exactly one"),
            ));
        }
        let max = self.app.limits.max_body_bytes;
        match content_length(request.headers()) {
            Some(length) if self.bounded && length > max as u64 => Err(Fault::too_large(max)),
            _ => Ok(()),
        }
    }

    /// Asks the resource; a panic becomes an answer.
    async fn ask(&self, request: Request<Incoming>) -> Response {
        if self.bounded && self.app.traces.is_none() && predict::is_usual(&request) {
            return match fenced(predict::usual(&self.app, request)).await {
                Some(answer) => answer.unwrap_or_else(Fault::into_response),
                None => panicked(),
            };
        }
        // In a box, since the usual request would carry the room for it.
        Box::pin(self.traced(request)).await
    }

    /// Answers, and records that if it is to be recorded.
    async fn traced(&self, request: Request<Incoming>) -> Response {
        let ids = || self.app.next_id();
        let recording =
            self.app.traces.as_ref().and_then(|traces| Some((traces, traces.begin(&request, ids)?)));
        match recording {
            Some((traces, recording)) => traces.record(recording, ids, Box::pin(self.route(request))).await,
            None => self.route(request).await,
        }
    }

    async fn route(&self, request: Request<Incoming>) -> Response {
        let mut router = self.router.clone();
        match fenced(router.call(request.map(Body::new))).await {
            Some(Ok(response)) => response,
            None => panicked(),
        }
    }
}

/// What `answering` comes to; `None` if it panics.
async fn fenced<F: Future>(answering: F) -> Option<F::Output> {
    let mut answering = pin!(answering);
    let answer =
        poll_fn(|context| match panic::catch_unwind(AssertUnwindSafe(|| answering.as_mut().poll(context))) {
            Ok(poll) => poll.map(Some),
            Err(_) => Poll::Ready(None),
        });
    answer.await
}

fn panicked() -> Response {
    Fault::new(Kind::Internal, "an internal error; please report this").into_response()
}

/// The id that came with the request, or a new one.
fn request_id(app: &App, request: &Request<Incoming>) -> HeaderValue {
    match request.headers().get(&REQUEST_ID) {
        Some(id) if !id.is_empty() && id.len() <= MAX_ID && id.to_str().is_ok() => id.clone(),
        _ => {
            let id = format!("{:016x}", app.next_id());
            HeaderValue::try_from(id).unwrap_or_else(|_| HeaderValue::from_static("0"))
        }
    }
}
