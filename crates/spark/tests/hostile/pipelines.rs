//! Stages that name themselves, too many of them, and stages that lie in each other.

use serde_json::{Value, json};

use crate::attempt::attempt;
use crate::golden::Save;
use crate::made::{edited, feature};

/// A pipeline that names these stages, whether or not it has them.
fn naming(uids: &[&str]) -> Save {
    Save::of("org.apache.spark.ml.PipelineModel", &json!({"stageUids": uids}).to_string())
}

fn tokenizer() -> Save {
    feature("Tokenizer", json!({"inputCol": "a", "outputCol": "b"}))
}

/// The files of one save in a folder of another.
fn with_folder(mut outer: Save, folder: &str, inner: &Save) -> Save {
    let files = inner.files.iter().map(|(path, bytes)| (format!("{folder}/{path}"), bytes.clone()));
    outer.files.extend(files);
    outer
}

#[test]
fn stages_that_lead_out_of_the_pipeline_are_not_found() {
    for uid in ["../..", "..", "../../..", "/etc", "x/../../..", "", ".", "\0", "a\nb", &"u".repeat(100_000)]
    {
        attempt(&with_folder(naming(&[uid]), "stages/0_x", &tokenizer())).assert_says("stageUids names");
    }
    attempt(&naming(&["stage_1"])).assert_says("there is no folder");
}

#[test]
fn a_pipeline_of_a_million_stages_is_refused() {
    let uids: Vec<String> = (0..1_000_000).map(|at| format!("s{at}")).collect();
    let uids: Vec<&str> = uids.iter().map(String::as_str).collect();
    attempt(&with_folder(naming(&uids), "stages/0000000_s0", &tokenizer())).assert_says("there is no folder");
    attempt(&naming(&vec!["s"; 1_000_000])).assert_says("there is no folder");
}

#[test]
fn more_stages_than_a_pipeline_may_have_are_refused() {
    let at = |at: usize| feature("Tokenizer", json!({"inputCol": "a", "outputCol": format!("b{at}")}));
    attempt(&Save::pipeline((0..10_000).map(at))).assert_says("more than 10000 stages");
    // The numbers of the folders are not padded, so that none has the name that is looked for first.
    let mut save = Save::pipeline((0..9_000).map(at));
    let unpadded = |path: String| match path.strip_prefix("stages/") {
        Some(rest) => format!("stages/{}", rest.trim_start_matches('0').trim_start_matches("_")),
        None => path,
    };
    save.files =
        std::mem::take(&mut save.files).into_iter().map(|(path, bytes)| (unpadded(path), bytes)).collect();
    attempt(&save);
}

#[test]
fn pipelines_in_each_other_without_end_are_refused() {
    let mut nested = tokenizer();
    for _ in 0..20 {
        nested = Save::pipeline([nested]);
    }
    attempt(&nested).assert_says("deep in each other");
    let mut nested = tokenizer();
    for _ in 0..12 {
        nested = Save::pipeline([nested.clone(), nested]);
    }
    attempt(&nested);
}

#[test]
fn models_in_each_other_without_end_are_refused() {
    for (class, folder) in
        [("tuning.CrossValidatorModel", "bestModel"), ("tuning.TrainValidationSplitModel", "bestModel")]
    {
        let outer = || Save::of(&format!("org.apache.spark.ml.{class}"), "{}");
        let mut nested = tokenizer();
        for _ in 0..20 {
            nested = with_folder(outer(), folder, &nested);
        }
        attempt(&nested).assert_says("deep in each other");
        attempt(&outer()).assert_says("there is no file 'metadata/part-*'");
    }
    let inner = Save::golden("OneVsRestModel", "3.5.9");
    attempt(&with_folder(inner.clone(), "model_0", &inner)).assert_says("not supported");
}

#[test]
fn more_classes_than_models_are_refused() {
    for classes in [json!(4), json!(i32::MAX), json!(0), json!(-1), json!("3"), json!(1e9)] {
        attempt(&edited("OneVsRestModel", |about| about["numClasses"] = classes));
    }
    attempt(&edited("OneVsRestModel", |about| about["numClasses"] = json!(4))).assert_says("model_3");
}

#[test]
fn stages_that_write_what_others_write_are_refused() {
    let same = || Save::pipeline([tokenizer(), tokenizer()]);
    attempt(&same()).assert_says("already exists");
    let circle = feature("Tokenizer", json!({"inputCol": "b", "outputCol": "b"}));
    attempt(&circle).assert_says("already exists");
}

#[test]
fn metadata_that_are_no_metadata_are_refused() {
    let long = json!({"class": "c".repeat(1 << 20), "uid": "u", "sparkVersion": "3.5.9", "paramMap": {}});
    let many = json!({"class": "a.B", "uid": "u", "sparkVersion": "9".repeat(900), "paramMap": {}});
    for about in
        [long, many, json!({"class": "\u{1b}[31m", "uid": "\n", "sparkVersion": "\0", "paramMap": {}})]
    {
        assert!(attempt(&tokenizer().with("metadata/part-00000", about.to_string())).refused.is_some());
    }
    for bytes in [vec![b'\n'; 1 << 20], vec![0xff; 1 << 10], vec![0; 1 << 20], vec![b'['; 33 << 20]] {
        assert!(attempt(&tokenizer().with("metadata/part-00000", bytes)).refused.is_some());
    }
    let keys: Value =
        (0..200_000).map(|at| (format!("k{at}"), json!(at))).collect::<serde_json::Map<_, _>>().into();
    let about = json!({"class": "org.apache.spark.ml.feature.Tokenizer", "uid": "u", "sparkVersion": "3.5.9",
        "paramMap": {"inputCol": "a", "outputCol": "b", "rest": keys}});
    attempt(&tokenizer().with("metadata/part-00000", about.to_string())).assert_opens();
}
