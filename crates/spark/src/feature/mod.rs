//! The stages of Spark's `org.apache.spark.ml.feature`.

mod bucketizer;
mod column_pruner;
mod columns;
mod count_vectorizer;
mod hashing_tf;
mod idf;
mod imputer;
mod index_to_string;
mod min_max_scaler;
mod n_gram;
mod one_hot_encoder;
mod r_formula;
mod regex_tokenizer;
mod standard_scaler;
mod stop_words_remover;
mod string_indexer;
mod tokenizer;
mod vector_assembler;
mod vector_attribute_rewriter;
mod word2vec;

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
    &regex_tokenizer::STAGE,
    &stop_words_remover::STAGE,
    &n_gram::STAGE,
    &hashing_tf::STAGE,
    &count_vectorizer::STAGE,
    &idf::STAGE,
    &word2vec::STAGE,
    &r_formula::STAGE,
    &vector_attribute_rewriter::STAGE,
    &column_pruner::STAGE,
];
