use super::{Model, Specified};
use crate::{Id, Secret};

/// Somebody who can log in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// The id.
    pub id: Id<User>,
    /// The name they log in with.
    pub name: String,
    /// Their mail address.
    pub email: Option<String>,
    /// Whether they can log in now.
    pub enabled: bool,
}

impl User {
    /// A user who can log in.
    pub fn new(id: impl Into<Id<Self>>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), email: None, enabled: true }
    }
}

impl Model for User {
    const KIND: &'static str = "user";

    fn id(&self) -> &Id<Self> {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }
}

impl Specified for User {
    type Spec = UserSpec;

    fn wanted_name(spec: &UserSpec) -> Option<&str> {
        Some(&spec.name)
    }
}

/// What a [`User`] is made from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UserSpec {
    /// The name they log in with. Some clouds keep it in lower case.
    pub name: String,
    /// Their mail address.
    pub email: Option<String>,
    /// Their password. Without one they log in by other means, or not yet.
    pub password: Option<Secret>,
}

impl UserSpec {
    /// A user of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), email: None, password: None }
    }

    /// Sets the mail address.
    #[must_use]
    pub fn email(mut self, address: impl Into<String>) -> Self {
        self.email = Some(address.into());
        self
    }

    /// Sets the password.
    #[must_use]
    pub fn password(mut self, password: impl Into<Secret>) -> Self {
        self.password = Some(password.into());
        self
    }
}
