//! Clients that ask again at once: a connection of theirs is looked at for a moment before its thread goes to sleep.
//!
//! A client on the same machine that asks one thing after another has its next request here some 20 µs after the
//! answer. To wake a thread for it takes longer than that, mostly where the machine is a virtual one and its core
//! went idle. So while a connection's requests follow its answers within [`MOMENT`], its task yields, and lets others
//! and the reactor run, in place of waiting; it stops doing so after the first request that came later. On a
//! machine with one core it never begins. Where others want the cores, who looks takes the client's time away and looks
//! in vain: the more often it did, the more requests are waited for before it looks again.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How soon after an answer the next request of a brisk client comes, and how long it is looked for.
const MOMENT: Duration = Duration::from_micros(100);

/// So many requests in a row that were found by looking make up for one look in vain.
const MAKE_UP: u8 = 16;

/// The most requests that are waited for after looks in vain.
const MOST_PATIENCE: u16 = 1023;

/// Whether the client of one connection asks again at once.
#[derive(Debug, Default)]
pub(crate) struct Brisk {
    answered: Option<Instant>,
    is_brisk: bool,
    /// Requests found by looking since the last look in vain.
    found: u8,
    /// Requests to wait for after the next look in vain, and those still to wait for after the last.
    patience: u16,
    waits: u16,
    _one: One,
}

impl Brisk {
    /// Notes that a request came, by looking or by waiting.
    pub(crate) fn asked(&mut self) {
        if !self.is_brisk {
            self.waits = self.waits.saturating_sub(1);
            self.is_brisk = self.waits == 0 && self.is_soon() && cores() > 1;
            return;
        }
        self.found += 1;
        if self.found == MAKE_UP {
            self.found = 0;
            self.patience /= 2;
        }
    }

    /// Notes that all that was asked is answered.
    pub(crate) fn answered(&mut self) {
        self.answered = Some(Instant::now());
    }

    /// Whether to look for the next request once more before waiting for it.
    pub(crate) fn looks(&mut self) -> bool {
        if self.is_brisk && !self.is_soon() {
            self.is_brisk = false;
            self.found = 0;
            self.patience = (2 * self.patience + 1).min(MOST_PATIENCE);
            self.waits = self.patience;
        }
        if self.is_brisk && One::of_few() {
            // The client itself may be what waits for this core.
            thread::yield_now();
        }
        self.is_brisk
    }

    /// Whether the last answer was a moment ago.
    fn is_soon(&self) -> bool {
        self.answered.is_some_and(|answered| answered.elapsed() < MOMENT)
    }
}

/// One of the connections that are open.
#[derive(Debug)]
struct One;

/// How many there are.
static OPEN: AtomicUsize = AtomicUsize::new(0);

impl One {
    /// Whether there is a core for each. Where there are more, others wait for the core of one that looks, and would
    /// wait for whoever it is given to as well.
    fn of_few() -> bool {
        OPEN.load(Ordering::Relaxed) <= cores()
    }
}

impl Default for One {
    fn default() -> One {
        OPEN.fetch_add(1, Ordering::Relaxed);
        One
    }
}

impl Drop for One {
    fn drop(&mut self) {
        OPEN.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The machine's cores; with one there is none for the client beside that of the thread that looks.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
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

    /// Asks and answers so many times, each at once; whether it looked in the end.
    fn at_once(brisk: &mut Brisk, times: usize) -> bool {
        let ask = |brisk: &mut Brisk| {
            brisk.answered();
            brisk.asked();
            brisk.is_brisk
        };
        (0..times).map(|_| ask(brisk)).last().unwrap_or(false)
    }

    fn look_in_vain(brisk: &mut Brisk) {
        brisk.answered = Instant::now().checked_sub(2 * MOMENT);
        assert!(!brisk.looks());
    }

    #[test]
    fn looks_in_vain_make_it_patient_and_found_requests_brisk_again() {
        let mut brisk = Brisk { is_brisk: true, ..Brisk::default() };
        look_in_vain(&mut brisk);
        assert_eq!(brisk.waits, 1);
        brisk.is_brisk = true;
        look_in_vain(&mut brisk);
        assert_eq!(brisk.waits, 3);
        assert!(!at_once(&mut brisk, 2), "two of the three requests are waited for");
        brisk.waits = 0;
        brisk.is_brisk = true;
        assert!(at_once(&mut brisk, 2 * usize::from(MAKE_UP)));
        assert_eq!(brisk.patience, 0);
        for _ in 0..20 {
            brisk.is_brisk = true;
            look_in_vain(&mut brisk);
        }
        assert_eq!(brisk.waits, MOST_PATIENCE);
    }
}
