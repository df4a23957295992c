//! The Keycloak lab: logins, and its realm `lab` administered.
//!
//! `KEYCLOAK_LAB_DIR` and `KEYCLOAK_LAB_URL` say where it is, if not where `up` puts it.

mod admin;
mod browser;
mod login;

use std::{env, fs, sync::Arc};

use scs_cloud::{
    core::transport::TransportBuilder,
    iam::{Keycloak, Oidc, oidc::OidcBuilder},
};

use crate::record::Recorder;

fn url() -> String {
    env::var("KEYCLOAK_LAB_URL").unwrap_or("https://127.0.0.1:8443".into())
}

fn ca() -> Vec<u8> {
    let folder = env::var("KEYCLOAK_LAB_DIR").unwrap_or("/tmp/keycloak-lab".into());
    fs::read(format!("{folder}/ca.crt")).expect("the lab is up")
}

/// Trusts the lab's own authority.
pub fn trusting(transport: TransportBuilder) -> TransportBuilder {
    transport.http(|http| http.ca_pem("ca.crt", ca()))
}

/// A login of a client to realm `lab`.
pub fn client(id: &str) -> OidcBuilder {
    Oidc::builder(format!("{}/realms/lab", url()), id).transport(trusting)
}

/// The realm, as what logs in by `login` may see it.
async fn realm(login: OidcBuilder) -> Keycloak {
    let login = Arc::new(login.connect().await.expect("a login"));
    let builder = Keycloak::builder(url(), "lab", login).transport(trusting);
    let builder = match Recorder::is_on() {
        true => builder.transport(|transport| transport.per_attempt(Arc::new(Recorder))),
        false => builder,
    };
    builder.connect().await.expect("a realm")
}

/// The realm, as its administrator sees it.
async fn admin() -> Keycloak {
    realm(client("lab-admin").client_secret("secret").client_credentials()).await
}
