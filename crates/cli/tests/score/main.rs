//! The `firesteel score` and `inspect` commands as a person runs them, against Spark's own answers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by a panic and says why it skips"
)]

mod answers;
mod faces;
mod faults;
mod spark;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The command under test, without the environment's say in colours.
fn firesteel() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_firesteel"));
    command.env_remove("NO_COLOR");
    command
}

/// A file of the churn example.
fn churn(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/churn").join(name)
}

/// Runs the command to its good end.
fn succeed(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", stderr(&output));
    output
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The names in a folder, hidden ones too.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
