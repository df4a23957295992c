//! Tests against the real servers of tests/labs: `cargo test -p scs-tests --features live`.
//!
//! `OS_CLIENT_CONFIG_FILE` names the lab's clouds.yaml.

mod block_storage;
mod compute;
mod identity;
mod image;
mod lab;
mod network;
mod paging;
mod provider;
mod record;
