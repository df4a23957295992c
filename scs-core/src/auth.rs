//! Logins and the tokens they give.

mod cache;
mod source;

use std::{any::Any, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use http::{HeaderName, HeaderValue, StatusCode, header::AUTHORIZATION};

use crate::{
    Error, Result, Secret, Timestamp,
    transport::{Next, Policy, Request, Response, Transport},
};

pub use self::{
    cache::{Generation, Tokens},
    source::{StaticToken, TokenRequest, TokenSource},
};

/// A way to log in. It is asked again when what it granted runs out.
#[async_trait]
pub trait Authenticator: fmt::Debug + Send + Sync {
    /// Logs in. `http` carries no token and repeats what is safe to repeat.
    ///
    /// # Errors
    /// [`ErrorKind::Unauthenticated`](crate::ErrorKind) if the credentials are refused.
    async fn grant(&self, http: &Transport) -> Result<Grant>;
}

/// What a login gave: the header that opens doors, until when, and what came with it (the
/// service catalog). It is swapped as a whole.
#[derive(Clone)]
pub struct Grant {
    token: Secret,
    header: (HeaderName, HeaderValue),
    /// How long it lives, and until when by this machine's clock.
    life: Option<(Duration, Timestamp)>,
    details: Arc<dyn Any + Send + Sync>,
    generation: Generation,
}

impl Grant {
    /// A token to be sent as header `name`, good for `life` from now on, or without an end.
    /// A duration, not a date: the clocks of client and server need not agree.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind) if the token cannot be a header.
    pub fn new(name: HeaderName, token: &Secret, life: Option<Duration>) -> Result<Self> {
        Self::carried_by(name, token.expose().to_owned(), token, life)
    }

    /// A token to be sent as `Authorization: Bearer`; otherwise as [`new`](Self::new).
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind) if the token cannot be a header.
    pub fn bearer(token: &Secret, life: Option<Duration>) -> Result<Self> {
        Self::carried_by(AUTHORIZATION, format!("Bearer {}", token.expose()), token, life)
    }

    fn carried_by(
        name: HeaderName,
        value: String,
        token: &Secret,
        life: Option<Duration>,
    ) -> Result<Self> {
        let mut value = HeaderValue::try_from(value).map_err(|_| {
            Error::new(crate::ErrorKind::Decode, "the token holds characters that no header can")
        })?;
        value.set_sensitive(true);
        Ok(Self {
            token: token.clone(),
            header: (name, value),
            life: life.map(|life| (life, Timestamp::now().after(life))),
            details: Arc::new(()),
            generation: Generation::default(),
        })
    }

    /// Keeps what came with the token.
    #[must_use]
    pub fn with_details(mut self, details: impl Any + Send + Sync) -> Self {
        self.details = Arc::new(details);
        self
    }

    /// What came with the token, if it is a `T`.
    pub fn details<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        self.details.clone().downcast().ok()
    }

    /// When it ends by this machine's clock, if that is known.
    pub fn expires(&self) -> Option<Timestamp> {
        self.life.map(|(_, expires)| expires)
    }

    /// Which one it is in the row of grants of one login.
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// The token, for protocols that do not carry it in a header.
    pub fn token(&self) -> &Secret {
        &self.token
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant")
            .field("expires", &self.expires())
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

/// Puts the token on each attempt. A 401 gives up the very token that was sent, and the
/// attempt is made once more with a new one.
#[derive(Debug)]
pub(crate) struct Authenticate<'a>(pub(crate) &'a dyn TokenSource);

#[async_trait]
impl Policy for Authenticate<'_> {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response> {
        let wanted = TokenRequest::new(request.call.min_validity);
        let authorized = |grant: &Grant| {
            let mut request = request.clone();
            request.headers.insert(&grant.header.0, grant.header.1.clone());
            request
        };
        let grant = self.0.token(wanted).await?;
        let answer = next.run(authorized(&grant)).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let grant = self.0.token(wanted.rejected(grant.generation)).await?;
        next.run(authorized(&grant)).await
    }
}
