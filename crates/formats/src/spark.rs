//! Folders that Spark ML's `save` wrote: a pipeline or a single stage.

use firesteel_bundle::Bundle;
use firesteel_plan::Model;

use crate::{Format, OpenError, OpenOptions};

/// Spark ML's own format.
pub(crate) struct Spark;

impl Format for Spark {
    fn name(&self) -> &'static str {
        "spark"
    }

    fn detect(&self, bundle: &Bundle) -> bool {
        firesteel_spark::detect(bundle)
    }

    fn open(&self, bundle: &Bundle, options: &OpenOptions) -> Result<Model, OpenError> {
        Ok(firesteel_spark::open(bundle, options.declared.clone())?)
    }
}
