//! The stages of Spark's `org.apache.spark.ml.classification`.

mod common;
mod decision_tree;
mod fm;
mod gbt;
mod linear_svc;
mod logistic_regression;
mod multilayer_perceptron;
mod naive_bayes;
mod one_vs_rest;
mod random_forest;
#[cfg(test)]
mod tests;

use crate::stage::StageSpec;

/// The stages of this package that are read, in reading order.
pub(crate) const STAGES: &[&StageSpec] = &[
    &logistic_regression::STAGE,
    &decision_tree::STAGE,
    &random_forest::STAGE,
    &gbt::STAGE,
    &linear_svc::STAGE,
    &naive_bayes::STAGE,
    &fm::STAGE,
    &multilayer_perceptron::STAGE,
    &one_vs_rest::STAGE,
    &one_vs_rest::PYTHON_STAGE,
];
