//! Buffers that the connections of a thread take in turn, so that one on which nothing happens holds none.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::TcpStream;

use super::output::Output;

/// The longest request, head and body, that is read here.
pub(super) const LONGEST: usize = 16 << 10;

/// The most buffers that a thread keeps while nobody uses them.
const SPARES: usize = 4;

/// The most room that is kept for answers; a larger one was an exception.
const ROOM: usize = 64 << 10;

thread_local! {
    static SPARE: RefCell<Vec<(Input, Output)>> = const { RefCell::new(Vec::new()) };
}

/// What came and what goes, of one connection at a time.
#[derive(Debug)]
pub(super) struct Scratch {
    pub(super) input: Input,
    pub(super) output: Output,
}

impl Scratch {
    fn take() -> Scratch {
        let spare = SPARE.with_borrow_mut(Vec::pop);
        let (input, output) = spare.unwrap_or_else(|| (Input::new(), Output::default()));
        Scratch { input, output }
    }

    /// Waits for bytes, and takes buffers only when some are here; `None` at the end of the connection.
    pub(super) async fn read(stream: &mut TcpStream) -> io::Result<Option<Scratch>> {
        poll_fn(|context| {
            let mut scratch = Scratch::take();
            let read = ready!(scratch.input.poll_read(stream, context))?;
            Poll::Ready(Ok((read > 0).then_some(scratch)))
        })
        .await
    }
}

impl Scratch {
    /// Takes the bytes that are here already, with buffers for them; `None` when there are none yet.
    pub(super) fn try_read(stream: &TcpStream) -> io::Result<Option<Scratch>> {
        let mut scratch = Scratch::take();
        match stream.try_read(&mut scratch.input.bytes) {
            Ok(read) => {
                scratch.input.end = read;
                Ok(Some(scratch))
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let (mut input, output) = (mem::take(&mut self.input), mem::take(&mut self.output));
        input.forget();
        let keep = move |spare: &RefCell<Vec<(Input, Output)>>| {
            let mut spare = spare.borrow_mut();
            if spare.len() < SPARES && output.room() <= ROOM {
                spare.push((input, output));
            }
        };
        // A thread that ends keeps nothing.
        let _ = SPARE.try_with(keep);
    }
}

/// Bytes that came and were not answered yet.
#[derive(Debug, Default)]
pub(super) struct Input {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

impl Input {
    fn new() -> Input {
        Input { bytes: vec![0; LONGEST], start: 0, end: 0 }
    }

    pub(super) fn unread(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// Leaves a request of `length` bytes behind.
    pub(super) fn skip(&mut self, length: usize) {
        self.start = self.end.min(self.start + length);
    }

    fn forget(&mut self) {
        (self.start, self.end) = (0, 0);
    }

    fn poll_read(&mut self, stream: &mut TcpStream, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut free = ReadBuf::new(self.bytes.get_mut(self.end..).unwrap_or_default());
        ready!(Pin::new(stream).poll_read(context, &mut free))?;
        let read = free.filled().len();
        self.end += read;
        Poll::Ready(Ok(read))
    }

    /// Reads until a whole request of `length` bytes, at most [`LONGEST`], is here.
    pub(super) async fn fill(&mut self, stream: &mut TcpStream, length: usize) -> io::Result<()> {
        self.bytes.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        while self.end < length {
            if poll_fn(|context| self.poll_read(stream, context)).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(())
    }
}
