//! What a person sees: streams, errors, help, inspect, completions.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::{churn, firesteel, stderr, stdout, succeed};

/// Runs the command with `input` on its standard input.
fn feed(command: &mut Command, input: &str) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn score_stdin(input: &str, more: &[&str]) -> Output {
    feed(firesteel().arg("score").arg(churn("model")).arg("-").args(more), input)
}

#[test]
fn a_stream_of_json_lines_keeps_what_it_does_not_read() {
    let row = "{\"id\":12345678901234567890,\"age\":45,\"income\":52000.5,\"tenure_months\":14,\"credit_score\":0.71,\"k\":{\"a\":[]}}";
    let output = score_stdin(&format!("{row}\n{row}"), &["--columns", "prediction"]);
    let text = stdout(&output);
    assert!(output.status.success(), "{}", stderr(&output));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with(&row[..row.len() - 1]), "{text}");
    assert!(
        lines[0].ends_with(",\"prediction\":0.0}") || lines[0].ends_with(",\"prediction\":1.0}"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}') && !stderr(&output).contains('\u{1b}'));
}

#[test]
fn a_stream_of_csv_stays_csv() {
    let output = score_stdin("note,age,income,tenure_months,credit_score\n007,45,52000.5,14,0.71\n", &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    let mut lines = text.lines();
    let header = "note,age,income,tenure_months,credit_score,features_raw,features,rawPrediction,probability,prediction";
    assert_eq!(lines.next(), Some(header));
    let row = lines.next().unwrap();
    assert!(row.starts_with("007,45,52000.5,14,0.71,\"[45.0,52000.5,14.0,0.71]\",\"["), "{row}");
}

#[test]
fn errors_say_where_and_what_to_try() {
    let output = score_stdin("{\"age\":45,\"Income\":1,\"tenure_months\":14}\n", &[]);
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    assert!(text.starts_with("error: standard input lacks columns that the model reads: 'income' (did you mean 'Income'?), 'credit_score'"), "{text}");
    assert!(text.contains("\nhint: it has 'age', 'Income', 'tenure_months'"), "{text}");

    let good = "{\"age\":45,\"income\":1,\"tenure_months\":14,\"credit_score\":0.5}\n";
    let output = score_stdin(
        &format!("{good}{good}{{\"age\":null,\"income\":1,\"tenure_months\":1,\"credit_score\":1}}\n"),
        &[],
    );
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    assert!(text.contains("standard input, row 3, column 'age': found null"), "{text}");

    let output = firesteel().arg("score").args([churn("modle"), churn("rows.parquet")]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("did you mean"), "{}", stderr(&output));

    let output = firesteel().args(["score", "--colums", "a"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let output = score_stdin("", &["-o", "scored.xlsx"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--output-format"), "{}", stderr(&output));
}

#[test]
fn scored_rows_are_not_scored_again() {
    let output = firesteel().arg("score").args([churn("model"), churn("expected.parquet")]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    assert!(text.contains("has a column 'features_raw' already"), "{text}");
}

#[test]
fn stages_lists_what_is_read() {
    let text = stdout(&succeed(firesteel().arg("stages")));
    let line =
        |class: &str| text.lines().find(|line| line.split(' ').next() == Some(class)).unwrap().to_owned();
    assert!(line("org.apache.spark.ml.PipelineModel").ends_with("since Spark 1.2.0"));
    assert!(line("org.apache.spark.ml.feature.RobustScalerModel").ends_with("since Spark 3.0.0"));
    assert!(text.lines().count() > 60, "{text}");
}

#[test]
fn inspect_shows_stages_inputs_and_outputs() {
    let text = stdout(&succeed(firesteel().arg("inspect").arg(churn("model")).arg("--plan")));
    for expected in [
        "spark 3.5.9",
        "VectorAssembler",
        "RandomForestClassificationModel",
        "credit_score",
        "Plan cut to the outputs\n",
        "= input age",
        "= assemble",
        "Plan after: let forests read columns\n",
        "= forests of columns",
    ] {
        assert!(text.contains(expected), "no {expected} in\n{text}");
    }
    let json = stdout(&succeed(firesteel().arg("inspect").arg(churn("model")).arg("--json")));
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["inputs"][0]["name"], "age");
    assert_eq!(value["default_outputs"], serde_json::json!(["prediction", "probability"]));
    assert_eq!(value["stages"].as_array().unwrap().len(), 3);
}

#[test]
fn help_version_and_completions_are_there() {
    for command in ["score", "inspect", "completions"] {
        let text = stdout(&succeed(firesteel().args([command, "--help"])));
        assert!(text.contains("Examples:"), "{text}");
    }
    let version = stdout(&succeed(firesteel().arg("--version")));
    assert_eq!(version, format!("firesteel {}\n", env!("CARGO_PKG_VERSION")));
    assert!(stdout(&succeed(firesteel().args(["completions", "bash"]))).contains("_firesteel"));
}
