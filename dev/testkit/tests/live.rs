//! Random pipelines, trained and scored by a real Spark in this run, against ours.
//!
//! `cargo xtask test` sets the Python interpreters; without them the tests say that they skip. A run prints its
//! seed; `FIRESTEEL_LIVE_SEED` repeats it, and `FIRESTEEL_LIVE_PIPELINES` asks for another number of pipelines. The
//! first few that differ are made smaller, again with that Spark. `FIRESTEEL_LIVE_KEPT` names a folder of pipelines
//! that were kept: they are compared again, and none are made.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by a panic and says why it skips"
)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use firesteel_testkit::live::{check, pipelines};
use firesteel_testkit::shrink::shrink;

/// The pipelines of the test command and their seed: always the same, so that it tells of the change and not of the
/// day. New ground is that of longer runs with other seeds.
const PIPELINES: &str = "8";
const SEED: &str = "1";
/// So many of those that differ are made smaller: it takes a minute each.
const SHRUNK: usize = 3;

#[test]
fn random_pipelines_of_spark_3() {
    run("FIRESTEEL_PYTHON_SPARK3");
}

#[test]
fn random_pipelines_of_spark_4() {
    run("FIRESTEEL_PYTHON_SPARK4");
}

#[test]
fn kept_pipelines() {
    if let Some(folder) = env::var_os("FIRESTEEL_LIVE_KEPT") {
        assert_eq!(differing(Path::new(&folder)).len(), 0, "pipelines that differ from Spark");
    }
}

fn run(interpreter: &str) {
    let Some(python) = env::var_os(interpreter).map(PathBuf::from) else {
        println!("skipped: {interpreter} does not name a Python with PySpark; run `cargo xtask test`");
        return;
    };
    let text = |name: &str| env::var_os(name).and_then(|value| value.into_string().ok());
    let seed = text("FIRESTEEL_LIVE_SEED").unwrap_or_else(|| SEED.to_owned());
    let count = text("FIRESTEEL_LIVE_PIPELINES").unwrap_or_else(|| PIPELINES.to_owned());
    println!("seed {seed}, {count} pipelines");
    let out = tempfile::tempdir().unwrap();
    let done = Command::new(&python)
        .arg(script("live_pipelines.py"))
        .args(["--seed", &seed, "--pipelines", &count, "--out"])
        .arg(out.path())
        .output()
        .unwrap();
    assert!(done.status.success(), "seed {seed}: {}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(pipelines(out.path()).unwrap().len().to_string(), count, "seed {seed}");
    let failed = differing(out.path());
    if failed.is_empty() {
        return;
    }
    let out = out.keep();
    println!("the pipelines are kept in {}", out.display());
    for folder in failed.iter().take(SHRUNK) {
        make_smaller(&python, folder);
    }
    panic!("seed {seed}: {} pipelines differ from Spark", failed.len());
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../python").join(name)
}

/// The pipelines below `out` that differ; tells how.
fn differing(out: &Path) -> Vec<PathBuf> {
    let differs = |folder: &PathBuf| {
        let problems = check(folder).unwrap();
        if !problems.is_empty() {
            println!("{}", fs::read_to_string(folder.join("pipeline.json")).unwrap());
            problems.iter().take(3).for_each(|problem| println!("  {problem}"));
        }
        !problems.is_empty()
    };
    pipelines(out).unwrap().into_iter().filter(differs).collect()
}

fn make_smaller(python: &Path, folder: &Path) {
    let smaller = folder.join("smallest");
    match shrink(python, &script("live_shrink.py"), folder, &smaller) {
        Err(problem) => println!("{} was not made smaller: {problem}", folder.display()),
        Ok((part, problems)) => {
            println!("stages {:?} and rows {:?} are enough: {}", part.stages, part.rows, smaller.display());
            problems.iter().take(3).for_each(|problem| println!("  {problem}"));
        }
    }
}
