//! Why a model cannot be opened.

use firesteel_bundle::{Bundle, BundleError};
use firesteel_spark::LoadError;
use thiserror::Error;

use crate::FORMATS;

/// A model that cannot be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The files cannot be read.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The files are of no format that is known here.
    #[error("{origin}: no model format recognizes it: found {found}; known formats: {known}")]
    Unknown {
        /// The folder or archive.
        origin: String,
        /// The first few of its files.
        found: String,
        /// The names of the formats.
        known: String,
    },
    /// An MLflow model folder that cannot be opened.
    #[error("{origin}: this MLflow model cannot be opened: {problem}")]
    Mlflow {
        /// The folder or archive.
        origin: String,
        /// What was found, what was expected and what to try.
        problem: String,
    },
    /// A Spark save that cannot be opened.
    #[error(transparent)]
    Spark(#[from] LoadError),
}

/// How many files an error names.
const SHOWN: usize = 5;

impl OpenError {
    pub(crate) fn unknown(bundle: &Bundle) -> OpenError {
        let files = bundle.files();
        let mut found = files.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
        if files.len() > SHOWN {
            found.push_str(&format!(" and {} more files", files.len() - SHOWN));
        }
        let known = FORMATS.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
        OpenError::Unknown { origin: bundle.origin().to_owned(), found, known }
    }
}
