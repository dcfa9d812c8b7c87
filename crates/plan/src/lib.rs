//! The scoring plan: columns, operations, builder, optimizer passes and executor.
//!
//! A reader of some model format lowers its stages through a [`Builder`] to the small closed set of
//! operations in [`ops`]. The result is a [`Model`]: it knows its [`Signature`] and compiles, for the outputs
//! that a face asks for, a [`Plan`]. A plan scores a [`Batch`] of typed columns and answers [`Scored`]; a plan of numbers
//! also scores single rows without columns ([`RowScorer`]).
//!
//! A plan is first cut to its outputs; then passes rewrite it, none of which changes an answer, to the last bit and
//! to the words of an error: an operation equal to an earlier one is left out, forests and linear models read columns
//! straight where a vector is assembled for them alone. [`Model::explain`] tells what the passes did, and
//! `cargo bench -p firesteel-plan` what each of them saves.
//!
//! This crate does no I/O, is not async and knows no model format. After the builder finishes, types are
//! settled: scoring can fail on a row ([`ScoreError`]), never on a type.

mod attributes;
mod batch;
mod builder;
pub mod calendar;
mod column;
pub mod decimal;
mod declared;
mod digits;
mod dot;
mod eigen;
mod erf;
mod error;
mod exactness;
mod executor;
mod graph;
mod lower;
mod model;
pub mod ops;
mod outputs;
mod passes;
mod random;
mod row;
mod signature;
mod subplan;
#[cfg(test)]
mod tests;
mod zones;

pub use attributes::{Attribute, Attributes, VectorAttributes};
pub use batch::{Batch, Scored};
pub use builder::{Asked, Builder, Col};
pub use column::{Column, ColumnType, VectorBuilder, VectorColumn, VectorRef};
pub use declared::Declared;
pub use error::{BuildError, RowError, ScoreError};
pub use exactness::Exactness;
pub use executor::Plan;
pub use model::{Model, ModelInfo, StageInfo};
pub use row::{RowScorer, RowScores};
pub use signature::{Field, Signature};
