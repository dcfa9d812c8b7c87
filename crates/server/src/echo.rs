//! Bare servers that answer with what they were sent: the measure of what a server can do at most.
//!
//! Over REST it is axum's, over gRPC tonic's: a unary call whose codec takes the bytes of a message as they are, behind
//! neither a router nor limits.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io;
use std::net::Ipv4Addr;

use axum::Router;
use bytes::{Buf, BufMut, Bytes};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::server::{Grpc, UnaryService};
use tonic::{Request, Response, Status};

use crate::server::listen;

/// A listener for echoes on a free local port. As many connections may wait as at a [`Server`](crate::Server).
pub fn echo_listener() -> io::Result<TcpListener> {
    listen((Ipv4Addr::LOCALHOST, 0).into())
}

/// Serves echoes over REST on `listener` until the task ends.
pub async fn echo(listener: TcpListener) -> io::Result<()> {
    let router = Router::new().fallback(|body: Bytes| async move { body });
    axum::serve(listener, router).await
}

/// Serves echoes over gRPC on `listener` until the task ends, whatever the method is called.
pub async fn echo_grpc(listener: TcpListener) -> io::Result<()> {
    let http2 = http2::Builder::new(TokioExecutor::new());
    let answer = |request: http::Request<Incoming>| async {
        Ok::<_, Infallible>(Grpc::new(Raw).unary(Same, request).await)
    };
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(http2.serve_connection(TokioIo::new(stream), service_fn(answer)));
    }
}

/// Messages as the bytes that they are.
#[derive(Clone, Copy)]
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Raw;
    type Decoder = Raw;

    fn encoder(&mut self) -> Raw {
        Raw
    }

    fn decoder(&mut self) -> Raw {
        Raw
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        out.put(item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, bytes: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(bytes.copy_to_bytes(bytes.remaining())))
    }
}

/// Answers with the message that came.
struct Same;

impl UnaryService<Bytes> for Same {
    type Response = Bytes;
    type Future = Ready<Result<Response<Bytes>, Status>>;

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        ready(Ok(Response::new(request.into_inner())))
    }
}
