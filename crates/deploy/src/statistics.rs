//! Counts and times of one endpoint, in the terms of Triton's statistics extension.
//!
//! See `docs/protocol/extension_statistics.md` of `triton-inference-server/server`: a request is queued, its input is
//! made, it is inferred and its output is written; a joined batch is one execution of several inferences.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use crate::per_thread::PerThread;
use crate::settings::Clock;

/// What one request took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// Whether it was answered.
    pub success: bool,
    /// Its rows.
    pub rows: usize,
    /// From its first byte to its answer.
    pub total: Duration,
    /// Waiting for its turn.
    pub queue: Duration,
    /// Typing the request into columns.
    pub input: Duration,
    /// Scoring.
    pub infer: Duration,
    /// Writing the answer.
    pub output: Duration,
}

/// How often something happened and how long that took together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How often.
    pub count: u64,
    /// How long, in nanoseconds.
    pub ns: u64,
}

/// The statistics at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Rows that were scored.
    pub inference_count: u64,
    /// Runs of a plan; a joined batch is one.
    pub execution_count: u64,
    /// Requests that were answered.
    pub success: Tally,
    /// Requests that were refused or failed.
    pub fail: Tally,
    /// Time in the queue, of answered requests.
    pub queue: Tally,
    /// Time to type the request, of answered requests.
    pub compute_input: Tally,
    /// Time to score, of answered requests.
    pub compute_infer: Tally,
    /// Time to write the answer, of answered requests.
    pub compute_output: Tally,
    /// When a request was last answered.
    pub last_inference: Option<SystemTime>,
}

#[derive(Debug, Default)]
struct Counter {
    count: AtomicU64,
    ns: AtomicU64,
}

impl Counter {
    fn add(&self, took: Duration) {
        self.count.fetch_add(1, Ordering::Relaxed);
        self.ns.fetch_add(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Adds this to what others counted.
    fn add_to(&self, tally: &mut Tally) {
        tally.count += self.count.load(Ordering::Relaxed);
        tally.ns += self.ns.load(Ordering::Relaxed);
    }
}

/// Counts and times since the endpoint was made.
#[derive(Debug)]
pub struct Statistics {
    clock: Clock,
    counts: PerThread<Counts>,
}

/// What some threads counted.
#[derive(Debug, Default)]
struct Counts {
    inferences: AtomicU64,
    executions: AtomicU64,
    success: Counter,
    fail: Counter,
    queue: Counter,
    input: Counter,
    infer: Counter,
    output: Counter,
    /// Milliseconds since 1970; 0 for never.
    last: AtomicU64,
}

impl Statistics {
    pub(crate) fn new(clock: Clock) -> Statistics {
        Statistics { clock, counts: PerThread::default() }
    }

    /// Counts a request that has come to its end.
    pub fn record(&self, outcome: &Outcome) {
        let counts = self.counts.own();
        if !outcome.success {
            counts.fail.add(outcome.total);
            return;
        }
        counts.success.add(outcome.total);
        counts.queue.add(outcome.queue);
        counts.input.add(outcome.input);
        counts.infer.add(outcome.infer);
        counts.output.add(outcome.output);
        counts.inferences.fetch_add(outcome.rows as u64, Ordering::Relaxed);
        let now = self.clock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        counts.last.fetch_max(u64::try_from(now.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Counts a run of a plan.
    pub(crate) fn executed(&self) {
        self.counts.own().executions.fetch_add(1, Ordering::Relaxed);
    }

    /// The statistics as they are now.
    pub fn snapshot(&self) -> Snapshot {
        let mut now = Snapshot::default();
        let mut last = 0;
        for counts in self.counts.all() {
            now.inference_count += counts.inferences.load(Ordering::Relaxed);
            now.execution_count += counts.executions.load(Ordering::Relaxed);
            counts.success.add_to(&mut now.success);
            counts.fail.add_to(&mut now.fail);
            counts.queue.add_to(&mut now.queue);
            counts.input.add_to(&mut now.compute_input);
            counts.infer.add_to(&mut now.compute_infer);
            counts.output.add_to(&mut now.compute_output);
            last = last.max(counts.last.load(Ordering::Relaxed));
        }
        now.last_inference = (last > 0).then(|| SystemTime::UNIX_EPOCH + Duration::from_millis(last));
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn success_and_failure_are_counted_apart() {
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(5);
        let statistics = Statistics::new(Clock::new(move || at));
        let infer = Duration::from_nanos(7);
        statistics.record(&Outcome { success: true, rows: 3, infer, ..Outcome::default() });
        statistics.record(&Outcome { success: false, rows: 3, infer, total: infer, ..Outcome::default() });
        let now = statistics.snapshot();
        assert_eq!(
            (now.inference_count, now.success.count, now.compute_infer),
            (3, 1, Tally { count: 1, ns: 7 })
        );
        assert_eq!(now.fail, Tally { count: 1, ns: 7 });
        assert_eq!(now.last_inference, Some(at));
    }
}
