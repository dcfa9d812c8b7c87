//! The stages of Spark's `org.apache.spark.ml.feature`.

mod binarizer;
mod bucketed_random_projection_lsh;
mod bucketizer;
mod chi_sq_selector;
mod column_pruner;
mod columns;
mod count_vectorizer;
mod dct;
mod elementwise_product;
mod feature_hasher;
mod hashing_tf;
mod idf;
mod imputer;
mod index_to_string;
mod interaction;
mod max_abs_scaler;
mod min_hash_lsh;
mod min_max_scaler;
mod n_gram;
mod normalizer;
mod one_hot_encoder;
mod pca;
mod polynomial_expansion;
mod r_formula;
mod regex_tokenizer;
mod robust_scaler;
mod selector;
mod sql_transformer;
mod standard_scaler;
mod stop_words_remover;
mod string_indexer;
mod target_encoder;
mod tokenizer;
mod univariate_feature_selector;
mod variance_threshold_selector;
mod vector_assembler;
mod vector_attribute_rewriter;
mod vector_indexer;
mod vector_size_hint;
mod vector_slicer;
mod word2vec;

use crate::stage::StageSpec;

/// The stages of this package that are read, in reading order.
pub(crate) const STAGES: &[&StageSpec] = &[
    &string_indexer::STAGE,
    &index_to_string::STAGE,
    &one_hot_encoder::STAGE,
    &target_encoder::STAGE,
    &vector_assembler::STAGE,
    &vector_size_hint::STAGE,
    &vector_slicer::STAGE,
    &vector_indexer::STAGE,
    &interaction::STAGE,
    &polynomial_expansion::STAGE,
    &standard_scaler::STAGE,
    &min_max_scaler::STAGE,
    &max_abs_scaler::STAGE,
    &robust_scaler::STAGE,
    &normalizer::STAGE,
    &elementwise_product::STAGE,
    &pca::STAGE,
    &dct::STAGE,
    &chi_sq_selector::STAGE,
    &univariate_feature_selector::STAGE,
    &variance_threshold_selector::STAGE,
    &binarizer::STAGE,
    &bucketizer::STAGE,
    &imputer::STAGE,
    &tokenizer::STAGE,
    &regex_tokenizer::STAGE,
    &stop_words_remover::STAGE,
    &n_gram::STAGE,
    &hashing_tf::STAGE,
    &count_vectorizer::STAGE,
    &feature_hasher::STAGE,
    &idf::STAGE,
    &word2vec::STAGE,
    &bucketed_random_projection_lsh::STAGE,
    &min_hash_lsh::STAGE,
    &r_formula::STAGE,
    &sql_transformer::STAGE,
    &vector_attribute_rewriter::STAGE,
    &column_pruner::STAGE,
];
