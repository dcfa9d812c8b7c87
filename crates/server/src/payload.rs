//! Request bodies: bounded in size and time, inflated where they come compressed.

use std::future::{Future, poll_fn};
use std::io::Read;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use axum::body::HttpBody;
use axum::extract::{FromRequest, Request};
use bytes::{Bytes, BytesMut};
use flate2::read::{GzDecoder, ZlibDecoder};
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use tokio::time;

use crate::app::App;
use crate::error::{Fault, Kind};

/// A whole request body.
#[derive(Debug)]
pub(crate) struct Payload {
    pub(crate) bytes: Bytes,
    /// When its last byte was here.
    pub(crate) arrived: Instant,
}

impl FromRequest<Arc<App>> for Payload {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Payload, Fault> {
        Payload::read(request, app).await
    }
}

impl Payload {
    /// Reads the body of `request`; a protocol with its own form of errors calls this itself.
    pub(crate) async fn read<B: HttpBody<Data = Bytes>>(
        request: Request<B>,
        app: &App,
    ) -> Result<Payload, Fault> {
        let (head, body) = request.into_parts();
        let max = app.limits.max_body_bytes;
        if content_length(&head.headers).is_some_and(|length| length > max as u64) {
            return Err(Fault::too_large(max));
        }
        let mut reading = pin!(collect(body, max));
        // Nearly every body comes with its head; only one that does not costs a timer.
        let bytes = match poll_fn(|context| Poll::Ready(reading.as_mut().poll(context))).await {
            Poll::Ready(read) => read?,
            Poll::Pending => match Box::pin(time::timeout(app.limits.body_timeout, reading)).await {
                Ok(read) => read?,
                Err(_) => return Err(too_slow(app)),
            },
        };
        let bytes = match head.headers.get(header::CONTENT_ENCODING) {
            None => bytes,
            Some(encoding) => inflate(encoding.as_bytes(), bytes, max)?,
        };
        Ok(Payload { bytes, arrived: Instant::now() })
    }
}

/// The length that the head announces.
pub(crate) fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn collect<B: HttpBody<Data = Bytes>>(body: B, max: usize) -> Result<Bytes, Fault> {
    let mut body = pin!(body);
    let mut first: Option<Bytes> = None;
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| cut_short())?;
        let Ok(data) = frame.into_data() else { continue };
        if first.as_ref().map_or(all.len(), Bytes::len) + data.len() > max {
            return Err(Fault::too_large(max));
        }
        match first.take() {
            None if all.is_empty() => first = Some(data),
            None => all.extend_from_slice(&data),
            Some(before) => {
                all.extend_from_slice(&before);
                all.extend_from_slice(&data);
            }
        }
    }
    Ok(first.unwrap_or_else(|| all.freeze()))
}

fn inflate(encoding: &[u8], bytes: Bytes, max: usize) -> Result<Bytes, Fault> {
    let mut out = Vec::new();
    let limit = max as u64 + 1;
    let read = if encoding.eq_ignore_ascii_case(b"gzip") {
        GzDecoder::new(bytes.as_ref()).take(limit).read_to_end(&mut out)
    } else if encoding.eq_ignore_ascii_case(b"deflate") {
        ZlibDecoder::new(bytes.as_ref()).take(limit).read_to_end(&mut out)
    } else if encoding.eq_ignore_ascii_case(b"identity") {
        return Ok(bytes);
    } else {
        let found = String::from_utf8_lossy(encoding).into_owned();
        let message = format!("content-encoding '{found}' is not read here; send gzip, deflate or none");
        return Err(Fault::new(Kind::MediaType, message));
    };
    match read {
        Err(error) => {
            Err(Fault::new(Kind::Malformed, format!("the compressed body cannot be inflated: {error}")))
        }
        Ok(_) if out.len() > max => Err(Fault::too_large(max)),
        Ok(_) => Ok(out.into()),
    }
}

/// The answer to a body whose sender has gone.
pub(crate) fn cut_short() -> Fault {
    Fault::new(Kind::Malformed, "the body ended before its end")
}

/// The answer to a body that takes too long.
pub(crate) fn too_slow(app: &App) -> Fault {
    let allowed = app.limits.body_timeout.as_secs_f64();
    Fault::new(Kind::Slow, format!("the body was not here after {allowed} s"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use axum::body::Body;

    use super::*;

    #[test]
    fn a_bomb_is_refused_before_it_is_inflated_whole() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
        let bomb = Bytes::from(encoder.finish().unwrap());
        assert_eq!(inflate(b"gzip", bomb.clone(), 1 << 16).unwrap_err().kind, Kind::TooLarge);
        assert_eq!(inflate(b"GZIP", bomb.clone(), 1 << 20).unwrap().len(), 1 << 20);
        assert_eq!(inflate(b"br", bomb.clone(), 1 << 20).unwrap_err().kind, Kind::MediaType);
        assert_eq!(inflate(b"deflate", bomb, 1 << 20).unwrap_err().kind, Kind::Malformed);
    }

    #[tokio::test]
    async fn frames_are_joined_within_the_limit() {
        let frames = |count: usize| {
            let frames = (0..count).map(|_| Ok::<_, std::io::Error>(Bytes::from_static(b"abcd")));
            Body::from_stream(tokio_stream::iter(frames))
        };
        assert_eq!(collect(frames(3), 12).await.unwrap(), "abcdabcdabcd");
        assert_eq!(collect(frames(1), 4).await.unwrap(), "abcd");
        assert_eq!(collect(frames(0), 4).await.unwrap(), "");
        assert_eq!(collect(frames(3), 11).await.unwrap_err().kind, Kind::TooLarge);
    }
}
