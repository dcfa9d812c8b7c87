//! One connection: told apart as HTTP/1.1 or HTTP/2 without TLS, bounded, timed, and ended gracefully.
//!
//! Plain `axum::serve` keeps a half-sent head open for good and accepts very long ones. Here a connection that is
//! silent before or between heads, takes too long over one, or does not read its answer, is closed; long heads are
//! answered 431.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::{HttpService, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::{task, time};

use crate::activity::{Activity, Watched};
use crate::apart::Apart;
use crate::at_once::AtOnce;
use crate::brisk::Brisk;
use crate::door::Door;
use crate::lane::{Lane, Left};
use crate::own_wakes::OwnWakes;
use crate::settings::Limits;

/// How long a closed connection may go on sending what nobody reads, so that the last answer is not lost to a reset.
const LINGER: Duration = Duration::from_secs(1);

/// How much of it is read.
const LINGER_BYTES: usize = 1 << 20;

/// How many times longer a HTTP/2 connection may be idle, which clients keep open on purpose.
const HTTP2_IDLE: u32 = 10;

/// Streams of one HTTP/2 connection at a time.
const MAX_STREAMS: u32 = 256;

/// The most headers of a request that hyper takes by itself.
const HEADERS: usize = 100;

/// What one address serves its connections with.
#[derive(Clone, Debug)]
pub(crate) struct Connections {
    http1: http1::Builder,
    http2: http2::Builder<AtOnce>,
    door: Door,
    /// Whether single predictions take the [`lane`](crate::lane).
    has_lane: bool,
    header_timeout: Duration,
}

impl Connections {
    pub(crate) fn new(door: Door, limits: &Limits) -> Connections {
        let mut http1 = http1::Builder::new();
        // Of hyper's own limit of headers, 100, it knows how to make room for them without asking for memory.
        if limits.max_headers != HEADERS {
            http1.max_headers(limits.max_headers);
        }
        http1
            .header_read_timeout(None)
            .max_header_size(limits.max_header_bytes)
            .max_buf_size(limits.max_header_bytes.max(64 << 10));
        let mut http2 = http2::Builder::new(AtOnce);
        http2
            .timer(TokioTimer::new())
            .keep_alive_interval(limits.header_timeout)
            .max_concurrent_streams(MAX_STREAMS)
            .max_header_list_size(u32::try_from(limits.max_header_bytes).unwrap_or(u32::MAX))
            .initial_stream_window_size(1 << 20)
            .initial_connection_window_size(4 << 20);
        Connections { http1, http2, has_lane: door.has_lane(), door, header_timeout: limits.header_timeout }
    }

    /// The same for connections that come while the server drains: one answer each.
    pub(crate) fn closing(mut self) -> Connections {
        self.http1.keep_alive(false);
        self.has_lane = false;
        self
    }

    /// Serves one connection until it ends, or until what runs on it has ended after `stop` says so.
    pub(crate) async fn serve(self, stream: TcpStream, mut stop: watch::Receiver<bool>) {
        let first = tokio::select! {
            first = time::timeout(self.header_timeout, is_http2(&stream)) => first,
            () = asked(&mut stop) => return,
        };
        match first {
            Ok(Ok(true)) => self.serve_http2(stream, stop).await,
            Ok(Ok(false)) => self.serve_http1(stream, stop).await,
            Ok(Err(_)) | Err(_) => {}
        }
    }

    async fn serve_http1(self, stream: TcpStream, mut stop: watch::Receiver<bool>) {
        let activity = Arc::new(Activity::default());
        let timeout = self.header_timeout;
        let mut ending = Apart::new({
            let activity = Arc::clone(&activity);
            async move {
                tokio::select! {
                    () = activity.idles(timeout, timeout) => Ending::Idle,
                    () = asked(&mut stop) => Ending::Asked,
                }
            }
        });
        let app = Arc::clone(self.door.app());
        let mut lane = Lane::new(&app, &activity, stream);
        let left = if self.has_lane {
            along(&mut lane, &activity, &mut ending).await
        } else {
            Left::Other(Bytes::new())
        };
        let mut stream = lane.into_inner();
        if let Left::Other(first) = left {
            let watched = Watched::new(first, stream, Arc::clone(&activity));
            let mut connection = self.http1.serve_connection(watched, answer(self.door, &activity));
            tokio::select! {
                biased;
                _ = &mut connection => {}
                ending = &mut ending => if ending == Ending::Asked {
                    Pin::new(&mut connection).graceful_shutdown();
                    let _ = (&mut connection).await;
                }
            }
            stream = connection.into_parts().io.into_inner();
        }
        // In a box, since its buffer would be part of every open connection.
        Box::pin(linger(stream)).await;
    }

    async fn serve_http2(self, stream: TcpStream, mut stop: watch::Receiver<bool>) {
        let activity = Arc::new(Activity::default());
        let service = answer(self.door, &activity);
        let mut connection = pin!(self.http2.serve_connection(TokioIo::new(stream), service));
        let (first, later) = (self.header_timeout, self.header_timeout * HTTP2_IDLE);
        let ending = Apart::new({
            let activity = Arc::clone(&activity);
            async move {
                tokio::select! {
                    () = activity.idles(first, later) => {}
                    () = asked(&mut stop) => {}
                }
            }
        });
        tokio::select! {
            biased;
            () = briskly(connection.as_mut(), &activity) => return,
            () = ending => connection.as_mut().graceful_shutdown(),
        }
        if activity.is_new() {
            // A client that never finished its preface does not hear the farewell.
            let _ = time::timeout(LINGER, connection).await;
        } else {
            let _ = connection.await;
        }
    }
}

/// Serves a HTTP/2 connection until its end, and looks again for requests of a client that asks at once.
async fn briskly<T>(connection: Pin<&mut impl Future<Output = T>>, activity: &Activity) {
    let mut connection = OwnWakes::new(connection);
    let mut brisk = Brisk::default();
    poll_fn(|context| {
        let before = activity.begun();
        if Pin::new(&mut connection).poll(context).is_ready() {
            return Poll::Ready(());
        }
        if activity.begun() != before {
            brisk.asked();
            brisk.answered();
        }
        if !activity.is_busy() && brisk.looks() {
            // Wakes this task once the others and the reactor had their turn.
            let _ = pin!(task::yield_now()).poll(context);
        }
        Poll::Pending
    })
    .await;
}

/// Why a connection ends that its client does not end.
#[derive(PartialEq)]
enum Ending {
    /// Nothing happens on it.
    Idle,
    /// The server stops.
    Asked,
}

/// Answers single predictions until something else is asked, or the connection ends.
async fn along(
    lane: &mut Lane<'_>,
    activity: &Activity,
    ending: &mut Apart<impl Future<Output = Ending>>,
) -> Left {
    let mut answering = pin!(lane.run());
    tokio::select! {
        biased;
        left = answering.as_mut() => left,
        ending = ending => match ending {
            Ending::Asked if activity.is_busy() => answering.await,
            Ending::Idle | Ending::Asked => Left::Ended,
        }
    }
}

/// Resolves when connections are asked to end.
async fn asked(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Answers requests, and notes that they run.
fn answer(
    door: Door,
    activity: &Arc<Activity>,
) -> impl HttpService<Incoming, ResBody = Body, Error = Infallible, Future: Send> + use<> {
    let (door, activity) = (Arc::new(door), Arc::clone(activity));
    service_fn(move |request| {
        let (door, activity) = (Arc::clone(&door), Arc::clone(&activity));
        async move {
            let _running = activity.begin();
            door.answer(request).await
        }
    })
}

/// Whether a connection begins with HTTP/2's preface, `PRI * HTTP/2.0`; no method of HTTP/1 here begins so.
async fn is_http2(stream: &TcpStream) -> io::Result<bool> {
    let mut first = [0; 3];
    loop {
        let read = stream.peek(&mut first).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if !b"PRI".starts_with(&first[..read]) {
            return Ok(false);
        }
        if read == first.len() {
            return Ok(true);
        }
        // What was peeked at stays readable, so that waiting for more would not wait.
        time::sleep(Duration::from_millis(5)).await;
    }
}

/// Closes our side if that is not done yet, then reads on for a moment: closing with unread bytes would reset the
/// connection and could take the last answer away from a client that is still sending.
pub(crate) async fn linger(mut stream: TcpStream) {
    let _ = stream.shutdown().await;
    let drain = async {
        let mut left = LINGER_BYTES;
        let mut buffer = [0; 4096];
        while left > 0 {
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => return,
                Ok(read) => left = left.saturating_sub(read),
            }
        }
    };
    let _ = time::timeout(LINGER, drain).await;
}
