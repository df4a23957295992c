//! Certificates and keys: whose the client trusts, and what it shows of itself.

use bytes::Bytes;

use super::http_client::innermost;
use crate::{Error, Result};

/// A file or setting that holds PEM, and what errors call it.
#[derive(Debug, Clone)]
struct Pem {
    origin: String,
    text: Bytes,
}

/// The certificate by which the client shows who it is, and the key to it.
#[derive(Clone)]
struct Identity {
    certificate: Pem,
    key: Pem,
}

#[derive(Debug, Clone)]
pub(super) struct Certificates {
    authorities: Vec<Pem>,
    identity: Option<Identity>,
    pub(super) verify: bool,
}

impl Default for Certificates {
    fn default() -> Self {
        Self { authorities: Vec::new(), identity: None, verify: true }
    }
}

impl Pem {
    fn holds(&self, what: &str) -> bool {
        self.text.windows(what.len()).any(|part| part == what.as_bytes())
    }
}

impl Certificates {
    pub(super) fn trust(&mut self, origin: String, text: Bytes) {
        self.authorities.push(Pem { origin, text });
    }

    pub(super) fn show(&mut self, certificate: (String, Bytes), key: (String, Bytes)) {
        let [certificate, key] = [certificate, key].map(|(origin, text)| Pem { origin, text });
        self.identity = Some(Identity { certificate, key });
    }

    /// Which files a failure to set up the client is about.
    pub(super) fn origins(&self) -> Option<String> {
        let Identity { certificate, key } = self.identity.as_ref()?;
        Some(format!("client certificate {} with key {}", certificate.origin, key.origin))
    }

    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub(super) fn apply(
        &self,
        mut builder: reqwest::ClientBuilder,
    ) -> Result<reqwest::ClientBuilder> {
        let mut roots = Vec::new();
        for pem in &self.authorities {
            let unusable = || {
                Error::config(format!("{} holds no usable certificate in PEM form", pem.origin))
                    .with_hint("give the certificate of the authority, beginning with `-----BEGIN CERTIFICATE-----`")
            };
            let certificates =
                reqwest::Certificate::from_pem_bundle(&pem.text).map_err(|_| unusable())?;
            if certificates.is_empty() {
                return Err(unusable());
            }
            roots.extend(certificates);
        }
        if !roots.is_empty() {
            builder = builder.tls_certs_merge(roots);
        }
        if !self.verify {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        match &self.identity {
            Some(identity) => Ok(builder.identity(identity.read()?)),
            None => Ok(builder),
        }
    }

    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    pub(super) fn apply(&self, builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder> {
        match self.authorities.is_empty() && self.identity.is_none() {
            true => Ok(builder),
            false => Err(Error::config("this program is built without TLS")
                .with_hint("switch on the feature `rustls` or `native-tls`")),
        }
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
impl Identity {
    fn read(&self) -> Result<reqwest::Identity> {
        let Self { certificate, key } = self;
        if !certificate.holds("-----BEGIN CERTIFICATE-----") {
            let words = format!("{} holds no certificate in PEM form", certificate.origin);
            return Err(Error::config(words).with_hint(
                "give the client's certificate, beginning with `-----BEGIN CERTIFICATE-----`",
            ));
        }
        if key.holds("ENCRYPTED") {
            let words = format!("the private key in {} is encrypted", key.origin);
            return Err(Error::config(words)
                .with_hint("write it out without a pass phrase: openssl pkey -in … -out …"));
        }
        if !key.holds("PRIVATE KEY-----") {
            let words = format!("{} holds no private key in PEM form", key.origin);
            return Err(Error::config(words)
                .with_hint("give the key to the client's certificate; it may be in another file"));
        }
        self.parse().map_err(|error| {
            let reason = innermost(&error);
            Error::config(format!(
                "the client certificate {} with key {} cannot be used: {reason}",
                certificate.origin, key.origin
            ))
            .with_hint("check that both are whole, in PEM form, and belong together")
        })
    }

    #[cfg(not(feature = "native-tls"))]
    fn parse(&self) -> reqwest::Result<reqwest::Identity> {
        let Self { certificate, key } = self;
        let mut both = Vec::with_capacity(certificate.text.len() + key.text.len() + 1);
        both.extend_from_slice(&certificate.text);
        // Often both lie in one file.
        if certificate.text != key.text {
            both.push(b'\n');
            both.extend_from_slice(&key.text);
        }
        reqwest::Identity::from_pem(&both)
    }

    // Which is used when there are both. It wants nothing before the key.
    #[cfg(feature = "native-tls")]
    fn parse(&self) -> reqwest::Result<reqwest::Identity> {
        const BEGIN: &[u8] = b"-----BEGIN PRIVATE KEY-----";
        let key = &self.key.text;
        let begin = key.windows(BEGIN.len()).position(|part| part == BEGIN).unwrap_or(0);
        reqwest::Identity::from_pkcs8_pem(&self.certificate.text, &key[begin..])
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identity({}, {})", self.certificate.origin, self.key.origin)
    }
}
