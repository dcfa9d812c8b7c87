//! MLflow's scoring protocol and KServe's first one, form by form.

use serde_json::{Value, json};

use crate::harness::{Answer, Served, serve, serve_with, settings};

async fn invoke_as(served: &Served, kind: &str, query: &str, body: &str) -> Answer {
    let length = body.len();
    served
        .send(format!(
            "POST /invocations{query} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: {kind}\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        ))
        .await
}

async fn invoke(served: &Served, body: &str) -> Answer {
    invoke_as(served, "application/json", "", body).await
}

const BOTH: &str = r#"{"predictions":[[6.0,1.0],[2.0,4.0]]}"#;

#[tokio::test]
async fn every_form_of_input_is_read() {
    let served = serve("2").await;
    for body in [
        r#"{"dataframe_split":{"data":[[4,3,0.5,"x"],[1,1,2,"y"]],"columns":["visits","age","income","id"],"index":[0,1]}}"#,
        r#"{"dataframe_records":[{"age":3,"income":0.5,"visits":4,"id":7},{"visits":1,"age":1,"income":2}]}"#,
        r#"{"instances":[{"age":3,"income":0.5,"visits":4},{"age":1,"income":2,"visits":1}]}"#,
        r#"{"instances":[[3,0.5,4],[1,2,1]]}"#,
        r#"{"inputs":{"age":[3,1],"income":[0.5,2],"visits":[4,1],"id":["a","b"]}}"#,
        r#"{"inputs":[[3,0.5,4],[1,2,1]],"params":null}"#,
        r#"{"inputs":[[3,0.5,4],[1,2,1]],"params":{"temperature":1}}"#,
    ] {
        let answer = invoke(&served, body).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, BOTH), "{body}");
    }
    let csv = invoke_as(
        &served,
        "text/csv; charset=UTF-8",
        "",
        "age,income,id,visits\n3,0.5,a,4\n 1,2.0,\"b, c\",1\n",
    )
    .await;
    assert_eq!((csv.status, csv.body.as_str()), (200, BOTH));
    let one = invoke(&served, r#"{"inputs":{"age":3,"income":0.5,"visits":4}}"#).await;
    assert_eq!(one.body, r#"{"predictions":[[6.0,1.0]]}"#);
    assert_eq!(invoke(&served, r#"{"instances":[]}"#).await.body, r#"{"predictions":[]}"#);
    let named = json!({"inputs": [[3, 0.5, 4]], "params": {"outputs": ["visits_double", "features"]}});
    let records = r#"{"predictions":[{"visits_double":4.0,"features":[3.0,0.5]}]}"#;
    assert_eq!(invoke(&served, &named.to_string()).await.body, records);
    let query =
        invoke_as(&served, "application/json", "?outputs=visits_double", r#"{"instances":[[3,0.5,4]]}"#)
            .await;
    assert_eq!(query.body, r#"{"predictions":[{"visits_double":4.0}]}"#);
}

#[tokio::test]
async fn missing_values_are_read_as_pandas_writes_them() {
    let served = serve("2 skip").await;
    let body = r#"{"dataframe_records":[{"age":NaN,"income":1,"visits":1},{"age":1,"income":1,"visits":1}]}"#;
    assert_eq!(invoke(&served, body).await.body, r#"{"predictions":[null,[2.0,2.0]]}"#);
    let body = r#"{"inputs":{"age":[null,1],"income":[1,Infinity],"visits":[1,1]}}"#;
    assert_eq!(invoke(&served, body).await.body, r#"{"predictions":[null,[2.0,Infinity]]}"#);
    let body = r#"{"inputs":{"visits":[NaN]},"params":{"outputs":["visits_double"]}}"#;
    let visits = invoke(&served, body).await.json();
    let message = visits["message"].as_str().unwrap();
    assert!(message.contains("'visits': found null, expected an integer"), "{message}");
    let csv = invoke_as(&served, "text/csv", "", "age,income,visits\nNA,1,1\nnan,1,1\n1,1,1\n").await;
    assert_eq!(csv.body, r#"{"predictions":[null,null,[2.0,2.0]]}"#);
}

#[tokio::test]
async fn errors_have_the_shape_of_mlflow() {
    let served = serve("2").await;
    let refused = |answer: &Answer| {
        let error: Value = answer.json();
        let text = |name: &str| error[name].as_str().unwrap().to_owned();
        (answer.status, text("error_code"), text("message"))
    };
    for (body, code, words) in [
        ("{\"instances\": [1", "BAD_REQUEST", "valid JSON"),
        ("[]", "BAD_REQUEST", "Received a list"),
        ("{\"prompt\": \"hi\"}", "BAD_REQUEST", "['prompt']"),
        (r#"{"instances":[[1,2,3]],"inputs":[]}"#, "BAD_REQUEST", "exactly one"),
        (r#"{"dataframe_split":{"data":[[1]]}}"#, "BAD_REQUEST", "'columns'"),
        (r#"{"instances":{"age":1}}"#, "BAD_REQUEST", "a list of rows"),
        (r#"{"inputs":7}"#, "BAD_REQUEST", "a list of rows"),
        (
            r#"{"instances":[7]}"#,
            "INVALID_PARAMETER_VALUE",
            "found one value, expected an object or a list of 3",
        ),
        (r#"{"instances":[[1,2,3,4]]}"#, "INVALID_PARAMETER_VALUE", "found 4 values, expected 3"),
        (r#"{"instances":[[1,2]]}"#, "INVALID_PARAMETER_VALUE", "'visits': the field is missing"),
        (
            r#"{"inputs":{"age":[1,2],"income":[1],"visits":[1,2]}}"#,
            "INVALID_PARAMETER_VALUE",
            "record 1, field 'income'",
        ),
        (
            r#"{"instances":[[1,2,3]],"params":{"outputs":"scaled"}}"#,
            "INVALID_PARAMETER_VALUE",
            "lists names",
        ),
        (r#"{"instances":[[1,2,3]],"params":{"outputs":["x"]}}"#, "INVALID_PARAMETER_VALUE", "'x'"),
        (
            r#"{"dataframe_records":[{"agee":1,"income":1,"visits":1}]}"#,
            "INVALID_PARAMETER_VALUE",
            "was 'agee' meant",
        ),
    ] {
        let query = if body.contains("params") { "" } else { "?outputs=scaled,visits_double" };
        let (status, found, message) = refused(&invoke_as(&served, "application/json", query, body).await);
        assert_eq!((status, found.as_str()), (400, code), "{body}: {message}");
        assert!(message.contains(words), "{body}: {message}");
    }
    let csv = invoke_as(&served, "text/csv", "", "age,income,visits\nold,1,1\n").await;
    assert!(refused(&csv).2.contains("field 'age': found \"old\", expected a number"), "{csv:?}");
    for kind in ["", "text/plain", "application/json; charset=ascii", "application/json; x=1"] {
        let answer = invoke_as(&served, kind, "", "{}").await;
        assert!(answer.status == 415 && answer.head.contains("text/plain"), "{kind}: {answer:?}");
    }
    assert_eq!(served.get("/ping").await.body, "\n");
    assert_eq!(served.get("/version").await.body, env!("CARGO_PKG_VERSION"));
    served.fleet.endpoint("m").unwrap().unload().await;
    assert_eq!(served.get("/ping").await.status, 404);
    let (status, code, _) = refused(&invoke(&served, r#"{"instances":[]}"#).await);
    assert_eq!((status, code.as_str()), (503, "TEMPORARILY_UNAVAILABLE"));
}

#[tokio::test]
async fn records_are_counted_in_every_form() {
    let mut settings = settings();
    settings.limits.max_records = 1;
    let served = serve_with("2", &settings, Default::default()).await;
    for body in [
        r#"{"instances":[[3,0.5,4],[3,0.5,4]]}"#,
        r#"{"inputs":{"age":[3,1],"income":[0.5,2],"visits":[4,1]}}"#,
        r#"{"dataframe_split":{"columns":["age","income","visits"],"data":[[1,1,1],[1,1,1]]}}"#,
    ] {
        assert_eq!(invoke(&served, body).await.status, 413, "{body}");
    }
    assert_eq!(invoke_as(&served, "text/csv", "", "age,income,visits\n1,1,1\n1,1,1\n").await.status, 413);
    assert_eq!(invoke(&served, r#"{"instances":[[3,0.5,4]]}"#).await.status, 200);
}

#[tokio::test]
async fn kserve_predicts() {
    let served = serve("2 skip").await;
    let predict = async |path: &str, body: &str| served.post(path, body).await;
    let rows = r#"{"instances":[[3,0.5,4],{"age":"NaN","income":1,"visits":1},[1,"Infinity",1]]}"#;
    let answer = predict("/v1/models/m:predict", rows).await;
    assert_eq!(answer.body, r#"{"predictions":[[6.0,1.0],null,[2.0,"Infinity"]]}"#);
    let answer = predict("/v1/models/m:predict?outputs=visits_double", r#"{"instances":[[3,0.5,4]]}"#).await;
    assert_eq!(answer.body, r#"{"predictions":[{"visits_double":4.0}]}"#);
    assert_eq!(served.get("/v1/models").await.body, r#"{"models":["m"]}"#);
    assert_eq!(served.get("/v1/models/m").await.body, r#"{"name":"m","ready":true}"#);
    let error = |answer: Answer| (answer.status, answer.json()["error"].as_str().unwrap().to_owned());
    assert_eq!(error(served.get("/v1/models/x").await).0, 404);
    assert_eq!(error(served.get("/v1/models/m:predict").await).0, 405);
    assert_eq!(error(predict("/v1/models/m", "{}").await).0, 405);
    assert_eq!(error(predict("/v1/models/m:explain", "{}").await).0, 405);
    assert_eq!(error(served.get("/v1/x/y").await).0, 404);
    assert_eq!(error(predict("/v1/models/m:predict", "{}").await).0, 400);
    assert_eq!(error(predict("/v1/models/m:predict", r#"{"instances":[[1]]}"#).await).0, 422);
}
