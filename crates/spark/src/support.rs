//! What this crate can read, and what to say of a class that it cannot.

use strsim::levenshtein;

use crate::error::Problem;
use crate::metadata::short_class;
use crate::stage::StageSpec;
use crate::version::Version;
use crate::{classification, clustering, feature, fpm, pipeline, recommendation, regression, tuning};

/// Every stage that is read, in the order in which people know them.
const STAGES: [&[&StageSpec]; 7] = [
    feature::STAGES,
    classification::STAGES,
    regression::STAGES,
    clustering::STAGES,
    recommendation::STAGES,
    fpm::STAGES,
    tuning::STAGES,
];

/// A Spark class that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupportedStage {
    /// The class with its package.
    pub class: &'static str,
    /// The first Spark that had it.
    pub since: &'static str,
}

/// The classes that are read: pipelines first, then the stages by Spark package.
pub fn supported_stages() -> Vec<SupportedStage> {
    let pipelines = pipeline::CLASSES.map(|class| SupportedStage { class, since: pipeline::SINCE });
    let stages = STAGES.iter().copied().flatten();
    let stages = stages.map(|stage| SupportedStage { class: stage.class, since: stage.since });
    pipelines.into_iter().chain(stages).collect()
}

/// The reader of `class`.
pub(crate) fn find(class: &str) -> Option<&'static StageSpec> {
    STAGES.iter().copied().flatten().copied().find(|stage| stage.class == class)
}

/// What to say of a class without a reader.
pub(crate) fn refuse(class: &str, version: Version) -> Problem {
    // Spark 2's `OneHotEncoder` is no estimator but a stage of its own.
    let stateless = version.major == 2 && class == "org.apache.spark.ml.feature.OneHotEncoder";
    if let Some(model) = fitted(class).filter(|_| !stateless) {
        return Problem::Unfitted { class: class.to_owned(), model };
    }
    let names: Vec<&str> = supported_stages().iter().map(|stage| short_class(stage.class)).collect();
    let wanted = short_class(class);
    let near = nearest(wanted, names.iter().copied(), wanted.len().min(MAX_COMPARED) / 4, 1);
    Problem::Unsupported {
        class: class.to_owned(),
        nearest: near.first().copied().unwrap_or_default().to_owned(),
        supported: listed(&names),
    }
}

/// The class of what `fit` of this estimator returns; `None` if it is not an estimator of what is read.
fn fitted(class: &str) -> Option<String> {
    let name = short_class(class);
    if matches!(class, "org.apache.spark.ml.Pipeline" | "pyspark.ml.pipeline.Pipeline") {
        return Some("PipelineModel".to_owned());
    }
    if name == "QuantileDiscretizer" {
        return Some("Bucketizer".to_owned());
    }
    if class == "org.apache.spark.ml.clustering.LDA" {
        return Some("LocalLDAModel or DistributedLDAModel".to_owned());
    }
    let model = name.replace("Classifier", "Classification").replace("Regressor", "Regression");
    let model = format!("{}Model", model.trim_end_matches("Estimator"));
    let read = supported_stages().into_iter().any(|stage| short_class(stage.class) == model);
    (class.starts_with("org.apache.spark.ml.") && read).then_some(model)
}

/// The names, each once.
fn listed(names: &[&str]) -> String {
    let mut list: Vec<&str> = Vec::new();
    for name in names {
        if !list.contains(name) {
            list.push(name);
        }
    }
    list.join(", ")
}

/// The most letters of a name that are compared with others.
const MAX_COMPARED: usize = 80;

/// The names that `wanted` was most likely meant to be, the nearest first: at most so many, each at most so many letters
/// away.
pub(crate) fn nearest<'a>(
    wanted: &str,
    names: impl Iterator<Item = &'a str>,
    away: usize,
    most: usize,
) -> Vec<&'a str> {
    let wanted: String = wanted.chars().take(MAX_COMPARED).collect();
    let mut near: Vec<(usize, &str)> = names.map(|name| (levenshtein(&wanted, name), name)).collect();
    near.retain(|(distance, _)| *distance <= away);
    near.sort_unstable();
    near.into_iter().take(most).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_has_one_reader() {
        let mut classes: Vec<&str> = supported_stages().iter().map(|stage| stage.class).collect();
        let count = classes.len();
        classes.sort_unstable();
        classes.dedup();
        assert_eq!(classes.len(), count);
    }

    #[test]
    fn estimators_are_told_from_strangers() {
        let refused = |class: &str| refuse(class, "3.5.9".parse().unwrap()).to_string();
        assert!(refused("org.apache.spark.ml.Pipeline").contains("not fitted"));
        assert!(refused("org.apache.spark.ml.feature.StringIndexer").contains("StringIndexerModel"));
        assert!(refused("org.apache.spark.ml.feature.OneHotEncoderEstimator").contains("OneHotEncoderModel"));
        assert!(refused("org.apache.spark.ml.feature.QuantileDiscretizer").contains("Bucketizer"));
        assert!(refused("org.apache.spark.ml.clustering.LDA").contains("LocalLDAModel or"));
        assert!(refused("org.apache.spark.ml.classification.FMClassifier").contains("FMClassificationModel"));
        let older = refuse("org.apache.spark.ml.feature.OneHotEncoder", "2.4.8".parse().unwrap()).to_string();
        assert!(older.contains("not supported"), "{older}");
        let stranger = refused("ml.dmlc.xgboost4j.scala.spark.XGBoostClassificationModel");
        assert!(stranger.contains("not supported") && stranger.contains("VectorAssembler"), "{stranger}");
        assert!(
            refused("org.apache.spark.ml.feature.StandardScalarModel").contains("mean StandardScalerModel?")
        );
    }
}
