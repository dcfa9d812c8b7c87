//! The Open Inference Protocol over REST, where a client of PyPI does not go.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::harness::{Answer, Served, serve, serve_with, settings};

fn tensors(rows: usize) -> Value {
    json!([
        {"name": "age", "shape": [rows], "datatype": "INT32", "data": vec![3; rows]},
        {"name": "income", "shape": [rows, 1], "datatype": "FP64", "data": vec![[0.5]; rows]},
        {"name": "visits", "shape": [rows], "datatype": "UINT8", "data": vec![4; rows]},
    ])
}

async fn infer(served: &Served, body: &Value) -> Answer {
    served.post("/v2/models/m/infer", &body.to_string()).await
}

/// The status and the error, which must be a text.
fn error(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["error"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn health_and_metadata_have_bodies() {
    let served = serve("2").await;
    assert_eq!(served.get("/v2/health/live").await.body, r#"{"live":true}"#);
    assert_eq!(served.get("/v2/health/ready").await.body, r#"{"ready":true}"#);
    assert_eq!(served.get("/v2/models/m/ready").await.body, r#"{"name":"m","ready":true}"#);
    assert_eq!(served.get("/v2/models/m/versions/1/ready").await.status, 200);
    assert_eq!(served.get("/v2/models/m/versions/2/ready").await.status, 404);
    assert_eq!(served.get("/v2").await.body, served.get("/v2/").await.body);
    let model = served.get("/v2/models/m").await.json();
    assert_eq!(model["inputs"][2], json!({"name": "visits", "datatype": "INT64", "shape": [-1]}));
    assert_eq!(model["outputs"][2], json!({"name": "scaled", "datatype": "FP64", "shape": [-1, -1]}));
    assert_eq!(model, served.get("/v2/models/m/versions/1").await.json());
    let config = served.get("/v2/models/m/config").await.json();
    assert_eq!(config["output"][2], json!({"name": "scaled", "data_type": "TYPE_FP64", "dims": [-1]}));
}

#[tokio::test]
async fn a_request_is_answered_with_the_outputs_asked_for_in_their_order() {
    let served = serve("2").await;
    let answer = infer(&served, &json!({"inputs": tensors(1)})).await;
    assert_eq!(
        answer.body,
        r#"{"model_name":"m","model_version":"1","outputs":[{"name":"scaled","datatype":"FP64","shape":[1,2],"data":[6.0,1.0]}]}"#
    );
    let asked = json!({"id": "é\"", "inputs": tensors(2), "outputs": [{"name": "visits_double"}, {"name": "features"}]});
    let answer = infer(&served, &asked).await.json();
    assert_eq!(answer["id"], "é\"");
    assert_eq!(answer["outputs"][0]["data"], json!([4.0, 4.0]));
    assert_eq!(answer["outputs"][1]["data"], json!([3.0, 0.5, 3.0, 0.5]));
    let path = "/v2/models/m/versions/1/infer";
    assert_eq!(served.post(path, &json!({"inputs": tensors(1)}).to_string()).await.status, 200);
}

#[tokio::test]
async fn errors_are_one_text_everywhere() {
    let served = serve("2").await;
    let bad = |edit: fn(&mut Value)| {
        let mut inputs = tensors(2);
        edit(&mut inputs);
        json!({ "inputs": inputs })
    };
    let (status, text) = error(&infer(&served, &bad(|inputs| inputs[1]["shape"] = json!([3]))).await);
    assert_eq!(
        (status, text.as_str()),
        (400, "tensor 'income': found 2 elements, expected 3 by its shape [3]")
    );
    let (status, text) = error(&infer(&served, &bad(|inputs| inputs[0]["name"] = json!("agee"))).await);
    assert_eq!(status, 400);
    assert!(text.contains("tensor 'age' (FP64 [-1]) is missing; was 'agee' meant for it?"), "{text}");
    for (body, words) in [
        ("", "EOF"),
        ("[1]", "not an inference request"),
        (r#"{"inputs": []}"#, "no input tensors"),
        (r#"{"inputs": [{"name": "age", "shape": [1], "datatype": "FP64", "data": ["NaN"]}]}"#, "'income'"),
    ] {
        let (status, text) = error(&served.post("/v2/models/m/infer", body).await);
        assert!(status == 400 && text.contains(words), "{body}: {status} {text}");
    }
    let twice = json!({"inputs": tensors(1), "outputs": [{"name": "scaled"}, {"name": "scaled"}]});
    assert!(error(&infer(&served, &twice).await).1.contains("asked for twice"));
    let unknown = json!({"inputs": tensors(1), "outputs": [{"name": "nope"}]});
    assert_eq!(error(&infer(&served, &unknown).await).0, 422);
    assert_eq!(error(&served.get("/v2/nothing/here").await).0, 404);
    assert_eq!(error(&served.get("/v2/models/none").await).0, 404);
    assert_eq!(error(&served.get("/v2/models/none/ready").await).0, 404);
    assert_eq!(error(&served.get("/v2/models/m/infer").await).0, 405);
    assert_eq!(error(&served.post("/v2", "").await).0, 405);
    assert_eq!(error(&served.post("/v2/models/m/versions/7/infer", "{}").await).0, 400);
    let versioned =
        served.post("/v2/models/m/versions/7/infer", &json!({"inputs": tensors(1)}).to_string()).await;
    assert_eq!(error(&versioned), (404, "model 'm' has no version '7'; version 1 is in use".to_owned()));
    let health = served.get("/health").await.json();
    assert_eq!(health["status"], "healthy", "nothing of this made the server unhealthy: {health}");
}

#[tokio::test]
async fn headers_of_binary_requests_are_checked() {
    let served = serve("2").await;
    let send = async |length: &str, body: &str| {
        let head = format!(
            "POST /v2/models/m/infer HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {}\r\n",
            body.len()
        );
        error(&served.send(format!("{head}Inference-Header-Content-Length: {length}\r\n\r\n{body}")).await)
    };
    assert!(send("many", "{}").await.1.contains("is no length"));
    assert!(send("100", "{}").await.1.contains("the header says 100 bytes"));
    assert!(send("0", "12345678").await.1.contains("model of one input, this one has 3"));
}

#[tokio::test]
async fn limits_hold_also_for_compressed_bodies() {
    let mut settings = settings();
    settings.limits.max_records = 3;
    settings.limits.max_body_bytes = 4096;
    let served = serve_with("2", &settings, Default::default()).await;
    assert_eq!(infer(&served, &json!({"inputs": tensors(3)})).await.status, 200);
    assert_eq!(error(&infer(&served, &json!({"inputs": tensors(4)})).await).0, 413);
    let huge = json!({"inputs": [{"name": "age", "shape": [u32::MAX, 0], "datatype": "FP64", "data": []}]});
    assert_eq!(error(&infer(&served, &huge).await).0, 413, "rows without elements are rows");
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(&vec![b' '; 1 << 20]).unwrap();
    let bomb = bomb.finish().unwrap();
    let head = format!(
        "POST /v2/models/m/infer HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        bomb.len()
    );
    assert_eq!(error(&served.send([head.as_bytes(), &bomb].concat()).await).0, 413);
}

#[tokio::test]
async fn a_timeout_of_a_request_is_a_deadline() {
    let served = serve("2").await;
    let answer = infer(&served, &json!({"inputs": tensors(1), "parameters": {"timeout": 1}})).await;
    assert_eq!(error(&answer).0, 504);
    let answer = infer(&served, &json!({"inputs": tensors(1), "parameters": {"timeout": u64::MAX}})).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn dropped_rows_are_marked_or_refused() {
    let served = serve("2 skip").await;
    let mut inputs = tensors(2);
    inputs[0] = json!({"name": "age", "shape": [2], "datatype": "FP64", "data": [null, 1]});
    let answer = infer(&served, &json!({"inputs": inputs})).await.json();
    assert_eq!(answer["outputs"][0]["data"], json!([null, null, 2.0, 1.0]));
    assert_eq!(
        answer["outputs"][1],
        json!({"name": "dropped", "datatype": "BOOL", "shape": [2], "data": [true, false]})
    );
    let asked = infer(&served, &json!({"inputs": inputs, "outputs": [{"name": "scaled"}]})).await;
    assert!(error(&asked).1.contains("dropped rows (handleInvalid=skip): 0;"), "{asked:?}");
    let metadata = served.get("/v2/models/m").await.json();
    assert_eq!(metadata["outputs"][3]["name"], "dropped");
}

#[tokio::test]
async fn the_repository_loads_and_unloads() {
    let served = serve("2").await;
    let index = async |body: &str| served.post("/v2/repository/index", body).await.json();
    let ready = json!([{"name": "m", "version": "1", "state": "READY", "reason": ""}]);
    assert_eq!(index("").await, ready);
    assert_eq!(index(r#"{"ready": true}"#).await, ready);
    assert_eq!(served.post("/v2/repository/models/m/unload", "").await.status, 200);
    assert_eq!(index(r#"{"ready": true}"#).await, json!([]));
    assert_eq!(index("").await[0]["state"], "UNAVAILABLE");
    assert_eq!(error(&infer(&served, &json!({"inputs": tensors(1)})).await).0, 503);
    assert_eq!(served.get("/v2/health/ready").await.body, r#"{"ready":false}"#);
    assert_eq!(served.get("/v2/models/stats").await.json(), json!({"model_stats": []}));
    served.write("broken");
    assert_eq!(error(&served.post("/v2/repository/models/m/load", "").await).0, 409);
    served.write("3");
    assert_eq!(served.post("/v2/repository/models/m/load", "{}").await.status, 200);
    assert_eq!(infer(&served, &json!({"inputs": tensors(1)})).await.json()["model_version"], "2");
    let config = served.post("/v2/repository/models/m/load", r#"{"parameters": {"config": "{}"}}"#).await;
    assert_eq!(error(&config).0, 501);
    assert_eq!(error(&served.post("/v2/repository/models/x/load", "").await).0, 404);
    let statistics = served.get("/v2/models/m/stats").await.json();
    assert_eq!(statistics["model_stats"][0]["inference_count"], 1);
    assert_eq!(statistics, served.get("/v2/models/stats").await.json());
}

#[tokio::test]
async fn strict_refuses_tensors_that_the_model_does_not_read() {
    let mut settings = settings();
    settings.strict = true;
    let served = serve_with("2", &settings, Default::default()).await;
    let mut inputs = tensors(1);
    let extra = json!({"name": "ages", "shape": [1], "datatype": "FP64", "data": [1]});
    inputs.as_array_mut().unwrap().push(extra);
    let (status, text) = error(&infer(&served, &json!({"inputs": inputs})).await);
    assert_eq!((status, text.as_str()), (400, "the model does not read tensor 'ages'; was 'age' meant?"));
}
