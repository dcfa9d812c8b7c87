//! Counts rows and shows how fast they pass.

use std::time::{Duration, Instant};

use crate::terminal::Terminal;
use crate::text::count;

/// How often progress is shown.
const EVERY: Duration = Duration::from_millis(200);

/// Rows counted since the start.
#[derive(Debug)]
pub(crate) struct Progress {
    start: Instant,
    shown: Instant,
    rows_in: u64,
    rows_out: u64,
}

impl Progress {
    pub(crate) fn start() -> Progress {
        let now = Instant::now();
        Progress { start: now, shown: now, rows_in: 0, rows_out: 0 }
    }

    /// Counts a batch.
    pub(crate) fn add(&mut self, rows_in: usize, rows_out: usize, terminal: &mut Terminal) {
        self.rows_in += rows_in as u64;
        self.rows_out += rows_out as u64;
        if self.shown.elapsed() >= EVERY {
            self.shown = Instant::now();
            terminal.progress(&format!("{} rows, {} rows/s", count(self.rows_in), count(self.rate())));
        }
    }

    fn rate(&self) -> u64 {
        (self.rows_in as f64 / self.start.elapsed().as_secs_f64().max(1e-9)) as u64
    }

    /// The last line.
    pub(crate) fn summary(&self) -> String {
        format!(
            "{} rows in, {} out, {} dropped, {:.2} s ({} rows/s)",
            count(self.rows_in),
            count(self.rows_out),
            count(self.rows_in - self.rows_out),
            self.start.elapsed().as_secs_f64(),
            count(self.rate()),
        )
    }
}
