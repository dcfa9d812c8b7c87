//! Traces. What OpenTelemetry's own messages make of them is tried in `tests/clients`.

use firesteel_deploy::Settings as Scoring;
use firesteel_server::{Settings, TraceSettings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::harness::{RECORD, Served, post, serve_with, settings};

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const TRACE: u128 = 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c;

async fn serve_traced(endpoint: &str) -> Served {
    let traces = Some(TraceSettings::new(endpoint, "churn-service", 0.0).unwrap());
    serve_with("2", &Settings { traces, ..settings() }, Scoring::default()).await
}

/// Asks for a prediction as a part of the trace.
async fn ask(served: &Served) {
    let head = post("/predict/batch", &format!(r#"{{"predictions":[{RECORD}]}}"#));
    let asked = served.send(head.replacen("\r\n", &format!("\r\ntraceparent: {PARENT}\r\n"), 1)).await;
    assert_eq!(asked.status, 200);
}

/// Reads a request as long as its head says, and answers it.
async fn take(collector: &TcpListener) -> Vec<u8> {
    let (mut stream, _) = collector.accept().await.unwrap();
    let mut sent = Vec::new();
    loop {
        assert!(stream.read_buf(&mut sent).await.unwrap() > 0);
        let text = String::from_utf8_lossy(&sent);
        let length = text.split_once("content-length: ").and_then(|(_, rest)| rest.split_once("\r\n"));
        let body = sent.windows(4).position(|window| window == b"\r\n\r\n");
        if let (Some((length, _)), Some(body)) = (length, body)
            && sent.len() == body + 4 + length.parse::<usize>().unwrap()
        {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            return sent;
        }
    }
}

#[tokio::test]
async fn a_trace_goes_to_the_collector() {
    let collector = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let served = serve_traced(&format!("http://{}", collector.local_addr().unwrap())).await;
    // Of requests that say nothing, the share that is recorded is 0.
    served.post("/predict", RECORD).await;
    ask(&served).await;
    let sent = take(&collector).await;
    assert!(sent.starts_with(b"POST /v1/traces HTTP/1.1\r\n"));
    let spans = sent.windows(16).filter(|window| *window == TRACE.to_be_bytes()).count();
    assert_eq!(spans, 5, "a request and its four parts, nothing else");
}

#[tokio::test]
async fn without_a_collector_requests_are_answered() {
    let served = serve_traced("http://127.0.0.1:1").await;
    ask(&served).await;
    ask(&served).await;
}
