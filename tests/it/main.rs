//! Everything through HTTP: against the fake cloud, and against servers made for one test.

mod architecture;
mod clouds;
mod errors;
mod examples;
mod federation;
mod keycloak;
mod kubernetes;
mod layers;
mod logins;
mod modules;
mod monitor;
mod network;
mod probes;
mod provider;
mod proxy;
mod recorded;
mod relay;
mod secrets;
mod standards;
mod tls;
mod tokens;
