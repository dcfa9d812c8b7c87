//! Every golden case: our answers against those of the Spark that saved the model.

use std::path::Path;

use firesteel_testkit::compare::Tolerance;
use firesteel_testkit::golden::{cases, check};
use firesteel_testkit::live::compare_files;

/// Where Spark itself is not stable between its versions; see `docs/exactness.md`.
fn tolerance(case: &str) -> Tolerance {
    let dot_products = ["LogisticRegression", "LinearRegression", "GBT", "PipelineModel", "IDFModel"];
    if dot_products.iter().any(|part| case.contains(part)) {
        return Tolerance::Relative(1e-13);
    }
    Tolerance::Exact
}

#[test]
fn every_case_gives_sparks_answers() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/spark");
    let cases = cases(&root).unwrap();
    assert!(cases.len() > 100, "only {} golden cases were found", cases.len());
    let mut failed = 0;
    for case in &cases {
        let problems = check(case, |_| tolerance(&case.name));
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
fn the_churn_example_equals_spark_to_the_last_bit() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/churn");
    let (rows, problems) = compare_files(
        &folder.join("model"),
        &folder.join("rows.parquet"),
        &folder.join("expected.parquet"),
        |_| false,
    )
    .unwrap();
    assert_eq!(rows, 20_000);
    assert!(problems.is_empty(), "{:#?}", &problems[..problems.len().min(5)]);
}
