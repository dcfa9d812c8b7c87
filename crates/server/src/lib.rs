//! The faces: REST, gRPC and pages over one fleet of endpoints.
//!
//! A request comes through a connection with limits and timers (`connection`), past the door that checks it
//! (`door`) and the `router` to a resource, one file each in `api` and `pages`; plain single predictions take a shorter
//! way (`lane`, `grpc::usual`). A resource takes the request
//! apart, asks through a `call::Call`, and writes the answer. Errors of every kind meet in one table (`error`).
//!
//! Only this crate knows HTTP, gRPC, HTML and the JSON of the protocols.

mod activity;
mod apart;
mod api;
mod app;
mod at_once;
mod bodies;
mod brisk;
mod call;
mod connection;
mod door;
mod echo;
mod error;
mod grpc;
mod json;
mod kserve;
mod lane;
mod metrics;
mod mlflow;
mod oip;
mod openapi;
mod own_wakes;
mod pages;
mod payload;
mod router;
mod sample;
mod server;
mod settings;
mod traces;

pub use bodies::Bodies;
pub use echo::{echo, echo_grpc, echo_listener};
pub use error::Kind;
pub use grpc::infer_message;
pub use sample::{sample_record, sample_request};
pub use server::Server;
pub use settings::{Limits, Settings};
pub use traces::TraceSettings;
