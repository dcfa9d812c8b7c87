//! Between the protocol's messages and the requests and tensors behind REST and gRPC.
//!
//! Elements come raw (`raw_input_contents`) or typed (`contents`), and are answered as they came: `tritonclient`
//! makes arrays of raw elements only, `kserve` of either.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;

use super::proto::infer_parameter::ParameterChoice;
use super::proto::model_infer_request::InferInputTensor;
use super::proto::model_infer_response::InferOutputTensor;
use super::proto::{InferParameter, InferTensorContents, ModelInferRequest, ModelInferResponse};
use crate::error::{Fault, Kind};
use crate::oip::binary;
use crate::oip::body::unknown_datatype;
use crate::oip::datatype::Datatype;
use crate::oip::request::{InferRequest, RequestedOutput};
use crate::oip::tensor::{Data, Tensor, TensorError, read_shape};

type Parameters = HashMap<String, InferParameter>;

/// Reads a request.
pub(crate) fn read(request: ModelInferRequest) -> Result<InferRequest, Fault> {
    let raw = request.raw_input_contents;
    let is_raw = !raw.is_empty();
    if is_raw && raw.len() != request.inputs.len() {
        let message = format!("{} raw input contents for {} inputs", raw.len(), request.inputs.len());
        return Err(Fault::new(Kind::Malformed, message));
    }
    let mut raw = raw.into_iter();
    let mut inputs = Vec::with_capacity(request.inputs.len());
    for input in request.inputs {
        inputs.push(read_tensor(input, raw.next())?);
    }
    let outputs = request.outputs.into_iter().map(|output| RequestedOutput {
        classes: unsigned(&output.parameters, "classification").and_then(|count| usize::try_from(count).ok()),
        name: output.name,
        binary: None,
    });
    Ok(InferRequest {
        id: (!request.id.is_empty()).then_some(request.id),
        timeout: unsigned(&request.parameters, "timeout").map(Duration::from_micros),
        binary_outputs: is_raw,
        inputs,
        outputs: outputs.collect(),
    })
}

/// A parameter that is a number greater than 0.
fn unsigned(parameters: &Parameters, name: &str) -> Option<u64> {
    let value = match parameters.get(name)?.parameter_choice.as_ref()? {
        ParameterChoice::Int64Param(value) => u64::try_from(*value).ok()?,
        ParameterChoice::Uint64Param(value) => *value,
        _ => return None,
    };
    (value > 0).then_some(value)
}

fn read_tensor(input: InferInputTensor, raw: Option<Bytes>) -> Result<Tensor, TensorError> {
    let InferInputTensor { name, datatype, shape, contents, parameters } = input;
    let fail = |problem: String| Err(TensorError::new(&name, problem));
    if parameters.contains_key("shared_memory_region") {
        return fail("shared memory is not supported; send the elements".to_owned());
    }
    let Some(datatype) = Datatype::parse(&datatype) else { return fail(unknown_datatype(&datatype)) };
    let shape = read_shape(&name, &shape)?;
    match (raw, contents) {
        (Some(_), Some(_)) => fail("has raw and typed contents, expected one of them".to_owned()),
        (Some(raw), None) => binary::read(&name, datatype, shape, &raw),
        (None, contents) => {
            let data = match typed(datatype, contents.unwrap_or_default()) {
                Ok(data) => data,
                Err(problem) => return fail(problem),
            };
            Tensor { name, datatype, shape, data, nulls: Vec::new() }.checked()
        }
    }
}

/// The elements of the field that is for this datatype.
fn typed(datatype: Datatype, contents: InferTensorContents) -> Result<Data, String> {
    let data = match datatype {
        Datatype::Bool => Data::Bool(contents.bool_contents),
        Datatype::Int8 | Datatype::Int16 | Datatype::Int32 => {
            Data::Int(contents.int_contents.into_iter().map(i64::from).collect())
        }
        Datatype::Int64 => Data::Int(contents.int64_contents),
        Datatype::Uint8 | Datatype::Uint16 | Datatype::Uint32 => {
            Data::Uint(contents.uint_contents.into_iter().map(u64::from).collect())
        }
        Datatype::Uint64 => Data::Uint(contents.uint64_contents),
        Datatype::Fp16 => return Err("FP16 has no typed contents; send raw contents".to_owned()),
        Datatype::Fp32 => Data::Float(contents.fp32_contents.into_iter().map(f64::from).collect()),
        Datatype::Fp64 => Data::Float(contents.fp64_contents),
        Datatype::Bytes => Data::Bytes(contents.bytes_contents),
    };
    let outside = match &data {
        Data::Int(values) => {
            values.iter().map(|&value| i128::from(value)).find(|&value| !datatype.holds(value))
        }
        Data::Uint(values) => {
            values.iter().map(|&value| i128::from(value)).find(|&value| !datatype.holds(value))
        }
        _ => None,
    };
    match outside {
        Some(value) => Err(format!("found {value}, which is outside the range of {datatype}")),
        None => Ok(data),
    }
}

/// Writes an answer; its elements are all raw or all typed.
pub(crate) fn write(
    model: &str,
    version: String,
    id: Option<String>,
    tensors: Vec<Tensor>,
    raw: bool,
) -> Result<ModelInferResponse, TensorError> {
    let mut outputs = Vec::with_capacity(tensors.len());
    let mut raw_output_contents = Vec::new();
    for tensor in tensors {
        let contents = if raw {
            raw_output_contents.push(binary::write(&tensor)?);
            None
        } else {
            binary::check_nulls(&tensor)?;
            Some(contents(tensor.datatype, tensor.data))
        };
        outputs.push(InferOutputTensor {
            name: tensor.name,
            datatype: tensor.datatype.name().to_owned(),
            shape: tensor.shape.iter().map(|&size| i64::try_from(size).unwrap_or(i64::MAX)).collect(),
            parameters: Parameters::new(),
            contents,
        });
    }
    Ok(ModelInferResponse {
        model_name: model.to_owned(),
        model_version: version,
        id: id.unwrap_or_default(),
        parameters: Parameters::new(),
        outputs,
        raw_output_contents,
    })
}

fn contents(datatype: Datatype, data: Data) -> InferTensorContents {
    let mut contents = InferTensorContents::default();
    match data {
        Data::Bool(values) => contents.bool_contents = values,
        Data::Int(values) if datatype == Datatype::Int64 => contents.int64_contents = values,
        Data::Int(values) => contents.int_contents = values.into_iter().map(|value| value as i32).collect(),
        Data::Uint(values) if datatype == Datatype::Uint64 => contents.uint64_contents = values,
        Data::Uint(values) => contents.uint_contents = values.into_iter().map(|value| value as u32).collect(),
        Data::Float(values) if datatype == Datatype::Fp64 => contents.fp64_contents = values,
        Data::Float(values) => {
            contents.fp32_contents = values.into_iter().map(|value| value as f32).collect()
        }
        Data::Bytes(values) => contents.bytes_contents = values,
        Data::Packed(values) => return self::contents(datatype, values.wide()),
    }
    contents
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn input(name: &str, datatype: &str, contents: Option<InferTensorContents>) -> InferInputTensor {
        let (name, datatype) = (name.to_owned(), datatype.to_owned());
        InferInputTensor { name, datatype, shape: vec![1], parameters: Parameters::new(), contents }
    }

    fn request(inputs: Vec<InferInputTensor>, raw: Vec<Bytes>) -> Result<InferRequest, String> {
        let request = ModelInferRequest { inputs, raw_input_contents: raw, ..ModelInferRequest::default() };
        read(request).map_err(|fault| fault.to_string())
    }

    #[test]
    fn elements_come_raw_or_typed() {
        let typed = InferTensorContents { int_contents: vec![5], ..InferTensorContents::default() };
        let read = request(vec![input("n", "INT8", Some(typed.clone()))], Vec::new()).unwrap();
        assert_eq!((&read.inputs[0].data, read.binary_outputs), (&Data::Int(vec![5]), false));
        let read = request(vec![input("n", "INT8", None)], vec![Bytes::from_static(&[5])]).unwrap();
        assert_eq!((&*read.inputs[0].data.wide(), read.binary_outputs), (&Data::Int(vec![5]), true));
        let both = request(vec![input("n", "INT8", Some(typed))], vec![Bytes::from_static(&[5])]);
        assert!(both.unwrap_err().contains("expected one of them"));
        let few = request(vec![input("n", "INT8", None), input("m", "INT8", None)], vec![Bytes::new()]);
        assert_eq!(few.unwrap_err(), "1 raw input contents for 2 inputs");
    }

    #[test]
    fn typed_elements_must_be_there_and_fit() {
        assert!(
            request(vec![input("n", "FP64", None)], Vec::new()).unwrap_err().contains("found 0 elements")
        );
        let large = InferTensorContents { int_contents: vec![300], ..InferTensorContents::default() };
        let error = request(vec![input("n", "INT8", Some(large.clone()))], Vec::new()).unwrap_err();
        assert_eq!(error, "tensor 'n': found 300, which is outside the range of INT8");
        assert!(request(vec![input("n", "INT16", Some(large))], Vec::new()).is_ok());
        assert!(request(vec![input("n", "FP16", None)], Vec::new()).unwrap_err().contains("raw contents"));
        assert!(request(vec![input("n", "BF16", None)], Vec::new()).unwrap_err().contains("'BF16'"));
    }

    #[test]
    fn parameters_are_read() {
        let number = |value| InferParameter { parameter_choice: Some(ParameterChoice::Int64Param(value)) };
        let request = ModelInferRequest {
            id: "a".to_owned(),
            parameters: [("timeout".to_owned(), number(7))].into(),
            ..ModelInferRequest::default()
        };
        let read = read(request).unwrap();
        assert_eq!((read.id.as_deref(), read.timeout), (Some("a"), Some(Duration::from_micros(7))));
        assert_eq!(unsigned(&[("x".to_owned(), number(-1))].into(), "x"), None);
    }

    proptest! {
        #[test]
        fn tensors_survive_both_ways(values in prop::collection::vec(any::<f64>(), 1..9), raw in any::<bool>()) {
            let tensor = Tensor {
                name: "x".to_owned(), datatype: Datatype::Fp64, shape: vec![values.len()],
                data: Data::Float(values.clone()), nulls: Vec::new(),
            };
            let response = write("m", "1".to_owned(), None, vec![tensor], raw).unwrap();
            let inputs = response.outputs.into_iter().map(|output| InferInputTensor {
                name: output.name, datatype: output.datatype, shape: output.shape,
                parameters: Parameters::new(), contents: output.contents,
            });
            let read = request(inputs.collect(), response.raw_output_contents).unwrap();
            let Data::Float(after) = &*read.inputs[0].data.wide() else { panic!("not floats") };
            prop_assert!(values.iter().zip(after).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
    }
}
