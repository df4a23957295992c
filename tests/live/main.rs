//! Tests against the real servers of tests/labs: `cargo test -p scs-tests --features live`.
//!
//! `OS_CLIENT_CONFIG_FILE` names the OpenStack lab's clouds.yaml; [`keycloak`] says where that
//! of Keycloak is.

mod block_storage;
mod compute;
mod federation;
mod identity;
mod image;
mod key_manager;
mod keycloak;
mod kubernetes;
mod lab;
mod layers;
mod logins;
mod need;
mod network;
mod paging;
mod provider;
mod record;
mod standards;
mod tokens;
