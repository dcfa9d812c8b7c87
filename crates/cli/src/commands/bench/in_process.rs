//! Scores in this process, without a server: one row a call and in batches, by one thread or several. A single row of
//! numbers goes through the plan without columns where the plan lets it ([`Plan::row_scorer`]).

use std::hint::black_box;
use std::time::{Duration, Instant};

use firesteel_plan::{Batch, Plan, RowScorer, ScoreError};

use super::latency::Measured;

/// How a plan is asked.
pub(crate) struct Asked {
    /// How many threads score at the same time.
    pub(crate) threads: usize,
    pub(crate) warm_up: Duration,
    pub(crate) duration: Duration,
}

/// Scores `batches` one after another, in rotation, for the duration after the warm-up.
pub(crate) fn run(plan: &Plan, batches: &[Batch], asked: &Asked) -> Result<Measured, ScoreError> {
    let rows_each = batches.first().map_or(0, |batch| batch.rows);
    let warm = Instant::now() + asked.warm_up;
    let end = warm + asked.duration;
    let mut runs = Vec::with_capacity(asked.threads);
    std::thread::scope(|scope| {
        // Each thread starts elsewhere in the rotation.
        let starts = (0..asked.threads).map(|thread| thread * batches.len() / asked.threads);
        let threads: Vec<_> =
            starts.map(|start| scope.spawn(move || score(plan, batches, start, warm, end))).collect();
        for thread in threads {
            runs.push(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok::<_, ScoreError>(())
    })?;
    let first = runs.iter().map(|run| run.first).min().unwrap_or(warm);
    let last = runs.iter().map(|run| run.last).max().unwrap_or(end);
    let nanos = runs.into_iter().flat_map(|run| run.nanos).collect();
    let mut measured = Measured::new(&name(rows_each), 0, last - first, nanos, rows_each);
    measured.threads = asked.threads;
    Ok(measured)
}

/// One thread's run: when its first measured call began and its last one ended, and how long each took.
struct Run {
    first: Instant,
    last: Instant,
    nanos: Vec<u64>,
}

/// Scores until `end`, and measures the calls that begin after `warm`: one at least, however long it takes.
fn score(
    plan: &Plan,
    batches: &[Batch],
    start: usize,
    warm: Instant,
    end: Instant,
) -> Result<Run, ScoreError> {
    let mut run = Run { first: end, last: end, nanos: Vec::new() };
    let mut row_scorer = plan.row_scorer().filter(|_| batches.iter().all(|batch| batch.rows == 1));
    let mut numbers = Vec::new();
    for batch in batches.iter().cycle().skip(start) {
        let batch = batch.clone();
        let row_scorer = row_scorer.as_mut().filter(|scorer| scorer.read(&batch.columns, 0, &mut numbers));
        let asked = Instant::now();
        if asked >= end && !run.nanos.is_empty() {
            break;
        }
        if !row_scorer.is_some_and(|scorer| scores_row(scorer, &numbers)) {
            black_box(plan.score(black_box(batch))?);
        }
        if asked >= warm {
            if run.nanos.is_empty() {
                run.first = asked;
            }
            run.last = Instant::now();
            run.nanos.push((run.last - asked).as_nanos() as u64);
        }
    }
    Ok(run)
}

/// Scores a row of numbers; whether it could be.
fn scores_row(scorer: &mut RowScorer, row: &[f64]) -> bool {
    black_box(scorer.score(black_box(row))).is_some()
}

fn name(rows_each: usize) -> String {
    if rows_each == 1 { "in process, one row".to_owned() } else { format!("in process, {rows_each} rows") }
}
