//! What can go wrong: building a plan from a model, and scoring a row.

use std::sync::Arc;

use thiserror::Error;

use crate::column::ColumnType;

/// A model that cannot become a plan.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum BuildError {
    /// A column has a type that the stage that reads it cannot take.
    #[error("column '{column}' is {found}, expected {expected}")]
    ColumnType {
        /// The column.
        column: String,
        /// Its type.
        found: String,
        /// What the stage takes.
        expected: String,
    },
    /// An output column would hide a column that exists already.
    #[error("output column '{0}' already exists; rename it in one of the stages")]
    ColumnExists(String),
    /// An output was asked for that the model does not have.
    #[error("the model has no output '{asked}'; it has {known}")]
    UnknownOutput {
        /// The output asked for.
        asked: String,
        /// The outputs there are.
        known: String,
    },
    /// The type of a column that only the data can tell.
    #[error(
        "the type of input column '{column}' is not known: {reason}; declare it, for example '{column}:{example}'"
    )]
    UnknownType {
        /// The column.
        column: String,
        /// Why it is not known.
        reason: String,
        /// A type that it often has.
        example: ColumnType,
    },
    /// The model's own values contradict each other.
    #[error("{0}")]
    Invalid(String),
}

/// A batch that cannot be scored.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ScoreError {
    /// A row holds a value that a stage refuses.
    #[error(transparent)]
    Row(Box<RowError>),
    /// The columns of the batch are not the plan's inputs; a fault of the caller, not of the data.
    #[error("the batch does not fit the plan: {0}")]
    Batch(String),
}

/// The value that a stage refused, and where.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("row {row}, column '{column}': found {found}, expected {expected} ({stage}){}", hint_suffix(.hint))]
pub struct RowError {
    /// The row, counted from 0 in the batch as it was given.
    pub row: usize,
    /// The column that holds the value.
    pub column: String,
    /// The stage that refused it: its class and uid.
    pub stage: String,
    /// The value, as a person would write it.
    pub found: String,
    /// What the stage takes.
    pub expected: String,
    /// What to try; empty when there is nothing to say.
    pub hint: String,
}

fn hint_suffix(hint: &str) -> String {
    if hint.is_empty() { String::new() } else { format!("; {hint}") }
}

/// A row that an operation refused, before the executor knows the row's place in the batch.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) row: usize,
    pub(crate) input: usize,
    pub(crate) found: String,
    pub(crate) expected: String,
    pub(crate) hint: &'static str,
    /// The column and the stage, where they are not those of the operation that ran.
    pub(crate) origin: Option<Origin>,
}

/// Where a value was refused.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) column: Arc<str>,
    pub(crate) stage: Arc<str>,
}

/// Why an operation stopped.
#[derive(Clone, Debug)]
pub(crate) enum OpError {
    Row(Box<Fault>),
    Internal(String),
}

impl OpError {
    /// A refused value, shown as it stands in `column`.
    pub(crate) fn value(
        column: &crate::Column,
        row: usize,
        input: usize,
        expected: impl Into<String>,
    ) -> OpError {
        OpError::row(row, input, column.show(row), expected)
    }

    /// A refused row.
    pub(crate) fn row(
        row: usize,
        input: usize,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> OpError {
        let (found, expected) = (found.into(), expected.into());
        OpError::Row(Box::new(Fault { row, input, found, expected, hint: "", origin: None }))
    }

    /// The same with what to try.
    pub(crate) fn hint(mut self, hint: &'static str) -> OpError {
        if let OpError::Row(fault) = &mut self {
            fault.hint = hint;
        }
        self
    }
}

impl From<arrow_schema::ArrowError> for OpError {
    fn from(error: arrow_schema::ArrowError) -> OpError {
        OpError::Internal(error.to_string())
    }
}
