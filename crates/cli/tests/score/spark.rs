//! Real Spark reads what `firesteel score` wrote, and the other way round; `check.py` says what is compared.

use std::process::Command;

use crate::{churn, stdout, succeed};

fn check(variable: &str) {
    let Some(python) = std::env::var_os(variable) else {
        println!("skipped: {variable} is not set (`cargo xtask test` sets it)");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut check = Command::new(python);
    check.args(["-c", include_str!("check.py"), env!("CARGO_BIN_EXE_firesteel")]);
    check.args([churn("model"), churn("rows.parquet"), churn("expected.parquet")]).arg(folder.path());
    let output = succeed(check.env("SPARK_LOCAL_IP", "127.0.0.1"));
    assert_eq!(stdout(&output), "same 20000\nsame 300\nsame 1000\nsame 1000\nsame 1000\nsame 1000\n");
}

#[test]
fn spark_3_agrees() {
    check("FIRESTEEL_PYTHON_SPARK3");
}

#[test]
fn spark_4_agrees() {
    check("FIRESTEEL_PYTHON_SPARK4");
}
