//! The server as its clients meet it: over real sockets, byte by byte where that matters.
//!
//! | file | what it tries |
//! |---|---|
//! | `predict` | plain REST: answers, carried fields, dropped rows, listed problems |
//! | `connections` | hostile and slow clients, caps, 10,000 open connections |
//! | `lane` | the short way of plain single predictions |
//! | `lifecycle` | swaps under load, refused models, draining |
//! | `oip` | the Open Inference Protocol over REST |
//! | `mlflow` | MLflow's scoring protocol and KServe's first one |
//! | `moments` | dates, timestamps and decimals in every protocol |
//! | `documents` | OpenAPI, metrics, the docs page and its form in a browser |
//! | `traces` | spans at a collector, or at none |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by a panic and says why it skips"
)]
#![cfg(test)]

mod connections;
mod documents;
mod harness;
mod lane;
mod lifecycle;
mod mlflow;
mod moments;
mod oip;
mod predict;
mod traces;

/// Counts the bytes that are allocated, which the resident size only hints at: an allocator keeps what it was given.
#[global_allocator]
static HEAP: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;
