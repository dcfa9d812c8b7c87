//! Hostile and slow clients.

use std::process::Command;
use std::time::{Duration, Instant};

use firesteel_deploy::Settings as Scoring;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time;

use crate::HEAP;
use crate::harness::{Answer, RECORD, Served, post, serve, serve_with, settings};

async fn with_timeouts() -> Served {
    let mut hasty = settings();
    hasty.limits.header_timeout = Duration::from_millis(200);
    hasty.limits.body_timeout = Duration::from_millis(200);
    serve_with("2", &hasty, Scoring::default()).await
}

/// Reads until the server closes; how long that took.
async fn closes(mut stream: TcpStream) -> (Duration, Vec<u8>) {
    let started = Instant::now();
    let mut bytes = Vec::new();
    let read = time::timeout(Duration::from_secs(5), stream.read_to_end(&mut bytes)).await;
    assert!(read.is_ok(), "the connection stays open");
    (started.elapsed(), bytes)
}

#[tokio::test]
async fn silent_and_half_sent_heads_are_closed() {
    let served = with_timeouts().await;
    for sent in ["", "P", "PR", "PRI", "POST /predict HTTP/1.1\r\nHost: a\r\n", "PRI * HTTP/2.0\r\n"] {
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let (took, _) = closes(stream).await;
        assert!(took >= Duration::from_millis(100), "{sent:?} closed after {took:?}");
    }
    // Between two requests as well.
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /hea").await.unwrap();
    let (_, bytes) = closes(stream).await;
    assert!(bytes.starts_with(b"HTTP/1.1 200"));
}

#[tokio::test]
async fn a_body_that_drips_is_answered_408() {
    let served = with_timeouts().await;
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.write_all(b"POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{").await.unwrap();
    let (mut read, mut write) = stream.into_split();
    let drip = tokio::spawn(async move {
        while write.write_all(b" ").await.is_ok() {
            time::sleep(Duration::from_millis(20)).await;
        }
    });
    let mut bytes = Vec::new();
    time::timeout(Duration::from_secs(5), read.read_to_end(&mut bytes)).await.unwrap().unwrap();
    assert!(bytes.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&bytes));
    drip.abort();
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_before_it_comes() {
    let mut small = settings();
    small.limits.max_body_bytes = 1000;
    let served = serve_with("2", &small, Scoring::default()).await;
    let announced =
        "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n";
    let answer = served.send(announced).await;
    assert_eq!(answer.status, 413, "{answer:?}");
    assert!(answer.head.contains("connection: close"));
    // One that sends on regardless can read the answer too.
    let answer = served.send(post("/predict", &" ".repeat(500_000))).await;
    assert_eq!(answer.status, 413);
    // Nor can the length be hidden in chunks.
    let chunks = format!("400\r\n{}\r\n", " ".repeat(0x400)).repeat(4);
    let head = "POST /predict HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let answer = served.send(format!("{head}{chunks}0\r\n\r\n")).await;
    assert_eq!(answer.status, 413);
    assert!(answer.body.contains("longer than 1000 bytes"));
}

#[tokio::test]
async fn heads_have_limits() {
    let served = serve("2").await;
    let long = format!("GET /health HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "x".repeat(128 << 10));
    assert_eq!(served.send(long).await.status, 431);
    let many: String = (0..200).map(|at| format!("X-{at}: 1\r\n")).collect();
    assert_eq!(served.send(format!("GET /health HTTP/1.1\r\nHost: a\r\n{many}\r\n")).await.status, 431);
}

#[tokio::test]
async fn exactly_one_host_is_needed() {
    let served = serve("2").await;
    for (hosts, status) in [("", 400), ("Host: a\r\nHost: a\r\n", 400), ("Host: a\r\n", 200)] {
        let answer = served.send(format!("GET /health HTTP/1.1\r\nConnection: close\r\n{hosts}\r\n")).await;
        assert_eq!(answer.status, status, "{hosts:?} {answer:?}");
    }
    assert_eq!(served.send("GET /health HTTP/1.0\r\n\r\n").await.status, 200);
}

#[tokio::test]
async fn a_request_id_comes_back_or_is_made() {
    let served = serve("2").await;
    let with = |id: &str| {
        format!("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Request-Id: {id}\r\n\r\n")
    };
    assert!(served.send(with("abc-1")).await.head.contains("x-request-id: abc-1"));
    let long = "y".repeat(200);
    assert!(!served.send(with(&long)).await.head.contains(&long));
    let ids = [served.get("/health").await.head, served.get("/health").await.head];
    let id = |head: &str| head.split("x-request-id: ").nth(1).unwrap()[..16].to_owned();
    assert_ne!(id(&ids[0]), id(&ids[1]));
}

#[tokio::test]
async fn connections_beyond_the_cap_are_turned_away() {
    let mut few = settings();
    few.limits.max_connections = 2;
    let served = serve_with("2", &few, Scoring::default()).await;
    let held = [
        TcpStream::connect(served.address).await.unwrap(),
        TcpStream::connect(served.address).await.unwrap(),
    ];
    let mut third = TcpStream::connect(served.address).await.unwrap();
    let answer = Answer::read(&mut third).await;
    assert_eq!(answer.status, 503);
    assert!(answer.head.contains("retry-after: 1") && answer.body.contains("too many connections"));
    drop(held);
    for _ in 0..100 {
        time::sleep(Duration::from_millis(20)).await;
        if served.get("/health").await.status == 200 {
            return;
        }
    }
    panic!("a freed place is not given on");
}

#[tokio::test]
async fn http2_without_tls_is_understood() {
    let served = serve("2").await;
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    // The preface, an empty SETTINGS frame, and a GET of /health in HPACK: three indexed fields and a literal path.
    let mut frames = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec();
    let headers = b"\x82\x86\x04\x07/health\x41\x01a";
    frames.extend_from_slice(&[0, 0, headers.len() as u8, 1, 5, 0, 0, 0, 1]);
    frames.extend_from_slice(headers);
    stream.write_all(&frames).await.unwrap();
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while !bytes.windows(8).any(|window| window == b"\"status\"") {
        let read = time::timeout(Duration::from_secs(5), stream.read(&mut buffer)).await.unwrap().unwrap();
        assert!(read > 0, "closed after {bytes:?}");
        bytes.extend_from_slice(&buffer[..read]);
    }
}

/// Rounds of opening and closing; in the first, lazily made parts of the runtime come to stay.
const ROUNDS: usize = 4;

/// What may differ from round to round: buffers of the few connections that ask.
const SLACK: usize = 1 << 20;

/// The most bytes that an open connection may hold, both of its ends counted.
const CONNECTION: usize = 32 << 10;

/// As many connections as the system lets one process hold both ends of, up to 10,000.
fn many() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let files = limits.lines().find(|line| line.starts_with("Max open files"));
    let files = files.and_then(|line| line.split_whitespace().nth(3)?.parse::<usize>().ok()).unwrap_or(1024);
    10_000.min(files.saturating_sub(200) / 2)
}

/// Waits until only the connection that asks is open.
async fn all_closed(served: &Served) {
    for _ in 0..500 {
        if served.get("/metrics").await.body.contains("\nfiresteel_connections 1\n") {
            return;
        }
        time::sleep(Duration::from_millis(20)).await;
    }
    panic!("connections stay open");
}

#[test]
fn ten_thousand_open_connections_cost_little_and_leave_nothing() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "connections::in_a_process_of_its_own", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    println!("{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures the memory of its process; the test above runs it in one of its own"]
async fn in_a_process_of_its_own() {
    let served = serve("2").await;
    let count = many();
    println!("{count} open connections");
    let (mut during, mut after) = (Vec::new(), vec![HEAP.current_usage()]);
    for _ in 0..ROUNDS {
        let mut open = Vec::with_capacity(count);
        for at in 0..count {
            let mut stream = TcpStream::connect(served.address).await.unwrap();
            if at % 2 == 0 {
                stream.write_all(b"POST /predict HTTP/1.1\r\n").await.unwrap();
            }
            open.push(stream);
        }
        let started = Instant::now();
        assert_eq!(served.post("/predict", RECORD).await.status, 200);
        assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
        during.push(HEAP.current_usage());
        drop(open);
        all_closed(&served).await;
        after.push(HEAP.current_usage());
    }
    println!("bytes with them: {during:?}; before and after: {after:?}");
    assert!(during.iter().all(|&bytes| bytes < after[0] + count * CONNECTION), "they cost more: {during:?}");
    assert!(after.iter().all(|&bytes| bytes < after[0] + SLACK), "memory grows: {after:?}");
}
