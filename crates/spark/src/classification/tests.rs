//! Golden saves of the classifiers, whole and with one thing changed.

use firesteel_plan::ScoreError;

use crate::LoadError;
use crate::testing::{Opened, Save, golden, vector};

const VERSIONS: [&str; 4] = ["2.4.8", "3.0.3", "3.5.9", "4.3.0"];

/// The features of the first golden row.
const ROW: [f64; 4] = [-0.2559, 0.5114, -0.2261, -0.3151];

/// The golden save of 3.5.9 with other text in its metadata.
fn edited(case: &str, from: &str, to: &str) -> Result<Opened, LoadError> {
    let save = Save::golden(case, "3.5.9");
    let bundle = save.clone().bundle();
    let part = bundle.files().into_iter().find(|name| name.starts_with("metadata/part-")).unwrap();
    let text = String::from_utf8(bundle.read(&part).unwrap().to_vec()).unwrap();
    assert!(text.contains(from), "{text}");
    save.with(&part, text.replace(from, to).as_bytes()).open(&[])
}

fn refusal(case: &str, from: &str, to: &str) -> String {
    edited(case, from, to).unwrap_err().to_string()
}

fn outputs(model: &Opened) -> Vec<&str> {
    model.signature().outputs.iter().map(|field| field.name.as_str()).collect()
}

#[test]
fn answers_are_those_of_every_version() {
    for version in VERSIONS {
        let scored =
            golden("RandomForestClassificationModel", version).score(vec![("features", vector(&ROW))]);
        let raw = scored.vector("rawPrediction", 0);
        let probability = scored.vector("probability", 0);
        assert_eq!((raw.len(), probability.len(), scored.doubles("prediction").len()), (3, 3, 1));
        assert!((raw.iter().sum::<f64>() - 3.0).abs() < 1e-12, "{raw:?}");
        assert!((probability.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{probability:?}");
    }
    let scored = golden("RandomForestClassificationModel", "3.5.9").score(vec![("features", vector(&ROW))]);
    assert_eq!(
        scored.vector("rawPrediction", 0),
        [1.3581780538302277, 1.3685300207039337, 0.27329192546583847]
    );
    assert_eq!(scored.doubles("prediction"), [1.0]);
    let scored = golden("GBTClassificationModel", "3.5.9").score(vec![("features", vector(&ROW))]);
    assert_eq!(scored.vector("rawPrediction", 0), [-0.7518935090105038, 0.7518935090105038]);
    let scored = golden("LogisticRegressionModel_binomial", "3.5.9").score(vec![("features", vector(&ROW))]);
    assert_eq!(scored.vector("rawPrediction", 0), [-0.2725939712769987, 0.2725939712769987]);
    assert_eq!(scored.doubles("prediction"), [1.0]);
}

#[test]
fn the_signature_knows_sizes_and_hides_raw_predictions() {
    let model = golden("RandomForestClassificationModel", "4.3.0");
    assert_eq!(model.signature().inputs[0].size, Some(4));
    assert_eq!(outputs(&model), ["rawPrediction", "probability", "prediction"]);
    assert_eq!(model.signature().outputs[0].size, Some(3));
    assert_eq!(model.signature().default_outputs, ["prediction", "probability"]);
    let facts: Vec<&str> = model.stages()[0].facts.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(facts, ["classes", "trees", "nodes", "depth", "features"]);
}

#[test]
fn an_empty_name_is_not_written() {
    let model =
        edited("GBTClassificationModel", r#""probabilityCol":"probability""#, r#""probabilityCol":"""#);
    assert_eq!(outputs(&model.unwrap()), ["rawPrediction", "prediction"]);
}

#[test]
fn leaves_are_written_where_asked_for() {
    let model = edited("RandomForestClassificationModel", r#""leafCol":"""#, r#""leafCol":"leaf""#).unwrap();
    let leaves = model.score(vec![("features", vector(&ROW))]).vector("leaf", 0);
    assert!(leaves.len() == 3 && leaves.iter().all(|leaf| (0.0..8.0).contains(leaf)), "{leaves:?}");
    let model = edited("DecisionTreeClassificationModel", r#""leafCol":"""#, r#""leafCol":"leaf""#).unwrap();
    assert_eq!(outputs(&model).last(), Some(&"leaf"));
}

#[test]
fn a_vector_too_short_is_a_row_error() {
    for case in ["RandomForestClassificationModel", "LogisticRegressionModel_multinomial"] {
        let model = golden(case, "3.5.9");
        let Err(ScoreError::Row(error)) = model.try_score(vec![("features", vector(&ROW[..3]))]) else {
            panic!("a row error")
        };
        assert_eq!((error.column.as_str(), error.expected.as_str()), ("features", "a vector of size 4"));
    }
}

#[test]
fn parameters_that_spark_would_refuse_are_refused() {
    let thresholds = |to: &str| {
        let from = r#""thresholds":[0.2,0.3,0.5]"#;
        refusal("LogisticRegressionModel_multinomial", from, &format!(r#""thresholds":{to}"#))
    };
    for to in ["[0.2,0.8]", "[0.0,0.0,1.0]", "[-0.1,0.5,0.6]", "[\"NaN\",0.5,0.6]", "[]"] {
        assert!(thresholds(to).contains("parameter 'thresholds'"), "{to}");
    }
    assert!(thresholds("\"high\"").contains("a list of numbers"));
    let threshold = |to: &str| {
        let from = r#""threshold":0.3"#;
        refusal("LogisticRegressionModel_binomial_l1", from, to)
    };
    assert!(threshold(r#""threshold":1.5"#).contains("a number from 0 to 1"));
    assert!(threshold(r#""threshold":0.3,"thresholds":[0.5,0.5]"#).contains("0.5 by 'thresholds'"));
}

#[test]
fn metadata_that_contradict_the_trees_are_refused() {
    let case = "RandomForestClassificationModel";
    assert!(refusal(case, r#""numTrees":3}"#, r#""numTrees":4}"#).contains("3 trees"));
    assert!(refusal(case, r#""numClasses":3"#, r#""numClasses":2"#).contains("3 impurityStats, expected 2"));
    assert!(refusal(case, r#""numClasses":3"#, r#""numClasses":0"#).contains("numClasses"));
    assert!(refusal(case, r#""numFeatures":4"#, r#""numFeatures":1"#).contains("expected one below 1"));
    assert!(refusal(case, r#""numFeatures":4"#, r#""numFeatures":-1"#).contains("numFeatures"));
    let lost = Save::golden(case, "3.5.9").without("treesMetadata").open(&[]).unwrap_err().to_string();
    assert!(lost.contains("'treesMetadata'"), "{lost}");
}
