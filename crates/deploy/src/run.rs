//! Runs a plan: fenced against panics, off the reactor when it is long, and split again when it was joined.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use firesteel_plan::{Batch, Column, Scored};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task;

use crate::error::Error;
use crate::queue::Waiting;
use crate::scorer::{Answer, Scorer};

/// A run expected to take longer than this leaves the reactor's thread.
const LONG: Duration = Duration::from_micros(200);

/// More rows than these run piece by piece, so that a deadline ends them.
const PIECE: usize = 16 * 1024;

/// A run counts as this many times slower than those before it at most: on a busy machine a thread is now and then put
/// aside for milliseconds, which says nothing of the next run.
const OUTLIER: u64 = 8;

/// How long a row is assumed to take at first, in nanoseconds.
const START: u64 = 1000;

/// How long a row took lately, in nanoseconds.
#[derive(Debug)]
pub(crate) struct Pace(AtomicU64);

impl Default for Pace {
    fn default() -> Pace {
        Pace(AtomicU64::new(START))
    }
}

impl Pace {
    pub(crate) fn is_long(&self, rows: usize) -> bool {
        u128::from(self.0.load(Ordering::Relaxed)) * rows as u128 > LONG.as_nanos()
    }

    pub(crate) fn learn(&self, rows: usize, took: Duration) {
        let row = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX) / rows.max(1) as u64;
        let before = self.0.load(Ordering::Relaxed);
        let row = row.min(before.max(START).saturating_mul(OUTLIER));
        let now = (before / 8).saturating_mul(7).saturating_add(row / 8);
        // What hardly changes stays as it is, in every thread's cache.
        if now.abs_diff(before) > before / 16 {
            self.0.store(now, Ordering::Relaxed);
        }
    }
}

/// Runs one request by itself.
pub(crate) fn alone(
    scorer: &Scorer,
    batch: Batch,
    arrived: Instant,
    deadline: Option<Instant>,
) -> Result<Answer, Error> {
    let started = Instant::now();
    let batch_rows = batch.rows;
    let scored = score(scorer, batch, arrived, deadline)?;
    let infer = started.elapsed();
    scorer.pace.learn(batch_rows, infer);
    Ok(Answer { scored, queue: started.duration_since(arrived), infer, batch_rows })
}

/// Runs requests as one batch; if that fails, each by itself, so that only the one at fault fails.
pub(crate) fn joined(scorer: &Scorer, waiting: Vec<Waiting>) {
    let started = Instant::now();
    let (late, mut waiting): (Vec<_>, Vec<_>) =
        waiting.into_iter().partition(|one| one.deadline.is_some_and(|deadline| deadline <= started));
    for one in late {
        let _ = one.sender.send(Err(scorer.too_late(one.arrived)));
    }
    let scored = match waiting.as_slice() {
        [] | [_] => None,
        several => join(several).and_then(|batch| score(scorer, batch, started, None).ok()),
    };
    let Some(scored) = scored else {
        for one in waiting {
            let _ = one.sender.send(alone(scorer, one.batch, one.arrived, one.deadline));
        }
        return;
    };
    let infer = started.elapsed();
    scorer.pace.learn(scored.rows_in, infer);
    let mut start = 0;
    for one in waiting.drain(..) {
        let part = split(&scored, start, one.batch.rows);
        start += one.batch.rows;
        let queue = started.duration_since(one.arrived);
        let _ = one.sender.send(Ok(Answer { scored: part, queue, infer, batch_rows: scored.rows_in }));
    }
}

/// The requests' rows one after another; `None` when their columns do not go together.
fn join(waiting: &[Waiting]) -> Option<Batch> {
    let width = waiting.first()?.batch.columns.len();
    let columns = (0..width).map(|at| {
        let parts: Vec<&Column> =
            waiting.iter().map(|one| one.batch.columns.get(at)).collect::<Option<_>>()?;
        Column::concat(&parts).ok()
    });
    let columns = columns.collect::<Option<_>>()?;
    Some(Batch::new(waiting.iter().map(|one| one.batch.rows).sum(), columns))
}

/// The part of a joined answer that belongs to the `rows` rows from `start` on.
fn split(scored: &Scored, start: usize, rows: usize) -> Scored {
    let Some(survivors) = &scored.survivors else {
        let columns = scored.columns.iter().map(|column| column.slice(start, rows)).collect();
        return Scored { rows_in: rows, survivors: None, columns };
    };
    let first = survivors.partition_point(|&row| (row as usize) < start);
    let end = survivors.partition_point(|&row| (row as usize) < start + rows);
    let own = survivors[first..end].iter().map(|&row| row - start as u32).collect();
    let columns = scored.columns.iter().map(|column| column.slice(first, end - first)).collect();
    Scored { rows_in: rows, survivors: Some(own), columns }
}

/// Scores off the reactor's thread if that is going to take long.
fn score(
    scorer: &Scorer,
    batch: Batch,
    arrived: Instant,
    deadline: Option<Instant>,
) -> Result<Scored, Error> {
    let may_block =
        || Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread);
    if scorer.pace.is_long(batch.rows) && may_block() {
        return task::block_in_place(|| score_here(scorer, batch, arrived, deadline));
    }
    score_here(scorer, batch, arrived, deadline)
}

fn score_here(
    scorer: &Scorer,
    batch: Batch,
    arrived: Instant,
    deadline: Option<Instant>,
) -> Result<Scored, Error> {
    scorer.home.statistics.executed();
    if batch.rows <= PIECE {
        return fenced(scorer, batch);
    }
    let mut pieces = Vec::new();
    for start in (0..batch.rows).step_by(PIECE) {
        if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            return Err(scorer.too_late(arrived));
        }
        let rows = PIECE.min(batch.rows - start);
        let columns = batch.columns.iter().map(|column| column.slice(start, rows)).collect();
        let piece = fenced(scorer, Batch::new(rows, columns)).map_err(|error| move_row(error, start))?;
        pieces.push((start, piece));
    }
    gather(batch.rows, &pieces).ok_or_else(|| scorer.internal("the pieces of a batch do not go together"))
}

/// Counts the row of an error from the start of the whole batch.
fn move_row(error: Error, start: usize) -> Error {
    match error {
        Error::Row(mut row) => {
            row.row += start;
            Error::Row(row)
        }
        other => other,
    }
}

/// The pieces of a batch of `rows_in` rows as one.
fn gather(rows_in: usize, pieces: &[(usize, Scored)]) -> Option<Scored> {
    let width = pieces.first()?.1.columns.len();
    let columns = (0..width).map(|at| {
        let parts: Vec<&Column> =
            pieces.iter().map(|(_, piece)| piece.columns.get(at)).collect::<Option<_>>()?;
        Column::concat(&parts).ok()
    });
    let columns = columns.collect::<Option<_>>()?;
    let dropped = pieces.iter().any(|(_, piece)| piece.survivors.is_some());
    let survivors = dropped.then(|| {
        let rows = pieces.iter().flat_map(|(start, piece)| {
            piece
                .places()
                .into_iter()
                .enumerate()
                .filter_map(move |(row, place)| place.map(|_| (start + row) as u32))
        });
        rows.collect()
    });
    Some(Scored { rows_in, survivors, columns })
}

/// Scores, and makes a panic an error.
fn fenced(scorer: &Scorer, batch: Batch) -> Result<Scored, Error> {
    match panic::catch_unwind(AssertUnwindSafe(|| scorer.plan.score(batch))) {
        Ok(scored) => scored.map_err(|error| Error::from_score(scorer.name(), error)),
        Err(_) => {
            tracing::error!(model = scorer.name(), "scoring panicked");
            Err(scorer.internal("scoring panicked; please report this"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slow_run_makes_none_long_and_many_do() {
        let pace = Pace::default();
        let (usual, aside) = (Duration::from_micros(2), Duration::from_millis(8));
        (0..1000).for_each(|_| pace.learn(1, usual));
        pace.learn(1, aside);
        pace.learn(1, aside);
        assert!(!pace.is_long(1));
        (0..20).for_each(|_| pace.learn(1, aside));
        assert!(pace.is_long(1));
    }

    #[test]
    fn a_pace_too_fast_to_measure_can_grow_again() {
        let pace = Pace::default();
        (0..1000).for_each(|_| pace.learn(1000, Duration::ZERO));
        (0..20).for_each(|_| pace.learn(1, Duration::from_millis(1)));
        assert!(pace.is_long(1));
    }
}
