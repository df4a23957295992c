use super::{Model, Specified};
use crate::Id;

/// Users who have something in common.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group {
    /// The id.
    pub id: Id<Group>,
    /// The name.
    pub name: String,
}

impl Group {
    /// A group.
    pub fn new(id: impl Into<Id<Self>>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into() }
    }
}

impl Model for Group {
    const KIND: &'static str = "group";

    fn id(&self) -> &Id<Self> {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }
}

impl Specified for Group {
    type Spec = GroupSpec;

    fn wanted_name(spec: &GroupSpec) -> Option<&str> {
        Some(&spec.name)
    }
}

/// What a [`Group`] is made from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct GroupSpec {
    /// The name.
    pub name: String,
}

impl GroupSpec {
    /// A group without members.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }
}
