use std::{error::Error as StdError, fmt::Debug, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};

use super::{Proxy, Request, Response, certificates::Certificates};
use crate::{Error, ErrorKind, Result, error::Delivery};

/// The only place where bytes leave the program: the seam for another HTTP client.
#[async_trait]
pub trait HttpService: Debug + Send + Sync {
    /// Sends one request and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// [`ErrorKind::Transport`] or [`ErrorKind::Timeout`] if there was no complete answer,
    /// with [`Error::delivery`] telling whether the request can have arrived.
    async fn call(&self, request: Request) -> Result<Response>;
}

/// Settings of the HTTP client.
///
/// Proxies are those of the environment (`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, and
/// `NO_PROXY` for what goes without) unless one is named by [`proxy`](Self::proxy), or none is
/// wanted: [`without_proxy`](Self::without_proxy).
#[derive(Debug, Clone)]
#[must_use]
pub struct ReqwestBuilder {
    certificates: Certificates,
    proxies: Option<Vec<Proxy>>,
    connect_timeout: Duration,
    idle_timeout: Duration,
    user_agent: String,
    max_answer: usize,
}

impl Default for ReqwestBuilder {
    fn default() -> Self {
        Self {
            certificates: Certificates::default(),
            proxies: None,
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(120),
            user_agent: concat!("scs-cloud/", env!("CARGO_PKG_VERSION")).into(),
            max_answer: 64 << 20,
        }
    }
}

impl ReqwestBuilder {
    /// Trusts these certificate authorities (PEM, one or more) beside those of the platform.
    /// `origin` names the file or setting in errors.
    pub fn ca_pem(mut self, origin: impl Into<String>, pem: impl Into<Bytes>) -> Self {
        self.certificates.trust(origin.into(), pem.into());
        self
    }

    /// Shows this certificate (PEM, with the chain behind it) to servers that ask for one, by
    /// the key that belongs to it (PEM, not encrypted). Both may be the same file. The origins
    /// name the files or settings in errors.
    pub fn client_certificate(
        mut self,
        certificate_origin: impl Into<String>,
        certificate: impl Into<Bytes>,
        key_origin: impl Into<String>,
        key: impl Into<Bytes>,
    ) -> Self {
        let certificate = (certificate_origin.into(), certificate.into());
        self.certificates.show(certificate, (key_origin.into(), key.into()));
        self
    }

    /// Goes through this proxy, and no longer through those of the environment. Of several, the
    /// first one that is for a request counts.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxies.get_or_insert_default().push(proxy);
        self
    }

    /// Goes through no proxy, whatever the environment says.
    pub fn without_proxy(mut self) -> Self {
        self.proxies = Some(Vec::new());
        self
    }

    /// Accepts **any** certificate: whoever sits in between reads the password. For tests of
    /// equipment without certificates, never for a real cloud.
    pub fn danger_accept_any_certificate(mut self, accept: bool) -> Self {
        self.certificates.verify = !accept;
        self
    }

    /// How long a connection may take; 10 s if not set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long nothing may arrive; 120 s if not set. There is no limit on the whole of an
    /// answer that keeps arriving.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// Puts the application's name in front of the SDK's in the user agent.
    pub fn user_agent(mut self, application: &str) -> Self {
        self.user_agent = format!("{application} {}", self.user_agent);
        self
    }

    /// How large an answer held in memory may be, in bytes; 64 MiB if not set.
    pub fn max_answer(mut self, bytes: usize) -> Self {
        self.max_answer = bytes;
        self
    }

    pub(super) fn build(self) -> Result<Arc<dyn HttpService>> {
        let mut builder = reqwest::Client::builder()
            .user_agent(self.user_agent)
            .connect_timeout(self.connect_timeout)
            .read_timeout(self.idle_timeout)
            // Sooner than servers and load balancers close them: a POST that meets a closing
            // connection must not be repeated.
            .pool_idle_timeout(Duration::from_secs(20))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never());
        if let Some(proxies) = &self.proxies {
            builder = builder.no_proxy();
            for proxy in proxies {
                builder = builder.proxy(proxy.build()?);
            }
        }
        let client = self.certificates.apply(builder)?.build().map_err(|error| {
            let reason = innermost(&error);
            match self.certificates.origins() {
                Some(origins) => Error::config(format!("the {origins} cannot be used: {reason}"))
                    .with_hint("check that both are whole and belong together"),
                None => Error::config(format!("the HTTP client cannot be set up: {reason}")),
            }
        })?;
        let proxies = self.proxies.unwrap_or_default();
        Ok(Arc::new(Reqwest { client, proxies, max_answer: self.max_answer }))
    }
}

#[derive(Debug)]
struct Reqwest {
    client: reqwest::Client,
    /// Those that are named, for messages.
    proxies: Vec<Proxy>,
    max_answer: usize,
}

#[async_trait]
impl HttpService for Reqwest {
    async fn call(&self, request: Request) -> Result<Response> {
        let host = request.url.host_str().unwrap_or_default();
        let host = match request.url.port_or_known_default() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let mut answer = self
            .client
            .request(request.method, request.url)
            .headers(request.headers)
            .body(request.body)
            .send()
            .await
            .map_err(|error| broken(&host, &self.proxies, error))?;
        let too_large = || {
            Error::new(
                ErrorKind::Decode,
                format!("the answer of {host} is larger than {} bytes", self.max_answer),
            )
            .with_hint("ask for less at once, or raise `max_answer`")
        };
        let expected = usize::try_from(answer.content_length().unwrap_or(0)).unwrap_or(usize::MAX);
        if expected > self.max_answer {
            return Err(too_large());
        }
        let broken_here = |error| broken(&host, &self.proxies, error);
        let mut body = BytesMut::with_capacity(expected);
        while let Some(chunk) = answer.chunk().await.map_err(broken_here)? {
            if body.len() + chunk.len() > self.max_answer {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        let headers = std::mem::take(answer.headers_mut());
        Ok(Response::new(answer.status(), headers, body.freeze()))
    }
}

/// The words of the cause behind all others. OpenSSL's own come one error before the last: that
/// one leaves out why a certificate is refused.
pub(super) fn innermost(error: &dyn StdError) -> String {
    let mut words = error.to_string();
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
        let inner = error.to_string();
        if !words.starts_with(&inner) {
            words = inner;
        }
    }
    words
}

/// Why there was no answer, in words that help. The URL stays out: its query may be private.
fn broken(host: &str, proxies: &[Proxy], error: reqwest::Error) -> Error {
    let error = error.without_url();
    let reason = innermost(&error);
    let certificate = reason.contains("certificate") || reason.contains("UnknownIssuer");

    if let Some(error) = certificate_wanted(host, &reason) {
        error
    } else if certificate {
        let hint = if reason.contains("expired") || reason.contains("Expired") {
            "the server's operator has to renew the certificate; also check this machine's clock"
        } else {
            "name the file with the authority's certificate as `cacert`"
        };
        Error::new(ErrorKind::Untrusted, format!("the certificate of {host} is refused: {reason}"))
            .with_hint(hint)
            .with_delivery(Delivery::NotSent)
            .with_source(error)
    } else if reason.contains("InvalidContentType") {
        Error::config(format!("{host} does not speak TLS"))
            .with_hint("check the port, or write `http://` if it really goes without encryption")
            .with_source(error)
    } else if error.is_connect() {
        let kind = if error.is_timeout() { ErrorKind::Timeout } else { ErrorKind::Transport };
        Error::new(kind, format!("cannot connect to {host}: {reason}"))
            .with_hint(way_to(host, proxies, &reason))
            .with_delivery(Delivery::NotSent)
            .with_source(error)
    } else if error.is_timeout() {
        Error::new(ErrorKind::Timeout, format!("{host} did not answer in time"))
            .with_hint("it may still have carried out the request: look before you repeat it")
            .with_source(error)
    } else {
        Error::new(ErrorKind::Transport, format!("the connection to {host} broke: {reason}"))
            .with_hint("it may still have carried out the request: look before you repeat it")
            .with_source(error)
    }
}

/// What to check when there is no connection.
fn way_to(host: &str, proxies: &[Proxy], reason: &str) -> String {
    if !proxies.is_empty() {
        let proxies: Vec<_> = proxies.iter().map(ToString::to_string).collect();
        format!("check that the proxy {} runs, and lets {host} through", proxies.join(" or "))
    } else if reason.starts_with("tunnel error") || reason.starts_with("SOCKS error") {
        "check the proxy of the environment: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY".into()
    } else {
        "check the address in the configuration, the network and the proxy settings".into()
    }
}

/// What a server says of the client's certificate while they shake hands: rustls has a name for
/// the alert, OpenSSL its number (RFC 8446, 6).
fn certificate_wanted(host: &str, reason: &str) -> Option<Error> {
    let (_, alert) = reason
        .split_once("received fatal alert: ")
        .or_else(|| reason.split_once("SSL alert number "))?;
    let untrusted = |words: String| Error::new(ErrorKind::Untrusted, words);
    let error = match alert {
        "CertificateRequired" | "116" => untrusted(format!("{host} asks for a client certificate"))
            .with_hint("name its file as `cert`, and that of its private key as `key`"),
        "BadCertificate"
        | "42"
        | "UnsupportedCertificate"
        | "43"
        | "CertificateRevoked"
        | "44"
        | "CertificateExpired"
        | "45"
        | "CertificateUnknown"
        | "46"
        | "UnknownCA"
        | "48"
        | "AccessDenied"
        | "49"
        | "DecryptError"
        | "51" => untrusted(format!("{host} refuses the client certificate: {alert}"))
            .with_hint("check that it is the one for this cloud, and that it has not expired"),
        _ => return None,
    };
    Some(error.with_delivery(Delivery::NotSent))
}
