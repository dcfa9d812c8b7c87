//! What can be wrong with a data file, said with what was found, what was expected and what to try.

use std::io;
use std::path::Path;

use thiserror::Error;

use crate::near::Missing;

/// Why a data file cannot be read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TableError {
    /// The operating system refused.
    #[error("cannot {action} {path}")]
    Io {
        /// What was tried: `read`, `write`, …
        action: &'static str,
        /// The file or folder.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// The file is not what it should be.
    #[error("{origin}: {problem}")]
    Unfit {
        /// The file, folder or stream.
        origin: String,
        /// What is wrong, with what was found and expected.
        problem: String,
        /// What to try.
        hint: String,
    },
    /// A record breaks the rules of its format.
    #[error("{file}, row {row}: {problem}")]
    Record {
        /// The file.
        file: String,
        /// The row, counted from 1.
        row: u64,
        /// What is wrong with it.
        problem: String,
        /// What to try; empty when there is nothing to say.
        hint: &'static str,
    },
    /// A cell does not hold what the model reads.
    #[error("{file}, row {row}, column '{column}': found {found}, expected {expected}")]
    Value {
        /// The file.
        file: String,
        /// The row, counted from 1.
        row: u64,
        /// The column.
        column: String,
        /// The value, as a person would write it.
        found: String,
        /// What the model takes.
        expected: String,
        /// What to try; empty when there is nothing to say.
        hint: &'static str,
    },
    /// A column has a type that does not become the one that the model reads.
    #[error("{file}, column '{column}': found {found}, expected {expected}")]
    ColumnType {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// The column's type.
        found: String,
        /// The type that the model reads.
        expected: String,
    },
    /// The model reads columns that the file does not have.
    #[error("{file} lacks columns that the model reads: {}", Missing::listed(.columns))]
    Missing {
        /// The file.
        file: String,
        /// The columns, each with the nearest name that the file has.
        columns: Vec<Missing>,
        /// The first names that the file has.
        found: String,
    },
    /// An output has the name of a column that the input has already.
    #[error("{file} has a column '{column}' already, which the model would write")]
    Taken {
        /// The file.
        file: String,
        /// The column.
        column: String,
    },
    /// The Parquet reader or writer refused.
    #[error("cannot {action} {path}")]
    Parquet {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: String,
        /// Its reason.
        source: parquet::errors::ParquetError,
    },
}

impl TableError {
    /// What to try, where there is something to say.
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            TableError::Io { source, action, .. } => io_hint(source.kind(), action).to_owned(),
            TableError::Unfit { hint, .. } => hint.clone(),
            TableError::Record { hint, .. } | TableError::Value { hint, .. } => (*hint).to_owned(),
            TableError::ColumnType { column, .. } => {
                format!("convert the column, or declare its type: --input-type {column}:TYPE")
            }
            TableError::Missing { found, .. } => format!("it has {found}"),
            TableError::Taken { .. } => {
                "rename or drop it in the input, or choose other outputs with --columns".to_owned()
            }
            TableError::Parquet { action: "read", .. } => {
                "is it a whole Parquet file? Copy or write it again; another format is named with --format"
                    .to_owned()
            }
            TableError::Parquet { .. } => String::new(),
        };
        (!text.is_empty()).then_some(text)
    }

    /// The system's error behind this one, if it was the system that refused.
    pub fn io_kind(&self) -> Option<io::ErrorKind> {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(self);
        while let Some(error) = cause {
            if let Some(io) = error.downcast_ref::<io::Error>() {
                return Some(io.kind());
            }
            cause = error.source();
        }
        None
    }

    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> TableError + use<> {
        let path = path.display().to_string();
        move |source| TableError::Io { action, path, source }
    }

    pub(crate) fn unfit(
        origin: impl ToString,
        problem: impl Into<String>,
        hint: impl Into<String>,
    ) -> TableError {
        TableError::Unfit { origin: origin.to_string(), problem: problem.into(), hint: hint.into() }
    }
}

fn io_hint(kind: io::ErrorKind, action: &str) -> &'static str {
    match (kind, action) {
        (io::ErrorKind::NotFound, "write") => "the folder must exist already",
        (io::ErrorKind::NotFound, _) => "check the path",
        (io::ErrorKind::PermissionDenied, _) => "check who may read and write there",
        (io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge, _) => {
            "make room or choose another place; nothing was left under the output's name"
        }
        (io::ErrorKind::IsADirectory, "write") => "give the name of a file",
        _ => "",
    }
}
