//! Logins to Keystone, the identity service.
//!
//! A login is a value. What it cannot have, it has no method for: an application credential
//! carries its project in itself, so it takes no [`Scope`].
//!
//! ```
//! use scs_iaas::auth::{ApplicationCredential, Password, Scope};
//!
//! let person = Password::new("ada", "swordfish")
//!     .user_domain("Default")
//!     .scope(Scope::project("engine").domain("Default"));
//! let machine = ApplicationCredential::by_id("8f2c…", "the secret");
//! ```
//!
//! Follows <https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management>.

use std::fmt;

use async_trait::async_trait;
use http::{HeaderName, Method, StatusCode, header};
use scs_core::{
    Error, ErrorKind, Id, Result, Secret, Timestamp, Transport,
    auth::{Authenticator, Grant},
    dialect::decode_member,
    transport::{Call, Request, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::{
    catalog::{Catalog, Entry},
    fault::fault,
    identity::Project,
};

const X_AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");
const IDENTITY: &str = "identity";

/// What a token is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// Nothing but asking for another token.
    Unscoped,
    /// One project.
    Project(ProjectScope),
    /// A domain: its users, groups and projects.
    Domain(Reference),
    /// The installation as a whole.
    System,
}

impl Scope {
    /// The project of this name; its domain is that of the user unless
    /// [`domain`](ProjectScope::domain) says otherwise.
    pub fn project(name: impl Into<String>) -> ProjectScope {
        ProjectScope { project: Reference::Name(name.into()), domain: None }
    }

    /// The project with this id.
    pub fn project_id(id: impl Into<String>) -> Self {
        Self::Project(ProjectScope { project: Reference::Id(id.into()), domain: None })
    }

    /// The domain of this name.
    pub fn domain(name: impl Into<String>) -> Self {
        Self::Domain(Reference::Name(name.into()))
    }
}

/// A project to be scoped to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectScope {
    project: Reference,
    domain: Option<Reference>,
}

impl ProjectScope {
    /// The domain of the project, by name.
    #[must_use]
    pub fn domain(mut self, name: impl Into<String>) -> Self {
        self.domain = Some(Reference::Name(name.into()));
        self
    }

    /// The domain of the project, by id.
    #[must_use]
    pub fn domain_id(mut self, id: impl Into<String>) -> Self {
        self.domain = Some(Reference::Id(id.into()));
        self
    }
}

impl From<ProjectScope> for Scope {
    fn from(project: ProjectScope) -> Self {
        Self::Project(project)
    }
}

/// Something in Keystone, by its id or by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// By id: unique.
    Id(String),
    /// By name: unique within its domain.
    Name(String),
}

impl Reference {
    fn json(&self) -> Value {
        match self {
            Self::Id(id) => json!({ "id": id }),
            Self::Name(name) => json!({ "name": name }),
        }
    }

    /// With the domain that a name, but no id, needs.
    fn json_in(&self, domain: Option<&Self>) -> Value {
        let mut json = self.json();
        if let (Self::Name(_), Some(domain)) = (self, domain) {
            json["domain"] = domain.json();
        }
        json
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(text) | Self::Name(text) => f.write_str(text),
        }
    }
}

/// A login with user and password.
#[derive(Debug, Clone)]
pub struct Password {
    user: Reference,
    user_domain: Option<Reference>,
    password: Secret,
    scope: Scope,
}

impl Password {
    /// The user of this name; unscoped until [`scope`](Self::scope) is called.
    pub fn new(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self::of(Reference::Name(user.into()), password.into())
    }

    /// The user with this id.
    pub fn by_id(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self::of(Reference::Id(user.into()), password.into())
    }

    fn of(user: Reference, password: Secret) -> Self {
        Self { user, user_domain: None, password, scope: Scope::Unscoped }
    }

    /// The domain of the user, by name.
    #[must_use]
    pub fn user_domain(mut self, name: impl Into<String>) -> Self {
        self.user_domain = Some(Reference::Name(name.into()));
        self
    }

    /// The domain of the user, by id.
    #[must_use]
    pub fn user_domain_id(mut self, id: impl Into<String>) -> Self {
        self.user_domain = Some(Reference::Id(id.into()));
        self
    }

    /// What the token is to be good for.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<Scope>) -> Self {
        self.scope = scope.into();
        self
    }
}

/// A login with a token that was got elsewhere. It cannot outlive that token.
#[derive(Debug, Clone)]
pub struct Token {
    token: Secret,
    scope: Scope,
}

impl Token {
    /// This token, exchanged for one of the same user.
    pub fn new(token: impl Into<Secret>) -> Self {
        Self { token: token.into(), scope: Scope::Unscoped }
    }

    /// What the new token is to be good for.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<Scope>) -> Self {
        self.scope = scope.into();
        self
    }
}

/// A login with an application credential, which holds its project in itself.
#[derive(Debug, Clone)]
pub struct ApplicationCredential {
    credential: Reference,
    user: Option<(Reference, Option<Reference>)>,
    secret: Secret,
}

impl ApplicationCredential {
    /// The credential with this id.
    pub fn by_id(id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self { credential: Reference::Id(id.into()), user: None, secret: secret.into() }
    }

    /// The credential that a user calls by this name.
    pub fn by_name(
        name: impl Into<String>,
        user: Reference,
        user_domain: Option<Reference>,
        secret: impl Into<Secret>,
    ) -> Self {
        Self {
            credential: Reference::Name(name.into()),
            user: Some((user, user_domain)),
            secret: secret.into(),
        }
    }
}

/// One of the ways to log in.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Login {
    /// User and password.
    Password(Password),
    /// A token.
    Token(Token),
    /// An application credential.
    ApplicationCredential(ApplicationCredential),
}

impl From<Password> for Login {
    fn from(login: Password) -> Self {
        Self::Password(login)
    }
}

impl From<Token> for Login {
    fn from(login: Token) -> Self {
        Self::Token(login)
    }
}

impl From<ApplicationCredential> for Login {
    fn from(login: ApplicationCredential) -> Self {
        Self::ApplicationCredential(login)
    }
}

impl Login {
    /// The body of `POST /v3/auth/tokens`.
    pub(crate) fn body(&self) -> Value {
        let (method, identity, scope) = match self {
            Self::Password(login) => {
                let mut user = login.user.json_in(login.user_domain.as_ref());
                user["password"] = login.password.expose().into();
                ("password", json!({ "user": user }), &login.scope)
            }
            Self::Token(login) => ("token", json!({ "id": login.token.expose() }), &login.scope),
            Self::ApplicationCredential(login) => {
                let mut credential = login.credential.json();
                if let Some((user, domain)) = &login.user {
                    credential["user"] = user.json_in(domain.as_ref());
                }
                credential["secret"] = login.secret.expose().into();
                ("application_credential", credential, &Scope::Unscoped)
            }
        };
        let mut auth = json!({ "identity": { "methods": [method], method: identity } });
        let scope = match (scope, self) {
            (Scope::Project(scope), _) => {
                // A project by name lies in the user's domain unless another one is named.
                let fallback = match self {
                    Self::Password(login) => login.user_domain.as_ref(),
                    Self::Token(_) | Self::ApplicationCredential(_) => None,
                };
                let domain = scope.domain.as_ref().or(fallback);
                Some(json!({ "project": scope.project.json_in(domain) }))
            }
            (Scope::Domain(domain), _) => Some(json!({ "domain": domain.json() })),
            (Scope::System, _) => Some(json!({ "system": { "all": true } })),
            // Said outright: else Keystone scopes to the user's default project.
            (Scope::Unscoped, Self::Password(_)) => Some("unscoped".into()),
            (Scope::Unscoped, _) => None,
        };
        if let Some(scope) = scope {
            auth["scope"] = scope;
        }
        json!({ "auth": auth })
    }

    /// Who logs in, for messages.
    fn who(&self) -> String {
        match self {
            Self::Password(login) => format!("user `{}`", login.user),
            Self::Token(_) => "the given token".to_owned(),
            Self::ApplicationCredential(login) => {
                format!("application credential `{}`", login.credential)
            }
        }
    }

    fn advice(&self) -> &'static str {
        match self {
            Self::Password(_) => "check user name, password, project and the domains of both",
            Self::Token(_) => "the token may have expired: get a new one",
            Self::ApplicationCredential(_) => {
                "check id and secret; the credential may have expired or been deleted"
            }
        }
    }
}

/// Who is logged in, to what, and what there is: what a token tells.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Access {
    /// The user.
    pub user: Named,
    /// The project that the token is scoped to.
    pub project: Option<Named>,
    /// The domain that the token is scoped to.
    pub domain: Option<Named>,
    /// Whether the token is scoped to the system.
    pub system: bool,
    /// The names of the roles that the user has there.
    pub roles: Vec<String>,
    /// When the token ends, by Keystone's clock.
    pub expires: Timestamp,
    /// The services.
    pub catalog: Catalog,
}

impl Access {
    /// The id of the project that the token is scoped to.
    pub fn project_id(&self) -> Option<Id<Project>> {
        self.project.as_ref().map(|project| project.id.as_str().into())
    }
}

/// An id and the name that goes with it.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Named {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The id of the domain it belongs to, if it does.
    #[serde(default, deserialize_with = "domain_id")]
    pub domain: Option<String>,
}

fn domain_id<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    struct Domain {
        id: Option<String>,
    }
    Ok(Option::<Domain>::deserialize(deserializer)?.and_then(|domain| domain.id))
}

#[derive(Deserialize)]
struct TokenBody {
    user: Named,
    project: Option<Named>,
    domain: Option<Named>,
    system: Option<Value>,
    #[serde(default)]
    roles: Vec<Named>,
    issued_at: Timestamp,
    expires_at: Timestamp,
    #[serde(default)]
    catalog: Vec<Entry>,
}

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
        let mut url = self.url.clone();
        url.set_path(&format!("{}/auth/tokens", url.path()));
        let mut call =
            Call::new(IDENTITY, "token.create".into(), "auth/tokens".into(), &Method::POST);
        // Two tokens are as good as one.
        call.idempotent = true;
        let body = serde_json::to_vec(&self.login.body())
            .map_err(|error| Error::invalid(format!("the login cannot be written: {error}")))?;
        let mut request = Request::new(Method::POST, url, body.into(), call);
        let json = http::HeaderValue::from_static("application/json");
        request.headers.insert(header::CONTENT_TYPE, json.clone());
        request.headers.insert(header::ACCEPT, json);
        let answer = http.send(request).await?;
        if answer.status != StatusCode::CREATED {
            return Err(self.refused(&answer));
        }
        let about = |error: Error| {
            error
                .context(format_args!("what answers at {} is no Keystone", self.url))
                .with_service(IDENTITY)
                .with_hint("check auth_url; it usually ends in :5000/v3 or /identity/v3")
        };
        let token = Secret::from(answer.header("x-subject-token").ok_or_else(|| {
            about(Error::new(ErrorKind::Decode, "the answer holds no X-Subject-Token"))
        })?);
        let body: TokenBody = decode_member(&answer.body, "token").map_err(about)?;
        let access = Access {
            user: body.user,
            project: body.project,
            domain: body.domain,
            system: body.system.is_some(),
            roles: body.roles.into_iter().map(|role| role.name).collect(),
            expires: body.expires_at,
            catalog: Catalog::new(body.catalog),
        };
        let life = body.expires_at.since(body.issued_at);
        Ok(Grant::new(X_AUTH_TOKEN, &token, Some(life))?.with_details(access))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn user_domain_and_project_domain_are_kept_apart() {
        let login = Password::new("ada", "pw")
            .user_domain("people")
            .scope(Scope::project("engine").domain_id("d2"));
        assert_eq!(
            Login::from(login).body(),
            json!({"auth": {
                "identity": {"methods": ["password"], "password": {"user": {
                    "name": "ada", "domain": {"name": "people"}, "password": "pw"}}},
                "scope": {"project": {"name": "engine", "domain": {"id": "d2"}}}}})
        );
    }

    #[test]
    fn each_scope_has_its_form() {
        let scope = |scope: Scope| {
            Login::from(Password::by_id("u", "pw").scope(scope)).body()["auth"]["scope"].clone()
        };
        assert_eq!(scope(Scope::Unscoped), json!("unscoped"));
        assert_eq!(scope(Scope::System), json!({"system": {"all": true}}));
        assert_eq!(scope(Scope::domain("d")), json!({"domain": {"name": "d"}}));
        assert_eq!(scope(Scope::project_id("p")), json!({"project": {"id": "p"}}));
    }

    #[test]
    fn an_application_credential_sends_no_scope() {
        let login = ApplicationCredential::by_name(
            "robot",
            Reference::Name("ada".into()),
            Some(Reference::Id("default".into())),
            "s",
        );
        assert_eq!(
            Login::from(login).body(),
            json!({"auth": {"identity": {
                "methods": ["application_credential"],
                "application_credential": {
                    "name": "robot", "secret": "s",
                    "user": {"name": "ada", "domain": {"id": "default"}}}}}})
        );
    }

    #[test]
    fn secrets_are_not_printed() {
        let login = Login::from(Password::new("ada", "canary"));
        assert!(!format!("{login:?}").contains("canary"));
    }
}
