//! `firesteel bench`: measures a model in process and behind the server, against an echo server in the same run.

mod echo;
mod http1;
mod http2;
mod in_process;
mod latency;
mod load;
mod peer;
mod rows;
mod servers;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use firesteel_formats::OpenOptions;
use firesteel_plan::{Declared, Plan};
use firesteel_tables::Source;
use serde_json::json;

pub(crate) use self::echo::Echo;
use self::latency::{HEADING, Measured};
use self::rows::BenchRows;
use super::model::ExactArgument;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Measures a model in process and behind the server.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  firesteel bench examples/churn/model
  firesteel bench models/fraud --rows rows.parquet --connections 1,64,1000 --json
  firesteel bench models/fraud --rows rows.parquet --grpc --batch 100
  firesteel bench examples/churn/model --in-process --batch 1,100,10000 --threads 1,2")]
pub(crate) struct Bench {
    /// The model: a folder or archive.
    model: PathBuf,
    /// Rows to rotate: Parquet, CSV or JSON lines, at least 10,000 that differ [default: rows.parquet beside the
    /// model].
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,
    #[command(flatten)]
    exact: ExactArgument,
    /// Connections that ask at the same time, one run each.
    #[arg(long, value_delimiter = ',', default_value = "1,64")]
    connections: Vec<usize>,
    /// Seconds a run, after a fifth of that to warm up.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Runs of each measurement; the median run is shown.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Rows of a batch; of several, all are measured in process and the last behind the server.
    #[arg(long, value_delimiter = ',', default_value = "1000")]
    batch: Vec<usize>,
    /// Threads that score at the same time in process, one run each.
    #[arg(long, value_delimiter = ',', default_value = "1")]
    threads: Vec<usize>,
    /// Ask the server over gRPC in place of REST: `ModelInfer` of the Open Inference Protocol, with raw elements.
    #[arg(long, conflicts_with = "in_process")]
    grpc: bool,
    /// Measure in process only, without a server.
    #[arg(long)]
    in_process: bool,
    /// Print JSON for scripts.
    #[arg(long)]
    json: bool,
}

/// What a whole benchmark found.
struct Report {
    distinct: usize,
    /// From the start of the server to its word that it listens, where there is a server.
    ready: Option<Duration>,
    lines: Vec<Measured>,
}

impl Bench {
    /// Runs the benchmark and prints its report.
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<(), Failure> {
        let report = self.measure(terminal)?;
        if self.json {
            return terminal.line(&self.to_json(&report).to_string());
        }
        for line in self.to_text(&report) {
            terminal.line(&line)?;
        }
        Ok(())
    }

    fn measure(&self, terminal: &mut Terminal) -> Result<Report, Failure> {
        let path = self.rows.clone().or_else(|| rows::default_path(&self.model)).ok_or_else(|| {
            Failure::usage("no rows to ask with").hint("give a table of real rows: --rows FILE")
        })?;
        let source = Source::open(&path, None).map_err(Failure::from_error)?;
        let options =
            OpenOptions { declared: Declared { exactness: self.exact.exactness(), ..source.declared() } };
        let model = firesteel_formats::open(&self.model, &options).map_err(Failure::from_error)?;
        let plan = model.plan_default().map_err(Failure::from_error)?;
        let rows = BenchRows::read(source, plan.inputs()).map_err(Failure::from_error)?;
        if let Some(batch) = self.batch.iter().find(|&&batch| rows.all.rows < batch) {
            return Err(Failure::usage(format!(
                "{} has {} rows, fewer than a batch of {batch}",
                path.display(),
                rows.all.rows
            )));
        }
        let distinct = rows.distinct();
        if distinct < 10_000 {
            terminal.note(&format!(
                "only {distinct} rows differ: processors learn few rows by heart, so take these figures with care"
            ));
        }
        let mut lines = self.measure_in_process(&plan, &rows)?;
        let ready = if self.in_process { None } else { Some(self.measure_servers(&rows, &mut lines)?) };
        Ok(Report { distinct, ready, lines })
    }

    /// One row a call and each size of batch, by each number of threads.
    fn measure_in_process(&self, plan: &Plan, rows: &BenchRows) -> Result<Vec<Measured>, Failure> {
        let mut sizes: Vec<usize> = std::iter::once(1).chain(self.batch.iter().copied()).collect();
        sizes.dedup();
        let mut lines = Vec::new();
        for size in sizes {
            let batches = rows.batches(size);
            for &threads in &self.threads {
                let asked = in_process::Asked {
                    threads: threads.max(1),
                    warm_up: self.warm_up(),
                    duration: self.duration(),
                };
                lines.push(
                    self.median(|| in_process::run(plan, &batches, &asked).map_err(Failure::from_error))?,
                );
            }
        }
        Ok(lines)
    }

    /// The run of median throughput.
    fn median(&self, mut run: impl FnMut() -> Result<Measured, Failure>) -> Result<Measured, Failure> {
        Ok(median((0..self.runs.max(1)).map(|_| run()).collect::<Result<_, _>>()?))
    }

    fn duration(&self) -> Duration {
        Duration::from_secs_f64(self.seconds.clamp(0.01, 3600.0))
    }

    fn warm_up(&self) -> Duration {
        self.duration() / 5
    }

    fn to_json(&self, report: &Report) -> serde_json::Value {
        json!({
            "model": self.model.display().to_string(),
            "distinct_rows": report.distinct,
            "start_to_listening_ms": report.ready.map(|ready| ready.as_secs_f64() * 1000.0),
            "runs_each": self.runs.max(1),
            "measured": report.lines.iter().map(Measured::to_json).collect::<Vec<_>>(),
            "to_echo": report.ratios(),
        })
    }

    fn to_text(&self, report: &Report) -> Vec<String> {
        let mut lines = vec![format!(
            "{} rows that differ, in rotation; median of {} runs",
            report.distinct,
            self.runs.max(1)
        )];
        lines.extend(
            report.ready.map(|ready| format!("start to listening: {:.0} ms", ready.as_secs_f64() * 1000.0)),
        );
        lines.extend([String::new(), HEADING.to_owned()]);
        lines.extend(report.lines.iter().map(ToString::to_string));
        lines.push(String::new());
        lines.extend(report.ratios().into_iter().map(|(name, connections, ratio)| {
            format!("{name} reaches {ratio:.2} of the echo server's throughput at {connections} connections")
        }));
        lines
    }
}

/// The run of median throughput, with the throughput of all.
fn median(mut runs: Vec<Measured>) -> Measured {
    runs.sort_by(|a, b| a.rows_per_second().total_cmp(&b.rows_per_second()));
    let all = runs.iter().map(Measured::rows_per_second).collect();
    let mut median = runs.swap_remove(runs.len() / 2);
    median.runs = all;
    median
}

impl Report {
    /// For each number of connections and each echo, what was echoed, and the answers a second to it over the echoes a
    /// second.
    fn ratios(&self) -> Vec<(&str, usize, f64)> {
        let answers = |line: &Measured| line.rows_per_second() / line.rows_each as f64;
        let echoed = |line: &Measured| {
            self.lines.iter().find_map(|echo| {
                let name = echo.name.strip_prefix("echo of ")?;
                (name == line.name && echo.connections == line.connections).then(|| answers(echo))
            })
        };
        let ratio = |line: &'_ Measured| Some(answers(line) / echoed(line)?.max(f64::MIN_POSITIVE));
        self.lines
            .iter()
            .filter_map(|line| Some((line.name.as_str(), line.connections, ratio(line)?)))
            .collect()
    }
}
