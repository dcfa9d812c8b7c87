//! Endpoints: loaded models by name, and the one verb that scores, behind every face.
//!
//! A [`Fleet`] holds an [`Endpoint`] for each model. An endpoint loads its model by a [`Loader`], swaps a changed
//! one in beside the old one with no failed request, and keeps [`Statistics`]. A face asks it for a [`Scorer`] (the
//! plan for the outputs that a request wants), types the request against [`Scorer::inputs`] and calls
//! [`Scorer::score`], which joins requests into batches when they come together. A [`Watcher`] follows changed files.
//!
//! ```no_run
//! # use std::{path::PathBuf, sync::Arc};
//! # use firesteel_deploy::{Error, Fleet, Settings};
//! # use firesteel_plan::{Batch, Column};
//! # async fn example(loader: firesteel_deploy::Loader) -> Result<(), Error> {
//! let fleet = Fleet::new(loader, Settings::default());
//! fleet.add("churn", PathBuf::from("models/churn")).load().await?;
//! let scorer = fleet.endpoint("churn")?.scorer(&[])?;
//! let batch = Batch::new(1, vec![Column::from_doubles(vec![45.0])]);
//! let answer = scorer.score(batch, None).await?;
//! # Ok(())
//! # }
//! ```
//!
//! This crate knows no HTTP and no message format.

mod endpoint;
mod error;
mod fleet;
mod loaded;
mod per_thread;
mod queue;
mod rows;
mod run;
mod scorer;
mod settings;
mod statistics;
#[cfg(test)]
mod tests;
mod watch;

pub use endpoint::{Endpoint, State};
pub use error::Error;
pub use fleet::{Fleet, Listing};
pub use loaded::{Loaded, Version};
pub use per_thread::PerThread;
pub use rows::RowTimes;
pub use scorer::{Answer, Scorer};
pub use settings::{Clock, Loader, Settings};
pub use statistics::{Outcome, Snapshot, Statistics, Tally};
pub use watch::Watcher;
