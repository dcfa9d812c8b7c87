//! Clients that ask again at once: a connection of theirs is looked at for a moment before its thread goes to sleep.
//!
//! A client on the same machine that asks one thing after another has its next request here some 20 µs after the
//! answer. To wake a thread for it takes longer than that, mostly where the machine is a virtual one and its core
//! went idle. So while a connection's requests follow its answers within [`MOMENT`], its task yields, and lets others
//! and the reactor run, in place of waiting; it stops doing so after the first request that came later. On a
//! machine with one core, or under load, where a turn takes longer than that, it never begins.

use std::io;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::task;

use super::scratch::Scratch;

/// How soon after an answer the next request of a brisk client comes, and how long it is looked for.
const MOMENT: Duration = Duration::from_micros(100);

/// Whether the client of one connection asks again at once.
#[derive(Debug, Default)]
pub(super) struct Brisk {
    answered: Option<Instant>,
    is_brisk: bool,
}

impl Brisk {
    /// Notes that all that was asked is answered.
    pub(super) fn answered(&mut self) {
        self.answered = Some(Instant::now());
    }

    /// Waits for bytes of the next request; `None` at the end of the connection.
    pub(super) async fn read(&mut self, stream: &mut TcpStream) -> io::Result<Option<Scratch>> {
        let looking = self.is_brisk.then(Looking::begin);
        while self.is_brisk {
            if let Some(scratch) = Scratch::try_read(stream)? {
                return Ok((!scratch.input.unread().is_empty()).then_some(scratch));
            }
            self.is_brisk = self.is_soon();
            if Looking::are_few() {
                // The client itself may be what waits for this core.
                thread::yield_now();
            }
            task::yield_now().await;
        }
        drop(looking);
        let read = Scratch::read(stream).await;
        self.is_brisk = self.is_soon() && cores() > 1;
        read
    }

    /// Whether the last answer was a moment ago.
    fn is_soon(&self) -> bool {
        self.answered.is_some_and(|answered| answered.elapsed() < MOMENT)
    }
}

/// One of the connections that are being looked at.
#[derive(Debug)]
struct Looking;

/// How many there are.
static LOOKING: AtomicUsize = AtomicUsize::new(0);

impl Looking {
    fn begin() -> Looking {
        LOOKING.fetch_add(1, Ordering::Relaxed);
        Looking
    }

    /// Whether there is a core for each. Where there are more, they keep each other from idling, and a core that is
    /// given away at every look would only come back late.
    fn are_few() -> bool {
        LOOKING.load(Ordering::Relaxed) <= cores()
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        LOOKING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The machine's cores; with one there is none for the client beside that of the thread that looks.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
}
