//! The stages of Spark's `org.apache.spark.ml.fpm`.

mod fp_growth;

use crate::stage::StageSpec;

/// The stages of this package that are read, in reading order.
pub(crate) const STAGES: &[&StageSpec] = &[&fp_growth::STAGE];
