use std::path::PathBuf;

use firesteel_deploy::{Fleet, Loader, Settings as Scoring};
use firesteel_plan::{Asked, Builder, ColumnType, Declared, ModelInfo, StageInfo};
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message;
use tokio::net::TcpStream;
use tonic::{Code, Status};

use super::super::proto::grpc_inference_service_client::GrpcInferenceServiceClient as Client;
use super::super::proto::model_infer_request::{InferInputTensor, InferRequestedOutputTensor};
use super::super::proto::{InferTensorContents, ModelInferRequest, ModelInferResponse};
use super::super::routes;
use super::super::tests::{open, request};
use super::*;
use crate::server::Server;
use crate::settings::{Limits, Settings};

/// What was answered: the message, or the code and the words of an error.
type Answered = Result<ModelInferResponse, (Code, String)>;

/// The model of `tests` under the name `m`, and one of two numbers that answers both, and what is whole of them, as `two`;
/// both take rows.
async fn fleet() -> Fleet {
    let two = || {
        let mut builder = Builder::new(Declared::default());
        builder.stage(StageInfo::default());
        for (name, column_type) in [("a", ColumnType::Long), ("b", ColumnType::Float)] {
            let column = builder.column(name, Asked::of(column_type));
            let doubles = builder.cast(&column, ColumnType::Double)?;
            let whole = builder.cast(&doubles, ColumnType::Int)?;
            builder.bind(&format!("{name}_out"), doubles)?;
            builder.bind(&format!("{name}_whole"), whole)?;
        }
        builder.finish(ModelInfo::default())
    };
    let loader = Loader::new(move |path| Ok(if path.ends_with("two") { two()? } else { open()? }));
    let fleet = Fleet::new(loader, Scoring::default());
    for name in ["m", "two"] {
        fleet.add(name, PathBuf::from(name)).load().await.unwrap();
    }
    fleet
}

fn settings(limits: Limits) -> Settings {
    let local = ([127, 0, 0, 1], 0).into();
    Settings { listen: local, grpc_listen: Some(local), strict: false, limits, seed: 1, traces: None }
}

/// A connection to a server of the fleet.
async fn connect(limits: Limits) -> SendRequest<Body> {
    let server = Server::bind(fleet().await, &settings(limits)).unwrap();
    let address = server.grpc_address().unwrap().unwrap();
    tokio::spawn(server.run(std::future::pending()));
    let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
    let (sender, connection) = http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    tokio::spawn(connection);
    sender
}

/// Asks by frames of these bytes, each sent when the ones before are there.
async fn ask_by(sender: &SendRequest<Body>, frames: Vec<Vec<u8>>) -> Answered {
    let (frame_sender, frame_receiver) = tokio::sync::mpsc::channel::<Vec<u8>>(1);
    tokio::spawn(async move {
        for frame in frames {
            frame_sender.send(frame).await.unwrap();
            time::sleep(Duration::from_millis(5)).await;
        }
    });
    let frames = tokio_stream::StreamExt::map(Frames(frame_receiver), |frame| {
        Ok::<_, hyper::Error>(Bytes::from(frame))
    });
    let request =
        Request::post(format!("http://localhost{INFER}")).header("content-type", "application/grpc");
    let response =
        sender.clone().send_request(request.body(Body::from_stream(frames)).unwrap()).await.unwrap();
    let in_head = response.headers().clone();
    assert!(in_head.contains_key("x-request-id"), "every answer has an id");
    let body = response.into_body().collect().await.unwrap();
    let told = body.trailers().unwrap_or(&in_head).clone();
    let status = Status::from_header_map(&told).unwrap();
    match status.code() {
        Code::Ok => Ok(ModelInferResponse::decode(&body.to_bytes()[PREFIX..]).unwrap()),
        code => Err((code, status.message().to_owned())),
    }
}

/// The receiving end of a channel as a stream.
struct Frames(tokio::sync::mpsc::Receiver<Vec<u8>>);

impl tokio_stream::Stream for Frames {
    type Item = Vec<u8>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Vec<u8>>> {
        self.0.poll_recv(context)
    }
}

/// A message behind its prefix.
fn framed(message: &ModelInferRequest) -> Vec<u8> {
    let message = message.encode_to_vec();
    [&[0], &(message.len() as u32).to_be_bytes()[..], &message].concat()
}

fn changed(change: impl FnOnce(&mut ModelInferRequest)) -> ModelInferRequest {
    let mut request = request(&[5]);
    change(&mut request);
    request
}

fn named(names: &[&str]) -> ModelInferRequest {
    let output = |name: &&str| InferRequestedOutputTensor { name: (*name).to_owned(), ..Default::default() };
    changed(|request| request.outputs = names.iter().map(output).collect())
}

/// How many of the requests below are rows of numbers.
const SHORT: usize = 8;

/// A request to the model of two numbers.
fn two(inputs: &[(&str, &str, &[i64])], raw: &[&[u8]]) -> ModelInferRequest {
    let input = |&(name, datatype, shape): &(&str, &str, &[i64])| InferInputTensor {
        name: name.to_owned(),
        datatype: datatype.to_owned(),
        shape: shape.to_vec(),
        ..Default::default()
    };
    ModelInferRequest {
        model_name: "two".to_owned(),
        inputs: inputs.iter().map(input).collect(),
        raw_input_contents: raw.iter().map(|bytes| Bytes::copy_from_slice(bytes)).collect(),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_answers_as_the_way_through_tonic_does() {
    let typed = InferTensorContents { int_contents: vec![5], ..Default::default() };
    let typed = changed(|request| {
        request.raw_input_contents.clear();
        request.inputs[0].contents = Some(typed);
    });
    let requests = [
        request(&[5]),
        request(&[i32::MIN, 7]),
        request(&[0; 3000]),
        request(&[0; 30_000]),
        typed,
        named(&["y"]),
        named(&["y", "y"]),
        named(&["z"]),
        changed(|request| request.inputs[0].shape = vec![1, 1]),
        changed(|request| request.inputs[0].shape = vec![1, 2]),
        changed(|request| request.inputs[0].shape = vec![-1]),
        changed(|request| request.inputs[0].datatype = "FP32".to_owned()),
        changed(|request| request.inputs[0].datatype = "UINT32".to_owned()),
        changed(|request| request.inputs[0].datatype = "FP33".to_owned()),
        changed(|request| request.inputs[0].name = "input-0".to_owned()),
        changed(|request| request.model_name = "n".to_owned()),
        changed(|request| request.model_version = "1".to_owned()),
        changed(|request| request.model_version = "2".to_owned()),
        changed(|request| request.raw_input_contents.clear()),
        changed(|request| request.inputs.clear()),
        ModelInferRequest::default(),
        two(&[("a", "INT64", &[1]), ("b", "FP32", &[1])], &[&7_i64.to_le_bytes(), &0.1_f32.to_le_bytes()]),
        two(&[("b", "FP32", &[1]), ("a", "INT64", &[1])], &[&0.1_f32.to_le_bytes(), &7_i64.to_le_bytes()]),
        two(&[("a", "INT64", &[1]), ("b", "FP64", &[1])], &[&7_i64.to_le_bytes(), &0.1_f64.to_le_bytes()]),
        two(&[("a", "INT64", &[1]), ("b", "INT8", &[1])], &[&i64::MAX.to_le_bytes(), &[9]]),
        two(&[("a", "UINT64", &[1]), ("b", "INT8", &[1])], &[&u64::MAX.to_le_bytes(), &[9]]),
        two(&[("a", "INT64", &[1]), ("a", "INT64", &[1])], &[&[0; 8], &[0; 8]]),
        two(&[("a", "INT64", &[1])], &[&[0; 8]]),
        two(&[("input-0", "INT32", &[1, 2])], &[&[1, 0, 0, 0, 2, 0, 0, 0]]),
        two(&[("input-0", "INT32", &[2, 2])], &[&[5; 16]]),
        two(&[("input-0", "FP64", &[1, 2])], &[&[0; 16]]),
        two(&[("input-0", "FP64", &[1, 3])], &[&[0; 24]]),
        two(&[("a", "INT16", &[1, 2])], &[&[0; 4]]),
    ];
    let sender = connect(Limits::default()).await;
    let app = Arc::new(App::new(fleet().await, &settings(Limits::default())));
    let mut tonic = Client::new(routes(&app));
    let mut short = 0;
    for request in requests {
        let expected = tonic.model_infer(request.clone()).await;
        let expected = expected
            .map(tonic::Response::into_inner)
            .map_err(|status| (status.code(), status.message().to_owned()));
        let message = request.encode_to_vec();
        let is_short =
            plain::read(&message).is_some_and(|plain| row(&app, &plain, None, Instant::now()).is_some());
        short += usize::from(is_short);
        assert!(!is_short || expected.is_ok(), "the short way answers what the other refuses: {request:?}");
        let frame = framed(&request);
        assert_eq!(ask_by(&sender, vec![frame.clone()]).await, expected, "{request:?}");
        let (first, last) = frame.split_at(frame.len() / 2);
        assert_eq!(ask_by(&sender, vec![first.to_vec(), last.to_vec()]).await, expected, "in two frames");
    }
    assert_eq!(short, SHORT);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_message_is_told_by_tonic() {
    let sender = connect(Limits { max_body_bytes: 100, ..Limits::default() }).await;
    let frame = framed(&request(&[5]));
    let mut compressed = frame.clone();
    compressed[0] = 1;
    let mut broken = frame.clone();
    broken[PREFIX] = 0xff;
    for (frames, code) in [
        (vec![], Code::Internal),
        (vec![frame[..3].to_vec()], Code::Internal),
        (vec![frame[..20].to_vec()], Code::Internal),
        (vec![compressed], Code::Internal),
        (vec![broken], Code::Internal),
        (vec![framed(&changed(|request| request.id = "a".repeat(99)))], Code::OutOfRange),
    ] {
        let (found, words) = ask_by(&sender, frames.clone()).await.unwrap_err();
        assert_eq!(found, code, "{frames:?}: {words}");
    }
    assert!(ask_by(&sender, vec![frame]).await.is_ok(), "the connection goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_does_not_come_ends_the_call() {
    let short = Duration::from_millis(20);
    let sender = connect(Limits { body_timeout: short, deadline: short, ..Limits::default() }).await;
    let (frame_sender, frame_receiver) = tokio::sync::mpsc::channel::<Vec<u8>>(1);
    frame_sender.send(framed(&request(&[5]))[..7].to_vec()).await.unwrap();
    let frames = tokio_stream::StreamExt::map(Frames(frame_receiver), |frame| {
        Ok::<_, hyper::Error>(Bytes::from(frame))
    });
    let request = Request::post(format!("http://localhost{INFER}")).body(Body::from_stream(frames)).unwrap();
    let response = sender.clone().send_request(request).await.unwrap();
    assert_eq!(Code::from_bytes(response.headers()["grpc-status"].as_bytes()), Code::DeadlineExceeded);
}
