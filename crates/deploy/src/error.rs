//! Why a verb did not do what it was asked to do.

use std::time::Duration;

use firesteel_plan::{RowError, ScoreError};
use thiserror::Error;

/// A refusal, told so that the one who asked knows what to change.
#[derive(Clone, Debug, Error)]
pub enum Error {
    /// No endpoint has this name.
    #[error("there is no model '{name}'; {known}")]
    UnknownModel {
        /// The name asked for.
        name: String,
        /// The names there are, as a sentence.
        known: String,
    },
    /// A request without a model's name, where there is not exactly one model.
    #[error("name the model in the path, as /models/NAME/…; {known}")]
    NoSoleModel {
        /// The names there are, as a sentence.
        known: String,
    },
    /// A version was asked for that is not the one in use.
    #[error("model '{name}' has no version '{asked}'; version {current} is in use")]
    UnknownVersion {
        /// The endpoint.
        name: String,
        /// The version asked for.
        asked: String,
        /// The version in use.
        current: u64,
    },
    /// The endpoint has no model at the moment.
    #[error("model '{name}' is not loaded: {reason}")]
    NotLoaded {
        /// The endpoint.
        name: String,
        /// Why not.
        reason: String,
    },
    /// The files of the model cannot become a model.
    #[error("model '{name}' is refused: {reason}{}", stays(*.kept))]
    Refused {
        /// The endpoint.
        name: String,
        /// What is wrong with the files.
        reason: String,
        /// The version that stays in use, if there is one.
        kept: Option<u64>,
    },
    /// Outputs were asked for that the model does not have, or that cannot be computed.
    #[error("{0}")]
    Outputs(String),
    /// A row holds a value that a stage refuses.
    #[error(transparent)]
    Row(Box<RowError>),
    /// As many requests wait as may wait.
    #[error("model '{name}' is busy: {waiting} requests wait already; try again later")]
    Busy {
        /// The endpoint.
        name: String,
        /// How many wait.
        waiting: usize,
    },
    /// The request was not answered in its time.
    #[error("model '{name}' did not answer in time: the deadline passed after {} ms", .after.as_millis())]
    Deadline {
        /// The endpoint.
        name: String,
        /// How long the request was here.
        after: Duration,
    },
    /// A fault of ours.
    #[error("internal error in model '{name}': {problem}")]
    Internal {
        /// The endpoint.
        name: String,
        /// What is known of it.
        problem: String,
    },
}

fn stays(version: Option<u64>) -> String {
    version.map_or_else(String::new, |version| format!("; version {version} stays in use"))
}

impl Error {
    /// What a plan's refusal means for the endpoint `name`.
    pub(crate) fn from_score(name: &str, error: ScoreError) -> Error {
        match error {
            ScoreError::Row(row) => Error::Row(row),
            ScoreError::Batch(problem) => Error::Internal { name: name.to_owned(), problem },
        }
    }
}
