//! Logins and the tokens they give.

mod cache;
mod file_tokens;
mod source;
mod store;

use std::{
    any::Any,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header::AUTHORIZATION};

use crate::{
    Error, Result, Secret, Timestamp,
    transport::{Next, Policy, Request, Response, Transport},
};

pub use self::{
    cache::{Generation, Tokens},
    file_tokens::FileTokens,
    source::{StaticToken, TokenRequest, TokenSource},
    store::{Hold, MemoryTokens, TokenStore},
};

/// How long the token that goes with an ordinary call is still valid at least.
pub const BRIEF: Duration = Duration::from_secs(30);

/// How long the token is still valid at least that goes with a call like attaching a volume: the
/// cloud goes on with it long after it has answered, and asks other services in the caller's
/// name.
pub const LASTING: Duration = Duration::from_secs(20 * 60);

/// A way to log in. It is asked again when what it granted runs out.
#[async_trait]
pub trait Authenticator: fmt::Debug + Send + Sync {
    /// Logs in. `http` carries no token and repeats what is safe to repeat.
    ///
    /// # Errors
    /// [`ErrorKind::Unauthenticated`](crate::ErrorKind) if the credentials are refused.
    async fn grant(&self, http: &Transport) -> Result<Grant>;

    /// Who logs in to what, for a [`TokenStore`]: the same for all who may share a grant, and
    /// without any secret. `None` if grants of this login are not kept.
    fn key(&self) -> Option<String> {
        None
    }

    /// The grant that a store has kept: of its token, and of the answer that was given to
    /// [`Grant::with_answer`].
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind) if that is not of this login.
    fn restore(&self, _token: &Secret, _answer: Bytes) -> Result<Grant> {
        Err(Error::new(crate::ErrorKind::Unsupported, "grants of this login are not kept"))
    }
}

/// What a login gave: the header that opens doors, until when, and what came with it (the
/// service catalog). It is swapped as a whole.
#[derive(Clone)]
pub struct Grant {
    token: Secret,
    header: (HeaderName, HeaderValue),
    life: Option<Life>,
    details: Arc<dyn Any + Send + Sync>,
    answer: Option<Bytes>,
    generation: Generation,
    /// It comes from a store.
    restored: bool,
}

#[derive(Debug, Clone, Copy)]
struct Life {
    whole: Duration,
    /// By this machine's clock.
    expires: Timestamp,
    /// How much earlier than it has to be it is renewed.
    margin: Duration,
}

impl Life {
    fn new(whole: Duration, expires: Timestamp) -> Self {
        const LONGEST: Duration = Duration::from_secs(300);
        let margin = (whole / 10).min(LONGEST).mul_f64(fastrand::f64());
        Self { whole, expires, margin }
    }
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
            life: life.map(|life| Life::new(life, Timestamp::now().after(life))),
            details: Arc::new(()),
            answer: None,
            generation: Generation::default(),
            restored: false,
        })
    }

    /// As a store has kept it.
    fn living(self, whole: Duration, expires: Timestamp) -> Self {
        Self { life: Some(Life::new(whole, expires)), restored: true, ..self }
    }

    /// Whether it stays valid for this long, or half of its life, and its margin.
    fn covers(&self, min_validity: Duration) -> bool {
        self.life.is_none_or(|life| self.lasts(min_validity.min(life.whole / 2), life.margin))
    }

    fn lasts(&self, needed: Duration, margin: Duration) -> bool {
        let left = self.life.map(|life| life.expires.remaining());
        left.is_none_or(|left| !left.is_zero() && left >= needed + margin)
    }

    /// Keeps what came with the token.
    #[must_use]
    pub fn with_details(mut self, details: impl Any + Send + Sync) -> Self {
        self.details = Arc::new(details);
        self
    }

    /// Keeps the answer of the server as it came, from which a [`TokenStore`] can restore the
    /// grant: see [`Authenticator::restore`].
    #[must_use]
    pub fn with_answer(mut self, answer: Bytes) -> Self {
        self.answer = Some(answer);
        self
    }

    /// What came with the token, if it is a `T`.
    pub fn details<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        self.details.clone().downcast().ok()
    }

    /// When it ends by this machine's clock, if that is known.
    pub fn expires(&self) -> Option<Timestamp> {
        self.life.map(|life| life.expires)
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
/// attempt is made once more with a new one: once in a call, however often that is repeated.
#[derive(Debug)]
pub(crate) struct Authenticate<'a> {
    tokens: &'a dyn TokenSource,
    renewed: AtomicBool,
}

impl<'a> Authenticate<'a> {
    pub(crate) fn new(tokens: &'a dyn TokenSource) -> Self {
        Self { tokens, renewed: AtomicBool::new(false) }
    }
}

#[async_trait]
impl Policy for Authenticate<'_> {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response> {
        let wanted = TokenRequest::new(request.call.min_validity);
        let authorized = |grant: &Grant| {
            let mut request = request.clone();
            request.headers.insert(&grant.header.0, grant.header.1.clone());
            request
        };
        let grant = self.tokens.token(wanted).await?;
        let answer = next.run(authorized(&grant)).await?;
        if answer.status != StatusCode::UNAUTHORIZED || self.renewed.swap(true, Ordering::Relaxed) {
            return Ok(answer);
        }
        let grant = self.tokens.token(wanted.rejected(grant.generation)).await?;
        next.run(authorized(&grant)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(seconds: u64) -> Grant {
        Grant::bearer(&Secret::from("t"), Some(Duration::from_secs(seconds))).unwrap()
    }

    #[test]
    fn the_clients_of_a_fleet_renew_at_different_moments() {
        let margins = |seconds| {
            let mut margins: Vec<_> =
                (0..200).map(|_| grant(seconds).life.unwrap().margin).collect();
            margins.sort();
            (margins[0].as_secs(), margins[199].as_secs())
        };
        let (least, most) = margins(1000);
        assert!(least < 20 && (80..=100).contains(&most), "{least} {most}");
        let (least, most) = margins(14400);
        assert!(least < 60 && (240..=300).contains(&most), "{least} {most}");
    }

    #[test]
    fn a_new_grant_does_whatever_is_asked() {
        for life in [1, 60, 3600, 14400] {
            assert!(grant(life).covers(Duration::from_secs(86400)), "{life}");
        }
        assert!(!grant(0).covers(Duration::ZERO));
        let old = grant(0).living(Duration::from_secs(3600), Timestamp::now().after(BRIEF));
        assert!(!old.covers(BRIEF) && old.lasts(Duration::ZERO, Duration::ZERO));
    }
}
