//! The way of nearly every request: `POST /predict`, small and plain, on a HTTP/1.1 connection.
//!
//! hyper makes a map of headers, a body and an answer of several objects for each request. Here a head is looked at
//! where it lies, the record is read from there too, and head and body of the answer leave in one write, all in
//! buffers that the connections of a thread share. Only a head that is plain in every respect ([`head`]) is taken;
//! at the first other one, hyper takes the connection over, with the bytes that were read, and keeps it. The same
//! limits hold here and there.

mod head;
mod output;
mod scratch;

use std::future;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::{task, time};

use self::head::Head;
use self::output::Output;
use self::scratch::{Input, Scratch};
use crate::activity::Activity;
use crate::api::predict;
use crate::app::App;
use crate::brisk::Brisk;
use crate::door;
use crate::error::Fault;
use crate::payload;
use crate::settings::Limits;

/// How the lane was left.
pub(crate) enum Left {
    /// Something else is asked; it begins with these bytes.
    Other(Bytes),
    /// The connection is at its end.
    Ended,
}

/// What follows one request.
enum Next {
    /// The next one.
    Again,
    /// Nothing was done: this is no request for here.
    Other,
    /// The end of the connection.
    End,
}

/// The length and the body of the plain request that `bytes` begin with, if they do; the body may still be short.
pub(crate) fn request<'b>(bytes: &'b [u8], limits: &Limits) -> Option<(usize, &'b [u8])> {
    let head = head::plain(bytes, limits)?;
    Some((head.length(), head.body(bytes)))
}

/// One connection while it is asked for single predictions.
#[derive(Debug)]
pub(crate) struct Lane<'a> {
    app: &'a App,
    activity: &'a Activity,
    stream: TcpStream,
    brisk: Brisk,
}

impl<'a> Lane<'a> {
    pub(crate) fn new(app: &'a App, activity: &'a Activity, stream: TcpStream) -> Lane<'a> {
        Lane { app, activity, stream, brisk: Brisk::default() }
    }

    /// The connection itself.
    pub(crate) fn into_inner(self) -> TcpStream {
        self.stream
    }

    /// Answers one request after another. While none runs this may be dropped, and nothing is lost.
    pub(crate) async fn run(&mut self) -> Left {
        loop {
            let Ok(Some(mut scratch)) = self.read().await else { return Left::Ended };
            while !scratch.input.unread().is_empty() {
                match self.one(&mut scratch).await {
                    Next::Again => {}
                    Next::Other => return Left::Other(Bytes::copy_from_slice(scratch.input.unread())),
                    Next::End => return Left::Ended,
                }
            }
            drop(scratch);
            self.brisk.answered();
        }
    }

    /// Waits for bytes of the next request; `None` at the end of the connection.
    async fn read(&mut self) -> io::Result<Option<Scratch>> {
        while self.brisk.looks() {
            if let Some(scratch) = Scratch::try_read(&self.stream)? {
                self.brisk.asked();
                return Ok((!scratch.input.unread().is_empty()).then_some(scratch));
            }
            task::yield_now().await;
        }
        let read = Scratch::read(&mut self.stream).await;
        self.brisk.asked();
        read
    }

    async fn one(&mut self, scratch: &mut Scratch) -> Next {
        let Scratch { input, output } = scratch;
        let length = match head::plain(input.unread(), &self.app.limits) {
            None => return Next::Other,
            Some(head) if head.length() <= input.unread().len() => {
                let length = head.length();
                let _running = (self.app.begin(), self.activity.begin());
                let next = self.answer(&head, Ok(head.body(input.unread())), output).await;
                input.skip(length);
                return next;
            }
            Some(head) => head.length(),
        };
        // In a box, since few wait for their body and all would carry the room for it.
        Box::pin(self.late(length, input, output)).await
    }

    /// Answers a request of `length` bytes, some of which are still to come.
    async fn late(&mut self, length: usize, input: &mut Input, output: &mut Output) -> Next {
        let _running = (self.app.begin(), self.activity.begin());
        let filled = time::timeout(self.app.limits.body_timeout, input.fill(&mut self.stream, length)).await;
        let Some(head) = head::plain(input.unread(), &self.app.limits) else { return Next::Other };
        match filled {
            Ok(Ok(())) => {
                let next = self.answer(&head, Ok(head.body(input.unread())), output).await;
                input.skip(length);
                next
            }
            Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                self.answer(&head, Err(payload::cut_short()), output).await;
                Next::End
            }
            Ok(Err(_)) => Next::End,
            Err(_) => {
                self.answer(&head, Err(payload::too_slow(self.app)), output).await;
                Next::End
            }
        }
    }

    /// Answers one request by its body, or by what is wrong with that.
    async fn answer(&mut self, head: &Head<'_>, body: Result<&[u8], Fault>, output: &mut Output) -> Next {
        output.clear();
        let result = match body {
            Ok(body) => {
                let answering = door::fenced(predict::plain(self.app, head.model, body, &mut output.body));
                // Nearly every answer is there at once; only one that has to wait looks whether its client does too.
                tokio::select! {
                    biased;
                    answered = answering => answered.unwrap_or_else(|| Err(door::panicked())),
                    () = gone(&self.stream) => return Next::End,
                }
            }
            Err(fault) => Err(fault),
        };
        let ends = output.finish(self.app, head.id, result);
        match self.write(&output.answer).await {
            Ok(()) if !ends && !self.app.is_draining() => Next::Again,
            _ => Next::End,
        }
    }

    async fn write(&mut self, answer: &[u8]) -> io::Result<()> {
        let written = match self.stream.try_write(answer) {
            Ok(written) => written,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
            Err(error) => return Err(error),
        };
        if written == answer.len() {
            return Ok(());
        }
        Box::pin(write_rest(&mut self.stream, &answer[written..], self.app.limits.header_timeout)).await
    }
}

/// Resolves when the client has closed its side.
async fn gone(stream: &TcpStream) {
    if !matches!(stream.peek(&mut [0]).await, Ok(0) | Err(_)) {
        future::pending().await
    }
}

/// Writes the rest of an answer to a client that reads slowly, as long as it reads at all within `patience`.
async fn write_rest(stream: &mut TcpStream, mut rest: &[u8], patience: Duration) -> io::Result<()> {
    while !rest.is_empty() {
        match time::timeout(patience, stream.write(rest)).await.map_err(io::Error::other)?? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            written => rest = rest.get(written..).unwrap_or_default(),
        }
    }
    Ok(())
}
