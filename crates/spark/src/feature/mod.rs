//! The stages of Spark's `org.apache.spark.ml.feature`.

mod bucketizer;
mod columns;
mod hashing_tf;
mod idf;
mod imputer;
mod index_to_string;
mod min_max_scaler;
mod one_hot_encoder;
mod standard_scaler;
mod string_indexer;
mod tokenizer;
mod vector_assembler;

use crate::stage::StageSpec;

/// The stages of this package that are read, in reading order.
pub(crate) const STAGES: &[&StageSpec] = &[
    &string_indexer::STAGE,
    &index_to_string::STAGE,
    &one_hot_encoder::STAGE,
    &vector_assembler::STAGE,
    &standard_scaler::STAGE,
    &min_max_scaler::STAGE,
    &bucketizer::STAGE,
    &imputer::STAGE,
    &tokenizer::STAGE,
    &hashing_tf::STAGE,
    &idf::STAGE,
];
