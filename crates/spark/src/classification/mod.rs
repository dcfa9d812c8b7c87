//! The stages of Spark's `org.apache.spark.ml.classification`.

mod common;
mod decision_tree;
mod gbt;
mod logistic_regression;
mod random_forest;
#[cfg(test)]
mod tests;

use crate::stage::StageSpec;

/// The stages of this package that are read, in reading order.
pub(crate) const STAGES: &[&StageSpec] =
    &[&logistic_regression::STAGE, &decision_tree::STAGE, &random_forest::STAGE, &gbt::STAGE];
