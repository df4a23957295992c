use super::{Model, Specified};
use crate::Id;

/// A share of the cloud, with members and quotas of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Project {
    /// The id.
    pub id: Id<Project>,
    /// The name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it can be used now.
    pub enabled: bool,
}

impl Project {
    /// A project that can be used.
    pub fn new(id: impl Into<Id<Self>>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), description: None, enabled: true }
    }
}

impl Model for Project {
    const KIND: &'static str = "project";

    fn id(&self) -> &Id<Self> {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }
}

impl Specified for Project {
    type Spec = ProjectSpec;

    fn wanted_name(spec: &ProjectSpec) -> Option<&str> {
        Some(&spec.name)
    }
}

/// What a [`Project`] is made from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ProjectSpec {
    /// The name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
}

impl ProjectSpec {
    /// An empty project.
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
