//! The runtime of scs-core against a scripted server: no sockets, no clock but tokio's.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::unnecessary_wraps
)]

mod adapter;
mod calls;
mod cups;
mod kettle;
mod lists;
mod retries;
mod tokens;
mod waits;
