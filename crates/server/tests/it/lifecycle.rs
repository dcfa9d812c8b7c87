//! Swaps, refusals and draining.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use firesteel_deploy::{Settings as Scoring, Watcher};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time;

use crate::harness::{Answer, RECORD, serve, serve_with, settings};

#[tokio::test]
async fn health_and_readiness_tell_the_model() {
    let served = serve("2").await;
    let health = served.get("/health").await.json();
    assert_eq!((&health["status"], &health["model_loaded"]), (&"healthy".into(), &true.into()));
    assert_eq!((&health["model_version"], &health["last_prediction_time"]), (&"factor_2".into(), &().into()));
    served.post("/predict", RECORD).await;
    let last = served.get("/health").await.json()["last_prediction_time"].as_str().unwrap().to_owned();
    assert!(last.starts_with("20") && last.ends_with('Z'), "{last}");
    assert_eq!(served.get("/ready").await.status, 200);
    assert_eq!(served.get("/models/m/ready").await.status, 200);
    let index = served.get("/models").await.json();
    assert_eq!((&index["models"][0]["name"], &index["models"][0]["state"]), (&"m".into(), &"ready".into()));
    let shown = served.get("/models/m").await.json();
    assert_eq!(
        shown["inputs"][2],
        serde_json::json!({
            "name": "visits", "type": "bigint", "nullable": false, "stage": "0 VectorAssembler",
        })
    );
}

#[tokio::test]
async fn a_server_without_its_model_is_not_ready() {
    let served = serve("nonsense").await;
    assert_eq!(served.get("/ready").await.status, 503);
    let health = served.get("/health").await;
    assert_eq!((health.status, &health.json()["model_loaded"]), (200, &false.into()));
    let answer = served.post("/predict", RECORD).await;
    assert_eq!(answer.status, 503);
    assert!(
        answer.body.contains("invalid float literal") && answer.head.contains("retry-after"),
        "{answer:?}"
    );
    served.write("2");
    assert_eq!(served.post("/model/reload", "").await.status, 200);
    assert_eq!(served.get("/ready").await.status, 200);
}

#[tokio::test]
async fn a_bad_new_model_is_refused_and_the_old_one_answers() {
    let served = serve("2").await;
    served.write("broken");
    let answer = served.post("/models/m/reload", "").await;
    assert_eq!(answer.status, 409);
    assert!(answer.body.contains("version 1 stays in use"), "{answer:?}");
    assert!(served.post("/predict", RECORD).await.body.contains("[6.0,1.0]"));
    assert_eq!(served.get("/ready").await.status, 200);
    assert!(served.get("/models").await.body.contains("invalid float literal"));
}

/// Reads one answer from a connection that stays open.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> String {
    buffer.clear();
    let mut chunk = [0; 4096];
    loop {
        let read = stream.read(&mut chunk).await.unwrap();
        assert!(read > 0, "closed after {}", String::from_utf8_lossy(buffer));
        buffer.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(buffer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head
            .to_lowercase()
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.split("\r\n").next()?.parse::<usize>().ok());
        if length.is_some_and(|length| body.len() >= length) {
            return text.into_owned();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn swaps_under_load_lose_nothing_and_mix_nothing() {
    let served = serve("2").await;
    let stop = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (1..=8)
        .map(|client| {
            let (address, stop) = (served.address, Arc::clone(&stop));
            tokio::spawn(async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                let body = format!(r#"{{"id":{client},"age":{client},"income":1,"visits":1}}"#);
                let length = body.len();
                let request =
                    format!("POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{body}");
                let (mut buffer, mut asked, mut highest) = (Vec::new(), 0, 0.0);
                while !stop.load(Ordering::Relaxed) {
                    stream.write_all(request.as_bytes()).await.unwrap();
                    let answer = read_answer(&mut stream, &mut buffer).await;
                    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
                    let json: serde_json::Value =
                        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
                    let factor = json["scaled"][1].as_f64().unwrap();
                    assert_eq!(json["scaled"][0].as_f64().unwrap(), factor * f64::from(client));
                    assert_eq!(json["id"], client);
                    assert!(factor >= highest, "an older model answered after a newer one");
                    highest = factor;
                    asked += 1;
                }
                asked
            })
        })
        .collect();
    let mut watcher = Watcher::new(served.fleet.clone(), None);
    for factor in 3..10 {
        served.write(&factor.to_string());
        watcher.look().await;
        watcher.look().await;
        served.write("broken");
        assert_eq!(served.post("/model/reload", "").await.status, 409);
    }
    assert!(served.post("/predict", RECORD).await.body.contains("[27.0,4.5]"));
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        assert!(client.await.unwrap() > 10);
    }
}

#[tokio::test]
async fn draining_ends_what_runs_and_answers_not_ready() {
    let mut served = serve("2").await;
    let mut running = TcpStream::connect(served.address).await.unwrap();
    let head = format!("POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", RECORD.len());
    running.write_all(head.as_bytes()).await.unwrap();
    let mut idle = TcpStream::connect(served.address).await.unwrap();
    idle.write_all(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    read_answer(&mut idle, &mut Vec::new()).await;
    time::sleep(Duration::from_millis(100)).await;
    served.stop();
    // An idle connection is closed at once; a new one is answered while others run.
    let mut rest = Vec::new();
    time::timeout(Duration::from_secs(5), idle.read_to_end(&mut rest)).await.unwrap().unwrap();
    let ready = served.get("/ready").await;
    assert_eq!(ready.status, 503);
    assert!(ready.body.contains("\"draining\":true"));
    running.write_all(RECORD.as_bytes()).await.unwrap();
    let answer = Answer::read(&mut running).await;
    assert!(answer.status == 200 && answer.body.contains("[6.0,1.0]"), "{answer:?}");
    time::timeout(Duration::from_secs(5), &mut served.task).await.unwrap().unwrap();
    assert!(TcpStream::connect(served.address).await.is_err());
}

#[tokio::test]
async fn draining_does_not_wait_for_ever() {
    let mut hasty = settings();
    hasty.limits.drain = Duration::from_millis(200);
    let mut served = serve_with("2", &hasty, Scoring::default()).await;
    let mut stuck = TcpStream::connect(served.address).await.unwrap();
    stuck.write_all(b"POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{").await.unwrap();
    time::sleep(Duration::from_millis(100)).await;
    served.stop();
    time::timeout(Duration::from_secs(5), &mut served.task).await.unwrap().unwrap();
}
