//! Clients that ask again at once: a connection of theirs is looked at for a moment before its thread goes to sleep.
//!
//! A client on the same machine that asks one thing after another has its next request here some 20 µs after the
//! answer. To wake a thread for it takes longer than that, mostly where the machine is a virtual one and its core
//! went idle. So while a connection's requests follow its answers within [`MOMENT`], its task yields, and lets others
//! and the reactor run, in place of waiting; it stops doing so after the first request that came later. On a
//! machine with one core, or under load, where a turn takes longer than that, it never begins.

use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

/// How soon after an answer the next request of a brisk client comes, and how long it is looked for.
const MOMENT: Duration = Duration::from_micros(100);

/// Whether the client of one connection asks again at once.
#[derive(Debug, Default)]
pub(crate) struct Brisk {
    answered: Option<Instant>,
    is_brisk: bool,
}

impl Brisk {
    /// Notes that a request came.
    pub(crate) fn asked(&mut self) {
        self.is_brisk = self.is_soon() && has_cores();
    }

    /// Notes that all that was asked is answered.
    pub(crate) fn answered(&mut self) {
        self.answered = Some(Instant::now());
    }

    /// Whether to look for the next request once more before waiting for it.
    pub(crate) fn looks(&mut self) -> bool {
        self.is_brisk = self.is_brisk && self.is_soon();
        self.is_brisk
    }

    /// Whether the last answer was a moment ago.
    fn is_soon(&self) -> bool {
        self.answered.is_some_and(|answered| answered.elapsed() < MOMENT)
    }
}

/// Whether there is a core for the client beside that of the thread that looks.
fn has_cores() -> bool {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, usize::from)) > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_looks_only_after_a_request_that_followed_at_once() {
        let mut brisk = Brisk::default();
        brisk.asked();
        assert!(!brisk.looks(), "the first request follows nothing");
        brisk.answered();
        assert!(!brisk.looks(), "nobody asked again yet");
        brisk.answered = Instant::now().checked_sub(2 * MOMENT);
        brisk.asked();
        assert!(!brisk.looks(), "it came late");
    }
}
