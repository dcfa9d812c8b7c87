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
    let mut scorer = plan.row_scorer();
    let rows = scorer.as_mut().map_or_else(Vec::new, |scorer| rows(scorer, batches));
    for place in (0..batches.len()).cycle().skip(start) {
        let row = scorer.as_mut().zip(rows.get(place));
        let batch = if row.is_some() { Batch::new(0, Vec::new()) } else { batches[place].clone() };
        let asked = Instant::now();
        if asked >= end && !run.nanos.is_empty() {
            break;
        }
        match row {
            Some((scorer, row)) => _ = black_box(scorer.score(black_box(row))),
            None => _ = black_box(plan.score(black_box(batch))?),
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

/// The numbers of single rows, if the plan scores all of them without columns.
fn rows(scorer: &mut RowScorer, batches: &[Batch]) -> Vec<Vec<f64>> {
    let numbers = |batch: &Batch| {
        let mut row = Vec::new();
        let whole = batch.rows == 1 && scorer.read(&batch.columns, 0, &mut row);
        (whole && scorer.score(&row).is_some()).then_some(row)
    };
    batches.iter().map(numbers).collect::<Option<_>>().unwrap_or_default()
}

fn name(rows_each: usize) -> String {
    if rows_each == 1 { "in process, one row".to_owned() } else { format!("in process, {rows_each} rows") }
}
