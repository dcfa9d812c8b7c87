//! What a caller knows of the columns that a model will meet, and wants of its answers, before it is opened.

use std::collections::{BTreeMap, BTreeSet};

use crate::column::ColumnType;
use crate::exactness::Exactness;

/// Types, sizes and names of columns, each may be left empty; and how exact the answers are to be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declared {
    /// The types of columns.
    pub types: BTreeMap<String, ColumnType>,
    /// The sizes of vector columns.
    pub sizes: BTreeMap<String, usize>,
    /// The names of all columns there are, where that is known: what is not among them is not there.
    pub columns: Option<BTreeSet<String>>,
    /// Whose bits the answers have.
    pub exactness: Exactness,
}

impl From<BTreeMap<String, ColumnType>> for Declared {
    fn from(types: BTreeMap<String, ColumnType>) -> Declared {
        Declared { types, ..Declared::default() }
    }
}
