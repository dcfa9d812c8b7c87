//! What `serve` prints once it answers: addresses, signatures, and a line to paste.

use std::net::SocketAddr;

use firesteel_deploy::{Endpoint, Fleet, Loaded};
use firesteel_plan::Field;
use firesteel_server::sample_request;

use crate::failure::Failure;
use crate::terminal::Terminal;

/// The most models whose signatures are printed.
const MAX_SHOWN: usize = 5;

/// Prints all there is to know to begin.
pub(crate) fn announce(
    terminal: &mut Terminal,
    fleet: &Fleet,
    rest: SocketAddr,
    grpc: Option<SocketAddr>,
) -> Result<(), Failure> {
    let mut lines = vec![format!("REST  http://{rest}")];
    lines.extend(grpc.map(|grpc| format!("gRPC  http://{grpc}")));
    lines.push(format!("docs  http://{rest}/docs"));
    let endpoints = fleet.endpoints();
    for endpoint in endpoints.iter().take(MAX_SHOWN) {
        let path = if endpoints.len() == 1 { String::new() } else { format!("/models/{}", endpoint.name()) };
        lines.push(String::new());
        match endpoint.loaded() {
            Ok(loaded) => {
                lines.extend(of_model(terminal, endpoint, &loaded, &format!("http://{rest}{path}/predict")))
            }
            Err(error) => lines.push(error.to_string()),
        }
    }
    if endpoints.len() > MAX_SHOWN {
        lines.extend([
            String::new(),
            format!("and {} more: GET http://{rest}/models", endpoints.len() - MAX_SHOWN),
        ]);
    }
    lines.push(String::new());
    lines.iter().try_for_each(|line| terminal.line(line))
}

fn of_model(terminal: &Terminal, endpoint: &Endpoint, loaded: &Loaded, url: &str) -> Vec<String> {
    let (info, signature) = (loaded.model().info(), loaded.model().signature());
    let is_default = |field: &&Field| signature.default_outputs.contains(&field.name);
    let origin = [info.class.rsplit('.').next().unwrap_or_default(), &info.format, &info.version];
    let origin: Vec<&str> = origin.into_iter().filter(|part| !part.is_empty()).collect();
    let body = sample_request(loaded.model()).replace('\'', "'\\''");
    vec![
        format!("{}  ({})", terminal.heading(endpoint.name()), origin.join(" ")),
        format!("  reads    {}", list(signature.inputs.iter())),
        format!("  answers  {}", list(signature.outputs.iter().filter(is_default))),
        format!("  try      curl -s {url} -H 'content-type: application/json' -d '{body}'"),
    ]
}

fn list<'a>(fields: impl Iterator<Item = &'a Field>) -> String {
    fields.map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
