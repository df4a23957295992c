//! Everything through HTTP: against the fake cloud, and against servers made for one test.

mod architecture;
mod errors;
mod federation;
mod keycloak;
mod kubernetes;
mod layers;
mod network;
mod provider;
mod recorded;
mod secrets;
mod tls;
