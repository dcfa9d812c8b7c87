//! OpenAPI, metrics, and the docs page in a browser.

use std::process::Command;

use crate::harness::{RECORD, serve};

#[tokio::test]
async fn openapi_is_typed_from_the_signature() {
    let served = serve("2 skip").await;
    let document = served.get("/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let record = &document["components"]["schemas"]["m.Record"];
    assert_eq!(record["required"], serde_json::json!(["age", "income", "visits"]));
    assert_eq!(record["properties"]["income"], serde_json::json!({ "$ref": "#/components/schemas/Double" }));
    assert_eq!(record["properties"]["age"]["anyOf"][1], serde_json::json!({ "type": "null" }));
    let sample = record["examples"][0].to_string();
    assert_eq!(served.post("/predict", &sample).await.status, 200, "the example can be sent as it is");
    let body = &document["paths"]["/predict"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(body["$ref"], "#/components/schemas/m.Record");
    // Every path is really there.
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().filter(|_| !path.ends_with("/unload")) {
            let path = path.replace("{name}", "m").replace("{model}", "m");
            let request =
                format!("{} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", method.to_uppercase());
            let answer = served.send(request).await;
            assert!(![404, 405].contains(&answer.status), "{method} {path} {answer:?}");
        }
    }
}

#[tokio::test]
async fn metrics_count_by_model_face_and_status() {
    let served = serve("2").await;
    served.post("/predict", RECORD).await;
    served.post("/predict/batch", &format!(r#"{{"predictions":[{RECORD},{RECORD}]}}"#)).await;
    served.post("/predict", "{}").await;
    served.post("/models/nobody/predict", "{}").await;
    let answer = served.get("/metrics").await;
    for line in [
        r#"firesteel_requests_total{model="m",face="rest",status="200"} 2"#,
        r#"firesteel_requests_total{model="m",face="rest",status="422"} 1"#,
        r#"firesteel_request_duration_seconds_count{model="m",part="parse"} 2"#,
        r#"firesteel_batch_rows_sum{model="m"} 3.0"#,
        r#"uid="factor_2""#,
        r#"firesteel_model_loaded{model="m"} 1"#,
        "# EOF",
    ] {
        assert!(answer.body.contains(line), "{line} is not in\n{}", answer.body);
    }
    assert!(!answer.body.contains("nobody"), "names from outside make no series");
}

#[tokio::test]
async fn the_docs_page_may_load_nothing_from_elsewhere() {
    let served = serve("2").await;
    assert_eq!(served.get("/").await.status, 307);
    let page = served.get("/docs").await;
    assert!(page.head.contains("content-security-policy: default-src 'none'"), "{}", page.head);
    assert!(page.body.contains("\"visits\"") && !page.body.contains("{{"));
}

/// What a headless browser makes of a page once its scripts have run.
async fn browse(url: String) -> Option<String> {
    let Some(chromium) = std::env::var_os("FIRESTEEL_CHROMIUM") else {
        println!("skipped: FIRESTEEL_CHROMIUM does not name a Chromium");
        return None;
    };
    let profile = tempfile::tempdir().unwrap();
    let output = tokio::task::spawn_blocking(move || {
        Command::new(chromium)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(["--virtual-time-budget=5000", "--dump-dom", &url])
            .output()
    });
    let output = output.await.unwrap().unwrap();
    Some(String::from_utf8(output.stdout).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_asks_and_shows_the_answer_in_a_browser() {
    let served = serve("2").await;
    let ask = |hash: &str| browse(format!("http://{}/docs#{hash}", served.address));
    let Some(page) = ask("age=21&income=NaN&visits=1&run").await else { return };
    assert!(page.contains("found NaN") && page.contains("aria-invalid=\"true\""), "{page}");
    let page = ask("age=21&income=0.25&visits=1&run").await.unwrap();
    for shown in ["\"scaled\": [42.0, 0.5]", "200 in ", "/predict/batch", "curl -s ", "factor_2"] {
        assert!(page.contains(shown), "{shown} is not in\n{page}");
    }
}
