use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;

use super::{Generation, Grant, Tokens};
use crate::{Error, ErrorKind, Result, Secret};

/// Where tokens come from: what crosses the layers. One login to an OpenID provider can feed
/// the clients of several layers, and a renewal for one of them is a renewal for all.
#[async_trait]
pub trait TokenSource: fmt::Debug + Send + Sync {
    /// A token as it is asked for; a new one only if the present one does not do.
    ///
    /// # Errors
    /// What the login answers, to everybody who waited for it.
    async fn token(&self, request: TokenRequest) -> Result<Arc<Grant>>;
}

/// Which token is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenRequest {
    /// How long it must stay valid, or half of its life where tokens live shorter than that.
    pub min_validity: Duration,
    /// The one that a server has refused (401). It is given up, but never a newer one.
    pub rejected: Option<Generation>,
}

impl TokenRequest {
    /// A token that stays valid for at least this long.
    pub fn new(min_validity: Duration) -> Self {
        Self { min_validity, rejected: None }
    }

    /// Another one than that of this generation, which a server has refused.
    #[must_use]
    pub fn rejected(mut self, generation: Generation) -> Self {
        self.rejected = Some(generation);
        self
    }
}

#[async_trait]
impl TokenSource for Tokens {
    async fn token(&self, request: TokenRequest) -> Result<Arc<Grant>> {
        if let Some(generation) = request.rejected {
            self.reject(generation);
        }
        self.get(request.min_validity).await
    }
}

/// A bearer token that was got elsewhere. It cannot be renewed.
#[derive(Debug, Clone)]
pub struct StaticToken(Arc<Grant>);

impl StaticToken {
    /// This token.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] if it cannot be sent in a header.
    pub fn new(token: impl Into<Secret>) -> Result<Self> {
        let grant = Grant::bearer(&token.into(), None).map_err(|_| {
            Error::config("the given token holds characters that no header can")
                .with_hint("give the token alone, without spaces and line ends")
        })?;
        Ok(Self(Arc::new(grant)))
    }
}

#[async_trait]
impl TokenSource for StaticToken {
    async fn token(&self, request: TokenRequest) -> Result<Arc<Grant>> {
        match request.rejected {
            None => Ok(self.0.clone()),
            Some(_) => Err(Error::new(ErrorKind::Unauthenticated, "the given token is refused")
                .with_hint("it may have expired: get a new one, or give a login that renews it")),
        }
    }
}
