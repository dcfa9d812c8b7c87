//! What may be set of a server.

use std::net::SocketAddr;
use std::time::Duration;

use crate::traces::TraceSettings;

/// Where and how a server answers.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address for REST; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The address for gRPC, if it is served.
    pub grpc_listen: Option<SocketAddr>,
    /// Whether fields that the model does not read are refused.
    pub strict: bool,
    /// What a client may ask for.
    pub limits: Limits,
    /// A random number from which request ids are made.
    pub seed: u64,
    /// Where traces go, if anywhere.
    pub traces: Option<TraceSettings>,
}

/// What a client may ask for, each with a clear answer beyond it.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The longest body in bytes, also after it is inflated (413).
    pub max_body_bytes: usize,
    /// The most records in a request (413).
    pub max_records: usize,
    /// How long a request may take from its last byte to its answer (504).
    pub deadline: Duration,
    /// The most connections at a time; the next one is answered 503 and closed.
    pub max_connections: usize,
    /// How long a connection may be silent before and between heads, and how long a head may take; then it is closed.
    pub header_timeout: Duration,
    /// How long a body may take (408).
    pub body_timeout: Duration,
    /// The longest head in bytes (431).
    pub max_header_bytes: usize,
    /// The most headers (431).
    pub max_headers: usize,
    /// How long running requests may take to end after a stop was asked for.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_body_bytes: 16 << 20,
            max_records: 100_000,
            deadline: Duration::from_secs(30),
            max_connections: 16_384,
            header_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(30),
            max_header_bytes: 32 << 10,
            max_headers: 100,
            drain: Duration::from_secs(30),
        }
    }
}
