//! The `MLmodel` file.

use std::collections::BTreeMap;

use firesteel_plan::ColumnType;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::signature;

/// What is read of an `MLmodel` file.
#[derive(Debug, Deserialize)]
pub(crate) struct Description {
    #[serde(default)]
    flavors: Flavors,
    signature: Option<Signature>,
    saved_input_example_info: Option<Example>,
    mlflow_version: Option<String>,
}

/// The ways in which the model can be loaded.
#[derive(Debug, Default, Deserialize)]
struct Flavors {
    spark: Option<Spark>,
    #[serde(flatten)]
    others: BTreeMap<String, IgnoredAny>,
}

#[derive(Debug, Deserialize)]
struct Spark {
    #[serde(default = "usual_folder")]
    model_data: String,
}

/// The parts of a signature, each JSON in a string.
#[derive(Debug, Deserialize)]
struct Signature {
    inputs: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Example {
    artifact_path: Option<String>,
}

fn usual_folder() -> String {
    "sparkml".to_owned()
}

impl Description {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Description, String> {
        serde_saphyr::from_slice(bytes).map_err(|error| format!("its MLmodel file cannot be read: {error}"))
    }

    /// The folder of the Spark save.
    pub(crate) fn spark_folder(&self) -> Result<&str, String> {
        match &self.flavors.spark {
            Some(spark) => Ok(&spark.model_data),
            None => {
                let found: Vec<&str> = self.flavors.others.keys().map(String::as_str).collect();
                let found = if found.is_empty() { "none".to_owned() } else { found.join(", ") };
                Err(format!("its flavors are {found}; expected spark, the flavor that is read here"))
            }
        }
    }

    /// The columns of the signature with the types that are known here; `None` if it names no columns.
    pub(crate) fn inputs(&self) -> Result<Option<Vec<(String, Option<ColumnType>)>>, String> {
        match self.signature.as_ref().and_then(|signature| signature.inputs.as_deref()) {
            Some(inputs) => signature::columns(inputs),
            None => Ok(None),
        }
    }

    /// The file of the input example.
    pub(crate) fn example_file(&self) -> Option<&str> {
        self.saved_input_example_info.as_ref()?.artifact_path.as_deref()
    }

    /// What wrote the folder.
    pub(crate) fn writer(&self) -> String {
        match &self.mlflow_version {
            Some(version) => format!("mlflow {version}"),
            None => "mlflow".to_owned(),
        }
    }
}
