//! Loads a server over HTTP/1.1: so many connections, each with one request in flight, bodies in rotation.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::latency::Measured;

/// How to load a server.
pub(crate) struct Load {
    pub(crate) name: String,
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
    pub(crate) connections: usize,
    pub(crate) warm_up: Duration,
    pub(crate) duration: Duration,
    pub(crate) rows_each: usize,
}

impl Load {
    /// Runs the load. Every answer must be 200, else the run is an error that shows the answer.
    pub(crate) async fn run(&self, bodies: &[Vec<u8>]) -> io::Result<Measured> {
        let requests: Arc<Vec<Vec<u8>>> = Arc::new(bodies.iter().map(|body| self.request(body)).collect());
        let warm = Instant::now() + self.warm_up;
        let end = warm + self.duration;
        let mut tasks = Vec::with_capacity(self.connections);
        for connection in 0..self.connections {
            // Each connection starts elsewhere in the rotation, so that all rows are asked from the start on.
            let start = connection * requests.len() / self.connections;
            tasks.push(tokio::spawn(ask(self.address, Arc::clone(&requests), start, warm, end)));
        }
        let mut nanos = Vec::new();
        for task in tasks {
            nanos.extend(task.await.map_err(io::Error::other)??);
        }
        Ok(Measured::new(&self.name, self.connections, self.duration, nanos, self.rows_each))
    }

    fn request(&self, body: &[u8]) -> Vec<u8> {
        let mut request = format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.path,
            self.address,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        request
    }
}

/// Asks one request after another on one connection; answers the latencies measured between `warm` and `end`.
async fn ask(
    address: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    start: usize,
    warm: Instant,
    end: Instant,
) -> io::Result<Vec<u64>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut nanos = Vec::new();
    let mut buffer = Vec::with_capacity(4096);
    for request in requests.iter().cycle().skip(start) {
        let asked = Instant::now();
        if asked >= end {
            break;
        }
        stream.write_all(request).await?;
        read_answer(&mut stream, &mut buffer).await?;
        if asked >= warm {
            nanos.push(asked.elapsed().as_nanos() as u64);
        }
    }
    Ok(nanos)
}

/// Reads one whole answer into `buffer` and checks that it is a 200 with a known length.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.clear();
    let head_end = loop {
        if let Some(at) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break at + 4;
        }
        read_more(stream, buffer).await?;
    };
    let head = String::from_utf8_lossy(&buffer[..head_end]).to_ascii_lowercase();
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let length =
        length.ok_or_else(|| io::Error::other(format!("an answer without Content-Length: {head}")))?;
    while buffer.len() < head_end + length {
        read_more(stream, buffer).await?;
    }
    if head.starts_with("http/1.1 200") {
        Ok(())
    } else {
        Err(io::Error::other(format!("the server refused a row: {}", String::from_utf8_lossy(buffer))))
    }
}

async fn read_more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<()> {
    match stream.read_buf(buffer).await? {
        0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection")),
        _ => Ok(()),
    }
}
