//! The stages of Spark's `org.apache.spark.ml.recommendation`.

mod als;

use crate::stage::StageSpec;

/// The stages of this package that are read, in reading order.
pub(crate) const STAGES: &[&StageSpec] = &[&als::STAGE];
