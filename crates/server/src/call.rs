//! One request to an endpoint, from its parsed head to its written answer, timed and counted by its parts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use firesteel_deploy::{Endpoint, Loaded, Outcome, Scorer};
use firesteel_plan::{Batch, RowScores, Scored};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task;

use crate::app::App;
use crate::error::{Fault, Kind};
use crate::metrics::ModelMetrics;
use crate::traces;

/// To read or write more bytes than these takes long enough to be moved off the reactor's thread.
const LONG: usize = 128 << 10;

/// The protocol that a request came by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Rest,
    Oip,
    Grpc,
    Mlflow,
    Kserve,
}

impl Face {
    pub(crate) const ALL: [Face; 5] = [Face::Rest, Face::Oip, Face::Grpc, Face::Mlflow, Face::Kserve];

    /// The face's name in metrics.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Face::Rest => "rest",
            Face::Oip => "oip",
            Face::Grpc => "grpc",
            Face::Mlflow => "mlflow",
            Face::Kserve => "kserve",
        }
    }
}

/// Runs `work` on about `bytes` bytes, off the reactor's thread where that is long.
pub(crate) fn off_reactor<T>(bytes: usize, work: impl FnOnce() -> T) -> T {
    let may_block = || Handle::current().runtime_flavor() == RuntimeFlavor::MultiThread;
    if bytes > LONG && may_block() { task::block_in_place(work) } else { work() }
}

/// A request that is being answered. Whoever begins one ends it with [`Call::end`].
#[derive(Debug)]
pub(crate) struct Call<'a> {
    app: &'a App,
    face: Face,
    scorer: Arc<Scorer>,
    metrics: Arc<ModelMetrics>,
    /// When the whole request was here.
    arrived: Instant,
    deadline: Instant,
    rows: usize,
    input: Duration,
    queue: Duration,
    infer: Duration,
    /// When the answer was there to be written.
    scored: Option<Instant>,
}

impl<'a> Call<'a> {
    /// Begins a call for these outputs of `endpoint`, or its default ones; `arrived` is when the request was here.
    pub(crate) fn begin(
        app: &'a App,
        face: Face,
        endpoint: &Endpoint,
        outputs: &[&str],
        arrived: Instant,
    ) -> Result<Call<'a>, Fault> {
        Call::new(app, face, endpoint.name(), endpoint.scorer(outputs), arrived)
    }

    /// Begins a call of a model that was looked at already, so that what was seen and what answers are one version.
    pub(crate) fn begin_with(
        app: &'a App,
        face: Face,
        endpoint: &Endpoint,
        loaded: &Loaded,
        outputs: &[&str],
        arrived: Instant,
    ) -> Result<Call<'a>, Fault> {
        Call::new(app, face, endpoint.name(), loaded.scorer(outputs), arrived)
    }

    fn new(
        app: &'a App,
        face: Face,
        name: &str,
        scorer: Result<Arc<Scorer>, firesteel_deploy::Error>,
        arrived: Instant,
    ) -> Result<Call<'a>, Fault> {
        let metrics = app.metrics.model(name);
        let scorer = scorer.map_err(|error| {
            let fault = Fault::from(error);
            metrics.count(face, Some(fault.kind));
            fault
        })?;
        Ok(Call {
            app,
            face,
            scorer,
            metrics,
            arrived,
            deadline: arrived + app.limits.deadline,
            rows: 0,
            input: Duration::ZERO,
            queue: Duration::ZERO,
            infer: Duration::ZERO,
            scored: None,
        })
    }

    /// The server's settings and state.
    pub(crate) fn app(&self) -> &'a App {
        self.app
    }

    /// What the request is typed against.
    pub(crate) fn scorer(&self) -> &Arc<Scorer> {
        &self.scorer
    }

    /// Shortens the time that the request may take; a client may ask for less than the server allows, not for more.
    pub(crate) fn within(&mut self, timeout: Duration) {
        self.deadline = self.deadline.min(self.arrived + timeout);
    }

    /// How long the request has been here, in milliseconds.
    pub(crate) fn latency_ms(&self) -> f64 {
        (self.arrived.elapsed().as_nanos() / 100) as f64 / 1e4
    }

    /// Runs `work` on about `bytes` bytes, off the reactor's thread where that is long.
    pub(crate) fn off_reactor<T>(&self, bytes: usize, work: impl FnOnce(&Self) -> T) -> T {
        off_reactor(bytes, || work(self))
    }

    /// Scores the request's rows.
    pub(crate) async fn score(&mut self, batch: Batch) -> Result<Scored, Fault> {
        self.rows = batch.rows;
        self.input = self.arrived.elapsed();
        if self.arrived + self.input >= self.deadline {
            let name = self.scorer.name().to_owned();
            return Err(firesteel_deploy::Error::Deadline { name, after: self.input }.into());
        }
        let answer = self.scorer.score(batch, Some(self.deadline)).await?;
        self.queue = answer.queue;
        self.infer = answer.infer;
        self.scored = Some(Instant::now());
        self.metrics.observe_scored(self.scorer.outputs(), &answer.scored, answer.batch_rows);
        Ok(answer.scored)
    }

    /// Scores the request's only row if that can be done at once, and hands the scores to `answer`; `None` where
    /// [`score`](Call::score) must be asked.
    pub(crate) fn score_row(
        &mut self,
        row: &[f64],
        answer: impl FnOnce(&Call<'a>, RowScores<'_>),
    ) -> Option<()> {
        let scorer = Arc::clone(&self.scorer);
        scorer.score_row(row, self.deadline, |scores, times| {
            self.rows = 1;
            self.input = times.started.duration_since(self.arrived);
            self.infer = times.ended.duration_since(times.started);
            self.scored = Some(times.ended);
            self.metrics.observe_row(scorer.outputs(), scores);
            answer(self, scores);
        })
    }

    /// Counts the request by how it ended.
    pub(crate) fn end<T>(self, result: Result<T, Fault>) -> Result<T, Fault> {
        let now = Instant::now();
        let failed: Option<Kind> = result.as_ref().err().map(|fault| fault.kind);
        let outcome = Outcome {
            success: failed.is_none(),
            rows: self.rows,
            total: now.duration_since(self.arrived),
            queue: self.queue,
            input: self.input,
            infer: self.infer,
            output: self.scored.map_or(Duration::ZERO, |scored| now.duration_since(scored)),
        };
        self.scorer.statistics().record(&outcome);
        traces::note(&outcome);
        self.metrics.count(self.face, failed);
        if outcome.success {
            self.metrics.observe_parts(&outcome);
        }
        result
    }
}
