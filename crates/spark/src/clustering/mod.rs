//! The stages of Spark's `org.apache.spark.ml.clustering`.

mod bisecting_kmeans;
mod distributed_lda;
mod gaussian_mixture;
mod kmeans;
mod lda;
mod local_lda;

use crate::stage::StageSpec;

/// The stages of this package that are read, in reading order.
pub(crate) const STAGES: &[&StageSpec] = &[
    &kmeans::STAGE,
    &bisecting_kmeans::STAGE,
    &gaussian_mixture::STAGE,
    &local_lda::STAGE,
    &distributed_lda::STAGE,
];
