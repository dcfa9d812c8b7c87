//! A bare axum server that answers every body with itself: the measure of what a server can do at most.

use std::io;

use axum::Router;
use axum::body::Bytes;
use tokio::net::TcpListener;

/// Serves echoes on `listener` until the task ends.
pub async fn echo(listener: TcpListener) -> io::Result<()> {
    let router = Router::new().fallback(|body: Bytes| async move { body });
    axum::serve(listener, router).await
}
