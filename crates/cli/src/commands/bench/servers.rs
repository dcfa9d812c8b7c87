//! Loads our server and an echo server in turn, run by run, so that both meet the same machine.

use std::ffi::OsString;
use std::io;
use std::time::Duration;

use firesteel_plan::Exactness;

use super::latency::Measured;
use super::load::Load;
use super::peer::Peer;
use super::rows::BenchRows;
use super::{Bench, median};
use crate::failure::Failure;

/// The model's name on the server.
const NAME: &str = "bench";

/// The path of gRPC's call.
const INFER: &str = "/inference.GRPCInferenceService/ModelInfer";

/// Something to load.
struct Subject<'a> {
    name: String,
    peer: &'a Peer,
    path: &'a str,
    rows_each: usize,
    bodies: &'a [Vec<u8>],
}

impl Bench {
    /// Measures each number of connections, and answers how long our server took to start.
    pub(super) fn measure_servers(
        &self,
        rows: &BenchRows,
        lines: &mut Vec<Measured>,
    ) -> Result<Duration, Failure> {
        let runtime = tokio::runtime::Runtime::new().map_err(Failure::from_error)?;
        let face = if self.grpc { "gRPC" } else { "REST" };
        let server = Peer::start(&self.serve(), face).map_err(Failure::from_error)?;
        let mut echo: Vec<OsString> = vec!["bench-echo".into()];
        echo.extend(self.grpc.then(|| "--grpc".into()));
        let echo = Peer::start(&echo, "echo").map_err(Failure::from_error)?;
        let batch = self.batch.last().copied().unwrap_or(1);
        let (singles, batches) = if self.grpc {
            let messages = |rows_each| rows.messages(NAME, rows_each).map_err(Failure::usage);
            (messages(1)?, messages(batch)?)
        } else {
            (rows.bodies(), rows.batch_bodies(batch))
        };
        let subject = |name: &str, peer, path, rows_each, bodies| Subject {
            name: name.to_owned(),
            peer,
            path,
            rows_each,
            bodies,
        };
        let subjects = if self.grpc {
            let several = format!("gRPC, {batch} rows");
            vec![
                subject("gRPC ModelInfer", &server, INFER, 1, &singles),
                subject("echo of gRPC ModelInfer", &echo, INFER, 1, &singles),
                subject(&several, &server, INFER, batch, &batches),
                subject(&format!("echo of {several}"), &echo, INFER, batch, &batches),
            ]
        } else {
            vec![
                subject("REST /predict", &server, "/predict", 1, &singles),
                subject("echo of REST /predict", &echo, "/", 1, &singles),
                subject("REST /predict/batch", &server, "/predict/batch", batch, &batches),
            ]
        };
        for &connections in &self.connections {
            let mut runs: Vec<Vec<Measured>> = subjects.iter().map(|_| Vec::new()).collect();
            for _ in 0..self.runs.max(1) {
                for (subject, runs) in subjects.iter().zip(&mut runs) {
                    let load = self.load(subject, connections);
                    let run: io::Result<Measured> = runtime.block_on(load.run(subject.bodies));
                    runs.push(run.map_err(Failure::from_error)?);
                }
            }
            lines.extend(runs.into_iter().map(median));
        }
        Ok(server.start)
    }

    /// The arguments of our server.
    fn serve(&self) -> Vec<OsString> {
        let serve =
            ["serve", "--listen", "127.0.0.1:0", "--grpc-listen", "127.0.0.1:0", "--log-level", "warn"];
        let mut arguments: Vec<OsString> = serve.iter().map(OsString::from).collect();
        let exactness = self.exact.exactness();
        if exactness != Exactness::Fast {
            arguments.push(format!("--exact={exactness}").into());
        }
        let mut model = OsString::from(format!("{NAME}="));
        model.push(&self.model);
        arguments.extend(["--".into(), model]);
        arguments
    }

    fn load(&self, subject: &Subject<'_>, connections: usize) -> Load {
        Load {
            name: subject.name.clone(),
            address: subject.peer.address,
            path: subject.path.to_owned(),
            grpc: self.grpc,
            connections: connections.max(1),
            warm_up: self.warm_up(),
            duration: self.duration(),
            rows_each: subject.rows_each,
        }
    }
}
