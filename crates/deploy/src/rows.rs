//! Scorers of single rows, one for each thread that asks.

use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use firesteel_plan::{ColumnType, Plan, RowScorer, RowScores};

use crate::per_thread::PerThread;

/// When a row was scored.
#[derive(Clone, Copy, Debug)]
pub struct RowTimes {
    /// When its scoring began.
    pub started: Instant,
    /// When its scores were there.
    pub ended: Instant,
}

/// What a plan's single rows of numbers are scored with.
#[derive(Debug)]
pub(crate) struct RowScorers(PerThread<Mutex<Option<RowScorer>>>);

impl RowScorers {
    /// `None` for a plan whose rows are no numbers, or whose answers are other than doubles, ints and vectors.
    pub(crate) fn of(plan: &Plan) -> Option<RowScorers> {
        let plain = |column_type: &ColumnType| {
            matches!(column_type, ColumnType::Double | ColumnType::Int | ColumnType::Vector)
        };
        let all_plain = plan.outputs().iter().all(|field| plain(&field.column_type));
        (all_plain && plan.row_scorer().is_some()).then(|| RowScorers(PerThread::default()))
    }

    /// Scores a row of `plan` before `deadline`, and hands the scores to `answer`; `None` where the plan itself must be
    /// asked.
    pub(crate) fn score<T>(
        &self,
        plan: &Plan,
        row: &[f64],
        deadline: Instant,
        answer: impl FnOnce(RowScores<'_>, RowTimes) -> T,
    ) -> Option<T> {
        let started = Instant::now();
        if deadline <= started {
            return None;
        }
        let mut own = self.0.own().lock().unwrap_or_else(PoisonError::into_inner);
        if own.is_none() {
            *own = plan.row_scorer();
        }
        // After a panic the plan is asked, which tells of it.
        let scorer = own.as_mut()?;
        match fenced(move || scorer.score(row)) {
            Some(scores) => Some(answer(scores?, RowTimes { started, ended: Instant::now() })),
            None => {
                *own = None;
                None
            }
        }
    }
}

/// What `work` comes to; `None` if it panics.
fn fenced<T>(work: impl FnOnce() -> T) -> Option<T> {
    panic::catch_unwind(AssertUnwindSafe(work)).ok()
}
