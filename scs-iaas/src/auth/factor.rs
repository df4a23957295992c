use scs_core::Secret;
use serde_json::{Value, json};

use super::{Reference, Scope};

/// A user by id, or by name and domain.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) user: Reference,
    pub(super) domain: Option<Reference>,
}

impl Person {
    fn new(user: Reference) -> Self {
        Self { user, domain: None }
    }

    /// `{"user": {…}}`
    fn json(&self) -> Value {
        json!({ "user": self.user.json_in(self.domain.as_ref()) })
    }
}

/// A way to show who one is: its name, who that is, and what proves it.
pub(super) trait Prove {
    /// What Keystone calls it.
    const METHOD: &'static str;

    /// Who logs in, without any secret.
    fn identity(&self) -> Value;

    /// The same with the secret.
    fn proof(&self) -> Value;
}

/// A login with user and password.
#[derive(Debug, Clone)]
pub struct Password {
    pub(super) person: Person,
    password: Secret,
    pub(super) scope: Scope,
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
        Self { person: Person::new(user), password, scope: Scope::Unscoped }
    }

    /// The domain of the user, by name.
    #[must_use]
    pub fn user_domain(mut self, name: impl Into<String>) -> Self {
        self.person.domain = Some(Reference::Name(name.into()));
        self
    }

    /// The domain of the user, by id.
    #[must_use]
    pub fn user_domain_id(mut self, id: impl Into<String>) -> Self {
        self.person.domain = Some(Reference::Id(id.into()));
        self
    }

    /// What the token is to be good for.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<Scope>) -> Self {
        self.scope = scope.into();
        self
    }
}

impl Prove for Password {
    const METHOD: &'static str = "password";

    fn identity(&self) -> Value {
        self.person.json()
    }

    fn proof(&self) -> Value {
        let mut proof = self.identity();
        proof["user"]["password"] = self.password.expose().into();
        proof
    }
}

/// A login with user and a one-time passcode (TOTP), which an application on the user's phone
/// shows.
///
/// A passcode is used once: when the token ends, the login has to be made anew with another
/// one. Where Keystone asks for a password as well, see [`MultiFactor`](super::MultiFactor).
#[derive(Debug, Clone)]
pub struct Totp {
    pub(super) person: Person,
    passcode: Secret,
    pub(super) scope: Scope,
}

impl Totp {
    /// The user of this name; unscoped until [`scope`](Self::scope) is called.
    pub fn new(user: impl Into<String>, passcode: impl Into<Secret>) -> Self {
        Self::of(Reference::Name(user.into()), passcode.into())
    }

    /// The user with this id.
    pub fn by_id(user: impl Into<String>, passcode: impl Into<Secret>) -> Self {
        Self::of(Reference::Id(user.into()), passcode.into())
    }

    fn of(user: Reference, passcode: Secret) -> Self {
        Self { person: Person::new(user), passcode, scope: Scope::Unscoped }
    }

    /// The domain of the user, by name.
    #[must_use]
    pub fn user_domain(mut self, name: impl Into<String>) -> Self {
        self.person.domain = Some(Reference::Name(name.into()));
        self
    }

    /// The domain of the user, by id.
    #[must_use]
    pub fn user_domain_id(mut self, id: impl Into<String>) -> Self {
        self.person.domain = Some(Reference::Id(id.into()));
        self
    }

    /// What the token is to be good for.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<Scope>) -> Self {
        self.scope = scope.into();
        self
    }
}

impl Prove for Totp {
    const METHOD: &'static str = "totp";

    fn identity(&self) -> Value {
        self.person.json()
    }

    fn proof(&self) -> Value {
        let mut proof = self.identity();
        proof["user"]["passcode"] = self.passcode.expose().into();
        proof
    }
}

/// A login with a token that was got elsewhere. It cannot outlive that token.
#[derive(Debug, Clone)]
pub struct Token {
    pub(super) token: Secret,
    pub(super) scope: Scope,
}

impl Token {
    /// This token, exchanged for one of the same user; unscoped until [`scope`](Self::scope) is
    /// called.
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

impl Prove for Token {
    const METHOD: &'static str = "token";

    fn identity(&self) -> Value {
        json!({})
    }

    fn proof(&self) -> Value {
        json!({ "id": self.token.expose() })
    }
}

/// A login with an application credential, which holds its project in itself.
#[derive(Debug, Clone)]
pub struct ApplicationCredential {
    pub(super) credential: Reference,
    owner: Option<Person>,
    secret: Secret,
}

impl ApplicationCredential {
    /// The credential with this id.
    pub fn by_id(id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self { credential: Reference::Id(id.into()), owner: None, secret: secret.into() }
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
            owner: Some(Person { user, domain: user_domain }),
            secret: secret.into(),
        }
    }
}

impl Prove for ApplicationCredential {
    const METHOD: &'static str = "application_credential";

    fn identity(&self) -> Value {
        let mut credential = self.credential.json();
        if let Some(owner) = &self.owner {
            credential["user"] = owner.user.json_in(owner.domain.as_ref());
        }
        credential
    }

    fn proof(&self) -> Value {
        let mut proof = self.identity();
        proof["secret"] = self.secret.expose().into();
        proof
    }
}
