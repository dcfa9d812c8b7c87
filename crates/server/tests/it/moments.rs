//! Dates, timestamps and decimals, in and out of each protocol.

use serde_json::json;

use crate::harness::{Served, serve};

const ROWS: [&str; 2] =
    [r#"["2024-01-31","2024-01-31T12:00:00.5Z","2024-01-31T09:00:00",3]"#, r#"[null,null,null,null]"#];

async fn invoke(served: &Served, kind: &str, body: &str) -> (u16, String) {
    let length = body.len();
    let head = "POST /invocations HTTP/1.1\r\nHost: a\r\nConnection: close";
    let request = format!("{head}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}");
    let answer = served.send(request).await;
    (answer.status, answer.body)
}

#[tokio::test]
async fn rest_reads_and_writes_them_as_texts() {
    let served = serve("moments").await;
    let record =
        r#"{"day":"2024-01-31","at":"2024-01-31 13:00:00+01:00","clock":"2024-01-31 09:00:00+01:00","n":3}"#;
    let answer = served.post("/predict", record).await;
    assert_eq!(
        answer.timeless(),
        r#"{"next_day":"2024-02-01","same":"2024-01-31T12:00:00Z","shown":"2024-01-31T09:00:00","price":4.5,"latency_ms":}"#
    );
    let none = served.post("/predict", r#"{"day":null,"at":null,"clock":null,"n":null}"#).await;
    assert_eq!(none.timeless(), r#"{"next_day":null,"same":null,"shown":null,"price":null,"latency_ms":}"#);
    let wrong = served.post("/predict", r#"{"day":"31.1.2024","at":null,"clock":null,"n":3}"#).await;
    assert!(wrong.status == 422 && wrong.body.contains("a date as"), "{wrong:?}");
    let schema = served.get("/openapi.json").await.body;
    assert!(schema.contains("\"date-time\"") && schema.contains("\"date\""), "{schema}");
}

#[tokio::test]
async fn mlflow_reads_every_form_of_them() {
    let served = serve("moments").await;
    let expected = concat!(
        r#"{"predictions":[{"next_day":"2024-02-01","same":"2024-01-31T12:00:00.5Z","shown":"2024-01-31T09:00:00","price":4.5},"#,
        r#"{"next_day":null,"same":null,"shown":null,"price":null}]}"#
    );
    let split = format!(
        r#"{{"dataframe_split":{{"columns":["day","at","clock","n"],"data":[{}]}}}}"#,
        ROWS.join(",")
    );
    let records = r#"{"dataframe_records":[{"day":"2024-01-31","at":"2024-01-31T12:00:00.5","clock":"2024-01-31 09:00:00","n":3},{"day":null,"at":null,"clock":null,"n":null}]}"#;
    for body in [split.as_str(), records] {
        let answer = invoke(&served, "application/json", body).await;
        assert_eq!(answer, (200, expected.to_owned()), "{body}");
    }
    let csv = invoke(
        &served,
        "text/csv",
        "day,at,clock,n\n2024-01-31,2024-01-31T12:00:00.5Z,2024-01-31 09:00,3\n,,,\n",
    )
    .await;
    assert_eq!(csv, (200, expected.to_owned()));
}

#[tokio::test]
async fn the_open_inference_protocol_has_them_as_bytes() {
    let served = serve("moments").await;
    let model = served.get("/v2/models/m").await.json();
    let types = |side: &str| {
        let fields = model[side].as_array().unwrap();
        fields.iter().map(|field| field["datatype"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        (types("inputs"), types("outputs")),
        (
            vec!["BYTES".to_owned(), "BYTES".into(), "BYTES".into(), "INT64".into()],
            vec!["BYTES".to_owned(); 4]
        )
    );
    let body = json!({"inputs": [
        {"name": "day", "shape": [1], "datatype": "BYTES", "data": ["2024-01-31"]},
        {"name": "at", "shape": [1], "datatype": "BYTES", "data": ["2024-01-31T12:00:00Z"]},
        {"name": "clock", "shape": [1], "datatype": "BYTES", "data": ["2024-01-31 09:00:00"]},
        {"name": "n", "shape": [1], "datatype": "INT64", "data": [3]},
    ]});
    let answer = served.post("/v2/models/m/infer", &body.to_string()).await;
    let data: Vec<_> =
        answer.json()["outputs"].as_array().unwrap().iter().map(|output| output["data"].clone()).collect();
    let texts = ["2024-02-01", "2024-01-31T12:00:00Z", "2024-01-31T09:00:00", "4.5"];
    assert_eq!(data, texts.map(|text| json!([text])));
}
