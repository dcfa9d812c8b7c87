//! Asks gRPC's unary calls over HTTP/2 without TLS, with as little as can be between the clock and the socket.
//!
//! A library's client would share the cores with the server that it measures. Headers are written as gRPC clients write
//! them, by their places in HPACK's dynamic table after the first time; those of an answer are not read, since an
//! answer that is an error has no message. See RFC 9113, RFC 7541 and gRPC's `doc/PROTOCOL-HTTP2.md`.

use std::io;
use std::net::SocketAddr;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::load::{Client, read_more};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GO_AWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;

/// Of SETTINGS and PING: this answers one. Of DATA and HEADERS: the last of its stream.
const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// The setting of the room that each new stream has.
const INITIAL_WINDOW: u16 = 4;

/// The bytes of a frame's head.
const HEAD: usize = 9;

/// The most bytes of one frame, unless the other side allows more.
const MAX_FRAME: usize = 16 << 10;

/// The room of a connection and of a stream before either side says another.
const WINDOW: i64 = 65_535;

/// The most room that there is. Ours is that large, so that no answer waits for it.
const MAX_WINDOW: u32 = (1 << 31) - 1;

/// A connection.
pub(crate) struct Http2 {
    stream: TcpStream,
    /// The headers of the next request.
    headers: Vec<u8>,
    /// The number of the next stream.
    next: u32,
    /// What was read and not looked at yet.
    buffer: Vec<u8>,
    out: Vec<u8>,
    /// The room that the server has for bytes of ours: on the connection, on a new stream and on this one.
    connection_room: i64,
    initial_room: i64,
    room: i64,
    /// Bytes of answers for which no new room was given.
    taken: u32,
}

/// What is known of an answer.
#[derive(Default)]
struct Answer {
    /// The first bytes of its message: whether it is compressed, and its length.
    prefix: Vec<u8>,
    length: usize,
    ended: bool,
}

impl Client for Http2 {
    async fn connect(address: SocketAddr, path: &str) -> io::Result<Http2> {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let mut out = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
        put_head(&mut out, 6, SETTINGS, 0, 0);
        out.extend_from_slice(&INITIAL_WINDOW.to_be_bytes());
        out.extend_from_slice(&MAX_WINDOW.to_be_bytes());
        put_update(&mut out, MAX_WINDOW - WINDOW as u32);
        stream.write_all(&out).await?;
        Ok(Http2 {
            stream,
            headers: first_headers(address, path),
            next: 1,
            buffer: Vec::with_capacity(MAX_FRAME),
            out,
            connection_room: WINDOW,
            initial_room: WINDOW,
            room: WINDOW,
            taken: 0,
        })
    }

    /// A message after its prefix: that it is not compressed, and its length.
    fn request(_address: SocketAddr, _path: &str, body: &[u8]) -> Vec<u8> {
        [&[0], &(body.len() as u32).to_be_bytes()[..], body].concat()
    }

    async fn ask(&mut self, request: &[u8]) -> io::Result<()> {
        let id = self.next;
        self.next += 2;
        self.room = self.initial_room;
        self.out.clear();
        put_head(&mut self.out, self.headers.len(), HEADERS, END_HEADERS, id);
        self.out.append(&mut self.headers);
        self.headers.extend_from_slice(&LATER_HEADERS);
        let mut answer = Answer::default();
        let mut rest = request;
        while !rest.is_empty() {
            let room = self.connection_room.min(self.room).clamp(0, MAX_FRAME as i64) as usize;
            let (part, later) = rest.split_at(room.min(rest.len()));
            if part.is_empty() {
                self.send().await?;
                self.read(id, &mut answer).await?;
                continue;
            }
            put_head(&mut self.out, part.len(), DATA, if later.is_empty() { END_STREAM } else { 0 }, id);
            self.out.extend_from_slice(part);
            self.connection_room -= part.len() as i64;
            self.room -= part.len() as i64;
            rest = later;
        }
        self.send().await?;
        while !answer.ended {
            self.read(id, &mut answer).await?;
        }
        answer.check()
    }
}

impl Http2 {
    async fn send(&mut self) -> io::Result<()> {
        self.stream.write_all(&self.out).await?;
        self.out.clear();
        Ok(())
    }

    /// Reads one frame, and answers it where it is to be answered.
    async fn read(&mut self, id: u32, answer: &mut Answer) -> io::Result<()> {
        let (length, kind, flags, stream) = loop {
            if let Some(&[a, b, c, kind, flags, d, e, f, g]) = self.buffer.first_chunk::<HEAD>() {
                let length = u32::from_be_bytes([0, a, b, c]) as usize;
                if self.buffer.len() >= HEAD + length {
                    break (length, kind, flags, u32::from_be_bytes([d & 0x7f, e, f, g]));
                }
            }
            read_more(&mut self.stream, &mut self.buffer).await?;
        };
        let payload = &self.buffer[HEAD..HEAD + length];
        match kind {
            DATA if stream == id => {
                let missing = 5_usize.saturating_sub(answer.prefix.len());
                answer.prefix.extend(payload.iter().take(missing));
                answer.length += length;
                self.taken += length as u32;
                if self.taken > MAX_WINDOW / 2 {
                    put_update(&mut self.out, std::mem::take(&mut self.taken));
                }
            }
            SETTINGS if flags & ACK == 0 => {
                for setting in payload.as_chunks::<6>().0 {
                    let [a, b, value @ ..] = *setting;
                    if u16::from_be_bytes([a, b]) == INITIAL_WINDOW {
                        let value = i64::from(u32::from_be_bytes(value));
                        self.room += value - self.initial_room;
                        self.initial_room = value;
                    }
                }
                put_head(&mut self.out, 0, SETTINGS, ACK, 0);
            }
            PING if flags & ACK == 0 => {
                put_head(&mut self.out, length, PING, ACK, 0);
                self.out.extend_from_slice(payload);
            }
            WINDOW_UPDATE => {
                let more = payload.first_chunk().map_or(0, |&bytes| i64::from(u32::from_be_bytes(bytes)));
                match stream {
                    0 => self.connection_room += more,
                    _ if stream == id => self.room += more,
                    _ => {}
                }
            }
            RESET | GO_AWAY => return Err(io::Error::other("the server ended a call in the middle")),
            _ => {}
        }
        answer.ended |= matches!(kind, DATA | HEADERS) && stream == id && flags & END_STREAM != 0;
        self.buffer.drain(..HEAD + length);
        if !self.out.is_empty() && (kind == PING || kind == SETTINGS) {
            self.send().await?;
        }
        Ok(())
    }
}

impl Answer {
    /// Whether this is one whole message.
    fn check(&self) -> io::Result<()> {
        match self.prefix[..] {
            [0, a, b, c, d] if u32::from_be_bytes([a, b, c, d]) as usize + 5 == self.length => Ok(()),
            _ => Err(io::Error::other(
                "the server refused a row; `firesteel bench` without --grpc shows its answer",
            )),
        }
    }
}

/// The headers of the first request, put into the dynamic table: path, authority, content type, TE.
fn first_headers(address: SocketAddr, path: &str) -> Vec<u8> {
    let mut out = vec![0x83, 0x86];
    let authority = address.to_string();
    let mut put = |name: &[u8], value: &str| {
        out.extend_from_slice(name);
        // Paths and addresses are shorter than the 127 bytes from which on a length takes more than one.
        out.push(value.len().min(126) as u8);
        out.extend(value.bytes().take(126));
    };
    put(&[0x44], path);
    put(&[0x41], &authority);
    put(&[0x5f], "application/grpc");
    put(&[0x40, 2, b't', b'e'], "trailers");
    out
}

/// The same headers by their places in the tables.
const LATER_HEADERS: [u8; 6] = [0x83, 0x86, 0xc1, 0xc0, 0xbf, 0xbe];

fn put_head(out: &mut Vec<u8>, length: usize, kind: u8, flags: u8, stream: u32) {
    out.extend_from_slice(&(length as u32).to_be_bytes()[1..]);
    out.extend_from_slice(&[kind, flags]);
    out.extend_from_slice(&stream.to_be_bytes());
}

/// Gives the connection more room.
fn put_update(out: &mut Vec<u8>, room: u32) {
    put_head(out, 4, WINDOW_UPDATE, 0, 0);
    out.extend_from_slice(&room.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The connection to an echo server.
    async fn connected() -> Http2 {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(firesteel_server::echo_grpc(listener));
        Http2::connect(address, "/any.Service/Any").await.unwrap()
    }

    #[tokio::test]
    async fn messages_of_any_length_are_echoed() {
        let mut client = connected().await;
        let address = ([127, 0, 0, 1], 0).into();
        for length in [0, 1, 100, 16_379, 70_000, 3 << 20] {
            let request = Http2::request(address, "", &vec![7; length]);
            for _ in 0..3 {
                client.ask(&request).await.unwrap();
            }
        }
        assert_eq!(client.next, 37);
    }

    #[tokio::test]
    async fn an_answer_without_a_message_is_an_error() {
        let mut client = connected().await;
        let compressed = [1, 0, 0, 0, 0];
        let error = client.ask(&compressed).await.unwrap_err().to_string();
        assert!(error.contains("refused a row"), "{error}");
    }
}
