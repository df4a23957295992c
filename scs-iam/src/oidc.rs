//! Logins to an OpenID provider, such as a realm of Keycloak.
//!
//! An [`Oidc`] is a login that renews itself: a [`TokenSource`] for every layer that takes
//! bearer tokens.
//!
//! ```no_run
//! use scs_iam::Oidc;
//!
//! # async fn f() -> scs_core::Result<()> {
//! let login = Oidc::builder("https://id.example/realms/engine", "cli")
//!     .device(|prompt| println!("open {} and enter {}", prompt.verification_uri, prompt.user_code))
//!     .connect()
//!     .await?;
//! # Ok(()) }
//! ```
//!
//! | grant | for | renewed by |
//! |---|---|---|
//! | [`password`](OidcBuilder::password) | people, where the provider still allows it | its refresh token, else the password |
//! | [`client_credentials`](OidcBuilder::client_credentials) | programs | the client's secret |
//! | [`device`](OidcBuilder::device) | people at a terminal | its refresh token, else asking again |
//! | [`refresh_token`](OidcBuilder::refresh_token) | a login that was made earlier | itself, else one of the others |
//!
//! Tokens are renewed ahead of their end, by one request however many callers need them, and
//! after a server has refused one. Refresh tokens are the provider's business: they are neither
//! read nor verified.
//!
//! # Errors
//! [`ErrorKind::Unauthenticated`](scs_core::ErrorKind) with the provider's words if it refuses,
//! [`ErrorKind::Config`](scs_core::ErrorKind) if there is no such provider, realm or grant.

mod answer;
mod builder;
mod discovery;
mod login;
mod refusal;
mod wire;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use scs_core::{
    Result, Secret,
    auth::{Grant, TokenRequest, TokenSource, Tokens},
};

use self::login::Login;
pub use self::{builder::OidcBuilder, login::DevicePrompt};

/// What errors call the provider.
const SERVICE: &str = "oidc";

/// A login to an OpenID provider. Cheap to clone; clones share the tokens.
#[derive(Debug, Clone)]
pub struct Oidc {
    login: Arc<Login>,
    tokens: Tokens,
}

impl Oidc {
    /// A login of the client (an application that the provider knows) with this id.
    ///
    /// The issuer is an address: for Keycloak, `https://HOST/realms/REALM`.
    pub fn builder(issuer: impl Into<String>, client_id: impl Into<String>) -> OidcBuilder {
        OidcBuilder::new(issuer.into(), client_id.into())
    }

    /// The present refresh token, if the provider gave one: with it a later run of the program
    /// can go on without asking anybody. See [`OidcBuilder::refresh_token`].
    ///
    /// # Errors
    /// If nobody is logged in yet and the login fails.
    pub async fn refresh_token(&self) -> Result<Option<Secret>> {
        self.tokens.get(Duration::ZERO).await?;
        Ok(self.login.refresh_token())
    }
}

#[async_trait]
impl TokenSource for Oidc {
    async fn token(&self, request: TokenRequest) -> Result<Arc<Grant>> {
        self.tokens.token(request).await
    }
}
