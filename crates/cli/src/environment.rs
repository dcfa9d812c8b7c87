//! The environment as a value: read once in `main`, then passed to whom it concerns.

use std::collections::BTreeMap;
use std::ffi::OsString;

/// The variables of the process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The variables whose names and values are text.
    pub(crate) fn new(variables: impl Iterator<Item = (OsString, OsString)>) -> Environment {
        let text =
            |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
        Environment(variables.filter_map(text).collect())
    }

    /// The value of a variable, if it is set and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}
