//! The Open Inference Protocol over gRPC: the same verbs and tensors as over REST.
//!
//! Elements are answered raw where they came raw. A message may be as long as a REST body; an answer is compressed
//! where the request was. The deadline is the shortest of the server's, the `grpc-timeout` and the request's own.
//! An error on a stream of requests is an answer, and the stream goes on.

pub(crate) mod convert;
mod message;
pub(crate) mod plain;
pub(crate) mod proto;
mod usual;

pub use message::infer_message;
pub(crate) use usual::{is_usual, usual};

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, UNIX_EPOCH};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::middleware::{Next, from_fn_with_state};
use firesteel_deploy::{Endpoint, Loaded, State as ModelState, Tally};
use http::{HeaderMap, Request as HttpRequest};
use prost::Message;
use tokio_stream::{Stream, StreamExt};
use tonic::codec::CompressionEncoding;
use tonic::service::Routes;
use tonic::{Request, Response, Status, Streaming};

use proto::grpc_inference_service_server::{GrpcInferenceService, GrpcInferenceServiceServer};
use proto::model_metadata_response::TensorMetadata;
use proto::repository_index_response::ModelIndex;

use crate::app::App;
use crate::call::{Face, off_reactor};
use crate::error::{Fault, Kind};
use crate::oip::infer::{Inferred, Target, infer};
use crate::oip::metadata::{self, EXTENSIONS, ModelMetadata, SERVER};
use crate::oip::state;

/// A longer message does not fit the headers that clients take.
const MAX_MESSAGE: usize = 4096;

/// The service behind the gRPC address.
pub(crate) fn routes(app: &Arc<App>) -> Router {
    let service = GrpcInferenceServiceServer::new(Service { app: Arc::clone(app) })
        .accept_compressed(CompressionEncoding::Gzip)
        .send_compressed(CompressionEncoding::Gzip)
        .max_decoding_message_size(app.limits.max_body_bytes)
        .max_encoding_message_size(usize::MAX);
    let router = Routes::new(service).prepare().into_axum_router();
    router.layer(from_fn_with_state(Arc::clone(app), in_time))
}

/// Ends a call whose message does not come, or whose answer takes longer than any may.
async fn in_time(
    State(app): State<Arc<App>>,
    request: HttpRequest<Body>,
    next: Next,
) -> axum::response::Response {
    if request.uri().path().ends_with("/ModelStreamInfer") {
        return next.run(request).await;
    }
    let longest = app.limits.body_timeout + app.limits.deadline;
    match tokio::time::timeout(longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => status(&too_slow(longest)).into_http(),
    }
}

fn too_slow(longest: Duration) -> Fault {
    Fault::new(Kind::Slow, format!("the call was not over after {longest:?}"))
}

/// A fault as a status.
fn status(fault: &Fault) -> Status {
    let mut message = fault.to_string();
    if let Some((end, _)) = message.char_indices().nth(MAX_MESSAGE) {
        message.truncate(end);
        message.push('…');
    }
    Status::new(fault.kind.grpc(), message)
}

impl From<Fault> for Status {
    fn from(fault: Fault) -> Status {
        status(&fault)
    }
}

#[derive(Clone, Debug)]
struct Service {
    app: Arc<App>,
}

impl Service {
    /// The endpoint, and its model in use, which is of the version named, if one is.
    fn loaded(&self, name: &str, version: &str) -> Result<(Arc<Endpoint>, Arc<Loaded>), Fault> {
        let endpoint = self.app.fleet.endpoint(name)?;
        if !version.is_empty() {
            endpoint.expect_version(version)?;
        }
        let loaded = endpoint.loaded()?;
        Ok((endpoint, loaded))
    }

    fn metadata(&self, name: &str, version: &str) -> Result<ModelMetadata, Fault> {
        let (endpoint, loaded) = self.loaded(name, version)?;
        let drops_rows = loaded.scorer::<&str>(&[])?.drops_rows();
        Ok(ModelMetadata::of(endpoint.name(), &loaded, drops_rows))
    }

    async fn infer(
        &self,
        request: proto::ModelInferRequest,
        timeout: Option<Duration>,
    ) -> Result<proto::ModelInferResponse, Fault> {
        let arrived = Instant::now();
        let endpoint = self.app.fleet.endpoint(&request.model_name)?;
        let version = Some(request.model_version.clone()).filter(|version| !version.is_empty());
        let id = Some(request.id.clone());
        let raw = !request.raw_input_contents.is_empty();
        let size = request.encoded_len();
        let read = off_reactor(size, || convert::read(request)).map(|mut read| {
            read.timeout = [read.timeout, timeout].into_iter().flatten().min();
            read
        });
        let target = Target { face: Face::Grpc, endpoint: &endpoint, version: version.as_deref(), arrived };
        let write = |inferred: Inferred| {
            let tensors = inferred.outputs.into_iter().map(|(tensor, _)| tensor).collect();
            Ok(convert::write(endpoint.name(), inferred.version, id, tensors, raw)?)
        };
        infer(&self.app, &target, read, write).await
    }
}

/// The time that `grpc-timeout` gives: up to eight digits and a unit.
fn timeout(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let count: u32 = digits.parse().ok()?;
    let unit = match unit {
        "H" => Duration::from_secs(3600),
        "M" => Duration::from_secs(60),
        "S" => Duration::from_secs(1),
        "m" => Duration::from_millis(1),
        "u" => Duration::from_micros(1),
        "n" => Duration::from_nanos(1),
        _ => return None,
    };
    unit.checked_mul(count)
}

type Answers<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl GrpcInferenceService for Service {
    type ModelStreamInferStream =
        Pin<Box<dyn Stream<Item = Result<proto::ModelStreamInferResponse, Status>> + Send>>;

    async fn server_live(&self, _: Request<proto::ServerLiveRequest>) -> Answers<proto::ServerLiveResponse> {
        Ok(Response::new(proto::ServerLiveResponse { live: true }))
    }

    async fn server_ready(
        &self,
        _: Request<proto::ServerReadyRequest>,
    ) -> Answers<proto::ServerReadyResponse> {
        Ok(Response::new(proto::ServerReadyResponse { ready: self.app.is_ready() }))
    }

    async fn model_ready(
        &self,
        request: Request<proto::ModelReadyRequest>,
    ) -> Answers<proto::ModelReadyResponse> {
        let request = request.into_inner();
        let ready = !self.app.is_draining() && self.loaded(&request.name, &request.version).is_ok();
        Ok(Response::new(proto::ModelReadyResponse { ready }))
    }

    async fn server_metadata(
        &self,
        _: Request<proto::ServerMetadataRequest>,
    ) -> Answers<proto::ServerMetadataResponse> {
        Ok(Response::new(proto::ServerMetadataResponse {
            name: SERVER.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            extensions: EXTENSIONS.map(str::to_owned).to_vec(),
        }))
    }

    async fn model_metadata(
        &self,
        request: Request<proto::ModelMetadataRequest>,
    ) -> Answers<proto::ModelMetadataResponse> {
        let request = request.into_inner();
        let metadata = self.metadata(&request.name, &request.version)?;
        let tensor = |tensor: metadata::TensorMetadata| TensorMetadata {
            name: tensor.name,
            datatype: tensor.datatype.name().to_owned(),
            shape: tensor.shape,
        };
        Ok(Response::new(proto::ModelMetadataResponse {
            name: metadata.name,
            versions: metadata.versions,
            platform: metadata.platform,
            inputs: metadata.inputs.into_iter().map(tensor).collect(),
            outputs: metadata.outputs.into_iter().map(tensor).collect(),
        }))
    }

    async fn model_infer(
        &self,
        request: Request<proto::ModelInferRequest>,
    ) -> Answers<proto::ModelInferResponse> {
        let timeout = timeout(request.metadata().as_ref());
        let compressed = request.metadata().get("grpc-encoding").is_some_and(|encoding| encoding == "gzip");
        let mut response = Response::new(self.infer(request.into_inner(), timeout).await?);
        if !compressed {
            response.disable_compression();
        }
        Ok(response)
    }

    async fn model_stream_infer(
        &self,
        requests: Request<Streaming<proto::ModelInferRequest>>,
    ) -> Answers<Self::ModelStreamInferStream> {
        let service = self.clone();
        let answers = requests.into_inner().then(move |request| {
            let service = service.clone();
            async move {
                let request = request?;
                let id = request.id.clone();
                Ok(match service.infer(request, None).await {
                    Ok(response) => proto::ModelStreamInferResponse {
                        error_message: String::new(),
                        infer_response: Some(response),
                    },
                    Err(fault) => proto::ModelStreamInferResponse {
                        error_message: fault.to_string(),
                        infer_response: Some(proto::ModelInferResponse { id, ..Default::default() }),
                    },
                })
            }
        });
        let mut response = Response::new(Box::pin(answers) as Self::ModelStreamInferStream);
        response.disable_compression();
        Ok(response)
    }

    async fn model_config(
        &self,
        request: Request<proto::ModelConfigRequest>,
    ) -> Answers<proto::ModelConfigResponse> {
        let request = request.into_inner();
        let metadata = self.metadata(&request.name, &request.version)?;
        let data_type = |tensor: &metadata::TensorMetadata| {
            proto::DataType::from_str_name(&tensor.data_type()).unwrap_or(proto::DataType::TypeInvalid).into()
        };
        let input = metadata.inputs.iter().map(|tensor| proto::ModelInput {
            name: tensor.name.clone(),
            data_type: data_type(tensor),
            dims: tensor.dims(),
        });
        let output = metadata.outputs.iter().map(|tensor| proto::ModelOutput {
            name: tensor.name.clone(),
            data_type: data_type(tensor),
            dims: tensor.dims(),
        });
        let delay = self.app.fleet.settings().max_batch_delay.as_micros();
        let config = proto::ModelConfig {
            input: input.collect(),
            output: output.collect(),
            name: metadata.name,
            platform: metadata.platform,
            max_batch_size: i32::try_from(self.app.limits.max_records).unwrap_or(i32::MAX),
            dynamic_batching: Some(proto::ModelDynamicBatching {
                max_queue_delay_microseconds: u64::try_from(delay).unwrap_or(u64::MAX),
            }),
            backend: SERVER.to_owned(),
        };
        Ok(Response::new(proto::ModelConfigResponse { config: Some(config) }))
    }

    async fn model_statistics(
        &self,
        request: Request<proto::ModelStatisticsRequest>,
    ) -> Answers<proto::ModelStatisticsResponse> {
        let request = request.into_inner();
        let endpoints = if request.name.is_empty() {
            self.app.fleet.endpoints()
        } else {
            vec![self.loaded(&request.name, &request.version)?.0]
        };
        let model_stats = endpoints.iter().filter_map(|endpoint| statistics(endpoint)).collect();
        Ok(Response::new(proto::ModelStatisticsResponse { model_stats }))
    }

    async fn repository_index(
        &self,
        request: Request<proto::RepositoryIndexRequest>,
    ) -> Answers<proto::RepositoryIndexResponse> {
        let only_ready = request.into_inner().ready;
        let listings = self.app.fleet.index();
        let models = listings.iter().map(|listing| {
            let (state, reason) = state(&listing.state);
            let version =
                listing.version.as_ref().map_or_else(String::new, |version| version.number.to_string());
            ModelIndex {
                name: listing.name.clone(),
                version,
                state: state.to_owned(),
                reason: reason.to_owned(),
            }
        });
        let ready = |index: &ModelIndex| index.state == "READY" || !only_ready;
        Ok(Response::new(proto::RepositoryIndexResponse { models: models.filter(ready).collect() }))
    }

    async fn repository_model_load(
        &self,
        request: Request<proto::RepositoryModelLoadRequest>,
    ) -> Answers<proto::RepositoryModelLoadResponse> {
        let request = request.into_inner();
        if !request.parameters.is_empty() {
            let message = "a model is loaded from its own files; load it without parameters";
            return Err(Fault::new(Kind::Unsupported, message).into());
        }
        let endpoint = self.app.fleet.endpoint(&request.model_name).map_err(Fault::from)?;
        endpoint.load().await.map_err(Fault::from)?;
        Ok(Response::new(proto::RepositoryModelLoadResponse {}))
    }

    async fn repository_model_unload(
        &self,
        request: Request<proto::RepositoryModelUnloadRequest>,
    ) -> Answers<proto::RepositoryModelUnloadResponse> {
        let endpoint = self.app.fleet.endpoint(&request.into_inner().model_name).map_err(Fault::from)?;
        endpoint.unload().await;
        Ok(Response::new(proto::RepositoryModelUnloadResponse {}))
    }
}

/// What an endpoint has done; `None` if it has no model.
fn statistics(endpoint: &Endpoint) -> Option<proto::ModelStatistics> {
    let version = match endpoint.state() {
        ModelState::Ready { .. } => endpoint.loaded().ok()?.version().number.to_string(),
        _ => return None,
    };
    let now = endpoint.statistics().snapshot();
    let tally = |tally: Tally| Some(proto::StatisticDuration { count: tally.count, ns: tally.ns });
    let last = now.last_inference.and_then(|last| last.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    Some(proto::ModelStatistics {
        name: endpoint.name().to_owned(),
        version,
        last_inference: u64::try_from(last.as_millis()).unwrap_or(u64::MAX),
        inference_count: now.inference_count,
        execution_count: now.execution_count,
        inference_stats: Some(proto::InferStatistics {
            success: tally(now.success),
            fail: tally(now.fail),
            queue: tally(now.queue),
            compute_input: tally(now.compute_input),
            compute_infer: tally(now.compute_infer),
            compute_output: tally(now.compute_output),
            cache_hit: tally(Tally::default()),
            cache_miss: tally(Tally::default()),
        }),
        batch_stats: Vec::new(),
    })
}

#[cfg(test)]
mod tests;
