//! An inference request: what REST and gRPC bodies are read into.

use std::time::Duration;

use super::tensor::Tensor;

/// An inference request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct InferRequest {
    /// The name that the request gives itself; the answer repeats it.
    pub(crate) id: Option<String>,
    /// The longest time that the request may take, if it says one: the parameter `timeout`, in microseconds.
    pub(crate) timeout: Option<Duration>,
    /// Whether outputs that do not say otherwise are answered in binary.
    pub(crate) binary_outputs: bool,
    /// The tensors that the model reads.
    pub(crate) inputs: Vec<Tensor>,
    /// The tensors asked for, in order; none for the model's default outputs.
    pub(crate) outputs: Vec<RequestedOutput>,
}

/// A tensor asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RequestedOutput {
    /// The tensor's name.
    pub(crate) name: String,
    /// Whether it is answered in binary, if the request says.
    pub(crate) binary: Option<bool>,
    /// The number of classes asked for, if the request asks for classes: the `classification` extension.
    pub(crate) classes: Option<usize>,
}
