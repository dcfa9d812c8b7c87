//! Reads saved Spark ML models and lowers them to a plan.
//!
//! A save is a folder with `metadata/` (one line of JSON), most often `data/` (Parquet), and for a pipeline
//! `stages/`, each a save again. [`open`] reads every stage, then lowers them in order through a
//! [`Builder`](firesteel_plan::Builder). Each Spark class has one file, in the folder of its Spark package, that
//! says what Spark does; the const list beside it is what this crate can read. Values come from the save and
//! semantics from Spark's own answers: nothing is decided here that Spark decided.
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use firesteel_bundle::Bundle;
//!
//! let bundle = Bundle::open("../../examples/churn/model".as_ref())?;
//! let model = firesteel_spark::open(&bundle, BTreeMap::new())?;
//! let plan = model.plan(&["probability", "prediction"])?;
//! // Age, income, months of tenure and credit score, in the order of `plan.inputs()`.
//! let mut scorer = plan.row_scorer().ok_or("the plan reads other things than numbers")?;
//! let scores = scorer.score(&[41.0, 52_000.0, 12.0, 640.0]).ok_or("this row needs `plan.score`")?;
//! assert_eq!(scores.output(0).map(<[f64]>::len), Some(2));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod allowance;
mod attributes;
mod classification;
mod clustering;
mod data;
mod error;
mod factorization;
mod feature;
mod fpm;
mod java_regex;
mod linear;
mod metadata;
mod open;
mod param;
mod pipeline;
mod recommendation;
mod regression;
mod saved;
mod scala_set;
mod sql;
mod stage;
mod support;
#[cfg(test)]
mod testing;
mod tree;
mod tuning;
mod version;

pub use error::{LoadError, Problem};
pub use metadata::{Metadata, MetadataError};
pub use open::{detect, open};
pub use support::{SupportedStage, supported_stages};
pub use version::Version;
