//! Data files in and out: Parquet, CSV and JSON lines as Arrow batches, vectors in Spark's layout.
//!
//! A [`Source`] is a file, a folder of part files or a stream. It yields [`Rows`]: batches of the source's own
//! columns, as they are. [`bind`] makes of them the [`Batch`](firesteel_plan::Batch) that a plan scores. A
//! [`Sink`] writes the source's columns and the plan's outputs, to a file beside the target that is renamed at
//! the end.
//!
//! CSV and JSON cells stay the text that they came as until someone asks for a type, so what the model does
//! not read passes through untouched.

mod bind;
mod declared;
mod error;
mod files;
mod format;
mod near;
mod parse;
mod read;
mod rows;
mod source;
mod types;
mod workers;
mod write;

pub use bind::bind;
pub use error::TableError;
pub use format::Format;
pub use near::Missing;
pub use rows::Rows;
pub use source::Source;
pub use types::declared_types;
pub use workers::Workers;
pub use write::{Layout, Sink, Target};
