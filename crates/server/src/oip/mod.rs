//! The Open Inference Protocol, version 2: tensors over REST and, with [`grpc`](crate::grpc), over gRPC.
//!
//! A body is read into a [`request::InferRequest`], typed against the signature by [`inputs`], scored by [`infer`]
//! and answered as tensors by [`outputs`]. Written from `kserve/open-inference-protocol`
//! (`specification/protocol/inference_rest.md`) and Triton's `docs/protocol/extension_*.md`.

mod bare;
pub(crate) mod binary;
pub(crate) mod body;
pub(crate) mod datatype;
mod elements;
mod encoding;
pub(crate) mod infer;
pub(crate) mod inputs;
pub(crate) mod metadata;
pub(crate) mod outputs;
mod packed;
pub(crate) mod request;
mod routes;
pub(crate) mod row;
pub(crate) mod tensor;

pub(crate) use bare::quoted;
pub(crate) use routes::{Failure, read, routes, state};
