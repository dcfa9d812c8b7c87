//! A server in a second process: this binary again, as `serve` or as an echo.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running server; it is stopped when this is dropped.
pub(crate) struct Peer {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// From the start of the process to its word that it listens.
    pub(crate) start: Duration,
}

impl Peer {
    /// Starts this binary with `arguments` and waits for the address that it prints after `face`.
    pub(crate) fn start(arguments: &[OsString], face: &str) -> io::Result<Peer> {
        let started = Instant::now();
        let mut child = Command::new(std::env::current_exe()?)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()?;
        let output = child.stdout.take().ok_or_else(|| io::Error::other("the server has no output"))?;
        let mut lines = BufReader::new(output).lines();
        let found = lines.by_ref().find_map(|line| line.map(|line| address_in(&line, face)).transpose());
        let start = started.elapsed();
        let Some(address) = found.transpose()? else {
            let status = child.wait()?;
            return Err(io::Error::other(format!("the server stopped before it listened ({status})")));
        };
        // What else it prints is read and left, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Peer { child, address, start })
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The `http://` address in the line that begins with this word.
fn address_in(line: &str, face: &str) -> Option<SocketAddr> {
    let rest = line.strip_prefix(face)?.split_once("http://")?.1;
    let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ':'))).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_address() {
        assert_eq!(
            address_in("REST  http://127.0.0.1:8000/docs", "REST"),
            Some(([127, 0, 0, 1], 8000).into())
        );
        assert_eq!(address_in("gRPC  http://127.0.0.1:8001", "REST"), None);
        assert_eq!(address_in("REST nothing here", "REST"), None);
    }
}
