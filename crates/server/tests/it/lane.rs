//! Plain single predictions, which take a way of their own: the same answers as by the other way, whatever comes with
//! them or after them.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time;

use crate::harness::{Answer, RECORD, Served, post, serve, serve_with, settings};

/// A plain request, after which the connection stays open.
fn plain(path: &str, body: &str) -> String {
    post(path, body).replace("Connection: close\r\n", "")
}

/// What comes back for `parts`, sent one after another with a pause, and then nothing more.
async fn ask(served: &Served, parts: &[&str]) -> String {
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    for part in parts {
        stream.write_all(part.as_bytes()).await.unwrap();
        time::sleep(Duration::from_millis(50)).await;
    }
    stream.shutdown().await.unwrap();
    let mut bytes = Vec::new();
    time::timeout(Duration::from_secs(5), stream.read_to_end(&mut bytes)).await.unwrap().unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The lines of a head without what differs from request to request, and without the word on the connection.
fn settled(head: &str) -> Vec<&str> {
    let differs = ["x-request-id:", "date:", "connection:", "content-length:"];
    head.lines().filter(|line| !differs.iter().any(|start| line.starts_with(start))).collect()
}

#[tokio::test]
async fn answers_are_those_of_the_other_way() {
    let served = serve("2").await;
    for (path, body) in [
        ("/predict", RECORD),
        ("/models/m/predict", r#"{"id":"é","age":3,"income":0.5,"visits":4}"#),
        ("/predict", r#"{"age":3,"visits":"x"}"#),
        ("/predict", "{"),
        ("/predict", ""),
        ("/models/none/predict", RECORD),
    ] {
        let mut lane = ask(&served, &[&plain(path, body)]).await;
        let other = served.post(path, body).await;
        for name in ["\r\nx-request-id: ", "\r\ndate: ", "\r\ncontent-length: "] {
            assert!(lane.contains(name) && other.head.contains(name.trim()), "{name}: {lane}");
        }
        assert!(!lane.contains("connection: close"), "{lane}");
        let answer = lane.split_off(lane.find("\r\n\r\n").unwrap() + 4);
        let lane = Answer { status: other.status, head: lane.trim_end().to_lowercase(), body: answer };
        assert_eq!(settled(&lane.head), settled(&other.head), "{path} {body}");
        assert_eq!(lane.timeless(), other.timeless(), "{path} {body}");
    }
}

#[tokio::test]
async fn requests_come_in_pieces_and_together() {
    let served = serve("2").await;
    let one = plain("/predict", RECORD);
    let (head, body) = one.split_at(one.len() - RECORD.len());
    let cut = |text: &str| text.matches("HTTP/1.1 200 OK").count();
    let whole = ask(&served, &[&one, &one]).await;
    assert_eq!((cut(&whole), whole.matches("[6.0,1.0]").count()), (2, 2), "{whole}");
    assert_eq!(cut(&ask(&served, &[head, body, head, body]).await), 2, "head and body apart");
    assert_eq!(cut(&ask(&served, &[&one.repeat(3)]).await), 3, "three at once");
    assert_eq!(
        cut(&ask(&served, &[&format!("{one}{head}"), &format!("{body}{one}")]).await),
        3,
        "overlapping"
    );
    assert_eq!(cut(&ask(&served, &[&head[..20], &head[20..], body, &one]).await), 2, "a head in pieces");
    let many = ask(&served, &[&one.repeat(400)]).await;
    assert_eq!(cut(&many), 400, "more than a buffer of them");
}

#[tokio::test]
async fn other_requests_follow_on_the_same_connection() {
    let served = serve("2").await;
    let get = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
    let one = plain("/predict", RECORD);
    for parts in [&[&*one, get, &*one][..], &[&*format!("{one}{get}{one}")], &[get, &*one, &*one]] {
        let all = ask(&served, parts).await;
        assert_eq!(all.matches("HTTP/1.1 200 OK").count(), 3, "{all}");
        assert_eq!(all.matches("\"status\":\"healthy\"").count(), 1, "{all}");
    }
    let metrics = served.get("/metrics").await.body;
    assert!(
        metrics.contains("firesteel_requests_total{model=\"m\",face=\"rest\",status=\"200\"} 6"),
        "{metrics}"
    );
}

#[tokio::test]
async fn an_id_comes_back_and_a_body_that_ends_early_is_told() {
    let served = serve("2").await;
    let one = plain("/predict", RECORD).replace("Host: a\r\n", "Host: a\r\nX-Request-Id: abc-1\r\n");
    assert!(ask(&served, &[&one]).await.contains("\r\nx-request-id: abc-1\r\n"));
    let short = ask(&served, &[&one[..one.len() - 1]]).await;
    assert!(short.starts_with("HTTP/1.1 400") && short.contains("the body ended before its end"), "{short}");
}

#[tokio::test]
async fn limits_hold_here_as_well() {
    let mut small = settings();
    small.limits.max_body_bytes = 100;
    small.limits.deadline = Duration::ZERO;
    let served = serve_with("2", &small, Default::default()).await;
    let long = ask(&served, &[&plain("/predict", &" ".repeat(101))]).await;
    assert!(long.starts_with("HTTP/1.1 413"), "{long}");
    let late = ask(&served, &[&plain("/predict", RECORD)]).await;
    assert!(late.starts_with("HTTP/1.1 504 Gateway Timeout\r\n"), "{late}");
}

#[tokio::test]
async fn a_client_that_asks_again_at_once_is_answered_each_time() {
    let served = serve("2").await;
    let one = plain("/predict", RECORD);
    let get = "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut answer = vec![0; 4096];
    for pause in [0, 0, 0, 2, 0, 0] {
        for _ in 0..20 {
            stream.write_all(one.as_bytes()).await.unwrap();
            let read = stream.read(&mut answer).await.unwrap();
            assert!(answer[..read].starts_with(b"HTTP/1.1 200 OK"));
        }
        time::sleep(Duration::from_millis(pause)).await;
    }
    stream.write_all(one.as_bytes()).await.unwrap();
    let read = stream.read(&mut answer).await.unwrap();
    assert!(answer[..read].starts_with(b"HTTP/1.1 200 OK"));
    stream.write_all(get.as_bytes()).await.unwrap();
    answer.clear();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(String::from_utf8_lossy(&answer).contains("\"status\":\"healthy\""));
}
