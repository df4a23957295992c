use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use scs_core::{
    Error, ErrorKind, Result, Secret, Transport,
    auth::{Authenticator, Grant, TokenRequest, TokenSource},
    error::Delivery,
    shown_address,
    transport::{Call, Request, Response},
};
use url::Url;

use super::{IDENTITY, Login, Scope, Token, access};
use crate::fault::fault;

/// Keystone at an address, with a way to log in.
#[derive(Debug)]
pub(crate) struct Keystone {
    /// With the version: `https://…/v3`.
    url: Url,
    login: Login,
    /// The login from whose tokens these are made, and what they are good for.
    rescoped: Option<(Arc<dyn TokenSource>, Scope)>,
    /// A login that works only once has been sent.
    spent: AtomicBool,
}

/// A token lives no longer than the one it is made from.
const PARENT_VALIDITY: Duration = Duration::from_secs(3600);

const RECEIPT: HeaderName = HeaderName::from_static("openstack-auth-receipt");

impl Keystone {
    /// `auth_url` may come with or without the version and a slash at its end.
    pub(crate) fn new(auth_url: &str, login: Login) -> Result<Self> {
        let mut url: Url = auth_url.parse().map_err(|_| {
            Error::config(format!("the auth_url `{}` is not a URL", shown_address(auth_url)))
                .with_hint("write it like https://cloud.example:5000/v3")
        })?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            let words =
                format!("the auth_url `{}` is not an HTTP address", shown_address(auth_url));
            return Err(
                Error::config(words).with_hint("write it like https://cloud.example:5000/v3")
            );
        }
        let path = url.path().trim_end_matches('/');
        // Identity v2.0 is gone from Keystone; many an old auth_url still names it.
        let path = path.strip_suffix("/v2.0").unwrap_or(path);
        let path = format!("{}/v3", path.strip_suffix("/v3").unwrap_or(path));
        url.set_path(&path);
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self::at(url, login))
    }

    fn at(url: Url, login: Login) -> Self {
        Self { url, login, rescoped: None, spent: AtomicBool::new(false) }
    }

    /// The same user with tokens for another scope, made from those that `present` carries.
    ///
    /// # Errors
    /// If Keystone gives no other token for those.
    pub(crate) fn rescoped(&self, present: &Transport, scope: Scope) -> Result<Self> {
        let bound = |what: &str, hint: &'static str| {
            Error::invalid(format!("{what} is good for nothing else")).with_hint(hint)
        };
        if self.login.has_credential() {
            let what = "the token of an application credential";
            return Err(bound(what, "make a credential in each project, or log in as a user"));
        }
        if self.login.scope().is_some_and(|scope| matches!(scope, Scope::Trust(_))) {
            return Err(bound("the token of a trust", "log in by another trust, or without"));
        }
        let parent = match &self.rescoped {
            Some((parent, _)) => parent.clone(),
            None => present.tokens().cloned().ok_or_else(|| Error::config("there is no login"))?,
        };
        let mut other = Self::at(self.url.clone(), self.login.clone());
        other.rescoped = Some((parent, scope));
        Ok(other)
    }

    /// A token for another scope, made from one of the parent's. Keystone says 404 of a token
    /// that is no longer good, and 401 where the user has no role.
    async fn rescope(
        &self,
        http: &Transport,
        parent: &dyn TokenSource,
        scope: &Scope,
    ) -> Result<Grant> {
        let wanted = TokenRequest::new(PARENT_VALIDITY);
        let present = parent.token(wanted).await?;
        let by = |grant: &Grant| Token::new(grant.token().clone()).scope(scope.clone()).into();
        match self.send(http, &by(&present)).await {
            Err(error)
                if error.status() == Some(StatusCode::NOT_FOUND)
                    && error.kind() == ErrorKind::Unauthenticated =>
            {
                let renewed = parent.token(wanted.rejected(present.generation())).await?;
                self.send(http, &by(&renewed)).await
            }
            result => result,
        }
    }

    /// With the version: `https://…/v3`.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// # Errors
    /// If the login works only once and has been sent.
    fn check_unspent(&self) -> Result<()> {
        if !self.spent.load(Ordering::Acquire) {
            return Ok(());
        }
        let who = self.login.who();
        let words = format!("the login of {who} has ended, and its passcode has been used");
        Err(Error::new(ErrorKind::Unauthenticated, words)
            .with_service(IDENTITY)
            .with_delivery(Delivery::NotSent)
            .with_hint(
                "log in with another passcode; programs that run for long log in by an \
                 application credential",
            ))
    }

    async fn send(&self, http: &Transport, login: &Login) -> Result<Grant> {
        self.check_unspent()?;
        let body = match login {
            Login::Federated(federated) => {
                let answer = federated.exchange(http, &self.url).await?;
                let not_ours = |error| no_keystone(error, &self.url);
                // What it brings has no scope.
                if matches!(login.scope(), None | Some(Scope::Unscoped)) {
                    return access::grant(&answer).map_err(not_ours);
                }
                let token = Token::new(access::token(&answer).map_err(not_ours)?);
                let scope = login.scope().cloned().unwrap_or(Scope::Unscoped);
                Login::from(token.scope(scope)).body()?
            }
            login => login.body()?,
        };
        let body = serde_json::to_vec(&body)
            .map_err(|error| Error::invalid(format!("the login cannot be written: {error}")))?;
        let mut url = self.url.clone();
        url.set_path(&format!("{}/auth/tokens", url.path()));
        let mut call =
            Call::new(IDENTITY, "token.create".into(), "auth/tokens".into(), &Method::POST);
        // Two tokens are as good as one, but a passcode is taken only once.
        call.idempotent = !login.is_one_time();
        let mut request = Request::new(Method::POST, url, body.into(), call);
        const JSON: HeaderValue = HeaderValue::from_static("application/json");
        request.headers.insert(header::CONTENT_TYPE, JSON);
        request.headers.insert(header::ACCEPT, JSON);
        if let Login::MultiFactor(login) = login
            && let Some(receipt) = &login.receipt
        {
            request.headers.insert(RECEIPT, sensitive(receipt)?);
        }
        let answer = http.send(request).await;
        let delivery = answer.as_ref().map_or_else(Error::delivery, |_| Delivery::Answered);
        if login.is_one_time() && delivery != Delivery::NotSent {
            self.spent.store(true, Ordering::Release);
        }
        let answer = answer?;
        if answer.status != StatusCode::CREATED {
            return Err(self.refused(login, &answer));
        }
        access::grant(&answer).map_err(|error| no_keystone(error, &self.url))
    }

    fn refused(&self, login: &Login, answer: &Response) -> Error {
        if let Some(receipt) = access::receipt(answer) {
            let words = format!(
                "the login of {} is right, but Keystone also asks for {}",
                login.who(),
                receipt.wanted()
            );
            return Error::new(ErrorKind::Unauthenticated, words)
                .with_service(IDENTITY)
                .with_operation("POST auth/tokens")
                .with_status(answer.status)
                .with_hint("log in with all factors at once, or go on with the receipt")
                .with_source(receipt);
        }
        let who = self.login.who();
        let (refused, advice) = match &self.rescoped {
            None => (format!("the login of {who} is refused"), self.login.advice()),
            Some((_, scope)) => (
                format!("{who} gets no token for {scope}"),
                "check its id; the user may have no role there, or it may be disabled",
            ),
        };
        let error = fault(IDENTITY, &without_secrets(login, answer));
        let error = error.with_operation("POST auth/tokens");
        match answer.status {
            StatusCode::UNAUTHORIZED => error.context(refused).with_hint(advice),
            StatusCode::BAD_REQUEST => {
                error.context(format_args!("the login of {who} failed")).with_hint(advice)
            }
            // So Keystone answers to tokens and credentials that it does not know.
            StatusCode::NOT_FOUND if error.message().starts_with("Could not") => {
                Error::new(ErrorKind::Unauthenticated, error.message().to_owned())
                    .with_service(IDENTITY)
                    .with_operation("POST auth/tokens")
                    .with_status(answer.status)
                    .with_request_id(error.request_id().map(Into::into))
                    .context(refused)
                    .with_hint(advice)
            }
            StatusCode::NOT_FOUND
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::NOT_IMPLEMENTED => {
                Error::config(format!("there is no Keystone at {}", shown_address(&self.url)))
                    .with_status(answer.status)
                    .with_hint("check auth_url; it usually ends in :5000/v3 or /identity/v3")
            }
            _ => error.context(format_args!("the login of {who} failed")),
        }
    }
}

#[async_trait]
impl Authenticator for Keystone {
    async fn grant(&self, http: &Transport) -> Result<Grant> {
        match &self.rescoped {
            Some((parent, scope)) => self.rescope(http, &**parent, scope).await,
            None => self.send(http, &self.login).await,
        }
    }

    fn key(&self) -> Option<String> {
        let mut identity = self.login.identity()?;
        if let Some((_, scope)) = &self.rescoped {
            identity["rescoped"] = scope.json(None)?;
        }
        Some(format!("{} {identity}", self.url))
    }

    fn restore(&self, token: &Secret, answer: Bytes) -> Result<Grant> {
        access::restore(token, answer)
    }
}

/// Keystone repeats what it does not find.
fn without_secrets(login: &Login, answer: &Response) -> Response {
    let mut answer = answer.clone();
    if let Some(secret) = login.repeated()
        && let Ok(text) = std::str::from_utf8(&answer.body)
        && !secret.expose().is_empty()
    {
        answer.body = text.replace(secret.expose(), "…").into();
    }
    answer
}

fn sensitive(secret: &Secret) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(secret.expose())
        .map_err(|_| Error::invalid("the receipt holds characters that no header can"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Says of an answer that cannot be read that it may not be one of Keystone.
pub(super) fn no_keystone(error: Error, url: &Url) -> Error {
    error
        .context(format_args!("what answers at {} is no Keystone", shown_address(url)))
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
