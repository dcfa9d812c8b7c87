//! Unmodified clients from PyPI against a server in this process, their answers compared with Spark's.
//!
//! `FIRESTEEL_PYTHON_CLIENTS` names a Python that has them (`dev/python/requirements-clients.txt`); without it
//! nothing is tried. Each script of `tests/clients` has a server of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by a panic and says why it skips"
)]

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use firesteel_deploy::{Fleet, Loader, Settings as Scoring};
use firesteel_formats::OpenOptions;
use firesteel_plan::{ColumnType, Model};
use firesteel_server::{Limits, Server, Settings, TraceSettings};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

/// Golden saves with values that the churn example does not have.
const GOLDEN: [(&str, &str); 4] = [
    ("labels", "PipelineModel_answer_labels"),
    ("skip", "PipelineModel_labels_skip"),
    ("nan", "VectorAssembler_keep_scalars"),
    ("words", "HashingTF_7"),
];

/// Serves the churn example and runs a script against it.
fn run(script: &str) {
    run_with(script, &[("churn", root().join("examples/churn/model"))], None);
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Serves models and runs a script against them; traces go to `collector`.
fn run_with(script: &str, models: &[(&str, PathBuf)], collector: Option<SocketAddr>) {
    let Some(python) = env::var_os("FIRESTEEL_PYTHON_CLIENTS") else {
        println!("skipped: FIRESTEEL_PYTHON_CLIENTS names no Python; `cargo xtask test` sets it");
        return;
    };
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    let runtime = Runtime::new().unwrap();
    let (rest, grpc, stop, serving) = runtime.block_on(serve(models, collector));
    let output = Command::new(python)
        .arg(tests.join(script))
        .env("FIRESTEEL_REST", rest)
        .env("FIRESTEEL_GRPC", grpc)
        .env("FIRESTEEL_COLLECTOR", collector.map(|at| at.to_string()).unwrap_or_default())
        .env("FIRESTEEL_EXAMPLE", root().join("examples/churn"))
        .env("FIRESTEEL_GOLDEN", root().join("golden/spark"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let _ = stop.send(());
    runtime.block_on(serving).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script} failed:\n{said}{}", String::from_utf8_lossy(&output.stdout));
}

/// Opens a model; a save does not say the types of the columns that it assembles.
fn open(path: &Path) -> Result<Model, Box<dyn Error + Send + Sync>> {
    let assembled = [("x", ColumnType::Double), ("y", ColumnType::Int), ("z", ColumnType::Float)];
    let is_bare = path.to_string_lossy().contains("VectorAssembler");
    let declared = assembled.into_iter().filter(|_| is_bare).map(|(name, kind)| (name.to_owned(), kind));
    Ok(firesteel_formats::open(path, &OpenOptions { declared: declared.collect::<BTreeMap<_, _>>().into() })?)
}

async fn serve(
    models: &[(&str, PathBuf)],
    collector: Option<SocketAddr>,
) -> (String, String, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let fleet = Fleet::new(Loader::new(open), Scoring::default());
    for (name, path) in models {
        fleet.add(name, path.clone()).load().await.unwrap();
    }
    let local = ([127, 0, 0, 1], 0).into();
    let settings = Settings {
        listen: local,
        grpc_listen: Some(local),
        strict: false,
        limits: Limits::default(),
        seed: 1,
        traces: collector
            .map(|at| TraceSettings::new(&format!("http://{at}"), "churn-service", 0.0).unwrap()),
    };
    let server = Server::bind(fleet, &settings).unwrap();
    let rest = server.address().unwrap().to_string();
    let grpc = server.grpc_address().unwrap().unwrap().to_string();
    let (stop, stopped) = oneshot::channel();
    let serving = tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));
    (rest, grpc, stop, serving)
}

#[test]
fn tritonclient_over_http() {
    run("triton_http.py");
}

#[test]
fn tritonclient_over_http_with_asyncio() {
    run("triton_http_aio.py");
}

#[test]
fn tritonclient_over_grpc() {
    run("triton_grpc.py");
}

#[test]
fn tritonclient_over_grpc_with_asyncio() {
    run("triton_grpc_aio.py");
}

#[test]
fn kserve() {
    run("kserve_client.py");
}

#[test]
fn mlflow() {
    run("mlflow_client.py");
}

#[test]
fn opentelemetry_reads_the_traces() {
    // The script takes this address; the server does not mind that nobody listens before.
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap();
    run_with("otlp_collector.py", &[("churn", root().join("examples/churn/model"))], Some(free));
}

/// The golden models by the names that the scripts know them by.
fn golden() -> [(&'static str, PathBuf); 4] {
    GOLDEN.map(|(name, case)| (name, root().join("golden/spark").join(case).join("3.5.9/model")))
}

#[test]
fn texts_lists_missing_values_and_dropped_rows() {
    run_with("values.py", &golden(), None);
}

#[test]
fn kserve_reads_what_json_cannot_write() {
    run_with("kserve_values.py", &golden(), None);
}
