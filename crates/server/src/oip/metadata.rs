//! What the protocol tells of a model: its metadata and Triton's configuration, made from its signature.
//!
//! Metadata shapes have the rows first, as -1: `[-1]` for a scalar, `[-1, size]` for a vector. Every output is
//! listed, since every one may be asked for; without a choice the model's default ones are answered. A
//! configuration leaves the rows out, as Triton does where it batches, and so writes a scalar as `[1]`; `[rows, 1]`
//! is read like `[rows]`. `max_batch_size` is the most rows of a request.

use firesteel_deploy::Loaded;
use firesteel_plan::Field;
use serde::Serialize;

use super::datatype::{Datatype, row_shape};
use super::outputs::DROPPED;

/// The extensions of the protocol that are served, by Triton's names.
pub(crate) const EXTENSIONS: [&str; 7] = [
    "binary_tensor_data",
    "classification",
    "model_configuration",
    "model_repository",
    "parameters",
    "schedule_policy",
    "statistics",
];

/// The name that the server gives itself.
pub(crate) const SERVER: &str = "firesteel";

/// One tensor of a model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct TensorMetadata {
    pub(crate) name: String,
    #[serde(serialize_with = "name")]
    pub(crate) datatype: Datatype,
    pub(crate) shape: Vec<i64>,
}

fn name<S: serde::Serializer>(datatype: &Datatype, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(datatype.name())
}

/// A model's metadata.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ModelMetadata {
    pub(crate) name: String,
    pub(crate) versions: Vec<String>,
    pub(crate) platform: String,
    pub(crate) inputs: Vec<TensorMetadata>,
    pub(crate) outputs: Vec<TensorMetadata>,
}

impl ModelMetadata {
    /// The metadata of the model that the endpoint `name` has in use.
    pub(crate) fn of(name: &str, loaded: &Loaded, drops_rows: bool) -> ModelMetadata {
        let model = loaded.model();
        let info = model.info();
        let platform = match info.version.as_str() {
            "" => info.format.clone(),
            version => format!("{}-{version}", info.format),
        };
        let mut outputs: Vec<TensorMetadata> = model.signature().outputs.iter().map(metadata).collect();
        if drops_rows && outputs.iter().all(|output| output.name != DROPPED) {
            outputs.push(TensorMetadata {
                name: DROPPED.to_owned(),
                datatype: Datatype::Bool,
                shape: vec![-1],
            });
        }
        ModelMetadata {
            name: name.to_owned(),
            versions: vec![loaded.version().number.to_string()],
            platform,
            inputs: model.signature().inputs.iter().map(metadata).collect(),
            outputs,
        }
    }
}

fn metadata(field: &Field) -> TensorMetadata {
    let shape = std::iter::once(-1).chain(row_shape(field)).collect();
    TensorMetadata { name: field.name.clone(), datatype: Datatype::of(&field.column_type), shape }
}

impl TensorMetadata {
    /// The shape of one row as a configuration writes it.
    pub(crate) fn dims(&self) -> Vec<i64> {
        match self.shape.get(1..) {
            None | Some([]) => vec![1],
            Some(row) => row.to_vec(),
        }
    }

    /// The datatype as a configuration writes it.
    pub(crate) fn data_type(&self) -> String {
        match self.datatype {
            Datatype::Bytes => "TYPE_STRING".to_owned(),
            other => format!("TYPE_{other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use firesteel_plan::ColumnType;

    use super::*;

    #[test]
    fn shapes_have_the_rows_first_and_configurations_none() {
        let mut field = Field {
            name: "x".to_owned(),
            column_type: ColumnType::Double,
            size: None,
            nullable: false,
            stage: String::new(),
        };
        let scalar = metadata(&field);
        assert_eq!((scalar.shape.as_slice(), scalar.dims()), (&[-1][..], vec![1]));
        assert_eq!(scalar.data_type(), "TYPE_FP64");
        field.column_type = ColumnType::Vector;
        assert_eq!(metadata(&field).shape, [-1, -1]);
        field.size = Some(4);
        assert_eq!((metadata(&field).shape, metadata(&field).dims()), (vec![-1, 4], vec![4]));
        field.column_type = ColumnType::strings();
        assert_eq!(
            (metadata(&field).data_type().as_str(), metadata(&field).shape),
            ("TYPE_STRING", vec![-1, -1])
        );
    }
}
