use std::fmt;

use serde_json::{Value, json};

/// What a token is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// Nothing but asking for another token.
    Unscoped,
    /// What Keystone chooses: the default project of the user, if there is one.
    Default,
    /// One project.
    Project(ProjectScope),
    /// A domain: its users, groups and projects.
    Domain(Reference),
    /// The installation as a whole.
    System,
    /// What somebody has handed over to the user, by the id of that trust.
    Trust(String),
}

impl Scope {
    /// The project of this name; its domain is that of the user unless
    /// [`domain`](ProjectScope::domain) says otherwise.
    pub fn project(name: impl Into<String>) -> ProjectScope {
        ProjectScope { project: Reference::Name(name.into()), domain: None, is_with_user: true }
    }

    /// The project with this id.
    pub fn project_id(id: impl Into<String>) -> Self {
        ProjectScope::in_domain(Reference::Id(id.into()), None).into()
    }

    /// The domain of this name.
    pub fn domain(name: impl Into<String>) -> Self {
        Self::Domain(Reference::Name(name.into()))
    }

    /// What the trust with this id hands over.
    pub fn trust(id: impl Into<String>) -> Self {
        Self::Trust(id.into())
    }

    /// What stands in the request; a project by name lies in the domain `fallback` unless
    /// another one is named. `None` where nothing has to be said.
    pub(super) fn json(&self, fallback: Option<&Reference>) -> Option<Value> {
        match self {
            // Said outright: else Keystone scopes to the user's default project.
            Self::Unscoped => Some("unscoped".into()),
            Self::Default => None,
            Self::Project(scope) => {
                let domain = scope.domain.as_ref().or(fallback.filter(|_| scope.is_with_user));
                Some(json!({ "project": scope.project.json_in(domain) }))
            }
            Self::Domain(domain) => Some(json!({ "domain": domain.json() })),
            Self::System => Some(json!({ "system": { "all": true } })),
            Self::Trust(id) => Some(json!({ "OS-TRUST:trust": { "id": id } })),
        }
    }
}

/// As messages call it.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unscoped => f.write_str("no scope"),
            Self::Default => f.write_str("the default project"),
            Self::Project(scope) => write!(f, "project `{}`", scope.project),
            Self::Domain(domain) => write!(f, "domain `{domain}`"),
            Self::System => f.write_str("the system"),
            Self::Trust(id) => write!(f, "trust `{id}`"),
        }
    }
}

/// A project to be scoped to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectScope {
    project: Reference,
    domain: Option<Reference>,
    /// Whether the domain of the user is meant where none is named.
    is_with_user: bool,
}

impl ProjectScope {
    /// The project in this domain; without one, Keystone has to know which is meant.
    pub(crate) fn in_domain(project: Reference, domain: Option<Reference>) -> Self {
        Self { project, domain, is_with_user: false }
    }

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
    pub(super) fn json(&self) -> Value {
        match self {
            Self::Id(id) => json!({ "id": id }),
            Self::Name(name) => json!({ "name": name }),
        }
    }

    /// With the domain that a name, but no id, needs.
    pub(super) fn json_in(&self, domain: Option<&Self>) -> Value {
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
