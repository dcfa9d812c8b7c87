//! Opens any model: tells its format by its files and hands it to that format's reader.
//!
//! A format is one file and one entry in the list of formats. The readers themselves are crates of their own.

mod error;
mod mlflow;
mod spark;

use std::path::Path;

use firesteel_bundle::Bundle;
use firesteel_plan::{Declared, Model};

pub use error::OpenError;

/// How to open a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OpenOptions {
    /// What is known of the columns that the model will meet; where the model alone cannot tell a type, it must
    /// stand here.
    pub declared: Declared,
}

/// A model format.
pub trait Format: Sync {
    /// What people call it, in lower case.
    fn name(&self) -> &'static str;

    /// Whether these files look like a model of this format, be it whole or not.
    fn detect(&self, bundle: &Bundle) -> bool;

    /// Opens the model in these files.
    fn open(&self, bundle: &Bundle, options: &OpenOptions) -> Result<Model, OpenError>;
}

/// Every format, in the order in which they are tried.
pub const FORMATS: &[&dyn Format] = &[&mlflow::Mlflow, &spark::Spark];

/// Opens the model in the folder or archive at `path`.
pub fn open(path: &Path, options: &OpenOptions) -> Result<Model, OpenError> {
    open_bundle(&Bundle::open(path)?, options)
}

/// Opens the model in `bundle`.
pub fn open_bundle(bundle: &Bundle, options: &OpenOptions) -> Result<Model, OpenError> {
    match FORMATS.iter().find(|format| format.detect(bundle)) {
        Some(format) => format.open(bundle, options),
        None => Err(OpenError::unknown(bundle)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_no_format_are_named() {
        let bundle = Bundle::from_files("m", [("weights.h5".to_owned(), vec![1])]).unwrap();
        let error = open_bundle(&bundle, &OpenOptions::default()).unwrap_err().to_string();
        assert!(error.contains("weights.h5") && error.contains("spark"), "{error}");
    }

    #[test]
    fn a_broken_save_is_the_readers_to_refuse() {
        let bundle = Bundle::from_files("m", [("metadata/part-00000".to_owned(), b"{}".to_vec())]).unwrap();
        let error = open_bundle(&bundle, &OpenOptions::default()).unwrap_err();
        assert!(matches!(error, OpenError::Spark(_)), "{error}");
    }
}
