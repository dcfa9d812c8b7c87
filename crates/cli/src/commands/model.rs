//! Opens the model that a command names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use firesteel_formats::OpenOptions;
use firesteel_plan::{ColumnType, Declared, Model};

use crate::failure::Failure;

/// The model and what is known of its inputs.
#[derive(Debug, Args)]
pub(crate) struct ModelArguments {
    /// The saved model: a folder, .zip, .tar.gz or .tar
    model: PathBuf,
    /// The type of an input column, such as age:int or features:vector; once for each column
    #[arg(long, value_name = "NAME:TYPE", value_parser = name_and_type)]
    input_type: Vec<(String, ColumnType)>,
}

impl ModelArguments {
    /// Where the model lies.
    pub(crate) fn path(&self) -> &Path {
        &self.model
    }

    /// The types that the user declared.
    pub(crate) fn types(&self) -> BTreeMap<String, ColumnType> {
        self.input_type.iter().cloned().collect()
    }

    /// The model, given what the data declares; the types that the user declared go before.
    pub(crate) fn open(&self, mut declared: Declared) -> Result<Model, Failure> {
        declared.types.extend(self.types());
        firesteel_formats::open(&self.model, &OpenOptions { declared }).map_err(Failure::from_error)
    }
}

/// Reads `NAME:TYPE`.
pub(crate) fn name_and_type(text: &str) -> Result<(String, ColumnType), String> {
    let (name, column_type) = text.rsplit_once(':').ok_or("expected NAME:TYPE, such as age:int")?;
    Ok((name.to_owned(), column_type.parse()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_hold_colons() {
        assert_eq!(name_and_type("a:b:int").unwrap(), ("a:b".to_owned(), ColumnType::Int));
        assert_eq!(name_and_type("w:array<string>").unwrap().1, ColumnType::strings());
        assert!(name_and_type("age").unwrap_err().contains("NAME:TYPE"));
        assert!(name_and_type("age:number").unwrap_err().contains("unknown type 'number'"));
    }
}
