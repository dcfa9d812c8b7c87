//! Random pipelines, trained and scored by a real Spark in this run, against ours.
//!
//! `cargo xtask test` sets the Python interpreters; without them the tests say that they skip. A run prints its
//! seed; `FIRESTEEL_LIVE_SEED` repeats it, and `FIRESTEEL_LIVE_PIPELINES` asks for another number of pipelines.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by a panic and says why it skips"
)]

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use firesteel_testkit::live::{check, pipelines};

const PIPELINES: &str = "12";

#[test]
fn random_pipelines_of_spark_3() {
    run("FIRESTEEL_PYTHON_SPARK3");
}

#[test]
fn random_pipelines_of_spark_4() {
    run("FIRESTEEL_PYTHON_SPARK4");
}

fn run(interpreter: &str) {
    let Some(python) = env::var_os(interpreter) else {
        println!("skipped: {interpreter} does not name a Python with PySpark; run `cargo xtask test`");
        return;
    };
    let text = |name: &str| env::var_os(name).and_then(|value| value.into_string().ok());
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().to_string();
    let seed = text("FIRESTEEL_LIVE_SEED").unwrap_or_else(clock);
    let count = text("FIRESTEEL_LIVE_PIPELINES").unwrap_or_else(|| PIPELINES.to_owned());
    println!("seed {seed}, {count} pipelines");
    let out = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../python/live_pipelines.py");
    let done = Command::new(python)
        .arg(script)
        .args(["--seed", &seed, "--pipelines", &count, "--out"])
        .arg(out.path())
        .output()
        .unwrap();
    assert!(done.status.success(), "seed {seed}: {}", String::from_utf8_lossy(&done.stderr));
    let folders = pipelines(out.path()).unwrap();
    assert_eq!(folders.len().to_string(), count, "seed {seed}");
    let mut failed = 0;
    for folder in &folders {
        let problems = check(folder).unwrap();
        if !problems.is_empty() {
            failed += 1;
            println!("{}", fs::read_to_string(folder.join("pipeline.json")).unwrap());
            problems.iter().take(3).for_each(|problem| println!("  {problem}"));
        }
    }
    if failed > 0 {
        println!("the pipelines are kept in {}", out.keep().display());
    }
    assert_eq!(failed, 0, "seed {seed}: pipelines that differ from Spark");
}
