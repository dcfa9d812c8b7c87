//! One stage's folder: its metadata, its parameters with their types, and its model data.

use std::rc::Rc;

use firesteel_bundle::Bundle;

use crate::allowance::Allowance;
use crate::data::ModelData;
use crate::error::{LoadError, MAX_VALUE, Problem, plain};
use crate::metadata::{Metadata, short_class};
use crate::param::{Param, show};
use crate::version::Version;

/// A stage's folder, of which the metadata were read.
#[derive(Clone, Debug)]
pub(crate) struct Saved {
    bundle: Bundle,
    place: String,
    metadata: Metadata,
    version: Version,
    allowance: Rc<Allowance>,
}

impl Saved {
    /// Reads the metadata of the outermost stage of the save in `bundle`.
    pub(crate) fn read(bundle: Bundle) -> Result<Saved, LoadError> {
        Saved::read_at(bundle, String::new(), Rc::default())
    }

    /// Reads the metadata of a stage of this one, which lies in `bundle` and stands at `place` in its pipeline.
    pub(crate) fn inner(&self, bundle: Bundle, place: String) -> Result<Saved, LoadError> {
        Saved::read_at(bundle, place, Rc::clone(&self.allowance))
    }

    pub(crate) fn read_at(
        bundle: Bundle,
        place: String,
        allowance: Rc<Allowance>,
    ) -> Result<Saved, LoadError> {
        let failed = |class: &str, uid: &str, problem| LoadError {
            place: place.clone(),
            class: short_class(class).to_owned(),
            uid: uid.to_owned(),
            origin: bundle.origin().to_owned(),
            problem: Box::new(problem),
        };
        let metadata = Metadata::read(&bundle).map_err(|problem| failed("", "", problem))?;
        let version =
            readable_version(&metadata).map_err(|problem| failed(&metadata.class, &metadata.uid, problem))?;
        Ok(Saved { bundle, place, metadata, version, allowance })
    }

    /// The same stage with other texts for some parameters.
    pub(crate) fn with_params(mut self, params: &[(&str, &str)]) -> Saved {
        for (name, text) in params {
            self.metadata.params.insert((*name).to_owned(), (*text).into());
        }
        self
    }

    /// The stage's files.
    pub(crate) fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// The stage's place in the pipeline; empty for the outermost.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// What all stages of the save may still ask for.
    pub(crate) fn allowance(&self) -> &Allowance {
        &self.allowance
    }

    /// The stage's metadata.
    pub(crate) fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The stage's name.
    pub(crate) fn uid(&self) -> &str {
        &self.metadata.uid
    }

    /// The Spark version that wrote the stage.
    pub(crate) fn version(&self) -> Version {
        self.version
    }

    /// A parameter that must be there, in `paramMap` or else in `defaultParamMap`.
    pub(crate) fn param<T: Param>(&self, name: &str) -> Result<T, LoadError> {
        self.optional(name)?.ok_or_else(|| self.invalid(name, "missing", T::EXPECTED))
    }

    /// A parameter, or the default of its class where the save has none.
    pub(crate) fn param_or<T: Param>(&self, name: &str, default: T) -> Result<T, LoadError> {
        Ok(self.optional(name)?.unwrap_or(default))
    }

    /// A parameter that need not be set.
    pub(crate) fn optional<T: Param>(&self, name: &str) -> Result<Option<T>, LoadError> {
        let Some(value) = self.metadata.param(name) else { return Ok(None) };
        T::from_json(value).map(Some).ok_or_else(|| self.invalid(name, show(value), T::EXPECTED))
    }

    /// A parameter whose value is one of a few words, or the default of its class; the chosen word comes back.
    pub(crate) fn one_of(
        &self,
        name: &str,
        words: &[&'static str],
        default: &'static str,
    ) -> Result<&'static str, LoadError> {
        let found: Option<String> = self.optional(name)?;
        let Some(found) = found else { return Ok(default) };
        let word = words.iter().find(|word| **word == found);
        word.copied()
            .ok_or_else(|| self.invalid(name, format!("\"{found}\""), format!("one of {}", words.join(", "))))
    }

    /// A key of the class's own beside the parameters, such as `numClasses`; `None` where there is none.
    pub(crate) fn extra<T: Param>(&self, name: &str) -> Result<Option<T>, LoadError> {
        let Some(value) = self.metadata.extra.get(name) else { return Ok(None) };
        T::from_json(value).map(Some).ok_or_else(|| self.invalid(name, show(value), T::EXPECTED))
    }

    /// `outputCol`, whose default is made from the stage's name.
    pub(crate) fn output_col(&self) -> Result<String, LoadError> {
        self.param_or("outputCol", format!("{}__output", self.uid()))
    }

    /// The model data in the folder `folder` of this stage, most often `data`.
    pub(crate) fn data(&self, folder: &str) -> Result<ModelData<'_>, LoadError> {
        ModelData::read(self, folder, None)
    }

    /// The same, of some columns alone: `name`, or `name.field` for a field of a column of structs. Others may be
    /// there or not.
    pub(crate) fn columns(&self, folder: &str, names: &[&str]) -> Result<ModelData<'_>, LoadError> {
        ModelData::read(self, folder, Some(names))
    }

    /// The error for a parameter with a value that does not do.
    pub(crate) fn invalid(&self, name: &str, found: impl ToString, expected: impl ToString) -> LoadError {
        self.error(Problem::Param {
            name: name.to_owned(),
            found: plain(&found.to_string(), MAX_VALUE),
            expected: expected.to_string(),
        })
    }

    /// The error for model data that do not do.
    pub(crate) fn bad_data(&self, folder: &str, reason: impl ToString) -> LoadError {
        self.error(Problem::Data { folder: folder.to_owned(), reason: reason.to_string() })
    }

    /// A problem of this stage.
    pub(crate) fn error(&self, problem: Problem) -> LoadError {
        LoadError {
            place: self.place.clone(),
            class: short_class(&self.metadata.class).to_owned(),
            uid: self.metadata.uid.clone(),
            origin: self.bundle.origin().to_owned(),
            problem: Box::new(problem),
        }
    }
}

/// The version, if saves of it are read.
fn readable_version(metadata: &Metadata) -> Result<Version, Problem> {
    let refused = |future, hint| Problem::Version { found: metadata.version_text.clone(), future, hint };
    let version = metadata.version.ok_or_else(|| {
        Problem::Metadata(format!(
            "'sparkVersion' is \"{}\", expected a version such as 3.5.9",
            metadata.version_text.escape_debug()
        ))
    })?;
    match version.is_read() {
        true => Ok(version),
        false if version.major > 4 => {
            Err(refused(true, "saves of Spark 2.0 to 4.x are: use a newer Firesteel"))
        }
        false => {
            Err(refused(false, "saves of Spark 2.0 to 4.x are: load it in a newer Spark and save it again"))
        }
    }
}
