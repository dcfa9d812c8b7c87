//! Folders that `mlflow.spark.save_model` and `log_model` wrote: a Spark save with an `MLmodel` file beside it.
//!
//! The file names the folder of the save, the types of the columns that the model was trained on, and an example of
//! them. The types count where the caller declares none; a column that the model reads and the signature lacks is
//! refused, since MLflow would take it out of every request. Layout: `mlflow/models/model.py` and
//! `mlflow/spark/__init__.py`.

mod description;
mod example;
mod signature;

use firesteel_bundle::Bundle;
use firesteel_plan::Model;

use self::description::Description;
use crate::{Format, OpenError, OpenOptions};

/// The file that tells an MLflow model.
const FILE: &str = "MLmodel";

/// MLflow's model folder with the spark flavor.
pub(crate) struct Mlflow;

impl Format for Mlflow {
    fn name(&self) -> &'static str {
        "mlflow"
    }

    fn detect(&self, bundle: &Bundle) -> bool {
        bundle.contains(FILE)
    }

    fn open(&self, bundle: &Bundle, options: &OpenOptions) -> Result<Model, OpenError> {
        let wrong = |problem: String| OpenError::Mlflow { origin: bundle.origin().to_owned(), problem };
        let description = Description::parse(&bundle.read(FILE)?).map_err(wrong)?;
        let folder = description.spark_folder().map_err(wrong)?;
        let save = bundle.dir(folder);
        if !firesteel_spark::detect(&save) {
            return Err(wrong(format!(
                "its spark flavor names the folder '{folder}', which holds no Spark save"
            )));
        }
        let columns = description.inputs().map_err(wrong)?;
        let mut declared = options.declared.clone();
        for (name, column_type) in columns.iter().flatten() {
            if let Some(column_type) = column_type {
                declared.types.entry(name.clone()).or_insert_with(|| column_type.clone());
            }
        }
        let model = firesteel_spark::open(&save, declared)?;
        if let Some(columns) = &columns {
            let reads = &model.signature().inputs;
            if let Some(field) =
                reads.iter().find(|field| !columns.iter().any(|(name, _)| *name == field.name))
            {
                return Err(wrong(format!(
                    "its signature has no column '{}', which {} reads; log the model again with the signature of what \
                     it reads, or open its folder '{folder}' by itself",
                    field.name, field.stage
                )));
            }
        }
        let example = description.example_file().and_then(|file| bundle.read(file).ok());
        let example = example.and_then(|bytes| example::first_record(&bytes));
        Ok(model.with_info(|info| {
            info.packaged_by = description.writer();
            info.example = example;
        }))
    }
}

#[cfg(test)]
mod tests;
