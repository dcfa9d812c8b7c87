//! What every request can reach.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use firesteel_deploy::{Fleet, PerThread};

use crate::metrics::Metrics;
use crate::settings::{Limits, Settings};
use crate::traces::Traces;

/// The state of the server, shared by all faces as `Arc<App>`.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) fleet: Fleet,
    pub(crate) limits: Limits,
    /// Whether fields that the model does not read are refused.
    pub(crate) strict: bool,
    pub(crate) metrics: Metrics,
    pub(crate) traces: Option<Traces>,
    seed: u64,
    /// Ids made so far, each thread from a number of its own on.
    ids: PerThread<AtomicU64>,
    /// Requests that are being answered.
    pub(crate) running: AtomicUsize,
    draining: AtomicBool,
}

/// Counts a request while it is being answered.
#[derive(Debug)]
pub(crate) struct Running<'a>(&'a App);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

impl App {
    pub(crate) fn new(fleet: Fleet, settings: &Settings) -> App {
        App {
            metrics: Metrics::new(fleet.clone()),
            traces: settings.traces.as_ref().map(Traces::start),
            fleet,
            limits: settings.limits.clone(),
            strict: settings.strict,
            seed: settings.seed,
            ids: {
                let threads = AtomicU64::new(0);
                PerThread::new(|| AtomicU64::new(threads.fetch_add(1, Ordering::Relaxed) << 48))
            },
            running: AtomicUsize::new(0),
            draining: AtomicBool::new(false),
        }
    }

    /// Notes that a request is being answered.
    pub(crate) fn begin(&self) -> Running<'_> {
        self.running.fetch_add(1, Ordering::Relaxed);
        Running(self)
    }

    /// Whether the server takes work: its models are loaded and it is not stopping.
    pub(crate) fn is_ready(&self) -> bool {
        !self.is_draining() && self.fleet.is_ready()
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    pub(crate) fn start_draining(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// A number that no other request of this process has, and that others cannot guess from it (SplitMix64).
    pub(crate) fn next_id(&self) -> u64 {
        let count = self.ids.own().fetch_add(1, Ordering::Relaxed);
        let mut id = self.seed.wrapping_add(count.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        id = (id ^ (id >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        id = (id ^ (id >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        id ^ (id >> 31)
    }
}
