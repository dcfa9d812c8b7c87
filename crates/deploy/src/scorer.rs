//! The verb behind every face: scores a batch, joined with others where they come together.
//!
//! A request that finds a free lane runs at once on its own task, with no hand-over and no wait. When every lane is
//! taken (or, with `max_batch_delay`, when others are in flight) it queues; a lane that becomes free takes as many
//! waiting requests as fit into `max_batch_size` rows and runs them as one batch on a task of its own, so that a
//! client that goes away takes nobody with it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use firesteel_plan::{Batch, Field, Plan, RowScores, Scored};
use tokio::runtime::Handle;
use tokio::sync::{Notify, oneshot};
use tokio::{task, time};

use crate::error::Error;
use crate::loaded::Version;
use crate::queue::{Queue, Waiting};
use crate::rows::{RowScorers, RowTimes};
use crate::run::{self, Pace};
use crate::settings::Settings;
use crate::statistics::Statistics;

/// What the scorers of one loaded model share.
#[derive(Debug)]
pub(crate) struct Home {
    pub(crate) name: Arc<str>,
    pub(crate) version: Version,
    pub(crate) settings: Arc<Settings>,
    pub(crate) statistics: Arc<Statistics>,
    /// What the model reads for any of its outputs.
    pub(crate) inputs: HashSet<String>,
}

/// A plan of one loaded model, with the requests that wait for it.
#[derive(Debug)]
pub struct Scorer {
    pub(crate) plan: Plan,
    pub(crate) home: Arc<Home>,
    pub(crate) pace: Pace,
    places: HashMap<String, usize>,
    rows: Option<RowScorers>,
    queue: Mutex<Queue>,
    /// Wakes the task that waits for a batch to fill.
    full: Notify,
}

/// A scored request.
#[derive(Debug)]
pub struct Answer {
    /// The plan's outputs for the request's own rows.
    pub scored: Scored,
    /// How long the request waited for its turn.
    pub queue: Duration,
    /// How long the run took that it was part of.
    pub infer: Duration,
    /// The rows of that run.
    pub batch_rows: usize,
}

type Receiver = oneshot::Receiver<Result<Answer, Error>>;

/// How a request goes on.
enum Entry {
    /// It runs at once.
    Now(Batch),
    /// It waits for its answer.
    Later(Receiver),
}

/// A place among the runs of a scorer; it is given on or given back when it is dropped.
struct Lane(Arc<Scorer>);

impl Lane {
    /// Runs what waits, batch by batch.
    async fn drain(self) {
        loop {
            let batch = self.0.lock().take(self.0.home.settings.max_batch_size);
            if batch.is_empty() {
                return;
            }
            run::joined(&self.0, batch);
            task::yield_now().await;
        }
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.0.leave();
    }
}

/// The lane of a request that runs on its own task.
struct Taken<'a>(&'a Arc<Scorer>);

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl Scorer {
    pub(crate) fn new(plan: Plan, home: Arc<Home>) -> Scorer {
        let places = plan.inputs().iter().enumerate().map(|(at, field)| (field.name.clone(), at)).collect();
        let rows = RowScorers::of(&plan);
        Scorer {
            plan,
            home,
            pace: Pace::default(),
            places,
            rows,
            queue: Mutex::default(),
            full: Notify::new(),
        }
    }

    /// The columns that a batch must have, in order.
    pub fn inputs(&self) -> &[Field] {
        self.plan.inputs()
    }

    /// The place of an input among [`inputs`](Scorer::inputs).
    pub fn input_place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// Whether the model reads this column for some output, be it none of these.
    pub fn is_known(&self, name: &str) -> bool {
        self.home.inputs.contains(name)
    }

    /// The columns of an answer, in order.
    pub fn outputs(&self) -> &[Field] {
        self.plan.outputs()
    }

    /// Whether an answer may have fewer rows than the request.
    pub fn drops_rows(&self) -> bool {
        self.plan.drops_rows()
    }

    /// The name of the endpoint.
    pub fn name(&self) -> &str {
        &self.home.name
    }

    /// The model that this scorer asks.
    pub fn version(&self) -> &Version {
        &self.home.version
    }

    /// The endpoint's statistics; a face records each request's [`Outcome`](crate::Outcome) here.
    pub fn statistics(&self) -> &Statistics {
        &self.home.statistics
    }

    /// Scores `batch`, whose columns are [`inputs`](Scorer::inputs), before `deadline`.
    pub async fn score(self: &Arc<Self>, batch: Batch, deadline: Option<Instant>) -> Result<Answer, Error> {
        let arrived = Instant::now();
        match self.enter(batch, arrived, deadline)? {
            Entry::Now(batch) => {
                let _taken = Taken(self);
                run::alone(self, batch, arrived, deadline)
            }
            // In a box, since few wait and all would carry the room for it.
            Entry::Later(receiver) => Box::pin(self.answer(receiver, arrived, deadline)).await,
        }
    }

    /// Whether [`score_row`](Scorer::score_row) may answer.
    pub fn takes_rows(&self) -> bool {
        self.rows.is_some()
    }

    /// Scores one row at once, a number for each of [`inputs`](Scorer::inputs) and none of them null, and hands the
    /// scores of [`outputs`](Scorer::outputs), doubles, ints and dense vectors, to `answer`. `None` where
    /// [`score`](Scorer::score) must be asked: the row has to wait or is too late, or it or the model is not of that
    /// kind.
    pub fn score_row<T>(
        self: &Arc<Self>,
        row: &[f64],
        deadline: Instant,
        answer: impl FnOnce(RowScores<'_>, RowTimes) -> T,
    ) -> Option<T> {
        let rows = self.rows.as_ref().filter(|_| !self.pace.is_long(1))?;
        self.lock().enter(&self.home.settings).then_some(())?;
        let _taken = Taken(self);
        let answered = rows.score(&self.plan, row, deadline, |scores, times| {
            self.pace.learn(1, times.ended.duration_since(times.started));
            answer(scores, times)
        })?;
        self.home.statistics.executed();
        Some(answered)
    }

    /// Takes a free lane, or queues.
    fn enter(
        self: &Arc<Self>,
        batch: Batch,
        arrived: Instant,
        deadline: Option<Instant>,
    ) -> Result<Entry, Error> {
        let mut queue = self.lock();
        if queue.enter(&self.home.settings) {
            return Ok(Entry::Now(batch));
        }
        self.wait_in(queue, batch, arrived, deadline).map(Entry::Later)
    }

    /// Puts a request at the end of the queue.
    fn wait_in(
        self: &Arc<Self>,
        mut queue: MutexGuard<'_, Queue>,
        batch: Batch,
        arrived: Instant,
        deadline: Option<Instant>,
    ) -> Result<Receiver, Error> {
        if queue.waiting.len() >= self.home.settings.max_queue {
            return Err(Error::Busy { name: self.name().to_owned(), waiting: queue.waiting.len() });
        }
        let (sender, receiver) = oneshot::channel();
        queue.push(Waiting { batch, arrived, deadline, sender });
        if queue.rows >= self.home.settings.max_batch_size {
            self.full.notify_one();
        }
        let collect = !queue.collecting && !self.home.settings.max_batch_delay.is_zero();
        queue.collecting |= collect;
        drop(queue);
        if collect {
            tokio::spawn(Arc::clone(self).collect());
        }
        Ok(receiver)
    }

    async fn answer(
        &self,
        receiver: Receiver,
        arrived: Instant,
        deadline: Option<Instant>,
    ) -> Result<Answer, Error> {
        let received = match deadline {
            None => Ok(receiver.await),
            Some(deadline) => time::timeout_at(deadline.into(), receiver).await,
        };
        match received {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(self.internal("the batch ended without an answer")),
            Err(_) => Err(self.too_late(arrived)),
        }
    }

    /// Waits until a batch is full or its first request has waited long enough, then runs it if a lane is free; if
    /// none is, the next lane that becomes free does.
    async fn collect(self: Arc<Self>) {
        let delay = self.home.settings.max_batch_delay;
        let _ = time::timeout(delay, self.full.notified()).await;
        if let Some(lane) = self.end_collecting() {
            lane.drain().await;
        }
    }

    fn end_collecting(self: &Arc<Self>) -> Option<Lane> {
        let mut queue = self.lock();
        queue.collecting = false;
        if queue.running >= self.home.settings.lanes.max(1) || queue.waiting.is_empty() {
            return None;
        }
        queue.running += 1;
        Some(Lane(Arc::clone(self)))
    }

    /// Gives a lane on to those that wait, or back.
    pub(crate) fn leave(self: &Arc<Self>) {
        let mut queue = self.lock();
        let due = !queue.waiting.is_empty() && !queue.collecting;
        match Handle::try_current() {
            Ok(runtime) if due => {
                drop(queue);
                runtime.spawn(Lane(Arc::clone(self)).drain());
            }
            _ => queue.running -= 1,
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn too_late(&self, arrived: Instant) -> Error {
        Error::Deadline { name: self.name().to_owned(), after: arrived.elapsed() }
    }

    pub(crate) fn internal(&self, problem: &str) -> Error {
        Error::Internal { name: self.name().to_owned(), problem: problem.to_owned() }
    }
}
