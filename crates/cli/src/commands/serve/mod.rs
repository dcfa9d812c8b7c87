//! `firesteel serve`: models behind REST and gRPC.

mod announce;
mod traces;
mod values;

use std::collections::BTreeMap;
use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use clap::{Args, ValueEnum};
use firesteel_deploy::{Fleet, Loader, Settings as Scoring, Watcher};
use firesteel_formats::OpenOptions;
use firesteel_plan::{ColumnType, Declared};
use firesteel_server::{Limits, Server, Settings};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tracing_subscriber::filter::LevelFilter;

use super::model::{ExactArgument, name_and_type};
use crate::failure::Failure;
use crate::terminal::Terminal;

/// How often changed files are looked for.
const LOOK: Duration = Duration::from_secs(1);

/// Serves models over REST and gRPC, and follows their files as they change
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  firesteel serve examples/churn/model
  firesteel serve churn=models/churn fraud=models/fraud.zip --listen 0.0.0.0:8000
  firesteel serve --models /var/models --log-format json")]
pub(crate) struct Serve {
    /// A saved model: a folder, .zip, .tar.gz or .tar; NAME=PATH to name it
    #[arg(value_name = "MODEL", value_parser = values::model, required_unless_present = "models")]
    model: Vec<(String, PathBuf)>,
    /// Serve every model in this folder; new, changed and removed ones are followed
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
    /// The address for REST; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8000")]
    listen: SocketAddr,
    /// The address for gRPC; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8001")]
    grpc_listen: SocketAddr,
    /// The type of an input column, such as age:int or features:vector; once for each column
    #[arg(long, value_name = "NAME:TYPE", value_parser = name_and_type)]
    input_type: Vec<(String, ColumnType)>,
    #[command(flatten)]
    exact: ExactArgument,
    /// Refuse fields that the model does not read
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    bounds: Bounds,
    #[command(flatten)]
    log: Log,
    #[command(flatten)]
    traces: traces::Traces,
}

/// What a client may ask for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
struct Bounds {
    /// The longest request body
    #[arg(long, value_name = "SIZE", default_value = "16MiB", value_parser = values::size)]
    max_body_bytes: usize,
    /// The most records in a request
    #[arg(long, value_name = "COUNT", default_value_t = 100_000)]
    max_records: usize,
    /// The most requests that wait for a model; the next one is answered 503
    #[arg(long, value_name = "COUNT", default_value_t = 1024)]
    queue: usize,
    /// How long a request may take
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = values::time)]
    deadline: Duration,
    /// The most open connections; the next one is answered 503
    #[arg(long, value_name = "COUNT", default_value_t = 16_384)]
    max_connections: usize,
    /// How long a connection may be silent, and how long a request's head may take
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = values::time)]
    header_timeout: Duration,
    /// How long a request's body may take
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = values::time)]
    body_timeout: Duration,
    /// How long running requests may take to end after SIGTERM
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = values::time)]
    drain: Duration,
    /// The most rows that requests are joined to when they come together
    #[arg(long, value_name = "ROWS", default_value_t = 256)]
    max_batch_size: usize,
    /// How long a request waits for others to join when it is not alone
    #[arg(long, value_name = "TIME", default_value = "0ms", value_parser = values::time)]
    max_batch_delay: Duration,
}

/// What is logged, on standard error.
#[derive(Debug, Args)]
#[command(next_help_heading = "Logs")]
struct Log {
    /// The form of a log line
    #[arg(long, value_enum, default_value_t = Format::Text)]
    log_format: Format,
    /// How much is logged: error, warn, info, debug (every request) or trace
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    log_level: LevelFilter,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For machines: one object a line
    Json,
}

impl Serve {
    /// Serves until the process is asked to stop.
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<(), Failure> {
        self.log.start();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.map_err(Failure::from_error)?.block_on(self.serve(terminal))
    }

    async fn serve(&self, terminal: &mut Terminal) -> Result<(), Failure> {
        let types: BTreeMap<String, ColumnType> = self.input_type.iter().cloned().collect();
        let options = OpenOptions {
            declared: Declared { types, exactness: self.exact.exactness(), ..Declared::default() },
        };
        let fleet = Fleet::new(Loader::of_formats(options), self.scoring());
        let server = Server::bind(fleet.clone(), &self.settings()).map_err(|error| self.not_bound(error))?;
        let (rest, grpc) = addresses(&server).map_err(Failure::from_error)?;
        self.load(&fleet).await?;
        let mut watcher = Watcher::new(fleet.clone(), self.models.clone());
        watcher
            .start()
            .await
            .map_err(|error| Failure::from_error(error).hint("--models names a folder of models"))?;
        let (stop, stop_now) = (signal()?, signal()?);
        announce::announce(terminal, &fleet, rest, grpc)?;
        let watching = tokio::spawn(watcher.run(LOOK));
        let preparing = tokio::spawn(async move { fleet.prepare().await });
        let stop_twice = async {
            stop_now.await;
            signal_again().await;
        };
        tokio::select! {
            () = server.run(stop) => {}
            () = stop_twice => tracing::warn!("stopped at once"),
        }
        watching.abort();
        preparing.abort();
        Ok(())
    }

    /// Loads the models that were named, as many side by side as there are cores, since each takes several times its
    /// size for a moment; each must be sound.
    async fn load(&self, fleet: &Fleet) -> Result<(), Failure> {
        let mut loading = JoinSet::new();
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let turns = Arc::new(Semaphore::new(cores));
        for (name, path) in &self.model {
            if fleet.endpoint(name).is_ok() {
                return Err(
                    Failure::usage(format!("two models are named '{name}'")).hint("name them: NAME=PATH")
                );
            }
            let endpoint = fleet.add(name, path.clone());
            let turns = Arc::clone(&turns);
            loading.spawn(async move {
                let _turn = turns.acquire().await;
                endpoint.start().await
            });
        }
        while let Some(loaded) = loading.join_next().await {
            loaded.map_err(Failure::from_error)?.map_err(Failure::from_error)?;
        }
        Ok(())
    }

    fn scoring(&self) -> Scoring {
        Scoring {
            max_batch_size: self.bounds.max_batch_size,
            max_batch_delay: self.bounds.max_batch_delay,
            max_queue: self.bounds.queue,
            ..Scoring::default()
        }
    }

    fn settings(&self) -> Settings {
        let bounds = &self.bounds;
        Settings {
            listen: self.listen,
            grpc_listen: Some(self.grpc_listen),
            strict: self.strict,
            limits: Limits {
                max_body_bytes: bounds.max_body_bytes,
                max_records: bounds.max_records,
                deadline: bounds.deadline,
                max_connections: bounds.max_connections,
                header_timeout: bounds.header_timeout,
                body_timeout: bounds.body_timeout,
                drain: bounds.drain,
                ..Limits::default()
            },
            seed: RandomState::new().hash_one(0),
            traces: self.traces.settings(),
        }
    }

    fn not_bound(&self, error: io::Error) -> Failure {
        let addresses = format!("cannot listen on {} and {}: {error}", self.listen, self.grpc_listen);
        Failure::fault(addresses)
            .hint("choose others with --listen and --grpc-listen; port 0 takes a free one")
    }
}

impl Log {
    fn start(&self) {
        let lines = tracing_subscriber::fmt().with_max_level(self.log_level).with_writer(io::stderr);
        match self.log_format {
            Format::Text => lines.with_target(false).init(),
            Format::Json => lines.json().flatten_event(true).init(),
        }
    }
}

fn addresses(server: &Server) -> io::Result<(SocketAddr, Option<SocketAddr>)> {
    Ok((server.address()?, server.grpc_address()?))
}

/// Resolves when the process is asked to stop: by SIGTERM, or by Ctrl-C.
#[cfg(unix)]
fn signal() -> Result<impl Future<Output = ()>, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::from_error)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::from_error)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Resolves when the process is asked to stop: by Ctrl-C.
#[cfg(not(unix))]
fn signal() -> Result<impl Future<Output = ()>, Failure> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// Resolves at the next such signal; never, if none can be received.
async fn signal_again() {
    match signal() {
        Ok(signal) => signal.await,
        Err(_) => std::future::pending().await,
    }
}
