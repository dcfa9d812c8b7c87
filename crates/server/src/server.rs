//! The server: its addresses, its connections, and how it stops.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use firesteel_deploy::Fleet;
use prometheus_client::metrics::gauge::Gauge;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time;

use crate::app::App;
use crate::connection::{Connections, linger};
use crate::door::Door;
use crate::router;
use crate::settings::Settings;

/// Connections that the system may hold before they are accepted.
const BACKLOG: u32 = 4096;

/// How long to wait when the system has no room for another connection (too many open files).
const NO_ROOM: Duration = Duration::from_millis(50);

/// How often a stopping server looks whether it is done.
const TICK: Duration = Duration::from_millis(10);

/// How long written answers may take to leave once no request runs any more.
const FLUSH: Duration = Duration::from_secs(1);

/// A server that is bound to its addresses.
#[derive(Debug)]
pub struct Server {
    app: Arc<App>,
    rest: TcpListener,
    grpc: Option<TcpListener>,
}

impl Server {
    /// Binds the addresses.
    pub fn bind(fleet: Fleet, settings: &Settings) -> io::Result<Server> {
        let rest = listen(settings.listen)?;
        let grpc = settings.grpc_listen.map(listen).transpose()?;
        Ok(Server { app: Arc::new(App::new(fleet, settings)), rest, grpc })
    }

    /// The address for REST, with the real port.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.rest.local_addr()
    }

    /// The address for gRPC, with the real port, if it is served.
    pub fn grpc_address(&self) -> io::Result<Option<SocketAddr>> {
        self.grpc.as_ref().map(TcpListener::local_addr).transpose()
    }

    /// Serves until `stop` resolves, then drains: `/ready` answers 503, running requests end, and new ones are
    /// answered as long as others run.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Server { app, rest, grpc } = self;
        let (stopping, stopped) = watch::channel(false);
        let permits = Arc::new(Semaphore::new(app.limits.max_connections));
        let address = |listener, router, bounded| Address {
            listener,
            connections: Connections::new(Door::new(Arc::clone(&app), router, bounded), &app.limits),
            permits: Arc::clone(&permits),
            stopped: stopped.clone(),
            never: watch::channel(false).0,
            open: app.metrics.connections.clone(),
        };
        let mut accepting = vec![tokio::spawn(address(rest, router::rest(&app), true).accept())];
        if let Some(grpc) = grpc {
            accepting.push(tokio::spawn(address(grpc, router::grpc(&app), false).accept()));
        }
        stop.await;
        app.start_draining();
        let _ = stopping.send(true);
        tracing::info!(running = app.running.load(Ordering::Relaxed), "draining");
        let drained = time::timeout(app.limits.drain, idle(&app)).await;
        accepting.iter().for_each(tokio::task::JoinHandle::abort);
        if let Some(traces) = &app.traces {
            traces.flush(FLUSH).await;
        }
        match drained {
            Ok(()) => {
                let _ = time::timeout(FLUSH, closed(&permits, app.limits.max_connections)).await;
                tracing::info!("stopped");
            }
            Err(_) => tracing::warn!(
                running = app.running.load(Ordering::Relaxed),
                "stopped before all requests ended"
            ),
        }
    }
}

/// Resolves when no request runs.
async fn idle(app: &App) {
    while app.running.load(Ordering::Relaxed) > 0 {
        time::sleep(TICK).await;
    }
}

/// Resolves when every connection is closed.
async fn closed(permits: &Semaphore, all: usize) {
    while permits.available_permits() < all {
        time::sleep(TICK).await;
    }
}

pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// One address and what serves it.
struct Address {
    listener: TcpListener,
    connections: Connections,
    permits: Arc<Semaphore>,
    stopped: watch::Receiver<bool>,
    /// What connections wait for that come while the server drains: they end after one answer anyway.
    never: watch::Sender<bool>,
    /// Counts the open connections.
    open: Gauge,
}

impl Address {
    /// Accepts connections for ever.
    async fn accept(self) {
        loop {
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    time::sleep(NO_ROOM).await;
                    continue;
                }
            };
            match Arc::clone(&self.permits).try_acquire_owned() {
                Ok(permit) => self.open(stream, permit),
                Err(_) => {
                    tokio::spawn(turn_away(stream));
                }
            }
        }
    }

    fn open(&self, stream: TcpStream, permit: OwnedSemaphorePermit) {
        let _ = stream.set_nodelay(true);
        let connections = self.connections.clone();
        let (connections, stopped) = match *self.stopped.borrow() {
            true => (connections.closing(), self.never.subscribe()),
            false => (connections, self.stopped.clone()),
        };
        let open = self.open.clone();
        open.inc();
        tokio::spawn(async move {
            connections.serve(stream, stopped).await;
            open.dec();
            drop(permit);
        });
    }
}

/// Answers a connection beyond the cap, whatever it asks.
async fn turn_away(mut stream: TcpStream) {
    const BODY: &str = r#"{"error":{"kind":"busy","message":"too many connections; try again later"}}"#;
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         retry-after: 1\r\nconnection: close\r\n\r\n{BODY}",
        BODY.len()
    );
    let _ = stream.write_all(answer.as_bytes()).await;
    linger(stream).await;
}
