//! Bodies of REST: JSON, with the elements of tensors in it or after it as binary.
//!
//! With the header `Inference-Header-Content-Length` the body begins with as many bytes of JSON; the binary
//! tensors follow in order, each as long as its parameter `binary_data_size` says. See Triton's
//! `docs/protocol/extension_binary_data.md`. Bare `NaN` and `Infinity` are read, since the clients' JSON libraries
//! write them, but written as the texts `"NaN"`, `"Infinity"` and `"-Infinity"`: that is JSON, and every client
//! (`tritonclient`, `kserve`, whose parser refuses bare ones) makes numbers of them.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use serde::ser::{SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use thiserror::Error;

use super::datatype::Datatype;
use super::request::{InferRequest, RequestedOutput};
use super::tensor::{Data, Tensor, TensorError, read_shape};
use super::{bare, binary, elements};

/// A body that is no inference request.
#[derive(Clone, Debug, Error, PartialEq)]
pub(crate) enum BodyError {
    /// The JSON is malformed, or is not what a request is.
    #[error("the body is not an inference request: {0}")]
    Json(String),
    /// The header and the parts of the body do not fit together.
    #[error("{0}")]
    Parts(String),
    /// A tensor is not what it says.
    #[error(transparent)]
    Tensor(#[from] TensorError),
}

type Parameters = Map<String, Value>;

#[derive(Deserialize)]
struct RequestJson<'a> {
    id: Option<String>,
    parameters: Option<Parameters>,
    #[serde(borrow)]
    inputs: Vec<InputJson<'a>>,
    outputs: Option<Vec<OutputJson>>,
}

#[derive(Deserialize)]
struct InputJson<'a> {
    name: String,
    shape: Vec<i64>,
    datatype: String,
    parameters: Option<Parameters>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct OutputJson {
    name: String,
    parameters: Option<Parameters>,
}

/// Reads a request; `json_length` is what the header says, if it is there. A length of 0 is for [`read_raw`].
pub(crate) fn read(body: &Bytes, json_length: Option<usize>) -> Result<InferRequest, BodyError> {
    let length = json_length.unwrap_or(body.len());
    if length > body.len() {
        let text = format!("the header says {length} bytes of JSON, but the body has {}", body.len());
        return Err(BodyError::Parts(text));
    }
    let tail = body.slice(length..);
    let json = &body[..length];
    match serde_json::from_slice::<RequestJson<'_>>(json) {
        Ok(request) => convert(request, tail),
        Err(error) => match bare::quoted(json, "NaN") {
            Some(quoted) => convert(
                serde_json::from_slice(&quoted).map_err(|error| BodyError::Json(error.to_string()))?,
                tail,
            ),
            None => Err(BodyError::Json(error.to_string())),
        },
    }
}

fn convert(request: RequestJson<'_>, mut tail: Bytes) -> Result<InferRequest, BodyError> {
    let mut inputs = Vec::with_capacity(request.inputs.len());
    for input in request.inputs {
        inputs.push(tensor(input, &mut tail)?);
    }
    if !tail.is_empty() {
        let text = format!(
            "{} bytes are left after the last binary tensor; is a binary_data_size wrong?",
            tail.len()
        );
        return Err(BodyError::Parts(text));
    }
    let parameters = request.parameters.unwrap_or_default();
    let outputs = request.outputs.unwrap_or_default().into_iter().map(|output| {
        let parameters = output.parameters.unwrap_or_default();
        let classes = parameters.get("classification").and_then(Value::as_u64).filter(|&classes| classes > 0);
        RequestedOutput {
            name: output.name,
            binary: parameters.get("binary_data").and_then(Value::as_bool),
            classes: classes.and_then(|classes| usize::try_from(classes).ok()),
        }
    });
    Ok(InferRequest {
        id: request.id,
        timeout: parameters
            .get("timeout")
            .and_then(Value::as_u64)
            .filter(|&us| us > 0)
            .map(Duration::from_micros),
        binary_outputs: parameters.get("binary_data_output").and_then(Value::as_bool).unwrap_or(false),
        inputs,
        outputs: outputs.collect(),
    })
}

/// One tensor; binary elements are taken off the front of `tail`.
fn tensor(input: InputJson<'_>, tail: &mut Bytes) -> Result<Tensor, BodyError> {
    let fail = |problem: String| TensorError::new(&input.name, problem);
    let datatype = Datatype::parse(&input.datatype).ok_or_else(|| fail(unknown_datatype(&input.datatype)))?;
    let shape = read_shape(&input.name, &input.shape)?;
    let parameters = input.parameters.unwrap_or_default();
    if parameters.contains_key("shared_memory_region") {
        return Err(fail("shared memory is not supported; send the elements".to_owned()).into());
    }
    let size = parameters.get("binary_data_size");
    match (size, input.data) {
        (Some(_), Some(_)) => {
            Err(fail("has data and binary_data_size, expected one of them".to_owned()).into())
        }
        (None, None) => Err(fail("has neither data nor binary_data_size".to_owned()).into()),
        (None, Some(data)) => Ok(elements::read(&input.name, datatype, shape, data)?),
        (Some(size), None) => {
            let size = size.as_u64().and_then(|size| usize::try_from(size).ok());
            let size = size.filter(|&size| size <= tail.len()).ok_or_else(|| {
                let left = tail.len();
                fail(format!(
                    "binary_data_size is more than the {left} bytes left after the JSON, or is no size"
                ))
            })?;
            Ok(binary::read(&input.name, datatype, shape, &tail.split_to(size))?)
        }
    }
}

/// The sentence for a datatype that the protocol does not have.
pub(crate) fn unknown_datatype(found: &str) -> String {
    let found = elements::shortened(found);
    format!(
        "found datatype '{found}', expected BOOL, UINT8 to UINT64, INT8 to INT64, FP16, FP32, FP64 or BYTES"
    )
}

/// Reads a body that is the bytes of the only input's elements: what a JSON length of 0 means.
///
/// The rows follow from the length; BYTES is one row of all bytes, without a length before them.
pub(crate) fn read_raw(
    body: Bytes,
    name: &str,
    datatype: Datatype,
    row_shape: &[i64],
) -> Result<InferRequest, BodyError> {
    let fail = |problem: String| BodyError::Tensor(TensorError::new(name, problem));
    let input = match datatype.width() {
        None => {
            let data = Data::Bytes(vec![body]);
            Tensor { name: name.to_owned(), datatype, shape: vec![1], data, nulls: Vec::new() }
        }
        Some(width) => {
            let row = read_shape(name, row_shape)
                .map_err(|_| fail("has rows of any size; send its shape".to_owned()))?;
            let row_bytes = row.iter().product::<usize>() * width;
            if row_bytes == 0 || !body.len().is_multiple_of(row_bytes) {
                let found = body.len();
                return Err(fail(format!("found {found} bytes, expected rows of {row_bytes} bytes")));
            }
            let shape = std::iter::once(body.len() / row_bytes).chain(row).collect();
            binary::read(name, datatype, shape, &body)?
        }
    };
    Ok(InferRequest { binary_outputs: true, inputs: vec![input], ..InferRequest::default() })
}

/// A tensor of an answer and whether it is written in binary.
#[derive(Clone, Debug)]
pub(crate) struct OutputTensor {
    /// The tensor.
    pub(crate) tensor: Tensor,
    /// Whether its elements are written in binary.
    pub(crate) binary: bool,
}

#[derive(Serialize)]
struct ResponseJson<'a> {
    model_name: &'a str,
    model_version: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    outputs: Vec<OutputTensorJson<'a>>,
}

#[derive(Serialize)]
struct OutputTensorJson<'a> {
    name: &'a str,
    datatype: &'static str,
    shape: &'a [usize],
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<BinarySize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Elements<'a>>,
}

#[derive(Serialize)]
struct BinarySize {
    binary_data_size: usize,
}

/// An answer's body; the length of its JSON if binary tensors follow.
pub(crate) fn write(
    model: &str,
    version: &str,
    id: Option<&str>,
    outputs: &[OutputTensor],
) -> Result<(Bytes, Option<usize>), TensorError> {
    let mut tail = Vec::new();
    let mut json = Vec::with_capacity(outputs.len());
    for OutputTensor { tensor, binary } in outputs {
        let bytes = if *binary { Some(binary::write(tensor)?) } else { None };
        json.push(OutputTensorJson {
            name: &tensor.name,
            datatype: tensor.datatype.name(),
            shape: &tensor.shape,
            parameters: bytes.as_ref().map(|bytes| BinarySize { binary_data_size: bytes.len() }),
            data: bytes.is_none().then_some(Elements(tensor)),
        });
        tail.extend(bytes);
    }
    let response = ResponseJson { model_name: model, model_version: version, id, outputs: json };
    let json = serde_json::to_vec(&response).map_err(|error| TensorError::new("", error.to_string()))?;
    if tail.is_empty() {
        return Ok((json.into(), None));
    }
    let length = json.len();
    let mut body = BytesMut::with_capacity(length + tail.iter().map(Bytes::len).sum::<usize>());
    body.extend_from_slice(&json);
    tail.iter().for_each(|bytes| body.extend_from_slice(bytes));
    Ok((body.freeze(), Some(length)))
}

/// The elements of a tensor as one flat list of JSON.
struct Elements<'a>(&'a Tensor);

impl Serialize for Elements<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let tensor = self.0;
        let mut list = serializer.serialize_seq(Some(tensor.data.len()))?;
        let data = tensor.data.wide();
        let mut nulls = tensor.nulls.iter().peekable();
        for at in 0..data.len() {
            if nulls.next_if_eq(&&at).is_some() {
                list.serialize_element(&())?;
                continue;
            }
            match &*data {
                Data::Bool(values) => list.serialize_element(&values[at])?,
                Data::Int(values) => list.serialize_element(&values[at])?,
                Data::Uint(values) => list.serialize_element(&values[at])?,
                Data::Bytes(values) => list.serialize_element(&String::from_utf8_lossy(&values[at]))?,
                Data::Float(values) => match values[at] {
                    value if value.is_nan() => list.serialize_element("NaN")?,
                    f64::INFINITY => list.serialize_element("Infinity")?,
                    f64::NEG_INFINITY => list.serialize_element("-Infinity")?,
                    value if tensor.datatype == Datatype::Fp64 => list.serialize_element(&value)?,
                    value => list.serialize_element(&(value as f32))?,
                },
                // Wide elements are none.
                Data::Packed(_) => list.serialize_element(&())?,
            }
        }
        list.end()
    }
}

#[cfg(test)]
#[path = "body_tests.rs"]
mod tests;
