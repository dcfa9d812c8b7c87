//! `firesteel bench-echo`: the server that answers with what it was sent, in a process of its own.

use clap::Args;

use crate::failure::Failure;
use crate::terminal::Terminal;

/// Serves every body back; the other side of `bench`.
#[derive(Debug, Args)]
pub(crate) struct Echo {
    /// Serve messages over gRPC in place of bodies over REST.
    #[arg(long)]
    grpc: bool,
}

impl Echo {
    /// Serves until the process is killed.
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<(), Failure> {
        let runtime = tokio::runtime::Runtime::new().map_err(Failure::from_error)?;
        runtime.block_on(async {
            let listener = firesteel_server::echo_listener().map_err(Failure::from_error)?;
            let address = listener.local_addr().map_err(Failure::from_error)?;
            terminal.line(&format!("echo  http://{address}"))?;
            let served = match self.grpc {
                true => firesteel_server::echo_grpc(listener).await,
                false => firesteel_server::echo(listener).await,
            };
            served.map_err(Failure::from_error)
        })
    }
}
