//! Loads a server: so many connections, each with one request in flight, bodies in rotation.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::http1::Http1;
use super::http2::Http2;
use super::latency::Measured;

/// How to load a server.
pub(crate) struct Load {
    pub(crate) name: String,
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
    /// Whether the bodies are messages of gRPC, for HTTP/2.
    pub(crate) grpc: bool,
    pub(crate) connections: usize,
    pub(crate) warm_up: Duration,
    pub(crate) duration: Duration,
    pub(crate) rows_each: usize,
}

/// A connection that asks one thing after another.
pub(crate) trait Client: Sized + Send {
    /// Connects to ask at this path.
    fn connect(address: SocketAddr, path: &str) -> impl Future<Output = io::Result<Self>> + Send;

    /// A body as the bytes that [`ask`](Client::ask) takes, made before the clock runs.
    fn request(address: SocketAddr, path: &str, body: &[u8]) -> Vec<u8>;

    /// Asks, and reads the whole answer, which must be a good one.
    fn ask(&mut self, request: &[u8]) -> impl Future<Output = io::Result<()>> + Send;
}

impl Load {
    /// Runs the load. Every answer must be a good one, else the run is an error that shows the answer.
    pub(crate) async fn run(&self, bodies: &[Vec<u8>]) -> io::Result<Measured> {
        if self.grpc { self.run_with::<Http2>(bodies).await } else { self.run_with::<Http1>(bodies).await }
    }

    async fn run_with<C: Client + 'static>(&self, bodies: &[Vec<u8>]) -> io::Result<Measured> {
        let requests = bodies.iter().map(|body| C::request(self.address, &self.path, body));
        let requests: Arc<Vec<Vec<u8>>> = Arc::new(requests.collect());
        let warm = Instant::now() + self.warm_up;
        let end = warm + self.duration;
        let mut tasks = Vec::with_capacity(self.connections);
        for connection in 0..self.connections {
            // Each connection starts elsewhere in the rotation, so that all rows are asked from the start on.
            let start = connection * requests.len() / self.connections;
            let (address, path, requests) = (self.address, self.path.clone(), Arc::clone(&requests));
            tasks.push(tokio::spawn(async move {
                let mut client = C::connect(address, &path).await?;
                ask(&mut client, &requests, start, warm, end).await
            }));
        }
        let mut nanos = Vec::new();
        for task in tasks {
            nanos.extend(task.await.map_err(io::Error::other)??);
        }
        Ok(Measured::new(&self.name, self.connections, self.duration, nanos, self.rows_each))
    }
}

/// Asks one request after another on one connection; answers the latencies measured between `warm` and `end`.
async fn ask(
    client: &mut impl Client,
    requests: &[Vec<u8>],
    start: usize,
    warm: Instant,
    end: Instant,
) -> io::Result<Vec<u64>> {
    let mut nanos = Vec::new();
    for request in requests.iter().cycle().skip(start) {
        let asked = Instant::now();
        if asked >= end {
            break;
        }
        client.ask(request).await?;
        if asked >= warm {
            nanos.push(asked.elapsed().as_nanos() as u64);
        }
    }
    Ok(nanos)
}

/// Reads more of an answer; its end is an error.
pub(crate) async fn read_more(stream: &mut tokio::net::TcpStream, buffer: &mut Vec<u8>) -> io::Result<()> {
    match tokio::io::AsyncReadExt::read_buf(stream, buffer).await? {
        0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection")),
        _ => Ok(()),
    }
}
