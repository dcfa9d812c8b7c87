//! The stages of Spark's `org.apache.spark.ml.regression`.

mod aft_survival_regression;
mod decision_tree;
mod fm;
mod gbt;
mod generalized_linear_regression;
mod isotonic_regression;
mod linear_regression;
mod random_forest;

use crate::stage::StageSpec;

/// The stages of this package that are read, in reading order.
pub(crate) const STAGES: &[&StageSpec] = &[
    &linear_regression::STAGE,
    &generalized_linear_regression::STAGE,
    &aft_survival_regression::STAGE,
    &isotonic_regression::STAGE,
    &decision_tree::STAGE,
    &random_forest::STAGE,
    &gbt::STAGE,
    &fm::STAGE,
];
