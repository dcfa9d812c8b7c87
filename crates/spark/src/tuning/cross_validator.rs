//! `CrossValidatorModel`: scores by its best model, a stage or a pipeline in the folder `bestModel`.
//!
//! The estimator, the evaluator, the parameters tried,
//! `foldCol`, `numFolds` and sub-models (`subModels`) counted in training only.
//! PySpark writes the same layout under a class of its own when the estimator is written in Python. Spark's
//! `ml/tuning/CrossValidator.scala`.

use super::best_model;
use crate::stage::StageSpec;

pub(crate) const STAGE: StageSpec = StageSpec {
    class: "org.apache.spark.ml.tuning.CrossValidatorModel",
    since: "1.2.0",
    load: |saved| best_model::load(saved, "avgMetrics"),
};

pub(crate) const PYTHON_STAGE: StageSpec =
    StageSpec { class: "pyspark.ml.tuning.CrossValidatorModel", ..STAGE };

#[cfg(test)]
mod tests {
    use crate::testing::{Save, golden, vector};

    #[test]
    fn the_best_model_answers() {
        for version in ["2.4.8", "3.0.3", "3.5.9", "4.3.0"] {
            let model = golden("CrossValidatorModel", version);
            let scored = model.score(vec![("features", vector(&[9.0, 0.0, 0.0, 0.0]))]);
            assert_eq!(scored.doubles("prediction"), [1.0]);
            let classes: Vec<&str> = model.stages().iter().map(|stage| stage.class.as_str()).collect();
            assert_eq!(classes, ["LogisticRegressionModel", "CrossValidatorModel"]);
            assert_eq!(model.signature().default_outputs, ["prediction", "probability"]);
        }
    }

    #[test]
    fn without_a_best_model_it_is_refused() {
        let saved = Save::golden("CrossValidatorModel", "3.5.9").without("bestModel/");
        let error = saved.open(&[]).unwrap_err().to_string();
        assert!(error.contains("bestModel: the metadata cannot be read"), "{error}");
    }
}
