//! What a caller knows of the columns that a model will meet, before the model is opened.

use std::collections::{BTreeMap, BTreeSet};

use crate::column::ColumnType;

/// Types, sizes and names of columns; each may be left empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declared {
    /// The types of columns.
    pub types: BTreeMap<String, ColumnType>,
    /// The sizes of vector columns.
    pub sizes: BTreeMap<String, usize>,
    /// The names of all columns there are, where that is known: what is not among them is not there.
    pub columns: Option<BTreeSet<String>>,
}

impl From<BTreeMap<String, ColumnType>> for Declared {
    fn from(types: BTreeMap<String, ColumnType>) -> Declared {
        Declared { types, ..Declared::default() }
    }
}
