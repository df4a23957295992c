//! The one error of every crate of the workspace.
//!
//! An [`Error`] is one word wide, can be cloned (a failed login answers everybody who
//! waited for it) and says on one line what was tried, what the server answered and what
//! to do about it. Programs branch on [`Error::kind`].
//!
//! ```
//! use scs_core::{Error, ErrorKind};
//!
//! let error = Error::new(ErrorKind::NotFound, "no flavor is called `huge`")
//!     .with_service("compute")
//!     .with_hint("list the flavors to see what this cloud offers");
//! assert_eq!(error.kind(), ErrorKind::NotFound);
//! assert_eq!(
//!     error.to_string(),
//!     "compute: no flavor is called `huge`; list the flavors to see what this cloud offers"
//! );
//! ```

use std::{borrow::Cow, error::Error as StdError, fmt, sync::Arc, time::Duration};

use http::StatusCode;

/// What every fallible call of this SDK returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of failure an [`Error`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The caller passed something that cannot work; nothing was sent.
    InvalidInput,
    /// No or wrong credentials, or a login that has ended (401).
    Unauthenticated,
    /// The credentials are good, but the policy says no (403).
    Forbidden,
    /// What was named does not exist, or this login may not see it (404).
    NotFound,
    /// The present state forbids it: in use, locked, not unique (409).
    Conflict,
    /// A quota or limit of the project is reached.
    QuotaExceeded,
    /// Too many requests; [`Error::retry_after`] may say when to come back (429).
    RateLimited,
    /// The service is down or overloaded (5xx).
    Unavailable,
    /// A deadline has passed.
    Timeout,
    /// This cloud, version or back end does not offer it.
    Unsupported,
    /// The resource ended in an error phase.
    Failed,
    /// The request did not get through: name resolution, connection, TLS.
    Transport,
    /// The server's certificate is refused.
    Untrusted,
    /// The answer is not what the API promises.
    Decode,
    /// The configuration is incomplete or contradictory.
    Config,
    /// The server refused the request as malformed or not acceptable (other 4xx).
    Rejected,
}

/// Whether a failed request can have had an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// It certainly never reached the server: repeating even a POST is safe.
    NotSent,
    /// It may or may not have been carried out.
    Unknown,
    /// The server answered.
    Answered,
}

/// An error: what was tried, what came back, and what to do.
///
/// `Display` is one line and never holds a secret; the cause is in
/// [`source`](StdError::source).
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    hint: Option<Cow<'static, str>>,
    service: Option<Cow<'static, str>>,
    operation: Option<Cow<'static, str>>,
    status: Option<StatusCode>,
    code: Option<Cow<'static, str>>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    attempts: u32,
    delivery: Delivery,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// A new error with a message for people.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Arc::new(Inner {
            kind,
            message: message.into(),
            hint: None,
            service: None,
            operation: None,
            status: None,
            code: None,
            request_id: None,
            retry_after: None,
            attempts: 0,
            delivery: Delivery::Unknown,
            source: None,
        }))
    }

    /// [`ErrorKind::InvalidInput`]: refused before anything was sent.
    pub fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::InvalidInput, message).with_delivery(Delivery::NotSent)
    }

    /// [`ErrorKind::Config`]: the configuration cannot be used.
    pub fn config(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Config, message).with_delivery(Delivery::NotSent)
    }

    fn set(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.set(|e| e.hint = Some(hint.into()))
    }

    /// Names the service (OpenStack's service type, `keycloak`, …).
    #[must_use]
    pub fn with_service(self, service: impl Into<Cow<'static, str>>) -> Self {
        self.set(|e| e.service = Some(service.into()))
    }

    /// Names what was tried, such as `POST servers/{}`.
    #[must_use]
    pub fn with_operation(self, operation: impl Into<Cow<'static, str>>) -> Self {
        self.set(|e| e.operation = Some(operation.into()))
    }

    /// Adds the status of the answer; the request has then been [answered](Delivery::Answered).
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        self.set(|e| {
            e.status = Some(status);
            e.delivery = Delivery::Answered;
        })
    }

    /// Adds the service's own code for the failure.
    #[must_use]
    pub fn with_code(self, code: impl Into<Cow<'static, str>>) -> Self {
        self.set(|e| e.code = Some(code.into()))
    }

    /// Adds the id under which the server's log knows the request.
    #[must_use]
    pub fn with_request_id(self, id: Option<String>) -> Self {
        self.set(|e| e.request_id = id)
    }

    /// Adds the wait that the server asks for.
    #[must_use]
    pub fn with_retry_after(self, wait: Option<Duration>) -> Self {
        self.set(|e| e.retry_after = wait)
    }

    /// Adds the number of attempts made.
    #[must_use]
    pub fn with_attempts(self, attempts: u32) -> Self {
        self.set(|e| e.attempts = attempts)
    }

    /// Says whether the request can have had an effect.
    #[must_use]
    pub fn with_delivery(self, delivery: Delivery) -> Self {
        self.set(|e| e.delivery = delivery)
    }

    /// Adds the cause. It must hold no secret.
    #[must_use]
    pub fn with_source(self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.set(|e| e.source = Some(Arc::new(source)))
    }

    /// Puts words in front of the message.
    #[must_use]
    pub fn context(self, words: impl fmt::Display) -> Self {
        self.set(|e| e.message = format!("{words}: {}", e.message).into())
    }

    /// Names the service and what was tried, unless that is known already.
    #[must_use]
    pub(crate) fn about(self, service: &'static str, operation: String) -> Self {
        self.set(|e| {
            e.service.get_or_insert(service.into());
            e.operation.get_or_insert(operation.into());
        })
    }

    /// The sort of failure: what programs branch on.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The message alone, without service, operation, request id and hint.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do about it, where that is known.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The service that was asked.
    pub fn service(&self) -> Option<&str> {
        self.0.service.as_deref()
    }

    /// What was tried, with the ids left out.
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }

    /// The HTTP status of the answer.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The service's own code for the failure.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The id under which the server's log knows the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the server asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many attempts were made; 0 if nothing was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the request can have had an effect.
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// Whether the same call may succeed later without any change by the caller.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::RateLimited
                | ErrorKind::Unavailable
                | ErrorKind::Timeout
                | ErrorKind::Transport
        )
    }

    /// Whether this is [`ErrorKind::NotFound`].
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let e = &*self.0;
        if let Some(service) = &e.service {
            write!(f, "{service}: ")?;
        }
        if let Some(operation) = &e.operation {
            write!(f, "{operation}: ")?;
        }
        one_line(f, &e.message)?;
        let status = e.status.map(|status| format!("HTTP {}", status.as_u16()));
        let request = e.request_id.as_ref().map(|id| format!("request {id}"));
        let attempts = (e.attempts > 1).then(|| format!("{} attempts", e.attempts));
        let facts: Vec<_> = [status, request, attempts].into_iter().flatten().collect();
        if !facts.is_empty() {
            write!(f, " ({})", facts.join(", "))?;
        }
        if let Some(hint) = &e.hint {
            f.write_str("; ")?;
            one_line(f, hint)?;
        }
        Ok(())
    }
}

/// Writes a text in one line, whatever a server or a file has put in it.
fn one_line(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut words = text.split_whitespace();
    if let Some(first) = words.next() {
        f.write_str(first)?;
    }
    words.try_for_each(|word| write!(f, " {word}"))
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}({self})", self.0.kind)?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|e| e as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_whatever_the_server_wrote() {
        let error = Error::new(ErrorKind::QuotaExceeded, "Quota exceeded\n for\tcores")
            .with_service("compute")
            .with_operation("POST servers")
            .with_status(StatusCode::FORBIDDEN)
            .with_request_id(Some("req-1".into()))
            .with_attempts(2)
            .with_hint("delete a server\nor ask for more");
        assert_eq!(
            error.to_string(),
            "compute: POST servers: Quota exceeded for cores \
             (HTTP 403, request req-1, 2 attempts); delete a server or ask for more"
        );
        assert_eq!(error.delivery(), Delivery::Answered);
    }

    #[test]
    fn is_one_word_wide_and_shareable() {
        fn shareable<T: Send + Sync + Clone + 'static>() {}
        shareable::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
