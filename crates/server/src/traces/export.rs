//! Sends spans to the collector, several at a time.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Uri, header};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time;

use super::TraceSettings;
use super::otlp::{Span, encode};

/// The most spans of a request.
const MANY: usize = 512;

/// How long spans are gathered.
const GATHER: Duration = Duration::from_secs(1);

/// How long the collector may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the exporter is told.
#[derive(Debug)]
pub(crate) enum Message {
    Span(Span),
    /// Send what was gathered so far, then say so.
    Flush(oneshot::Sender<()>),
}

/// Sends what comes until no more can come.
pub(crate) async fn run(settings: TraceSettings, mut messages: mpsc::Receiver<Message>) {
    let mut failing = false;
    while let Some(first) = messages.recv().await {
        let (batch, flushed) = gather(first, &mut messages).await;
        if !batch.is_empty() {
            failing = deliver(&settings, batch, failing).await;
        }
        if let Some(flushed) = flushed {
            let _ = flushed.send(());
        }
    }
}

/// The spans that come within a while, and who waits for them to be sent.
async fn gather(
    first: Message,
    messages: &mut mpsc::Receiver<Message>,
) -> (Vec<Span>, Option<oneshot::Sender<()>>) {
    let until = time::Instant::now() + GATHER;
    let (mut batch, mut next) = (Vec::new(), Some(first));
    while let Some(message) = next {
        match message {
            Message::Span(span) => batch.push(span),
            Message::Flush(flushed) => return (batch, Some(flushed)),
        }
        next = match batch.len() < MANY {
            true => time::timeout_at(until, messages.recv()).await.ok().flatten(),
            false => None,
        };
    }
    (batch, None)
}

/// Sends spans; whether that failed. One line is logged when it begins to fail and one when it ends, not one a second.
async fn deliver(settings: &TraceSettings, batch: Vec<Span>, failing: bool) -> bool {
    let (endpoint, count) = (&settings.endpoint, batch.len());
    let sent = time::timeout(PATIENCE, send(endpoint, encode(&settings.service, batch))).await;
    let failed = match sent {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(error.to_string()),
        Err(_) => Some(format!("no answer after {} s", PATIENCE.as_secs())),
    };
    match &failed {
        Some(error) if !failing => tracing::warn!(%endpoint, error, spans = count, "traces are not taken"),
        None if failing => tracing::info!(%endpoint, "traces are taken again"),
        _ => {}
    }
    failed.is_some()
}

async fn send(endpoint: &Uri, body: Vec<u8>) -> io::Result<()> {
    let authority = endpoint.authority().ok_or_else(|| io::Error::other("the endpoint has no host"))?;
    let port = authority.port_u16().unwrap_or(80);
    let stream = TcpStream::connect((authority.host().trim_matches(['[', ']']), port)).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    let connection = tokio::spawn(connection);
    let request = Request::post(format!("{}/v1/traces", endpoint.path().trim_end_matches('/')))
        .header(header::HOST, authority.as_str())
        .header(header::CONTENT_TYPE, "application/x-protobuf")
        .body(Full::new(Bytes::from(body)))
        .map_err(io::Error::other)?;
    let response = sender.send_request(request).await.map_err(io::Error::other);
    connection.abort();
    match response?.status() {
        status if status.is_success() => Ok(()),
        status => Err(io::Error::other(format!("the collector answered {status}"))),
    }
}
