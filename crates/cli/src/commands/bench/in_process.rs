//! Scores in this process, without a server: one row a call and in batches.

use std::hint::black_box;
use std::time::{Duration, Instant};

use firesteel_plan::{Batch, Plan, ScoreError};

use super::latency::Measured;

/// Scores `batches` one after another, in rotation, for `duration` after `warm_up`.
pub(crate) fn run(
    name: &str,
    plan: &Plan,
    batches: &[Batch],
    warm_up: Duration,
    duration: Duration,
) -> Result<Measured, ScoreError> {
    let rows_each = batches.first().map_or(0, |batch| batch.rows);
    let start = Instant::now();
    let (warm, end) = (start + warm_up, start + warm_up + duration);
    let mut nanos = Vec::new();
    for batch in batches.iter().cycle() {
        let batch = batch.clone();
        let asked = Instant::now();
        if asked >= end {
            break;
        }
        black_box(plan.score(black_box(batch))?);
        if asked >= warm {
            nanos.push(asked.elapsed().as_nanos() as u64);
        }
    }
    Ok(Measured::new(name, 0, duration, nanos, rows_each))
}
