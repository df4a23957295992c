use std::fmt;

use url::Url;

use crate::{Error, Result, Secret};

/// A proxy that requests go through.
///
/// ```
/// use scs_core::transport::Proxy;
///
/// let proxy = Proxy::all("http://proxy.example:3128").except("localhost, 10.0.0.0/8, .intern.example");
/// ```
#[derive(Clone)]
#[must_use]
pub struct Proxy {
    url: Secret,
    which: Which,
    except: Option<String>,
}

#[derive(Debug, Clone, Copy)]
enum Which {
    All,
    Http,
    Https,
}

impl Proxy {
    /// For everything. The address is `http://…`, `https://…` or, with the feature `socks`,
    /// `socks5://…` (names are resolved here) or `socks5h://…` (by the proxy); user and password
    /// may stand in it.
    pub fn all(url: impl Into<Secret>) -> Self {
        Self { url: url.into(), which: Which::All, except: None }
    }

    /// For services whose address begins with `http://`.
    pub fn http(url: impl Into<Secret>) -> Self {
        Self { which: Which::Http, ..Self::all(url) }
    }

    /// For services whose address begins with `https://`.
    pub fn https(url: impl Into<Secret>) -> Self {
        Self { which: Which::Https, ..Self::all(url) }
    }

    /// But not for these hosts: names with their subdomains, addresses, networks (`10.0.0.0/8`),
    /// separated by commas, as in the variable `NO_PROXY`. `*` is every host.
    pub fn except(mut self, hosts: impl Into<String>) -> Self {
        self.except = Some(hosts.into());
        self
    }

    pub(super) fn build(&self) -> Result<reqwest::Proxy> {
        let address = self.url.expose();
        let unusable = |reason: &str| {
            Error::config(format!("the proxy `{self}` cannot be used: {reason}"))
                .with_hint("write it like http://proxy.example:3128")
        };
        let url: Url = address.parse().map_err(|_| unusable("it is not a URL"))?;
        match url.scheme() {
            "http" | "https" => {}
            "socks4" | "socks4a" | "socks5" | "socks5h" if cfg!(feature = "socks") => {}
            scheme if scheme.starts_with("socks") => {
                return Err(unusable("this program is built without SOCKS")
                    .with_hint("switch on the feature `socks`, or use an HTTP proxy"));
            }
            _ => return Err(unusable("it is not an HTTP or SOCKS proxy")),
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(unusable("it has no host"));
        }
        let proxy = match self.which {
            Which::All => reqwest::Proxy::all(address),
            Which::Http => reqwest::Proxy::http(address),
            Which::Https => reqwest::Proxy::https(address),
        };
        let proxy = proxy.map_err(|_| unusable("its address cannot be understood"))?;
        Ok(proxy.no_proxy(self.except.as_deref().and_then(reqwest::NoProxy::from_string)))
    }
}

/// The address without user and password.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.url.expose();
        let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        if !scheme.is_empty() {
            write!(f, "{scheme}://")?;
        }
        f.write_str(host)
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({:?}, {self})", self.which)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn what_cannot_be_a_proxy_is_said() {
        for (address, words) in [
            ("", "not a URL"),
            ("proxy.example", "not a URL"),
            ("proxy.example:3128", "not an HTTP or SOCKS proxy"),
            ("ftp://proxy.example", "not an HTTP or SOCKS proxy"),
        ] {
            let error = Proxy::all(address).build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.to_string().contains(words), "{error}");
        }
        let socks = Proxy::all("socks5://proxy.example:1080").build();
        assert_eq!(socks.is_ok(), cfg!(feature = "socks"));
        Proxy::https("http://proxy.example:3128").except("*").build().unwrap();
    }

    #[test]
    fn user_and_password_are_not_shown() {
        let proxy = Proxy::all("http://ada:can@ary@proxy.example:3128");
        assert_eq!(format!("{proxy:?}"), "Proxy(All, http://proxy.example:3128)");
        let error = Proxy::all("ftp://ada:canary@proxy.example").build().unwrap_err();
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    }
}
