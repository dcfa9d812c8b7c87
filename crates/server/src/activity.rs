//! Notices connections on which nothing happens, without a timer a request: each has one, that looks now and then.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time;

/// How often a connection is looked at within the time that it may be silent.
const LOOKS: u32 = 4;

/// What happens on one connection.
#[derive(Debug, Default)]
pub(crate) struct Activity {
    /// Requests that are being answered.
    running: AtomicUsize,
    /// Requests that ever began.
    begun: AtomicUsize,
    /// Writes that ever moved bytes.
    writes: AtomicUsize,
}

/// A request that is being answered.
#[derive(Debug)]
pub(crate) struct Running<'a>(&'a Activity);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Activity {
    /// Notes that a request began.
    pub(crate) fn begin(&self) -> Running<'_> {
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.running.fetch_add(1, Ordering::Relaxed);
        Running(self)
    }

    /// How many requests ever began.
    pub(crate) fn begun(&self) -> usize {
        self.begun.load(Ordering::Relaxed)
    }

    /// Whether a request is being answered.
    pub(crate) fn is_busy(&self) -> bool {
        self.running.load(Ordering::Relaxed) > 0
    }

    /// Whether no request ever began.
    pub(crate) fn is_new(&self) -> bool {
        self.begun() == 0
    }

    /// Resolves when no request runs or begins and no byte leaves for `first`, or, after the first request, for
    /// `later`. Bytes that come do not count: they may be a head that never ends.
    pub(crate) async fn idles(&self, first: Duration, later: Duration) {
        let (mut before, mut quiet) = (self.count(), Duration::ZERO);
        loop {
            let allowed = if self.is_new() { first } else { later };
            if quiet >= allowed {
                return;
            }
            let wait = allowed / LOOKS;
            time::sleep(wait).await;
            let now = self.count();
            let still = now == before && !self.is_busy();
            quiet = if still { quiet + wait } else { Duration::ZERO };
            before = now;
        }
    }

    fn count(&self) -> (usize, usize) {
        (self.begun(), self.writes.load(Ordering::Relaxed))
    }
}

/// A connection whose writes are noted.
#[derive(Debug)]
pub(crate) struct Watched {
    /// What was read of it before.
    first: Bytes,
    stream: TokioIo<TcpStream>,
    activity: Arc<Activity>,
}

impl Watched {
    /// A connection that begins with the bytes `first`, which were read of it already.
    pub(crate) fn new(first: Bytes, stream: TcpStream, activity: Arc<Activity>) -> Watched {
        Watched { first, stream: TokioIo::new(stream), activity }
    }

    /// The connection itself.
    pub(crate) fn into_inner(self) -> TcpStream {
        self.stream.into_inner()
    }

    fn note(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.activity.writes.fetch_add(1, Ordering::Relaxed);
        }
        written
    }
}

impl Read for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.first.is_empty() {
            let fits = self.first.len().min(buffer.remaining());
            buffer.put_slice(&self.first.split_to(fits));
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl Write for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn silence_is_noticed_and_work_is_not_silence() {
        let activity = Arc::new(Activity::default());
        let (first, later) = (Duration::from_secs(4), Duration::from_secs(40));
        let start = time::Instant::now();
        activity.idles(first, later).await;
        assert_eq!(start.elapsed(), first);

        let running = activity.begin();
        assert!(time::timeout(later * 3, activity.idles(first, later)).await.is_err());
        drop(running);
        let start = time::Instant::now();
        activity.idles(first, later).await;
        assert_eq!(start.elapsed(), later);
    }
}
