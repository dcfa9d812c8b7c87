//! What went wrong with a request, and the one table that maps it to HTTP, gRPC and exit codes.

use std::fmt;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use tonic::Code;

/// The kinds of errors; every face knows these and no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request cannot be read at all.
    Malformed,
    /// The request can be read, but its values cannot be scored.
    Invalid,
    /// There is no such model, version or path.
    NotFound,
    /// The path is there, but not for this method.
    Method,
    /// The request took too long to arrive.
    Slow,
    /// The files of a model cannot become a model.
    Refused,
    /// The request is longer than a limit.
    TooLarge,
    /// The body's type or encoding is not one that is read.
    MediaType,
    /// A fault of ours.
    Internal,
    /// The protocol has this, but it is not offered here.
    Unsupported,
    /// The model is not loaded, or the server is stopping.
    Unavailable,
    /// Too many requests wait.
    Busy,
    /// The request was not answered in its time.
    Deadline,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 13] = [
        Kind::Malformed,
        Kind::Invalid,
        Kind::NotFound,
        Kind::Method,
        Kind::Slow,
        Kind::Refused,
        Kind::TooLarge,
        Kind::MediaType,
        Kind::Internal,
        Kind::Unsupported,
        Kind::Unavailable,
        Kind::Busy,
        Kind::Deadline,
    ];

    /// The table: name, HTTP status, gRPC code, and exit code as in BSD's `sysexits.h`.
    const fn row(self) -> (&'static str, StatusCode, Code, u8) {
        match self {
            Kind::Malformed => ("malformed", StatusCode::BAD_REQUEST, Code::InvalidArgument, 65),
            Kind::Invalid => ("invalid", StatusCode::UNPROCESSABLE_ENTITY, Code::InvalidArgument, 65),
            Kind::NotFound => ("not_found", StatusCode::NOT_FOUND, Code::NotFound, 66),
            Kind::Method => ("method_not_allowed", StatusCode::METHOD_NOT_ALLOWED, Code::Unimplemented, 64),
            Kind::Slow => ("slow", StatusCode::REQUEST_TIMEOUT, Code::DeadlineExceeded, 75),
            Kind::Refused => ("refused", StatusCode::CONFLICT, Code::FailedPrecondition, 65),
            Kind::TooLarge => ("too_large", StatusCode::PAYLOAD_TOO_LARGE, Code::ResourceExhausted, 65),
            Kind::MediaType => ("media_type", StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::InvalidArgument, 65),
            Kind::Internal => ("internal", StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, 70),
            Kind::Unsupported => ("unsupported", StatusCode::NOT_IMPLEMENTED, Code::Unimplemented, 64),
            Kind::Unavailable => ("unavailable", StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, 69),
            Kind::Busy => ("busy", StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable, 75),
            Kind::Deadline => ("deadline", StatusCode::GATEWAY_TIMEOUT, Code::DeadlineExceeded, 75),
        }
    }

    /// The kind's name in answers.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status.
    pub const fn status(self) -> StatusCode {
        self.row().1
    }

    /// The gRPC code.
    pub const fn grpc(self) -> Code {
        self.row().2
    }

    /// The exit code of a command that ends with such an error.
    pub const fn exit_code(self) -> u8 {
        self.row().3
    }

    /// Whether to come again later may help.
    pub const fn is_passing(self) -> bool {
        matches!(self, Kind::Unavailable | Kind::Busy)
    }
}

/// One thing that is wrong with one field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Problem {
    /// The record, counted from 0.
    pub(crate) record: usize,
    /// The field; empty when the record as a whole is wrong.
    pub(crate) field: String,
    /// What was found and what was expected.
    pub(crate) problem: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "record {}", self.record)?;
        if !self.field.is_empty() {
            write!(f, ", field '{}'", self.field)?;
        }
        write!(f, ": {}", self.problem)
    }
}

/// An answer that says what is wrong. Each protocol writes it in its own form; this one is the plain REST form.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    /// One sentence, without the problems.
    pub(crate) message: String,
    /// What is wrong field by field.
    pub(crate) problems: Vec<Problem>,
    /// How many further problems are not listed.
    pub(crate) more: usize,
}

impl Fault {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Fault {
        Fault { kind, message: message.into(), problems: Vec::new(), more: 0 }
    }

    /// A request whose JSON cannot be read.
    pub(crate) fn json(error: &serde_json::Error) -> Fault {
        Fault::new(Kind::Malformed, format!("the body is not the JSON that is expected: {error}"))
    }

    /// The answer to a body that is too long.
    pub(crate) fn too_large(max: usize) -> Fault {
        Fault::new(
            Kind::TooLarge,
            format!("the body is longer than {max} bytes; send fewer records at a time"),
        )
    }

    /// The answer of a server that stops.
    pub(crate) fn draining() -> Fault {
        Fault::new(Kind::Unavailable, "the server is stopping; ask another one")
    }

    /// The plain REST form.
    pub(crate) fn body(&self) -> Vec<u8> {
        let mut error = serde_json::json!({ "kind": self.kind.name(), "message": self.message });
        if !self.problems.is_empty() {
            let problems = self.problems.iter().map(|problem| {
                serde_json::json!({
                    "record": problem.record, "field": problem.field, "problem": problem.problem,
                })
            });
            error["problems"] = problems.collect();
            error["problems_left_out"] = self.more.into();
        }
        serde_json::json!({ "error": error }).to_string().into_bytes()
    }

    /// The headers that go with such an answer, whatever its form.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> + use<> {
        let again = (header::RETRY_AFTER, HeaderValue::from_static("1"));
        let last = (header::CONNECTION, HeaderValue::from_static("close"));
        let ends = matches!(self.kind, Kind::TooLarge | Kind::Slow);
        self.kind.is_passing().then_some(again).into_iter().chain(ends.then_some(last))
    }

    /// Gives `response` the status and the headers that go with such an answer.
    pub(crate) fn dress(&self, response: &mut Response) {
        *response.status_mut() = self.kind.status();
        response.headers_mut().extend(self.headers());
    }
}

/// The message with every listed problem, for protocols whose errors are one text.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for (at, problem) in self.problems.iter().enumerate() {
            write!(f, "{}{problem}", if at == 0 { ": " } else { "; " })?;
        }
        if self.more > 0 { write!(f, "; and {} more", self.more) } else { Ok(()) }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body()));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.dress(&mut response);
        response
    }
}

impl From<firesteel_deploy::Error> for Fault {
    fn from(error: firesteel_deploy::Error) -> Fault {
        use firesteel_deploy::Error;
        let kind = match &error {
            Error::UnknownModel { .. } | Error::NoSoleModel { .. } | Error::UnknownVersion { .. } => {
                Kind::NotFound
            }
            Error::NotLoaded { .. } => Kind::Unavailable,
            Error::Refused { .. } => Kind::Refused,
            Error::Outputs(_) | Error::Row(_) => Kind::Invalid,
            Error::Busy { .. } => Kind::Busy,
            Error::Deadline { .. } => Kind::Deadline,
            Error::Internal { .. } => Kind::Internal,
        };
        let Error::Row(row) = error else { return Fault::new(kind, error.to_string()) };
        let hint = if row.hint.is_empty() { String::new() } else { format!("; {}", row.hint) };
        let problem = format!("found {}, expected {} ({}){hint}", row.found, row.expected, row.stage);
        let problem = Problem { record: row.row, field: row.column, problem };
        Fault { problems: vec![problem], ..Fault::new(kind, "a value cannot be scored") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own_and_an_error_status() {
        for (at, kind) in Kind::ALL.iter().enumerate() {
            assert!(kind.status().is_client_error() || kind.status().is_server_error());
            assert!(kind.grpc() != Code::Ok && kind.exit_code() != 0);
            assert!(Kind::ALL[..at].iter().all(|before| before.name() != kind.name()));
        }
    }

    #[test]
    fn a_text_lists_every_problem() {
        let problem = |field: &str| Problem { record: 2, field: field.into(), problem: "missing".into() };
        let mut fault = Fault::new(Kind::Invalid, "2 problems");
        fault.problems = vec![problem("age"), problem("")];
        fault.more = 3;
        assert_eq!(
            fault.to_string(),
            "2 problems: record 2, field 'age': missing; record 2: missing; and 3 more"
        );
        let body = String::from_utf8(fault.body()).unwrap();
        assert!(
            body.starts_with(r#"{"error":{"kind":"invalid","message":"2 problems","problems":[{"record":2"#)
        );
    }
}
