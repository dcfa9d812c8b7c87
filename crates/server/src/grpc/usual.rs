//! The way of nearly every call: one `ModelInfer`, its message whole, short and not compressed.
//!
//! tonic makes streams of messages for a call of one. Here the message is taken from the body as it lies there, a row of
//! numbers is scored from it ([`plain`](super::plain)), and the answer leaves in one piece. What is not so plain
//! goes on as messages of the build; what is not even one whole message, through tonic, with the bytes that were read.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, header};
use http_body::{Body as _, Frame};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use prost::Message;
use tokio::time;

use super::plain::{self, About, Plain};
use super::proto::ModelInferRequest;
use super::{Service, status, timeout};
use crate::app::App;
use crate::at_once::leave;
use crate::call::{Call, Face};
use crate::error::{Fault, Kind};
use crate::oip::outputs::DROPPED;

/// The path of the call.
const INFER: &str = "/inference.GRPCInferenceService/ModelInfer";

/// The bytes before a message: whether it is compressed, and its length.
const PREFIX: usize = 5;

/// The longest message that is read here, in bytes.
const LONGEST: usize = 64 << 10;

/// The most outputs that a row is asked for here.
const MAX_OUTPUTS: usize = 32;

/// Whether a request is a call of `ModelInfer` whose message is not compressed.
pub(crate) fn is_usual<B>(request: &Request<B>) -> bool {
    let encoding = request.headers().get("grpc-encoding");
    request.uri().path() == INFER
        && request.method() == Method::POST
        && encoding.is_none_or(|encoding| encoding == "identity")
}

/// Answers such a call, or gives it back as it came.
pub(crate) async fn usual(app: &Arc<App>, request: Request<Incoming>) -> Result<Response, Request<Body>> {
    let (parts, mut body) = request.into_parts();
    let timeout = timeout(&parts.headers);
    let longest = app.limits.body_timeout + app.limits.deadline;
    let mut read = Read::default();
    let message = match within(longest, read.message(&mut body, app.limits.max_body_bytes)).await {
        Some(message) => message,
        None => return Ok(failed(&super::too_slow(longest))),
    };
    let arrived = Instant::now();
    if let Some(message) = &message
        && let Some(answer) = plain::read(message).and_then(|plain| row(app, &plain, timeout, arrived))
    {
        return Ok(answered(answer));
    }
    leave().await;
    let decoded = message.and_then(|message| ModelInferRequest::decode(message).ok());
    let Some(request) = decoded else {
        return Err(Request::from_parts(parts, Body::new(Replayed { read: read.frames, rest: body })));
    };
    let service = Service { app: Arc::clone(app) };
    Ok(match service.infer(request, timeout).await {
        Ok(response) => {
            let mut out = Vec::with_capacity(PREFIX + response.encoded_len());
            out.extend_from_slice(&[0; PREFIX]);
            match response.encode(&mut out) {
                Ok(()) => answered(out),
                Err(error) => failed(&Fault::new(Kind::Internal, error.to_string())),
            }
        }
        Err(fault) => failed(&fault),
    })
}

/// What `work` comes to; `None` if it takes longer. A clock is set only for what has to wait.
async fn within<T>(longest: Duration, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    match poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await {
        Poll::Ready(done) => Some(done),
        Poll::Pending => time::timeout(longest, work).await.ok(),
    }
}

/// What was read of a body.
#[derive(Default)]
struct Read {
    frames: VecDeque<Bytes>,
    length: usize,
}

impl Read {
    /// The message of a body that is nothing else; `None` where tonic is to say what the body is.
    async fn message(&mut self, body: &mut Incoming, longest: usize) -> Option<Bytes> {
        let mut expected = None;
        while let Some(frame) = body.frame().await {
            if let Ok(data) = frame.ok()?.into_data()
                && !data.is_empty()
            {
                self.length += data.len();
                self.frames.push_back(data);
            }
            if expected.is_none() && self.length >= PREFIX {
                expected = Some(self.expected(longest.min(LONGEST))?);
            }
            if self.length > expected.unwrap_or(LONGEST) {
                return None;
            }
            if body.is_end_stream() {
                break;
            }
        }
        if expected != Some(self.length) {
            return None;
        }
        match self.frames.front() {
            Some(first) if self.frames.len() == 1 => Some(first.slice(PREFIX..)),
            _ => Some(Bytes::from(self.whole()).slice(PREFIX..)),
        }
    }

    /// The length of the body by its prefix, if its message is not compressed and at most `longest` bytes.
    fn expected(&self, longest: usize) -> Option<usize> {
        let mut prefix = self.frames.iter().flatten().copied();
        let compressed = prefix.next()?;
        let length: [u8; 4] = [prefix.next()?, prefix.next()?, prefix.next()?, prefix.next()?];
        let length = u32::from_be_bytes(length) as usize;
        (compressed == 0 && length <= longest).then_some(PREFIX + length)
    }

    fn whole(&self) -> Vec<u8> {
        self.frames.iter().flat_map(|frame| frame.iter().copied()).collect()
    }
}

/// Answers a row of numbers to a model that scores rows, and does nothing for others.
fn row(app: &App, plain: &Plain<'_>, timeout: Option<Duration>, arrived: Instant) -> Option<Vec<u8>> {
    let asked = &plain.outputs;
    let is_odd = |(at, name): (usize, &&str)| *name == DROPPED || asked[..at].contains(name);
    if asked.len() > MAX_OUTPUTS || asked.iter().enumerate().any(is_odd) {
        return None;
    }
    let endpoint = app.fleet.endpoint(plain.model).ok()?;
    let loaded = endpoint.loaded().ok()?;
    let scorer = loaded.scorer(asked).ok().filter(|scorer| scorer.takes_rows())?;
    let version = scorer.version().number;
    let outputs = scorer.outputs();
    let in_order =
        asked.len() == outputs.len() && asked.iter().zip(outputs).all(|(name, field)| field.name == *name);
    let is_asked = asked.is_empty() || in_order;
    if !is_asked || !(plain.version.is_empty() || plain.version.parse() == Ok(version)) {
        return None;
    }
    let numbers = plain.numbers(&loaded, &scorer)?;
    let version = version.to_string();
    let own = outputs.iter().any(|field| field.name == DROPPED);
    let marks = scorer.drops_rows() && asked.is_empty() && !own;
    let about = About { model: endpoint.name(), version: &version, id: plain.id, marks };
    let mut call = Call::begin_with(app, Face::Grpc, &endpoint, &loaded, asked, arrived).ok()?;
    if let Some(timeout) = timeout {
        call.within(timeout);
    }
    let mut out = Vec::with_capacity(256);
    out.extend_from_slice(&[0; PREFIX]);
    let mut whole = false;
    call.score_row(&numbers, |call, scores| whole = plain::write(about, call.scorer(), scores, &mut out))?;
    whole.then_some(())?;
    call.end(Ok(out)).ok()
}

/// The answer whose message begins behind room for its prefix.
fn answered(mut message: Vec<u8>) -> Response {
    let length = u32::try_from(message.len() - PREFIX).unwrap_or(u32::MAX);
    message[1..PREFIX].copy_from_slice(&length.to_be_bytes());
    let mut response = Response::new(Body::new(Answer { message: Some(message.into()), ended: false }));
    let grpc = HeaderValue::from_static("application/grpc");
    response.headers_mut().insert(header::CONTENT_TYPE, grpc);
    response
}

fn failed(fault: &Fault) -> Response {
    status(fault).into_http()
}

/// The body of an answer: a message, and the word that all is well.
struct Answer {
    message: Option<Bytes>,
    ended: bool,
}

impl http_body::Body for Answer {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Some(message) = self.message.take() {
            return Poll::Ready(Some(Ok(Frame::data(message))));
        }
        if self.ended {
            return Poll::Ready(None);
        }
        self.ended = true;
        let mut trailers = HeaderMap::with_capacity(1);
        trailers.insert("grpc-status", HeaderValue::from_static("0"));
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }

    fn is_end_stream(&self) -> bool {
        self.ended
    }
}

/// A body of which something was read already.
struct Replayed {
    read: VecDeque<Bytes>,
    rest: Incoming,
}

impl http_body::Body for Replayed {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        if let Some(read) = self.read.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(read))));
        }
        Poll::Ready(ready!(Pin::new(&mut self.rest).poll_frame(context)))
    }

    fn is_end_stream(&self) -> bool {
        self.read.is_empty() && self.rest.is_end_stream()
    }
}

#[cfg(test)]
#[path = "usual_tests.rs"]
mod tests;
