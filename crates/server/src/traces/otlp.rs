//! The messages of OTLP that are sent, after `opentelemetry/proto/trace/v1/trace.proto` of
//! `open-telemetry/opentelemetry-proto`; field numbers are that file's.

use std::time::SystemTime;

use prost::Message;

/// A request of the trace service.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ExportRequest {
    #[prost(message, repeated, tag = "1")]
    resource_spans: Vec<ResourceSpans>,
}

#[derive(Clone, PartialEq, Message)]
struct ResourceSpans {
    #[prost(message, optional, tag = "1")]
    resource: Option<Resource>,
    #[prost(message, repeated, tag = "2")]
    scope_spans: Vec<ScopeSpans>,
}

#[derive(Clone, PartialEq, Message)]
struct Resource {
    #[prost(message, repeated, tag = "1")]
    attributes: Vec<KeyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct ScopeSpans {
    #[prost(message, optional, tag = "1")]
    scope: Option<Scope>,
    #[prost(message, repeated, tag = "2")]
    spans: Vec<SpanMessage>,
}

#[derive(Clone, PartialEq, Message)]
struct Scope {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    version: String,
}

#[derive(Clone, PartialEq, Message)]
struct SpanMessage {
    #[prost(bytes = "vec", tag = "1")]
    trace_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    span_id: Vec<u8>,
    #[prost(bytes = "vec", tag = "4")]
    parent_span_id: Vec<u8>,
    #[prost(string, tag = "5")]
    name: String,
    #[prost(int32, tag = "6")]
    kind: i32,
    #[prost(fixed64, tag = "7")]
    start_time_unix_nano: u64,
    #[prost(fixed64, tag = "8")]
    end_time_unix_nano: u64,
    #[prost(message, repeated, tag = "9")]
    attributes: Vec<KeyValue>,
    #[prost(message, optional, tag = "15")]
    status: Option<Status>,
}

#[derive(Clone, PartialEq, Message)]
struct Status {
    #[prost(int32, tag = "3")]
    code: i32,
}

/// A named value.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct KeyValue {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(message, optional, tag = "2")]
    value: Option<AnyValue>,
}

#[derive(Clone, PartialEq, Message)]
struct AnyValue {
    #[prost(oneof = "Value", tags = "1, 3")]
    value: Option<Value>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
enum Value {
    #[prost(string, tag = "1")]
    Text(String),
    #[prost(int64, tag = "3")]
    Number(i64),
}

/// An attribute that is a text.
pub(crate) fn attribute(key: &str, value: &str) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(Value::Text(value.to_owned())) }) }
}

/// An attribute that is a whole number.
pub(crate) fn number(key: &str, value: i64) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(Value::Number(value)) }) }
}

/// `SPAN_KIND_INTERNAL` and `SPAN_KIND_SERVER`.
const INTERNAL: i32 = 1;
const SERVER: i32 = 2;

/// `STATUS_CODE_ERROR`.
const ERROR: i32 = 2;

/// One span.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    trace: u128,
    id: u64,
    /// 0 for none.
    parent: u64,
    name: String,
    start: SystemTime,
    end: SystemTime,
    inner: bool,
    attributes: Vec<KeyValue>,
    failed: bool,
}

impl Span {
    /// The span of a request.
    pub(crate) fn of(
        trace: u128,
        id: u64,
        parent: u64,
        name: String,
        start: SystemTime,
        end: SystemTime,
    ) -> Span {
        Span { trace, id, parent, name, start, end, inner: false, attributes: Vec::new(), failed: false }
    }

    /// This span with what is known of the whole request.
    pub(crate) fn outer(self, attributes: Vec<KeyValue>, failed: bool) -> Span {
        Span { attributes, failed, ..self }
    }

    /// This span as one of a part.
    pub(crate) fn inner(mut self) -> Span {
        self.inner = true;
        self
    }

    fn message(self) -> SpanMessage {
        SpanMessage {
            trace_id: self.trace.to_be_bytes().to_vec(),
            span_id: self.id.to_be_bytes().to_vec(),
            parent_span_id: if self.parent == 0 { Vec::new() } else { self.parent.to_be_bytes().to_vec() },
            name: self.name,
            kind: if self.inner { INTERNAL } else { SERVER },
            start_time_unix_nano: nanos(self.start),
            end_time_unix_nano: nanos(self.end),
            attributes: self.attributes,
            status: self.failed.then_some(Status { code: ERROR }),
        }
    }
}

fn nanos(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

/// Spans as the bytes of a request.
pub(crate) fn encode(service: &str, spans: Vec<Span>) -> Vec<u8> {
    let scope = Scope { name: "firesteel".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
    let spans = spans.into_iter().map(Span::message).collect();
    let request = ExportRequest {
        resource_spans: vec![ResourceSpans {
            resource: Some(Resource { attributes: vec![attribute("service.name", service)] }),
            scope_spans: vec![ScopeSpans { scope: Some(scope), spans }],
        }],
    };
    request.encode_to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_written_as_the_protocol_has_it() {
        let start = SystemTime::UNIX_EPOCH + std::time::Duration::from_nanos(5);
        let bytes = encode("s", vec![Span::of(1, 2, 3, "n".to_owned(), start, start)]);
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        // Field 7 (fixed64) is 39 and field 8 is 41, each followed by 5 in little-endian order.
        assert!(
            hex.contains("0a10000000000000000000000000000000011208000000000000000222080000000000000003"),
            "{hex}"
        );
        assert!(
            hex.contains("2a016e30023905000000000000004105000000000000 00".replace(' ', "").as_str()),
            "{hex}"
        );
        assert!(hex.starts_with("0a") && hex.contains("0a0c736572766963652e6e616d6512030a0173"), "{hex}");
        let back = ExportRequest::decode(bytes.as_slice()).unwrap();
        assert_eq!(back.resource_spans[0].scope_spans[0].spans[0].name, "n");
    }
}
