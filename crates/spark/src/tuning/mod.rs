//! The stages of Spark's `org.apache.spark.ml.tuning`: models that were chosen among several.

mod best_model;
mod cross_validator;
mod train_validation_split;

use crate::stage::StageSpec;

/// The stages of this package that are read, in reading order.
pub(crate) const STAGES: &[&StageSpec] = &[
    &cross_validator::STAGE,
    &cross_validator::PYTHON_STAGE,
    &train_validation_split::STAGE,
    &train_validation_split::PYTHON_STAGE,
];
