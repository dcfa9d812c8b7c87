//! Rows as the message that asks for them: for `firesteel bench`, which is a client of its own server.

use firesteel_plan::{Batch, Field, Scored};
use prost::Message;

use super::proto::ModelInferRequest;
use super::proto::model_infer_request::InferInputTensor;
use crate::oip::binary;
use crate::oip::outputs::{Rows, tensor};

/// The message of `ModelInfer` that asks `model` for the rows of `batch`, whose columns are `fields`; elements are raw.
///
/// # Errors
/// When a column is no tensor, or has a null that has no bytes.
pub fn infer_message(model: &str, fields: &[Field], batch: &Batch) -> Result<Vec<u8>, String> {
    let columns = Scored { rows_in: batch.rows, survivors: None, columns: batch.columns.clone() };
    let rows = Rows::of(&columns);
    let mut request = ModelInferRequest { model_name: model.to_owned(), ..ModelInferRequest::default() };
    for (field, column) in fields.iter().zip(&columns.columns) {
        let tensor = tensor(field, column, &rows).map_err(|error| error.to_string())?;
        request.raw_input_contents.push(binary::write(&tensor).map_err(|error| error.to_string())?);
        request.inputs.push(InferInputTensor {
            name: tensor.name,
            datatype: tensor.datatype.name().to_owned(),
            shape: tensor.shape.iter().map(|&size| i64::try_from(size).unwrap_or(i64::MAX)).collect(),
            ..InferInputTensor::default()
        });
    }
    Ok(request.encode_to_vec())
}

#[cfg(test)]
mod tests {
    use firesteel_plan::{Column, ColumnType};

    use super::*;
    use crate::grpc::convert;
    use crate::oip::tensor::Data;

    #[test]
    fn a_message_reads_back_as_its_rows() {
        let field = |name: &str| Field {
            name: name.to_owned(),
            column_type: ColumnType::Double,
            size: None,
            nullable: false,
            stage: String::new(),
        };
        let columns = vec![Column::from_doubles(vec![1.5, 2.5]), Column::from_doubles(vec![3.0, f64::NAN])];
        let message = infer_message("churn", &[field("x"), field("y")], &Batch::new(2, columns)).unwrap();
        let read = ModelInferRequest::decode(message.as_slice()).unwrap();
        assert_eq!(read.model_name, "churn");
        let request = convert::read(read).unwrap();
        let names: Vec<&str> = request.inputs.iter().map(|tensor| tensor.name.as_str()).collect();
        assert_eq!((names, request.inputs[0].shape.as_slice()), (vec!["x", "y"], &[2][..]));
        assert_eq!(*request.inputs[0].data.wide(), Data::Float(vec![1.5, 2.5]));
    }
}
