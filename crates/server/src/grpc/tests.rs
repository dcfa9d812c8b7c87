//! The service with its own generated client, without sockets; `tests/clients` goes over them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use firesteel_deploy::{Fleet, Loader, Settings as Scoring};
use firesteel_plan::{Asked, Builder, ColumnType, ModelInfo, StageInfo};
use tonic::Code;

use super::proto::grpc_inference_service_client::GrpcInferenceServiceClient as Client;
use super::proto::model_infer_request::{InferInputTensor, InferRequestedOutputTensor};
use super::*;
use crate::settings::{Limits, Settings};

/// A model that answers the doubles of the column `x`.
pub(super) fn open() -> Result<firesteel_plan::Model, firesteel_plan::BuildError> {
    let mut builder = Builder::new(BTreeMap::new());
    builder.stage(StageInfo { class: "Cast".to_owned(), ..StageInfo::default() });
    let column = builder.column("x", Asked::of(ColumnType::Int));
    let doubles = builder.cast(&column, ColumnType::Double)?;
    builder.bind("y", doubles)?;
    builder.finish(ModelInfo { format: "test".to_owned(), ..ModelInfo::default() })
}

async fn client(limits: Limits) -> Client<Router> {
    Client::new(router(limits).await)
}

async fn router(limits: Limits) -> Router {
    let fleet = Fleet::new(Loader::new(|_| Ok(open()?)), Scoring::default());
    fleet.add("m", PathBuf::new()).load().await.unwrap();
    let local = ([127, 0, 0, 1], 0).into();
    let settings =
        Settings { listen: local, grpc_listen: None, strict: false, limits, seed: 1, traces: None };
    routes(&Arc::new(App::new(fleet, &settings)))
}

pub(super) fn request(rows: &[i32]) -> proto::ModelInferRequest {
    let raw = rows.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>();
    let input = InferInputTensor {
        name: "x".to_owned(),
        datatype: "INT32".to_owned(),
        shape: vec![rows.len() as i64],
        ..InferInputTensor::default()
    };
    proto::ModelInferRequest {
        model_name: "m".to_owned(),
        id: "7".to_owned(),
        inputs: vec![input],
        raw_input_contents: vec![raw.into()],
        ..Default::default()
    }
}

#[tokio::test]
async fn raw_in_is_raw_out_and_typed_in_is_typed_out() {
    let mut client = client(Limits::default()).await;
    let raw = client.model_infer(request(&[1, -2])).await.unwrap().into_inner();
    assert_eq!((raw.id.as_str(), raw.model_version.as_str()), ("7", "1"));
    assert_eq!(raw.raw_output_contents[0], [1_f64.to_le_bytes(), (-2_f64).to_le_bytes()].concat());
    let mut typed = request(&[]);
    typed.raw_input_contents.clear();
    typed.inputs[0].shape = vec![1];
    let contents = proto::InferTensorContents { int_contents: vec![5], ..Default::default() };
    typed.inputs[0].contents = Some(contents);
    let typed = client.model_infer(typed).await.unwrap().into_inner();
    assert!(typed.raw_output_contents.is_empty());
    assert_eq!(typed.outputs[0].contents.as_ref().unwrap().fp64_contents, [5.0]);
}

#[tokio::test]
async fn errors_have_the_codes_of_the_table() {
    let limits = Limits { max_records: 3, max_body_bytes: 200, ..Limits::default() };
    let mut client = client(limits).await;
    let mut code = async |change: fn(&mut proto::ModelInferRequest)| {
        let mut request = request(&[1]);
        change(&mut request);
        let status = client.model_infer(request).await.unwrap_err();
        (status.code(), status.message().to_owned())
    };
    assert_eq!(code(|request| request.model_name = "n".to_owned()).await.0, Code::NotFound);
    assert_eq!(code(|request| request.model_version = "2".to_owned()).await.0, Code::NotFound);
    let (found, message) = code(|request| request.inputs[0].name = "z".to_owned()).await;
    assert!(found == Code::InvalidArgument && message.contains("'x'"), "{message}");
    let many = code(|request| *request = self::request(&[0; 4])).await;
    assert_eq!(many.0, Code::ResourceExhausted);
    let long = code(|request| request.id = "a".repeat(300)).await;
    assert_eq!(long.0, Code::OutOfRange, "tonic's own code for a message that is too long");
    let unknown = code(|request| {
        request.outputs = vec![InferRequestedOutputTensor { name: "z".to_owned(), ..Default::default() }];
    });
    assert_eq!(unknown.await.0, Code::InvalidArgument);
}

#[tokio::test]
async fn the_shortest_deadline_counts() {
    let mut client = client(Limits::default()).await;
    let mut late = Request::new(request(&[1]));
    late.metadata_mut().insert("grpc-timeout", "1n".parse().unwrap());
    assert_eq!(client.model_infer(late).await.unwrap_err().code(), Code::DeadlineExceeded);
    let mut later = Request::new(request(&[1]));
    later.metadata_mut().insert("grpc-timeout", "9S".parse().unwrap());
    assert!(client.model_infer(later).await.is_ok());
}

#[tokio::test]
async fn a_message_that_does_not_come_ends_the_call() {
    let short = Duration::from_millis(20);
    let limits = Limits { body_timeout: short, deadline: short, ..Limits::default() };
    let mut client = tonic::client::Grpc::new(router(limits).await);
    client.ready().await.unwrap();
    let path = http::uri::PathAndQuery::from_static("/inference.GRPCInferenceService/ModelInfer");
    let codec = tonic_prost::ProstCodec::<proto::ModelInferRequest, proto::ModelInferResponse>::default();
    let never = Request::new(tokio_stream::pending::<proto::ModelInferRequest>());
    let status = client.client_streaming(never, path, codec).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
}

#[tokio::test]
async fn an_error_on_a_stream_is_an_answer() {
    let mut client = client(Limits::default()).await;
    let mut bad = request(&[2]);
    bad.inputs.clear();
    bad.raw_input_contents.clear();
    let requests = tokio_stream::iter([request(&[1]), bad, request(&[3])]);
    let answers = client.model_stream_infer(requests).await.unwrap().into_inner();
    let answers: Vec<_> = answers.map(Result::unwrap).collect().await;
    assert_eq!(answers.len(), 3);
    assert!(answers[0].error_message.is_empty() && answers[2].error_message.is_empty());
    assert!(answers[1].error_message.contains("no input tensors"), "{:?}", answers[1]);
    assert_eq!(answers[1].infer_response.as_ref().unwrap().id, "7");
    let last = answers[2].infer_response.as_ref().unwrap();
    assert_eq!(last.raw_output_contents[0], 3_f64.to_le_bytes().to_vec());
}

#[tokio::test]
async fn readiness_index_and_statistics_follow_the_model() {
    let mut client = client(Limits::default()).await;
    client.model_infer(request(&[1, 2, 3])).await.unwrap();
    let statistics = client.model_statistics(proto::ModelStatisticsRequest::default()).await.unwrap();
    assert_eq!(statistics.into_inner().model_stats[0].inference_count, 3);
    let unload = proto::RepositoryModelUnloadRequest { model_name: "m".to_owned(), ..Default::default() };
    client.repository_model_unload(unload).await.unwrap();
    let ready = proto::ModelReadyRequest { name: "m".to_owned(), version: String::new() };
    assert!(!client.model_ready(ready.clone()).await.unwrap().into_inner().ready);
    let only_ready = proto::RepositoryIndexRequest { ready: true, ..Default::default() };
    assert!(client.repository_index(only_ready).await.unwrap().into_inner().models.is_empty());
    assert_eq!(client.model_infer(request(&[1])).await.unwrap_err().code(), Code::Unavailable);
    let load = proto::RepositoryModelLoadRequest { model_name: "m".to_owned(), ..Default::default() };
    client.repository_model_load(load).await.unwrap();
    assert!(client.model_ready(ready).await.unwrap().into_inner().ready);
}

#[test]
fn timeouts_are_read() {
    let read = |text: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("grpc-timeout", text.parse().unwrap());
        timeout(&headers)
    };
    assert_eq!(read("100m"), Some(Duration::from_millis(100)));
    assert_eq!(read("2S"), Some(Duration::from_secs(2)));
    assert_eq!((read(""), read("S"), read("5x"), read("-1S")), (None, None, None, None));
}

#[test]
fn a_long_message_is_cut() {
    let status = status(&Fault::new(Kind::Invalid, "é".repeat(5000)));
    assert_eq!(status.message().chars().count(), MAX_MESSAGE + 1);
}
