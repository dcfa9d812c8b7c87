//! What every request passes before its resource: the Host check, the early 413, a request id, a fence against
//! panics, and the access log.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::panic::{self, AssertUnwindSafe};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, Request, StatusCode, Version, header};
use hyper::body::Incoming;
use tower::Service;

use crate::api::predict;
use crate::app::App;
use crate::at_once::leave;
use crate::error::{Fault, Kind};
use crate::grpc;
use crate::payload::content_length;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request id from outside that is longer than this is replaced.
pub(crate) const MAX_ID: usize = 128;

/// Leads requests to the resources of one address.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    app: Arc<App>,
    router: Router,
    /// Whether bodies are bounded by their announced length; gRPC bounds each message instead.
    bounded: bool,
}

impl Door {
    pub(crate) fn new(app: Arc<App>, router: Router, bounded: bool) -> Door {
        Door { app, router, bounded }
    }

    /// What every request can reach.
    pub(crate) fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Whether single predictions may take the [`lane`](crate::lane), where nothing is written down of a request.
    pub(crate) fn has_lane(&self) -> bool {
        self.bounded && self.app.traces.is_none() && !tracing::enabled!(tracing::Level::DEBUG)
    }

    /// Answers one request.
    pub(crate) async fn answer(&self, request: Request<Incoming>) -> Result<Response, Infallible> {
        let _running = self.app.begin();
        let mut id = request_id(&self.app, &request);
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
        note(&self.app, response.status(), id.as_bytes());
        // No other answer has it, so it is not put into the table of headers that a HTTP/2 connection has.
        id.set_sensitive(true);
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
        // In boxes, since the usual request would carry the room for them.
        if !self.bounded && self.app.traces.is_none() && grpc::is_usual(&request) {
            return match fenced(Box::pin(grpc::usual(&self.app, request))).await {
                Some(Ok(answer)) => answer,
                Some(Err(request)) => Box::pin(self.traced(request)).await,
                None => panicked().into_response(),
            };
        }
        if request.version() == Version::HTTP_2 {
            leave().await;
        }
        if self.bounded && self.app.traces.is_none() && predict::is_usual(&request) {
            return match fenced(predict::usual(&self.app, request)).await {
                Some(answer) => answer.unwrap_or_else(Fault::into_response),
                None => panicked().into_response(),
            };
        }
        Box::pin(self.traced(request.map(Body::new))).await
    }

    /// Answers, and records that if it is to be recorded.
    async fn traced(&self, request: Request<Body>) -> Response {
        let ids = || self.app.next_id();
        let recording =
            self.app.traces.as_ref().and_then(|traces| Some((traces, traces.begin(&request, ids)?)));
        match recording {
            Some((traces, recording)) => traces.record(recording, ids, Box::pin(self.route(request))).await,
            None => self.route(request).await,
        }
    }

    async fn route(&self, request: Request<Body>) -> Response {
        let mut router = self.router.clone();
        match fenced(router.call(request)).await {
            Some(Ok(response)) => response,
            None => panicked().into_response(),
        }
    }
}

/// What `answering` comes to; `None` if it panics.
pub(crate) async fn fenced<F: Future>(answering: F) -> Option<F::Output> {
    let mut answering = pin!(answering);
    let answer =
        poll_fn(|context| match panic::catch_unwind(AssertUnwindSafe(|| answering.as_mut().poll(context))) {
            Ok(poll) => poll.map(Some),
            Err(_) => Poll::Ready(None),
        });
    answer.await
}

/// What is answered for a panic.
pub(crate) fn panicked() -> Fault {
    Fault::new(Kind::Internal, "an internal error; please report this")
}

/// Notes that a request was answered.
pub(crate) fn note(app: &App, status: StatusCode, id: &[u8]) {
    app.metrics.answered(status.as_u16());
    if status.is_server_error() {
        let id = String::from_utf8_lossy(id);
        tracing::warn!(%id, status = status.as_u16(), "request failed");
    }
}

/// The id that came with the request, or a new one.
fn request_id(app: &App, request: &Request<Incoming>) -> HeaderValue {
    match request.headers().get(&REQUEST_ID) {
        Some(id) if !id.is_empty() && id.len() <= MAX_ID && id.to_str().is_ok() => id.clone(),
        _ => HeaderValue::from_bytes(&hex(app.next_id())).unwrap_or_else(|_| HeaderValue::from_static("0")),
    }
}

/// A number as 16 hexadecimal digits.
pub(crate) fn hex(number: u64) -> [u8; 16] {
    std::array::from_fn(|at| {
        let digit = (number >> (60 - 4 * at)) as u8 & 15;
        if digit < 10 { b'0' + digit } else { b'a' + digit - 10 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_sixteen_digits() {
        for number in [0, 1, 0x0123_4567_89ab_cdef, u64::MAX] {
            assert_eq!(hex(number), format!("{number:016x}").as_bytes());
        }
    }
}
