//! Request bodies of every protocol without a server around them: what a stranger sends, typed against a model or
//! refused. Fuzz targets and tools read bodies through this.

use std::sync::Arc;

use bytes::Bytes;
use firesteel_deploy::{Endpoint, Loaded, Scorer};
use firesteel_plan::Batch;
use prost::Message;

use crate::api::predict::{read_one, read_several};
use crate::error::{Fault, Kind};
use crate::grpc;
use crate::json::{Carried, numbers};
use crate::oip::request::InferRequest;
use crate::settings::Limits;
use crate::{kserve, lane, mlflow, oip};

/// Reads bodies for one model.
#[derive(Debug)]
pub struct Bodies {
    loaded: Arc<Loaded>,
    scorer: Arc<Scorer>,
    max_records: usize,
}

impl Bodies {
    /// Reads bodies for the model that `endpoint` has in use; at most `max_records` rows each.
    pub fn new(endpoint: &Endpoint, max_records: usize) -> Result<Bodies, firesteel_deploy::Error> {
        let loaded = endpoint.loaded()?;
        let scorer = loaded.scorer::<&str>(&[])?;
        Ok(Bodies { loaded, scorer, max_records })
    }

    /// The body of `POST /predict`.
    pub fn record(&self, body: &[u8]) -> Result<Batch, String> {
        read_one(&self.scorer, true, body, &mut Carried::default()).map_err(|fault| fault.to_string())
    }

    /// The body of `POST /predict` as the numbers that a row is scored from, if it is so plain.
    pub fn numbers(&self, body: &[u8]) -> Option<Vec<f64>> {
        numbers(&self.scorer, body).map(|(numbers, _)| numbers)
    }

    /// The bytes of a connection, if they begin with a `POST /predict` so plain that it is answered without an HTTP
    /// library: its length with the head, and its body.
    pub fn request(&self, bytes: &[u8]) -> Option<(usize, Result<Batch, String>)> {
        let (length, body) = lane::request(bytes, &Limits::default())?;
        Some((length, self.record(body)))
    }

    /// The body of `POST /predict/batch`.
    pub fn records(&self, body: &[u8]) -> Result<Batch, String> {
        let mut carried = Carried::default();
        let read = read_several(&self.scorer, self.max_records, true, body, &mut carried);
        read.map_err(|fault| fault.to_string())
    }

    /// The body of `POST /v2/models/{name}/infer`, whose header gives this length of its JSON, if it gives any.
    pub fn infer(&self, body: Bytes, json_length: Option<usize>) -> Result<Batch, String> {
        let read = oip::read(json_length, body, &self.loaded);
        self.tensors(read).map_err(|fault| fault.to_string())
    }

    /// The message of gRPC's `ModelInfer`.
    pub fn message(&self, message: Bytes) -> Result<Batch, String> {
        let read = grpc::proto::ModelInferRequest::decode(message)
            .map_err(|error| Fault::new(Kind::Malformed, error.to_string()))
            .and_then(grpc::convert::read);
        self.tensors(read).map_err(|fault| fault.to_string())
    }

    /// The message of gRPC's `ModelInfer` as the numbers that a row is scored from, if it is so plain.
    pub fn plain_message(&self, message: &[u8]) -> Option<Vec<f64>> {
        grpc::plain::read(message)?.numbers(&self.loaded, &self.scorer)
    }

    /// The body of `POST /invocations` in JSON.
    pub fn invocation(&self, body: &[u8]) -> Result<Batch, String> {
        mlflow::read_json(body, self.limits()).map_err(|fault| fault.to_string())
    }

    /// The body of `POST /invocations` in CSV.
    pub fn csv(&self, body: &[u8]) -> Result<Batch, String> {
        mlflow::read_csv(body, self.limits()).map_err(|fault| fault.to_string())
    }

    /// The body of `POST /v1/models/{name}:predict`.
    pub fn instances(&self, body: &[u8]) -> Result<Batch, String> {
        kserve::read(body, self.limits()).map_err(|fault| fault.to_string())
    }

    fn tensors(&self, read: Result<InferRequest, Fault>) -> Result<Batch, Fault> {
        let wanted = oip::inputs::Wanted {
            model: &self.loaded.model().signature().inputs,
            plan: self.scorer.inputs(),
            max_rows: self.max_records,
            strict: true,
        };
        oip::inputs::batch(read?.inputs, wanted)
            .map_err(|error| Fault::new(Kind::Malformed, error.to_string()))
    }

    fn limits(&self) -> mlflow::Limits<'_> {
        mlflow::Limits {
            model: &self.loaded.model().signature().inputs,
            scorer: &self.scorer,
            max_rows: self.max_records,
            strict: true,
        }
    }
}
