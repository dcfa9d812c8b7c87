//! What a model reads and writes.

use std::fmt;

use crate::column::ColumnType;

/// One input or output column.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The column's name.
    pub name: String,
    /// The column's type.
    pub column_type: ColumnType,
    /// The size of every vector, if this is a vector column of known size.
    pub size: Option<usize>,
    /// Whether a null is an answer (of an output) or is taken (by the stage that reads an input).
    pub nullable: bool,
    /// The stage that first asks for an input or writes an output: its place and class, as `0 StringIndexerModel`.
    pub stage: String,
}

/// `name: type`, with the size of a vector and a question mark where nulls may stand.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.column_type)?;
        if let Some(size) = self.size {
            write!(f, "({size})")?;
        }
        if self.nullable { f.write_str("?") } else { Ok(()) }
    }
}

/// The columns that a model reads and writes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signature {
    /// The columns that the model reads, in the order in which its stages ask for them.
    pub inputs: Vec<Field>,
    /// Every column that the model writes, in the order in which its stages write them.
    pub outputs: Vec<Field>,
    /// The names of the outputs that a face answers when none are asked for: what the last stage writes, less
    /// the raw prediction, and vectors last, so that a prediction stands before its probabilities.
    pub default_outputs: Vec<String>,
}
