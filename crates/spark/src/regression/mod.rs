//! The stages of Spark's `org.apache.spark.ml.regression`.

mod decision_tree;
mod gbt;
mod linear_regression;
mod random_forest;

use crate::stage::StageSpec;

/// The stages of this package that are read, in reading order.
pub(crate) const STAGES: &[&StageSpec] =
    &[&linear_regression::STAGE, &decision_tree::STAGE, &random_forest::STAGE, &gbt::STAGE];
