//! Opens a save: reads every stage, then lowers them in order.

use firesteel_bundle::Bundle;
use firesteel_plan::{Builder, Declared, Model, ModelInfo};

use crate::error::LoadError;
use crate::pipeline;
use crate::saved::Saved;

/// Whether `bundle` looks like a folder that Spark ML saved, be it whole or not.
pub fn detect(bundle: &Bundle) -> bool {
    bundle.dirs().iter().any(|name| name == "metadata" || name == "stages")
}

/// Opens the pipeline or single stage saved in `bundle`. `declared` is what the caller knows of the
/// columns that the model will meet.
pub fn open(bundle: &Bundle, declared: impl Into<Declared>) -> Result<Model, LoadError> {
    let saved = Saved::read(bundle.clone())?;
    let stages = pipeline::load(&saved)?;
    let mut builder = Builder::new(declared);
    stages.iter().for_each(|loaded| loaded.stage.expect(&mut builder));
    // Once more from the last on: a stage that keeps the size of its vectors hands on what a later one expects.
    stages.iter().rev().for_each(|loaded| loaded.stage.expect(&mut builder));
    for loaded in stages {
        let failed = |problem| LoadError {
            place: loaded.info.place.clone(),
            class: loaded.info.class.clone(),
            uid: loaded.info.uid.clone(),
            origin: loaded.origin.clone(),
            problem: Box::new(problem),
        };
        builder.stage(loaded.info.clone());
        loaded.stage.lower(&mut builder).map_err(|error| failed(error.into()))?;
    }
    let info = ModelInfo {
        format: "spark".to_owned(),
        version: saved.metadata().spark_version().to_owned(),
        class: saved.metadata().class().to_owned(),
        uid: saved.uid().to_owned(),
        bytes: bundle.size(),
        ..ModelInfo::default()
    };
    builder.finish(info).map_err(|error| saved.error(error.into()))
}
