//! Asks over HTTP/1.1, with as little as can be between the clock and the socket.

use std::io;
use std::net::SocketAddr;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::load::{Client, read_more};

/// A connection.
pub(crate) struct Http1 {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client for Http1 {
    async fn connect(address: SocketAddr, _path: &str) -> io::Result<Http1> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Http1 { stream, buffer: Vec::with_capacity(4096) })
    }

    fn request(address: SocketAddr, path: &str, body: &[u8]) -> Vec<u8> {
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        );
        [head.as_bytes(), body].concat()
    }

    async fn ask(&mut self, request: &[u8]) -> io::Result<()> {
        self.stream.write_all(request).await?;
        read_answer(&mut self.stream, &mut self.buffer).await
    }
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
