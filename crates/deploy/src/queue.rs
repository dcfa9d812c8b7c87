//! The requests that wait for a lane.

use std::collections::VecDeque;
use std::time::Instant;

use firesteel_plan::Batch;
use tokio::sync::oneshot;

use crate::error::Error;
use crate::scorer::Answer;
use crate::settings::Settings;

/// One request that waits.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) batch: Batch,
    pub(crate) arrived: Instant,
    pub(crate) deadline: Option<Instant>,
    pub(crate) sender: oneshot::Sender<Result<Answer, Error>>,
}

/// What waits and how much runs.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    /// The lanes that are taken.
    pub(crate) running: usize,
    pub(crate) waiting: VecDeque<Waiting>,
    /// The rows that wait.
    pub(crate) rows: usize,
    /// Whether a task waits for a batch to fill.
    pub(crate) collecting: bool,
}

impl Queue {
    /// Takes a free lane, if a request may run at once.
    pub(crate) fn enter(&mut self, settings: &Settings) -> bool {
        let alone = self.running == 0 || settings.max_batch_delay.is_zero();
        let enters = alone && self.waiting.is_empty() && self.running < settings.lanes.max(1);
        self.running += usize::from(enters);
        enters
    }

    pub(crate) fn push(&mut self, waiting: Waiting) {
        self.rows += waiting.batch.rows;
        self.waiting.push_back(waiting);
    }

    /// Takes the oldest requests that fit into `max_rows` together, at least one; those whose client has gone are
    /// left out.
    pub(crate) fn take(&mut self, max_rows: usize) -> Vec<Waiting> {
        let mut taken: Vec<Waiting> = Vec::new();
        let mut rows = 0;
        while let Some(next) = self.waiting.front() {
            let gone = next.sender.is_closed();
            if !gone && !taken.is_empty() && rows + next.batch.rows > max_rows {
                break;
            }
            let Some(next) = self.waiting.pop_front() else { break };
            self.rows -= next.batch.rows;
            if !gone {
                rows += next.batch.rows;
                taken.push(next);
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(rows: usize) -> (Waiting, oneshot::Receiver<Result<Answer, Error>>) {
        let (sender, receiver) = oneshot::channel();
        let batch = Batch::new(rows, Vec::new());
        (Waiting { batch, arrived: Instant::now(), deadline: None, sender }, receiver)
    }

    #[test]
    fn takes_what_fits_and_at_least_one() {
        let mut queue = Queue::default();
        let mut receivers = Vec::new();
        for rows in [10, 3, 1, 1] {
            let (waiting, receiver) = waiting(rows);
            queue.push(waiting);
            receivers.push(receiver);
        }
        receivers.remove(2).close();
        assert_eq!(queue.take(4).len(), 1, "a request larger than a batch runs by itself");
        assert_eq!(queue.take(4).iter().map(|taken| taken.batch.rows).collect::<Vec<_>>(), [3, 1]);
        assert_eq!((queue.rows, queue.waiting.len()), (0, 0));
    }
}
