//! Every golden case: our answers against those of the Spark that saved the model.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by a panic and says why it skips"
)]

use std::path::Path;

use firesteel_plan::Exactness;
use firesteel_testkit::golden::{cases, check, check_exactly};
use firesteel_testkit::live::compare_files;

#[test]
fn every_case_gives_sparks_answers() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/spark");
    let cases = cases(&root).unwrap();
    assert!(cases.len() > 100, "only {} golden cases were found", cases.len());
    let mut failed = 0;
    for case in &cases {
        let problems = check(case);
        failed += usize::from(!problems.is_empty());
        for problem in problems.iter().take(3) {
            println!("{problem}");
        }
        if problems.len() > 3 {
            println!("{}: and {} more", case.name, problems.len() - 3);
        }
    }
    println!("{} golden cases, {failed} differ", cases.len());
    assert_eq!(failed, 0, "cases that differ from Spark");
}

#[test]
fn the_order_of_a_spark_gives_its_last_bits() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/spark");
    let (mut checked, mut failed) = (0, 0);
    for case in cases(&root).unwrap() {
        let exactness = match case.answers["reader"].as_str() {
            Some("3.5.9") => Exactness::Spark35,
            Some("4.3.0") => Exactness::Spark4,
            _ => continue,
        };
        let problems = check_exactly(&case, exactness);
        checked += 1;
        failed += usize::from(!problems.is_empty());
        problems.iter().take(3).for_each(|problem| println!("{problem}"));
    }
    println!("{checked} golden cases in the order of their Spark, {failed} differ");
    assert!(checked > 800, "only {checked} cases of Spark 3.5 and 4 were found");
    assert_eq!(failed, 0, "cases that differ from Spark in their last bits");
}

#[test]
fn the_churn_example_equals_spark_to_the_last_bit() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/churn");
    let path = |name| folder.join(name);
    let (rows, problems) =
        compare_files(&path("model"), &path("rows.parquet"), &path("expected.parquet")).unwrap();
    assert_eq!(rows, 20_000);
    assert!(problems.is_empty(), "{:#?}", &problems[..problems.len().min(5)]);
}

#[test]
fn a_model_folder_of_mlflow_gives_sparks_answers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/mlflow/signed");
    let path = |name| folder.join(name);
    let (rows, problems) =
        compare_files(&path("model"), &path("input.parquet"), &path("expected.parquet")).unwrap();
    assert_eq!(rows, 40);
    assert!(problems.is_empty(), "{problems:#?}");
}
