use scs_core::Secret;
use serde_json::{Value, json};

use super::{Federated, Reference, Scope};

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

    pub(super) fn body(&self) -> Value {
        let mut user = self.user.json_in(self.user_domain.as_ref());
        user["password"] = self.password.expose().into();
        // Unscoped is said outright: else Keystone scopes to the user's default project.
        let scope = self.scope.json(self.user_domain.as_ref());
        body("password", json!({ "user": user }), scope.or_else(|| Some("unscoped".into())))
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

    pub(super) fn body(&self) -> Value {
        body("token", json!({ "id": self.token.expose() }), self.scope.json(None))
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

    pub(super) fn body(&self) -> Value {
        let mut credential = self.credential.json();
        if let Some((user, domain)) = &self.user {
            credential["user"] = user.json_in(domain.as_ref());
        }
        credential["secret"] = self.secret.expose().into();
        body("application_credential", credential, None)
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
    /// A token of an OpenID provider.
    Federated(Federated),
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

impl From<Federated> for Login {
    fn from(login: Federated) -> Self {
        Self::Federated(login)
    }
}

impl Login {
    /// Who logs in, for messages.
    pub(super) fn who(&self) -> String {
        match self {
            Self::Password(login) => format!("user `{}`", login.user),
            Self::Token(_) => "the given token".to_owned(),
            Self::ApplicationCredential(login) => {
                format!("application credential `{}`", login.credential)
            }
            Self::Federated(login) => format!("the user of {login}"),
        }
    }

    /// What to do when Keystone refuses it.
    pub(super) fn advice(&self) -> &'static str {
        match self {
            Self::Password(_) => "check user name, password, project and the domains of both",
            Self::Token(_) => "the token may have expired: get a new one",
            Self::ApplicationCredential(_) => {
                "check id and secret; the credential may have expired or been deleted"
            }
            Self::Federated(_) => {
                "check project and domain; the user may have no role there: ask the provider"
            }
        }
    }
}

/// The body of `POST auth/tokens`.
fn body(method: &str, identity: Value, scope: Option<Value>) -> Value {
    let mut auth = json!({ "identity": { "methods": [method], method: identity } });
    if let Some(scope) = scope {
        auth["scope"] = scope;
    }
    json!({ "auth": auth })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_domain_and_project_domain_are_kept_apart() {
        let login = Password::new("ada", "pw")
            .user_domain("people")
            .scope(Scope::project("engine").domain_id("d2"));
        assert_eq!(
            login.body(),
            json!({"auth": {
                "identity": {"methods": ["password"], "password": {"user": {
                    "name": "ada", "domain": {"name": "people"}, "password": "pw"}}},
                "scope": {"project": {"name": "engine", "domain": {"id": "d2"}}}}})
        );
    }

    #[test]
    fn each_scope_has_its_form() {
        let scope =
            |scope: Scope| Password::by_id("u", "pw").scope(scope).body()["auth"]["scope"].clone();
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
            login.body(),
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
