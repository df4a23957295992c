use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use scs_core::{
    Error, ErrorKind, Result, Transport,
    auth::{Grant, TokenRequest, TokenSource},
    transport::{Call, Request, Response},
};
use url::Url;

use super::{IDENTITY, Scope};
use crate::fault::fault;

/// The token is used at once.
const MIN_VALIDITY: Duration = Duration::from_secs(10);

/// A login with a token of an OpenID provider that Keystone trusts, such as Keycloak.
///
/// Keystone makes a token of its own from it, which lives on after the one of the provider has
/// ended; for the next one the source is asked again.
///
/// ```no_run
/// use std::sync::Arc;
/// use scs_core::auth::StaticToken;
/// use scs_iaas::{OpenStack, auth::{Federated, Scope}};
///
/// # async fn f(token: String) -> scs_core::Result<()> {
/// let login = Federated::new("keycloak", "openid", Arc::new(StaticToken::new(token)?))
///     .scope(Scope::project("engine").domain("Default"));
/// let cloud = OpenStack::connect("https://cloud.example:5000", login).await?;
/// # Ok(()) }
/// ```
///
/// Follows <https://docs.openstack.org/api-ref/identity/v3-ext/#os-federation>.
#[derive(Debug, Clone)]
pub struct Federated {
    provider: String,
    protocol: String,
    tokens: Arc<dyn TokenSource>,
    pub(super) scope: Scope,
}

impl Federated {
    /// With tokens from this source; `identity_provider` and `protocol` are what Keystone calls
    /// the provider and the way in which it is asked. Unscoped until [`scope`](Self::scope) is
    /// called.
    pub fn new(
        identity_provider: impl Into<String>,
        protocol: impl Into<String>,
        tokens: Arc<dyn TokenSource>,
    ) -> Self {
        Self {
            provider: identity_provider.into(),
            protocol: protocol.into(),
            tokens,
            scope: Scope::Unscoped,
        }
    }

    /// What the token is to be good for. A project by name needs its domain, since nobody knows
    /// beforehand which domain the user is in.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<Scope>) -> Self {
        self.scope = scope.into();
        self
    }

    /// Gets an unscoped token of Keystone's for one of the provider's. One that is refused is
    /// given up, and the next one is tried.
    pub(super) async fn exchange(&self, http: &Transport, keystone: &Url) -> Result<Response> {
        let url = self.address(keystone)?;
        let wanted = TokenRequest::new(MIN_VALIDITY);
        let grant = self.tokens.token(wanted).await?;
        let mut answer = send(http, &url, &grant).await?;
        if answer.status == StatusCode::UNAUTHORIZED {
            match self.tokens.token(wanted.rejected(grant.generation())).await {
                Ok(grant) => answer = send(http, &url, &grant).await?,
                Err(error) if Refusal::of(&answer) == Refusal::Invalid => {
                    let layer = error.service().unwrap_or(IDENTITY).to_owned();
                    let words =
                        format!("Keystone refuses the token of {self}, and there is no other");
                    return Err(error.context(words).with_service(layer));
                }
                Err(_) => {}
            }
        }
        if !answer.status.is_success() {
            return Err(self.refused(&answer, keystone));
        }
        Ok(answer)
    }

    fn address(&self, keystone: &Url) -> Result<Url> {
        for (what, name) in [("identity provider", &self.provider), ("protocol", &self.protocol)] {
            if matches!(name.as_str(), "" | "." | "..") {
                return Err(Error::invalid(format!("`{name}` cannot be the name of the {what}"))
                    .with_service(IDENTITY)
                    .with_hint("give the name under which Keystone knows it"));
            }
        }
        let mut url = keystone.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.extend(["OS-FEDERATION", "identity_providers", &self.provider]);
            path.extend(["protocols", &self.protocol, "auth"]);
        }
        Ok(url)
    }

    fn refused(&self, answer: &Response, keystone: &Url) -> Error {
        let (provider, protocol, status) = (&self.provider, &self.protocol, answer.status);
        // Whoever stands in front of Keystone answers with a page for people.
        let body = if answers_json(answer) { answer.body.clone() } else { Bytes::new() };
        let said = fault(IDENTITY, &Response::new(status, answer.headers.clone(), body));
        let unauthenticated = |message: String| Error::new(ErrorKind::Unauthenticated, message);
        let error = match (status, Refusal::of(answer)) {
            (StatusCode::UNAUTHORIZED, Refusal::Invalid) => {
                unauthenticated(format!("the token of {self} has expired or is not valid"))
                    .with_hint(
                        "log in to the OpenID provider again; if that does not help, \
                         Keystone trusts another provider or other keys",
                    )
            }
            (StatusCode::UNAUTHORIZED, Refusal::Audience) => {
                unauthenticated(format!("the token of {self} is good, but not meant for Keystone"))
                    .with_hint("log in by a client whose tokens have Keystone in their audience")
            }
            (StatusCode::UNAUTHORIZED, Refusal::Keystone)
                if said.message().contains("unsupported method") =>
            {
                Error::config(format!("Keystone knows no protocol `{protocol}` of {self}"))
                    .with_hint("check the name of the protocol, or ask the provider for it")
            }
            (StatusCode::UNAUTHORIZED, Refusal::Keystone) => {
                unauthenticated(format!("no rule of Keystone's mapping for {self} fits the user"))
                    .with_hint(
                        "ask the provider which groups may log in; the user may be disabled, or \
                         the protocol not be set up",
                    )
            }
            (StatusCode::NOT_FOUND, _) if answers_json(answer) => {
                let words = "Keystone has no identity provider";
                Error::config(format!("{words} `{provider}` with protocol `{protocol}`"))
                    .with_hint("check both names, or ask the provider for them")
            }
            (StatusCode::NOT_FOUND, _) => {
                Error::config(format!("there is no Keystone at {keystone}"))
                    .with_hint("check auth_url; it usually ends in :5000/v3 or /identity/v3")
            }
            _ if status.is_redirection() => {
                Error::config(format!("protocol `{protocol}` of {self} is one for browsers"))
                    .with_hint("ask the provider for the protocol that takes tokens")
            }
            _ => return said.context(format_args!("the login of the user of {self} failed")),
        };
        error
            .with_service(IDENTITY)
            .with_operation("POST OS-FEDERATION/identity_providers/{}/protocols/{}/auth")
            .with_status(status)
            .with_request_id(said.request_id().map(Into::into))
    }
}

/// As messages call it.
impl fmt::Display for Federated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "identity provider `{}`", self.provider)
    }
}

/// Who refuses a token with a 401, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    /// The gateway: the token is not valid, or no longer.
    Invalid,
    /// The gateway: the token is valid, but something in it is not as it wants it.
    Audience,
    /// Keystone, whose gateway has let the token pass.
    Keystone,
}

impl Refusal {
    fn of(answer: &Response) -> Self {
        let challenges = answer.headers.get_all(header::WWW_AUTHENTICATE).into_iter();
        let challenges: Vec<_> = challenges.filter_map(|value| value.to_str().ok()).collect();
        let bearer = challenges.iter().find(|text| text.starts_with("Bearer"));
        match bearer {
            Some(text) if text.contains("error=") && !text.contains("insufficient_scope") => {
                Self::Invalid
            }
            _ if answers_json(answer) => Self::Keystone,
            _ => Self::Audience,
        }
    }
}

fn answers_json(answer: &Response) -> bool {
    answer.header("content-type").is_some_and(|kind| kind.starts_with("application/json"))
}

async fn send(http: &Transport, url: &Url, grant: &Grant) -> Result<Response> {
    let template = "OS-FEDERATION/identity_providers/{}/protocols/{}/auth";
    let mut call =
        Call::new(IDENTITY, "federated_token.create".into(), template.into(), &Method::POST);
    // Two tokens are as good as one.
    call.idempotent = true;
    let mut request = Request::new(Method::POST, url.clone(), Bytes::new(), call);
    let bearer = format!("Bearer {}", grant.token().expose());
    let mut bearer = HeaderValue::try_from(bearer).map_err(|_| {
        Error::new(ErrorKind::Decode, "the token holds characters that no header can")
    })?;
    bearer.set_sensitive(true);
    request.headers.insert(header::AUTHORIZATION, bearer);
    request.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    http.send(request).await
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use scs_core::auth::StaticToken;

    use super::*;

    fn login(provider: &str, protocol: &str) -> Federated {
        Federated::new(provider, protocol, Arc::new(StaticToken::new("canary").unwrap()))
    }

    fn url() -> Url {
        "https://c.example/identity/v3".parse().unwrap()
    }

    #[test]
    fn names_are_one_segment_each() {
        let address = login("a/b c", "open%id").address(&url()).unwrap();
        assert_eq!(
            address.as_str(),
            "https://c.example/identity/v3/OS-FEDERATION/identity_providers/a%2Fb%20c/protocols/\
             open%25id/auth"
        );
        for (provider, protocol) in [("", "openid"), ("keycloak", ""), ("..", "x"), ("x", ".")] {
            let error = login(provider, protocol).address(&url()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        }
        assert!(!format!("{:?}", login("k", "o")).contains("canary"));
    }

    #[test]
    fn each_refusal_says_whose_it_is() {
        const HTML: (&str, &str) = ("text/html; charset=iso-8859-1", "<html>canary</html>");
        const JSON: &str = "application/json";
        let keystone = "Keystone uri=\"https://c.example/identity/v3\"";
        let invalid = "Bearer error=\"invalid_token\", error_description=\"canary\"";
        let wrong = r#"{"error":{"code":401,"message":"canary","title":"Unauthorized"}}"#;
        let method = r#"{"error":{"message":"an unsupported method."}}"#;
        use ErrorKind as K;
        for (status, challenge, (kind, body), expected, words) in [
            (401, invalid, HTML, K::Unauthenticated, "has expired or is not valid"),
            (401, "", HTML, K::Unauthenticated, "not meant for Keystone"),
            (401, "Bearer error=\"insufficient_scope\"", HTML, K::Unauthenticated, "not meant for"),
            (401, keystone, (JSON, wrong), K::Unauthenticated, "no rule of Keystone's mapping"),
            (401, keystone, (JSON, method), K::Config, "no protocol `openid`"),
            (404, "", (JSON, r#"{"error":{}}"#), K::Config, "no identity provider `keycloak`"),
            (404, "", HTML, K::Config, "there is no Keystone at https://c.example"),
            (302, "", HTML, K::Config, "is one for browsers"),
            (502, "", HTML, K::Unavailable, "failed: Bad Gateway"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("content-type", kind.parse().unwrap());
            if !challenge.is_empty() {
                headers.insert("www-authenticate", challenge.parse().unwrap());
            }
            let status = StatusCode::from_u16(status).unwrap();
            let answer = Response::new(status, headers, body.into());
            let error = login("keycloak", "openid").refused(&answer, &url());
            let text = error.to_string();
            assert_eq!((error.kind(), error.status()), (expected, Some(status)), "{text}");
            assert!(text.starts_with("identity: ") && text.contains(words), "{text}");
            assert!(!text.contains("canary") && error.hint().is_some(), "{text}");
        }
    }
}
