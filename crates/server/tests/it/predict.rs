//! Plain REST.

use firesteel_deploy::Settings as Scoring;
use firesteel_server::Settings;

use crate::harness::{RECORD, post, serve, serve_with, settings};

#[tokio::test]
async fn one_record_is_answered_with_what_it_carried() {
    let served = serve("2").await;
    let body = r#"{"customer_id": 10010000000000000000001, "age": 3, "income": 0.5, "note": {"a": [1.50, "\u00e9"]}}"#;
    let answer = served.post("/predict", body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        answer.timeless(),
        r#"{"customer_id":10010000000000000000001,"note":{"a": [1.50, "\u00e9"]},"scaled":[6.0,1.0],"latency_ms":}"#
    );
    assert!(answer.head.contains("content-type: application/json") && answer.head.contains("x-request-id: "));
    // An input that only other outputs need is not read, and need not be sent.
    assert!(served.post("/predict", RECORD).await.body.contains("\"visits\":4"));
    let named = served.post("/models/m/predict?outputs=visits_double,features", RECORD).await;
    assert_eq!(named.timeless(), r#"{"visits_double":4.0,"features":[3.0,0.5],"latency_ms":}"#);
}

#[tokio::test]
async fn special_doubles_have_words_both_ways() {
    let served = serve("2").await;
    let answer = served.post("/predict", r#"{"age":1e308,"income":"-Infinity"}"#).await;
    assert_eq!(answer.timeless(), r#"{"scaled":["Infinity","-Infinity"],"latency_ms":}"#);
}

#[tokio::test]
async fn a_batch_is_answered_one_for_one_and_dropped_rows_as_dropped() {
    let served = serve("2 skip").await;
    let records = [
        r#"{"id":"a","age":1,"income":1}"#,
        r#"{"id":"b","age":null,"income":1}"#,
        r#"{"id":"c","age":"NaN","income":1,"dropped":false}"#,
        r#"{"income":4,"age":3,"id":"d"}"#,
    ];
    let answer =
        served.post("/predict/batch", &format!(r#"{{"predictions":[{}]}}"#, records.join(","))).await;
    let expected = concat!(
        r#"[{"id":"a","scaled":[2.0,2.0],"latency_ms":},{"id":"b","dropped":true,"latency_ms":},"#,
        r#"{"id":"c","dropped":true,"latency_ms":},{"id":"d","scaled":[6.0,8.0],"latency_ms":}]"#
    );
    assert_eq!(answer.timeless(), expected);
    let empty = served.post("/predict/batch", r#"{"predictions":[]}"#).await;
    assert_eq!((empty.status, empty.body.as_str()), (200, "[]"));
    let one = served.post("/predict", records[1]).await;
    assert_eq!(one.timeless(), r#"{"id":"b","dropped":true,"latency_ms":}"#);
}

#[tokio::test]
async fn every_problem_is_listed_at_once() {
    let served = serve("2").await;
    let body = r#"{"predictions":[
        {"agee":3,"income":"5","visits":1.5},
        {"age":3,"income":null,"visits":9223372036854775808},
        {"age":3,"age":4,"income":true,"visits":[1],"x":1,"x":2}]}"#;
    let answer = served.post("/predict/batch?outputs=scaled,visits_double", body).await;
    assert_eq!(answer.status, 422, "{answer:?}");
    let error = &answer.json()["error"];
    let listed: Vec<String> = error["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            format!(
                "{} {} {}",
                one["record"],
                one["field"].as_str().unwrap(),
                one["problem"].as_str().unwrap()
            )
        })
        .collect();
    let expected = [
        "0 income found \"5\", expected a number",
        "0 visits found 1.5, expected an integer of 64 bits",
        "0 age the field is missing; was 'agee' meant for it?",
        "1 income found null, expected a number",
        "1 visits found 9223372036854775808, expected an integer of 64 bits",
        "2 age the field is given twice",
        "2 income found true, expected a number",
        "2 visits found an array, expected an integer of 64 bits",
        "2 x the field is given twice",
    ];
    assert_eq!(listed, expected);
    assert_eq!(error["message"], "9 problems in the input");
}

#[tokio::test]
async fn a_refused_row_is_named_with_its_stage() {
    let served = serve("2").await;
    let answer = served
        .post(
            "/predict/batch",
            &format!(r#"{{"predictions":[{RECORD},{{"age":"NaN","income":1,"visits":1}}]}}"#),
        )
        .await;
    assert_eq!(answer.status, 422);
    let problem = &answer.json()["error"]["problems"][0];
    assert_eq!((&problem["record"], &problem["field"]), (&1.into(), &"age".into()));
    assert!(problem["problem"].as_str().unwrap().contains("VectorAssembler"));
}

#[tokio::test]
async fn what_is_not_the_expected_json_is_malformed() {
    let served = serve("2").await;
    let cases = [
        ("/predict", "", "EOF"),
        ("/predict", "[1]", "expected a record"),
        ("/predict", r#"{"age":3"#, "EOF"),
        ("/predict", r#"{"age":3,"income":1,"visits":1} x"#, "trailing characters"),
        ("/predict/batch", RECORD, "unknown field `age`"),
        ("/predict/batch", "{}", "missing field `predictions`"),
        ("/predict/batch", r#"{"predictions":[1]}"#, "expected a record"),
        ("/predict/batch", r#"{"predictions":[],"predictions":[]}"#, "predictions"),
    ];
    for (path, body, expected) in cases {
        let answer = served.post(path, body).await;
        assert_eq!(answer.status, 400, "{path} {body} {answer:?}");
        assert!(answer.body.contains(expected), "{body}: {}", answer.body);
    }
    let deep = format!(r#"{{"age":{}"#, "[".repeat(100_000));
    assert_eq!(served.post("/predict", &deep).await.status, 400);
    let many: String = (0..50_000).map(|at| format!("\"f{at}\":1,")).collect();
    let answer = served.post("/predict", &format!(r#"{{{many}"age":3,"income":1,"visits":1}}"#)).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn strict_refuses_unknown_fields() {
    let served = serve_with("2", &Settings { strict: true, ..settings() }, Scoring::default()).await;
    let answer = served.post("/predict", r#"{"age":3,"income":1,"visits":1,"incom":2}"#).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("was 'income' meant?"), "{}", answer.body);
    assert!(!answer.body.contains("visits"), "what the model reads for other outputs is known: {answer:?}");
}

#[tokio::test]
async fn paths_methods_and_outputs_are_told_where_they_are_wrong() {
    let served = serve("2").await;
    let cases = [
        (post("/predict?outputs=scaled,prob", RECORD), 422, "no output 'prob'"),
        (post("/predict?output=scaled", RECORD), 400, "unknown field `output`"),
        (post("/models/x/predict", RECORD), 404, "there is no model 'x'; models: m"),
        (post("/predicts", RECORD), 404, "GET /docs"),
        ("GET /predict HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".to_owned(), 405, "method"),
    ];
    for (request, status, expected) in cases {
        let answer = served.send(&request).await;
        assert_eq!(answer.status, status, "{request} {answer:?}");
        assert!(answer.body.contains(expected), "{request} {answer:?}");
    }
}

#[tokio::test]
async fn records_and_deadline_have_limits() {
    let mut strict = settings();
    strict.limits.max_records = 2;
    let served = serve_with("2", &strict, Scoring::default()).await;
    let batch = |count: usize| format!(r#"{{"predictions":[{}]}}"#, vec![RECORD; count].join(","));
    assert_eq!(served.post("/predict/batch", &batch(2)).await.status, 200);
    let answer = served.post("/predict/batch", &batch(3)).await;
    assert_eq!(answer.status, 413);
    assert!(answer.body.contains("more than 2 records"), "{answer:?}");

    let mut hasty = settings();
    hasty.limits.deadline = std::time::Duration::ZERO;
    let served = serve_with("2", &hasty, Scoring::default()).await;
    let answer = served.post("/predict/batch", &batch(20_000)).await;
    assert_eq!(answer.status, 504, "{}", answer.head);
    assert!(answer.body.contains("deadline passed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_is_answered_with_when_to_come_again() {
    let scoring = Scoring { lanes: 1, max_queue: 0, ..Scoring::default() };
    let served = serve_with("2", &settings(), scoring).await;
    let long = format!(r#"{{"predictions":[{}]}}"#, vec![RECORD; 60_000].join(","));
    let busy = async {
        loop {
            let answer = served.post("/predict", RECORD).await;
            if answer.status != 200 {
                return answer;
            }
        }
    };
    let ask_long = async {
        for _ in 0..50 {
            served.post("/predict/batch", &long).await;
        }
    };
    let busy = tokio::select! { busy = busy => busy, () = ask_long => panic!("never busy") };
    assert_eq!(busy.status, 503);
    assert!(busy.head.contains("retry-after: 1") && busy.body.contains("busy"), "{busy:?}");
}
