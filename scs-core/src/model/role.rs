use super::{Group, Model, Specified, User};
use crate::Id;

/// Rights that go together.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Role {
    /// The id.
    pub id: Id<Role>,
    /// The name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
}

impl Role {
    /// A role without a description.
    pub fn new(id: impl Into<Id<Self>>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), description: None }
    }
}

impl Model for Role {
    const KIND: &'static str = "role";

    fn id(&self) -> &Id<Self> {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }
}

impl Specified for Role {
    type Spec = RoleSpec;

    fn wanted_name(spec: &RoleSpec) -> Option<&str> {
        Some(&spec.name)
    }
}

/// What a [`Role`] is made from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RoleSpec {
    /// The name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
}

impl RoleSpec {
    /// A role that nobody holds.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), description: None }
    }

    /// Says what it is for.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }
}

/// Who holds a [`Role`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Holder {
    /// A user.
    User(Id<User>),
    /// A group, and thereby each of its members.
    Group(Id<Group>),
}

impl From<&User> for Holder {
    fn from(user: &User) -> Self {
        Self::User(user.id.clone())
    }
}

impl From<&Group> for Holder {
    fn from(group: &Group) -> Self {
        Self::Group(group.id.clone())
    }
}
