//! Identity on a Sovereign Cloud Stack cloud: OpenID logins, and Keycloak.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use futures_util::TryStreamExt;
//! use scs_iam::{Keycloak, Oidc, keycloak::UserQuery};
//!
//! # async fn f() -> scs_core::Result<()> {
//! let login = Oidc::builder("https://id.example/realms/engine", "ops")
//!     .client_secret("swordfish")
//!     .client_credentials()
//!     .connect()
//!     .await?;
//! let realm = Keycloak::connect("https://id.example", "engine", Arc::new(login)).await?;
//! let mut users = std::pin::pin!(realm.users().list(UserQuery::new().enabled(true)));
//! while let Some(user) = users.try_next().await? {
//!     println!("{} {}", user.username, user.email.unwrap_or_default());
//! }
//! # Ok(()) }
//! ```
//!
//! The same login opens the other layers, if the provider is theirs as well: an [`Oidc`] is a
//! [`TokenSource`](scs_core::auth::TokenSource).
#![cfg_attr(docsrs, feature(doc_cfg))]

mod fault;
pub mod keycloak;
pub mod oidc;
mod provider;
#[cfg(feature = "testing")]
pub mod testing;

pub use self::{keycloak::Keycloak, oidc::Oidc};
