use async_trait::async_trait;
use http::{HeaderValue, Method, StatusCode, header};
use scs_core::{
    Error, ErrorKind, Result, Transport,
    auth::{Authenticator, Grant},
    transport::{Call, Request, Response},
};
use url::Url;

use super::{IDENTITY, Login, access};
use crate::fault::fault;

/// Keystone at an address, with a way to log in.
#[derive(Debug)]
pub(crate) struct Keystone {
    /// With the version: `https://…/v3`.
    url: Url,
    login: Login,
}

impl Keystone {
    /// `auth_url` may come with or without the version and a slash at its end.
    pub(crate) fn new(auth_url: &str, login: Login) -> Result<Self> {
        let mut url: Url = auth_url.parse().map_err(|_| {
            Error::config(format!("the auth_url `{auth_url}` is not a URL"))
                .with_hint("write it like https://cloud.example:5000/v3")
        })?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(Error::config(format!("the auth_url `{auth_url}` is not an HTTP address"))
                .with_hint("write it like https://cloud.example:5000/v3"));
        }
        let path = url.path().trim_end_matches('/');
        // Identity v2.0 is gone from Keystone; many an old auth_url still names it.
        let path = path.strip_suffix("/v2.0").unwrap_or(path);
        let path = format!("{}/v3", path.strip_suffix("/v3").unwrap_or(path));
        url.set_path(&path);
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self { url, login })
    }

    /// With the version: `https://…/v3`.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    fn refused(&self, answer: &Response) -> Error {
        let error = fault(IDENTITY, answer).with_operation("POST auth/tokens");
        match answer.status {
            StatusCode::UNAUTHORIZED => error
                .context(format_args!("the login of {} is refused", self.login.who()))
                .with_hint(self.login.advice()),
            // So Keystone answers to a token that it does not know.
            StatusCode::NOT_FOUND
                if matches!(self.login, Login::Token(_)) && error.message().contains("oken") =>
            {
                let words = format!("the login of {} is refused", self.login.who());
                Error::new(ErrorKind::Unauthenticated, error.message().to_owned())
                    .with_service(IDENTITY)
                    .with_operation("POST auth/tokens")
                    .with_status(answer.status)
                    .with_request_id(error.request_id().map(Into::into))
                    .context(words)
                    .with_hint(self.login.advice())
            }
            StatusCode::NOT_FOUND
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::NOT_IMPLEMENTED => {
                Error::config(format!("there is no Keystone at {}", self.url))
                    .with_status(answer.status)
                    .with_hint("check auth_url; it usually ends in :5000/v3 or /identity/v3")
            }
            _ => error.context(format_args!("the login of {} failed", self.login.who())),
        }
    }
}

#[async_trait]
impl Authenticator for Keystone {
    async fn grant(&self, http: &Transport) -> Result<Grant> {
        let body = match &self.login {
            Login::Password(login) => login.body(),
            Login::Token(login) => login.body(),
            Login::ApplicationCredential(login) => login.body(),
            Login::Federated(login) => login.exchange(http, &self.url).await?.body(),
        };
        let body = serde_json::to_vec(&body)
            .map_err(|error| Error::invalid(format!("the login cannot be written: {error}")))?;
        let mut url = self.url.clone();
        url.set_path(&format!("{}/auth/tokens", url.path()));
        let mut call =
            Call::new(IDENTITY, "token.create".into(), "auth/tokens".into(), &Method::POST);
        // Two tokens are as good as one.
        call.idempotent = true;
        let mut request = Request::new(Method::POST, url, body.into(), call);
        const JSON: HeaderValue = HeaderValue::from_static("application/json");
        request.headers.insert(header::CONTENT_TYPE, JSON);
        request.headers.insert(header::ACCEPT, JSON);
        let answer = http.send(request).await?;
        if answer.status != StatusCode::CREATED {
            return Err(self.refused(&answer));
        }
        access::grant(&answer).map_err(|error| no_keystone(error, &self.url))
    }
}

/// Says of an answer that cannot be read that it may not be one of Keystone.
pub(super) fn no_keystone(error: Error, url: &Url) -> Error {
    error
        .context(format_args!("what answers at {url} is no Keystone"))
        .with_service(IDENTITY)
        .with_hint("check auth_url; it usually ends in :5000/v3 or /identity/v3")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Token;

    #[test]
    fn the_address_comes_in_many_spellings() {
        for (given, used) in [
            ("https://c.example:5000", "https://c.example:5000/v3"),
            ("https://c.example:5000/", "https://c.example:5000/v3"),
            ("https://c.example:5000/v3/", "https://c.example:5000/v3"),
            ("https://c.example/identity", "https://c.example/identity/v3"),
            ("https://c.example/identity/v3", "https://c.example/identity/v3"),
            ("http://[::1]:5000/v2.0", "http://[::1]:5000/v3"),
        ] {
            let keystone = Keystone::new(given, Token::new("t").into()).unwrap();
            assert_eq!(keystone.url.as_str(), used);
        }
        for given in ["", "cloud", "cloud.example:5000", "ftp://c.example", "/v3"] {
            let error = Keystone::new(given, Token::new("t").into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{given}");
        }
    }
}
