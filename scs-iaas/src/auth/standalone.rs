use std::{fmt, sync::Arc};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::header::AUTHORIZATION;
use scs_core::{
    Error, ErrorKind, Result, Secret,
    auth::{Grant, TokenRequest, TokenSource},
};
use url::Url;

use super::access::X_AUTH_TOKEN;

/// How services are spoken to that run without Keystone, such as Ironic or Cinder on their own.
///
/// There is no catalog then: each service has the address that is given for it, or the
/// [`endpoint`](Self::endpoint) that is given for all.
///
/// ```no_run
/// use scs_iaas::{OpenStack, auth::Standalone};
///
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let session = OpenStack::standalone(Standalone::http_basic("ada", "swordfish"))
///     .endpoint_override("block-storage", "http://cinder.example:8776/v3".parse()?)
///     .connect()
///     .await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Standalone {
    who: Who,
    pub(crate) endpoint: Option<Url>,
}

#[derive(Debug, Clone)]
enum Who {
    Anybody,
    Basic { user: String, password: Secret },
    Token(Secret),
}

impl Standalone {
    /// Anybody may do anything (`none`).
    pub fn open() -> Self {
        Self { who: Who::Anybody, endpoint: None }
    }

    /// User and password go with each request (`http_basic`).
    pub fn http_basic(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        let who = Who::Basic { user: user.into(), password: password.into() };
        Self { who, endpoint: None }
    }

    /// This token goes with each request (`admin_token`).
    pub fn token(token: impl Into<Secret>) -> Self {
        Self { who: Who::Token(token.into()), endpoint: None }
    }

    /// The address of every service that has none of its own.
    pub fn endpoint(mut self, url: Url) -> Self {
        self.endpoint = Some(url);
        self
    }

    pub(crate) fn tokens(&self) -> Result<Arc<dyn TokenSource>> {
        let grant = match &self.who {
            // Services without authentication still want to see the header.
            Who::Anybody => Grant::new(X_AUTH_TOKEN, &"notused".into(), None),
            Who::Token(token) => Grant::new(X_AUTH_TOKEN, token, None),
            Who::Basic { user, password } => {
                let pair = Secret::from(format!("{user}:{}", password.expose()));
                let pair = STANDARD.encode(pair.expose());
                Grant::new(AUTHORIZATION, &format!("Basic {pair}").into(), None)
            }
        };
        let grant = grant.map_err(|error| Error::config(error.message().to_owned()))?;
        Ok(Arc::new(Fixed { grant: Arc::new(grant), who: self.to_string() }))
    }
}

/// As messages call it.
impl fmt::Display for Standalone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.who {
            Who::Anybody => f.write_str("requests without a login are"),
            Who::Basic { user, .. } => write!(f, "user `{user}` is"),
            Who::Token(_) => f.write_str("the given token is"),
        }
    }
}

/// The same for every request.
#[derive(Debug)]
struct Fixed {
    grant: Arc<Grant>,
    who: String,
}

#[async_trait]
impl TokenSource for Fixed {
    async fn token(&self, request: TokenRequest) -> Result<Arc<Grant>> {
        match request.rejected {
            None => Ok(self.grant.clone()),
            Some(_) => {
                let words = format!("{} refused", self.who);
                Err(Error::new(ErrorKind::Unauthenticated, words)
                    .with_hint("check what the service asks for: `none`, `http_basic`, a token"))
            }
        }
    }
}
