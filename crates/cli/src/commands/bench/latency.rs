//! Latencies and throughput of one run.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

/// What one run measured.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    /// What was asked, such as `REST /predict`.
    pub(crate) name: String,
    /// How many connections asked at once; 0 in process.
    pub(crate) connections: usize,
    /// How many threads scored at once in process; 0 behind a server.
    pub(crate) threads: usize,
    /// How long the run took.
    pub(crate) elapsed: Duration,
    /// Each answer's latency in nanoseconds, ascending.
    sorted: Vec<u64>,
    /// Rows scored by each answer.
    pub(crate) rows_each: usize,
    /// Rows a second of every run of which this is the median, ascending.
    pub(crate) runs: Vec<f64>,
}

impl Measured {
    /// A run over these latencies, in nanoseconds, in any order.
    pub(crate) fn new(
        name: &str,
        connections: usize,
        elapsed: Duration,
        mut nanos: Vec<u64>,
        rows_each: usize,
    ) -> Measured {
        nanos.sort_unstable();
        Measured {
            name: name.to_owned(),
            connections,
            threads: 0,
            elapsed,
            sorted: nanos,
            rows_each,
            runs: Vec::new(),
        }
    }

    /// The latency below which `share` of the answers stay, by the nearest-rank method.
    pub(crate) fn quantile(&self, share: f64) -> Duration {
        let rank = (share * self.sorted.len() as f64).ceil() as usize;
        let at = rank.clamp(1, self.sorted.len().max(1)) - 1;
        Duration::from_nanos(self.sorted.get(at).copied().unwrap_or(0))
    }

    /// Rows a second.
    pub(crate) fn rows_per_second(&self) -> f64 {
        (self.sorted.len() * self.rows_each) as f64 / self.elapsed.as_secs_f64().max(f64::MIN_POSITIVE)
    }

    /// This run for scripts.
    pub(crate) fn to_json(&self) -> Value {
        let micros = |share| self.quantile(share).as_nanos() as f64 / 1000.0;
        json!({
            "name": self.name,
            "connections": self.connections,
            "threads": self.threads,
            "answers": self.sorted.len(),
            "rows_per_answer": self.rows_each,
            "seconds": self.elapsed.as_secs_f64(),
            "rows_per_second": self.rows_per_second(),
            "rows_per_second_runs": self.runs,
            "p50_us": micros(0.5),
            "p90_us": micros(0.9),
            "p99_us": micros(0.99),
            "p99_9_us": micros(0.999),
        })
    }
}

/// One aligned line of the report.
impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at_once = if self.connections == 0 { self.threads } else { self.connections };
        write!(f, "{:<26} {at_once:>7}", self.name)?;
        for share in [0.5, 0.9, 0.99, 0.999] {
            write!(f, " {:>10}", micros(self.quantile(share)))?;
        }
        write!(f, " {:>12.0}", self.rows_per_second())
    }
}

/// The heading over lines of [`Measured`].
pub(crate) const HEADING: &str =
    "                           at once        p50        p90        p99      p99.9       rows/s";

fn micros(duration: Duration) -> String {
    let micros = duration.as_nanos() as f64 / 1000.0;
    if micros < 10_000.0 { format!("{micros:.2} µs") } else { format!("{:.2} ms", micros / 1000.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_nearest_ranks() {
        let measured = Measured::new("x", 1, Duration::from_secs(2), (1..=1000).rev().collect(), 3);
        assert_eq!(measured.quantile(0.5), Duration::from_nanos(500));
        assert_eq!(measured.quantile(0.999), Duration::from_nanos(999));
        assert_eq!(measured.quantile(1.0), Duration::from_nanos(1000));
        assert_eq!(measured.rows_per_second(), 1500.0);
    }

    #[test]
    fn nothing_measured_is_no_fault() {
        let measured = Measured::new("x", 1, Duration::ZERO, Vec::new(), 1);
        assert_eq!(measured.quantile(0.5), Duration::ZERO);
        assert_eq!(measured.rows_per_second(), 0.0);
    }
}
