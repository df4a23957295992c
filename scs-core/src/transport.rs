//! How requests travel: one HTTP client, and policies around it in a fixed order.
//!
//! ```text
//! span → user's per-call policies → retry → authentication → user's per-attempt policies → HTTP
//! ```
//!
//! Authentication sits inside retry, so each attempt carries a fresh token. Redirects are not
//! followed: a token never travels to a host that the caller or the service catalog has not
//! named.

// Without TLS there is no use for what it holds.
#[cfg_attr(not(any(feature = "rustls", feature = "native-tls")), allow(dead_code, unused_imports))]
mod certificates;
mod http_client;
mod policy;
mod proxy;
mod retry;
mod trace;

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::{
    Error, Result,
    auth::{self, Authenticate, Authenticator, Grant, TokenRequest, TokenSource, Tokens},
};

pub(crate) use self::retry::overdue;
pub use self::{
    http_client::{HttpService, ReqwestBuilder},
    policy::{Next, Policy},
    proxy::Proxy,
    retry::{Decision, Outcome, Retry},
};

/// What a call is about, for policies and traces.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Call {
    /// The service type.
    pub service: &'static str,
    /// What is done: `servers.list`, `server.delete`.
    pub operation: String,
    /// The path with ids left out.
    pub template: String,
    /// Whether repeating the request after an unclear failure is safe.
    pub idempotent: bool,
    /// Whether a 409 may pass by itself.
    pub retry_conflicts: bool,
    /// How long the token must still be valid when the request is sent.
    pub min_validity: Duration,
}

impl Call {
    /// A call that is idempotent if its method is.
    pub fn new(
        service: &'static str,
        operation: String,
        template: String,
        method: &Method,
    ) -> Self {
        Self {
            service,
            operation,
            template,
            idempotent: method.is_idempotent(),
            retry_conflicts: false,
            min_validity: auth::BRIEF,
        }
    }
}

/// A request on its way. `Debug` shows neither its headers nor its body.
#[derive(Clone)]
#[non_exhaustive]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// The headers; policies add theirs.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// What it is about.
    pub call: Arc<Call>,
}

impl Request {
    /// A request without headers.
    pub fn new(method: Method, url: Url, body: Bytes, call: Call) -> Self {
        Self { method, url, headers: HeaderMap::new(), body, call: Arc::new(call) }
    }
}

/// An answer, whatever its status. `Debug` shows neither its headers nor its body.
#[derive(Clone)]
#[non_exhaustive]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, whole.
    pub body: Bytes,
    /// How many attempts it took.
    pub attempts: u32,
}

impl Response {
    /// An answer to the first attempt.
    pub fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self { status, headers, body, attempts: 1 }
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// How long the server asks to wait, given in seconds or as a date.
    pub fn retry_after(&self) -> Option<Duration> {
        retry::retry_after(self.header("retry-after")?)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("host", &self.url.host_str())
            .field("call", &self.call)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// Sends requests. Cheap to clone; clones share connections, budget and tokens.
#[derive(Clone)]
pub struct Transport {
    inner: Arc<Inner>,
    tokens: Option<Arc<dyn TokenSource>>,
}

struct Inner {
    http: Arc<dyn HttpService>,
    retry: Retry,
    per_call: Vec<Arc<dyn Policy>>,
    per_attempt: Vec<Arc<dyn Policy>>,
}

impl Transport {
    /// Settings to start from.
    pub fn builder() -> TransportBuilder {
        TransportBuilder::default()
    }

    /// The same connections with another login.
    #[must_use]
    pub fn with_login(&self, login: Arc<dyn Authenticator>) -> Self {
        self.with_tokens(Arc::new(Tokens::new(login, self.without_login())))
    }

    /// The same connections with tokens from elsewhere, which others may share.
    #[must_use]
    pub fn with_tokens(&self, tokens: Arc<dyn TokenSource>) -> Self {
        Self { inner: self.inner.clone(), tokens: Some(tokens) }
    }

    /// The same connections without a token.
    #[must_use]
    pub fn without_login(&self) -> Self {
        Self { inner: self.inner.clone(), tokens: None }
    }

    /// Where the tokens come from that requests carry, for others to share.
    pub fn tokens(&self) -> Option<&Arc<dyn TokenSource>> {
        self.tokens.as_ref()
    }

    /// A grant that stays valid for at least `min_validity`; logs in if there is none.
    ///
    /// # Errors
    /// If the login fails, or with [`ErrorKind::Config`](crate::ErrorKind) if this transport
    /// has none.
    pub async fn grant(&self, min_validity: Duration) -> Result<Arc<Grant>> {
        self.token(TokenRequest::new(min_validity)).await
    }

    /// A grant as it is asked for.
    ///
    /// # Errors
    /// As [`grant`](Self::grant).
    pub async fn token(&self, request: TokenRequest) -> Result<Arc<Grant>> {
        match &self.tokens {
            Some(tokens) => tokens.token(request).await,
            None => Err(Error::config("this transport has no login")),
        }
    }

    /// Sends a request through the policies. An answer of any status is `Ok`.
    pub async fn send(&self, request: Request) -> Result<Response> {
        let authenticate = self.tokens.as_deref().map(Authenticate::new);
        let inner = &*self.inner;
        let mut chain: Vec<&dyn Policy> =
            Vec::with_capacity(4 + inner.per_call.len() + inner.per_attempt.len());
        chain.push(&trace::CallSpan);
        chain.extend(inner.per_call.iter().map(|policy| &**policy));
        chain.push(&inner.retry);
        if let Some(authenticate) = &authenticate {
            chain.push(authenticate);
        }
        chain.extend(inner.per_attempt.iter().map(|policy| &**policy));
        chain.push(&trace::AttemptSpan);
        Next::new(&chain, &*inner.http).run(request).await
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("http", &self.inner.http)
            .field("retry", &self.inner.retry)
            .finish_non_exhaustive()
    }
}

/// Settings of a [`Transport`].
#[derive(Debug, Default)]
#[must_use]
pub struct TransportBuilder {
    http: ReqwestBuilder,
    service: Option<Arc<dyn HttpService>>,
    retry: Retry,
    per_call: Vec<Arc<dyn Policy>>,
    per_attempt: Vec<Arc<dyn Policy>>,
}

impl TransportBuilder {
    /// Settings of the HTTP client: certificates, time-outs, user agent.
    pub fn http(mut self, configure: impl FnOnce(ReqwestBuilder) -> ReqwestBuilder) -> Self {
        self.http = configure(self.http);
        self
    }

    /// Another HTTP client altogether; the settings of [`http`](Self::http) are then unused.
    pub fn service(mut self, service: Arc<dyn HttpService>) -> Self {
        self.service = Some(service);
        self
    }

    /// When and how often a request is repeated.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Adds a policy that sees each call once.
    pub fn per_call(mut self, policy: Arc<dyn Policy>) -> Self {
        self.per_call.push(policy);
        self
    }

    /// Adds a policy that sees each attempt, with its token.
    pub fn per_attempt(mut self, policy: Arc<dyn Policy>) -> Self {
        self.per_attempt.push(policy);
        self
    }

    /// The transport.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind) if a certificate cannot be used.
    pub fn build(self) -> Result<Transport> {
        let http = match self.service {
            Some(service) => service,
            None => self.http.build()?,
        };
        let Self { retry, per_call, per_attempt, .. } = self;
        Ok(Transport {
            inner: Arc::new(Inner { http, retry, per_call, per_attempt }),
            tokens: None,
        })
    }
}
