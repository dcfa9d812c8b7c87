//! OpenTelemetry traces: a span for each request, with one below it for each of its parts.
//!
//! A request that came with a W3C `traceparent` header belongs to that trace, and is recorded if its sender recorded
//! it; of others, a share is. Spans go to a collector by OTLP over HTTP ([`export`]), in messages written down in
//! [`otlp`]; what the collector cannot take in time is dropped, never waited for. This is the little that is needed
//! of OpenTelemetry, whose own crates would be a tenth of the whole build.

mod export;
mod otlp;

use std::cell::RefCell;
use std::future::Future;
use std::time::{Duration, SystemTime};

use axum::response::Response;
use firesteel_deploy::Outcome;
use http::{HeaderMap, Request, StatusCode, Uri};
use tokio::sync::{mpsc, oneshot};
use tokio::time;

use self::export::Message;
use self::otlp::{Span, attribute, number};

/// Where traces go.
#[derive(Clone, Debug)]
pub struct TraceSettings {
    endpoint: Uri,
    service: String,
    ratio: f64,
}

impl TraceSettings {
    /// `endpoint` is the collector, `http://host:4318`, to which `/v1/traces` is added; `service` is what it calls this
    /// service; `ratio` is the share of requests that are recorded, from 0 to 1, where the request itself does not say.
    ///
    /// # Errors
    /// When the endpoint is none that can be reached.
    pub fn new(endpoint: &str, service: &str, ratio: f64) -> Result<TraceSettings, String> {
        const EXPECTED: &str = "expected an address such as http://127.0.0.1:4318";
        let endpoint: Uri = endpoint.parse().map_err(|error| format!("{error}; {EXPECTED}"))?;
        match endpoint.scheme_str() {
            Some("http") => Ok(TraceSettings { endpoint, service: service.to_owned(), ratio }),
            Some("https") => {
                Err("https is not spoken to collectors; run one beside this server, reach it by http://, \
                                  and let it pass the traces on"
                    .to_owned())
            }
            _ => Err(EXPECTED.to_owned()),
        }
    }
}

/// Spans that may wait to be sent.
const QUEUE: usize = 8192;

/// Takes spans, if there is where to send them.
#[derive(Debug)]
pub(crate) struct Traces {
    sender: mpsc::Sender<Message>,
    ratio: f64,
}

tokio::task_local! {
    /// The parts of the request that the task answers.
    static PARTS: RefCell<Vec<Part>>;
}

/// A part of a request: name, time from the end of the request's arrival, and how long it took.
#[derive(Clone, Copy, Debug)]
struct Part {
    name: &'static str,
    start: Duration,
    took: Duration,
}

/// Notes the parts of the request that this task answers, if it is recorded.
pub(crate) fn note(outcome: &Outcome) {
    let _ = PARTS.try_with(|parts| {
        let mut start = Duration::ZERO;
        let lengths = [outcome.input, outcome.queue, outcome.infer, outcome.output];
        for (name, took) in ["parse", "queue", "score", "write"].into_iter().zip(lengths) {
            parts.borrow_mut().push(Part { name, start, took });
            start += took;
        }
    });
}

/// The trace that a request belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Context {
    trace: u128,
    parent: u64,
    sampled: bool,
}

/// A request that is recorded.
#[derive(Debug)]
pub(crate) struct Recording {
    context: Context,
    method: String,
    path: String,
    start: SystemTime,
}

impl Traces {
    /// Starts sending to the collector of `settings`; needs a runtime.
    pub(crate) fn start(settings: &TraceSettings) -> Traces {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(export::run(settings.clone(), receiver));
        Traces { sender, ratio: settings.ratio }
    }

    /// The recording of a request, if it is to be recorded. `ids` makes random numbers.
    pub(crate) fn begin<B>(&self, request: &Request<B>, ids: impl Fn() -> u64) -> Option<Recording> {
        let context = context(request.headers()).unwrap_or_else(|| {
            let id = ids();
            let share = (id >> 11) as f64 / (1_u64 << 53) as f64;
            Context {
                trace: u128::from(id) << 64 | u128::from(ids()),
                parent: 0,
                sampled: share < self.ratio,
            }
        });
        let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
        context.sampled.then(|| Recording { context, method, path, start: SystemTime::now() })
    }

    /// Answers a request that is recorded.
    pub(crate) async fn record(
        &self,
        recording: Recording,
        ids: impl Fn() -> u64,
        answering: impl Future<Output = Response>,
    ) -> Response {
        let scope = PARTS.scope(RefCell::default(), async {
            let response = answering.await;
            (response, PARTS.with(RefCell::take))
        });
        let (response, parts) = scope.await;
        let Recording { context, method, path, start } = recording;
        let (span, end, status) = (ids(), SystemTime::now(), response.status());
        self.send_parts(&context, span, end, &parts, &ids);
        let attributes = vec![
            attribute("http.request.method", &method),
            attribute("url.path", &path),
            number("http.response.status_code", i64::from(status.as_u16())),
        ];
        // Paths that lead nowhere are without number, and make no name.
        let name = if status == StatusCode::NOT_FOUND { method } else { format!("{method} {path}") };
        let own = Span::of(context.trace, span, context.parent, name, start, end);
        self.send(own.outer(attributes, status.is_server_error()));
        response
    }

    /// The parts follow one another and end with the request.
    fn send_parts(
        &self,
        context: &Context,
        parent: u64,
        end: SystemTime,
        parts: &[Part],
        ids: impl Fn() -> u64,
    ) {
        let all: Duration = parts.iter().map(|part| part.took).sum();
        let start = end - all;
        for part in parts {
            let (from, to) = (start + part.start, start + part.start + part.took);
            self.send(Span::of(context.trace, ids(), parent, part.name.to_owned(), from, to).inner());
        }
    }

    fn send(&self, span: Span) {
        // A full queue means a slow collector; the request does not wait for it.
        let _ = self.sender.try_send(Message::Span(span));
    }

    /// Sends what is gathered, within `patience`.
    pub(crate) async fn flush(&self, patience: Duration) {
        let (flushed, done) = oneshot::channel();
        let _ = time::timeout(patience, async {
            if self.sender.send(Message::Flush(flushed)).await.is_ok() {
                let _ = done.await;
            }
        })
        .await;
    }
}

/// Reads `traceparent`: `00-<32 hex digits>-<16 hex digits>-<2 hex digits>`, see W3C Trace Context, section 3.2.
fn context(headers: &HeaderMap) -> Option<Context> {
    let text = headers.get("traceparent")?.to_str().ok()?;
    let mut parts = text.split('-');
    let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |text: &str, length: usize| {
        text.len() == length
            && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    let sound = hex(version, 2) && version != "ff" && hex(trace, 32) && hex(parent, 16) && hex(flags, 2);
    if !sound || (version == "00" && parts.next().is_some()) {
        return None;
    }
    let trace = u128::from_str_radix(trace, 16).ok().filter(|&trace| trace != 0)?;
    let parent = u64::from_str_radix(parent, 16).ok().filter(|&parent| parent != 0)?;
    let sampled = u8::from_str_radix(flags, 16).ok()? & 1 == 1;
    Some(Context { trace, parent, sampled })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn traceparent_is_read_as_w3c_has_it() {
        let read = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("traceparent", HeaderValue::from_static(text));
            context(&headers)
        };
        let found = read("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").unwrap();
        assert_eq!(found.trace, 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c);
        assert_eq!((found.parent, found.sampled), (0xb7ad_6b71_6920_3331, true));
        assert!(!read("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00").unwrap().sampled);
        assert!(read("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more").is_some());
        for wrong in [
            "",
            "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
