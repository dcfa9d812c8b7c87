//! Reads, scores and writes at the same time: one thread reads, one for each core scores and encodes, this one has
//! encoded in order what is scored. The first rows are read while the model is loaded.
//!
//! Batches are numbered as they are read and written in that order. A permit for each batch in flight bounds
//! how many there are, so memory does not grow with the input.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use arrow_schema::SchemaRef;
use firesteel_plan::{Plan, ScoreError, Scored};
use firesteel_tables::{Rows, Sink, Source, TableError, Workers, bind};

use super::progress::Progress;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Batches in flight for each thread that scores.
const DEPTH: usize = 2;

/// What the writing thread hears of.
enum Event {
    /// The batch of this number is scored, or failed to be.
    Done(u64, Result<(Rows, Scored), Failure>),
    /// There are this many batches.
    End(u64),
    /// The user wants to stop.
    Interrupted,
}

/// Rows that a thread of their own reads, as far ahead as there may be batches in flight.
pub(crate) struct Reading {
    origin: String,
    schema: SchemaRef,
    scorers: usize,
    queue: Receiver<(u64, Rows)>,
    returned: Receiver<()>,
    events: Sender<Event>,
    heard: Receiver<Event>,
}

impl Reading {
    /// Begins to read. The thread is not waited for: a reader that waits for its input must not keep the process.
    pub(crate) fn start(source: Source) -> Reading {
        let scorers = std::thread::available_parallelism().map_or(1, usize::from);
        let (origin, schema) = (source.origin().to_owned(), source.schema());
        let (events, heard) = channel();
        let (permits, returned) = sync_channel(scorers * DEPTH + 1);
        let (work, queue) = channel();
        let told = events.clone();
        std::thread::spawn(move || read_all(source, &permits, &work, &told));
        Reading { origin, schema, scorers, queue, returned, events, heard }
    }

    /// Has the signals to stop told to the writer from now on: before there is a file that they would leave behind.
    pub(crate) fn catch_signals(&self) -> Result<(), Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(Failure::from_error)?;
        let entered = runtime.enter();
        let stopped = stopped().map_err(Failure::from_error)?;
        drop(entered);
        let events = self.events.clone();
        std::thread::spawn(move || {
            runtime.block_on(stopped);
            let _ = events.send(Event::Interrupted);
        });
        Ok(())
    }
}

/// From a source through a plan to a sink.
pub(crate) struct Pipeline {
    pub(crate) rows: Reading,
    pub(crate) plan: Plan,
    pub(crate) sink: Sink,
    /// Whether the sink is a file; if not, its reader may leave.
    pub(crate) to_file: bool,
}

impl Pipeline {
    /// Scores all rows; the answer is the last line for the user.
    pub(crate) fn run(self, terminal: &mut Terminal) -> Result<String, Failure> {
        let Reading { origin, schema, scorers, queue, returned, events, heard } = self.rows;
        let workers = Workers::new(scorers).map_err(Failure::from_error)?;
        let (plan, scoring) = (Arc::new(self.plan), workers.clone());
        std::thread::spawn(move || score_all(&queue, &plan, &scoring, &events));
        let mut writer = Writer {
            sink: self.sink.with_workers(workers),
            to_file: self.to_file,
            progress: Progress::start(),
        };
        writer.write_all(&heard, &returned, terminal)?;
        let to_file = writer.to_file;
        writer.sink.finish(&origin, &schema).map_err(|error| write_failure(error, to_file))?;
        Ok(writer.progress.summary())
    }
}

/// Numbers the batches and hands them out.
fn read_all(source: Source, permits: &SyncSender<()>, work: &Sender<(u64, Rows)>, events: &Sender<Event>) {
    let mut number = 0;
    let mut source = source;
    loop {
        let read = catch_unwind(AssertUnwindSafe(|| source.next()));
        let failure = match read {
            Ok(Some(Ok(rows))) => {
                // Either fails only when the writer is gone, which has said why.
                if permits.send(()).is_err() || work.send((number, rows)).is_err() {
                    return;
                }
                number += 1;
                continue;
            }
            Ok(None) => {
                let _ = events.send(Event::End(number));
                return;
            }
            Ok(Some(Err(error))) => Failure::from_error(error),
            Err(_) => Failure::fault("the reader stopped at a fault of its own"),
        };
        let _ = events.send(Event::Done(number, Err(failure)));
        return;
    }
}

/// Has batches scored until there are no more.
fn score_all(queue: &Receiver<(u64, Rows)>, plan: &Arc<Plan>, workers: &Workers, events: &Sender<Event>) {
    for (number, rows) in queue {
        let (plan, events) = (Arc::clone(plan), events.clone());
        workers.give(move || {
            let scored = catch_unwind(AssertUnwindSafe(|| score(&rows, &plan)))
                .unwrap_or_else(|_| Err(Failure::fault("the plan stopped at a fault of its own")));
            // Fails only when the writer is gone, which has said why.
            let _ = events.send(Event::Done(number, scored.map(|scored| (rows, scored))));
        });
    }
}

fn score(rows: &Rows, plan: &Plan) -> Result<Scored, Failure> {
    let batch = bind(rows, plan.inputs()).map_err(Failure::from_error)?;
    plan.score(batch).map_err(|error| match error {
        ScoreError::Row(row) => Failure::fault(format!(
            "{}, row {}, column '{}': found {}, expected {} ({})",
            rows.file,
            rows.number(row.row),
            row.column,
            row.found,
            row.expected,
            row.stage
        ))
        .hint(row.hint.clone()),
        other => Failure::from_error(other),
    })
}

/// What comes when the user wants to stop; signals are caught from now on.
#[cfg(unix)]
fn stopped() -> std::io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stopped() -> std::io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// Writes batches in order.
struct Writer {
    sink: Sink,
    to_file: bool,
    progress: Progress,
}

impl Writer {
    fn write_all(
        &mut self,
        heard: &Receiver<Event>,
        returned: &Receiver<()>,
        terminal: &mut Terminal,
    ) -> Result<(), Failure> {
        let (mut next, mut end) = (0, None);
        let mut waiting = BTreeMap::new();
        while end != Some(next) {
            match heard.recv() {
                Ok(Event::Done(number, done)) => _ = waiting.insert(number, done),
                Ok(Event::End(number)) => end = Some(number),
                Ok(Event::Interrupted) => return Err(self.interrupted()),
                Err(_) => return Err(Failure::fault("the threads that read and score are gone")),
            }
            while let Some(done) = waiting.remove(&next) {
                let (rows, scored) = done?;
                self.sink.write(&rows, &scored).map_err(|error| write_failure(error, self.to_file))?;
                self.progress.add(scored.rows_in, scored.rows(), terminal);
                let _ = returned.recv();
                next += 1;
            }
        }
        Ok(())
    }

    fn interrupted(&self) -> Failure {
        let left = if self.to_file { "; no file was written" } else { "" };
        Failure::interrupted(format!("interrupted after {}{left}", self.progress.summary()))
    }
}

fn write_failure(error: TableError, to_file: bool) -> Failure {
    match error.io_kind() {
        Some(std::io::ErrorKind::BrokenPipe) if !to_file => Failure::closed(),
        _ => Failure::from_error(error),
    }
}
