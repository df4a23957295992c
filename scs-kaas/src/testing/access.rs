//! Who calls, and what they may do.

use scs_core::testing::{Answered, Call};
use serde_json::{Value, json};

use super::{Habits, Resource, kept::text, status};

/// Whom a [`FakeKubernetes`](super::FakeKubernetes) takes a caller for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// The name, such as `oidc:alice`.
    pub name: String,
    /// The groups; `system:authenticated` is not among them.
    pub groups: Vec<String>,
}

impl User {
    /// A user in no group.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), groups: Vec::new() }
    }

    /// Adds a group.
    #[must_use]
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.groups.push(group.into());
        self
    }

    /// Whether the user belongs to a group.
    pub fn is_in(&self, group: &str) -> bool {
        self.groups.iter().any(|own| own == group)
    }
}

/// What a user is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Access<'a> {
    /// `get`, `list`, `watch`, `create`, `update`, `patch` or `delete`.
    pub verb: &'a str,
    /// The API group; empty for that of Kubernetes' core.
    pub group: &'a str,
    /// The resource, such as `clusters` or `shoots/adminkubeconfig`.
    pub resource: &'a str,
    /// The namespace; empty for all of them and for kinds that have none.
    pub namespace: &'a str,
    /// The name of the object; empty for lists and creations.
    pub name: &'a str,
}

impl Access<'_> {
    /// Whether it changes nothing.
    pub fn is_read(&self) -> bool {
        matches!(self.verb, "get" | "list" | "watch")
    }
}

/// Lets only known users pass, and notes who they are.
pub(super) fn authenticate(habits: &Habits, call: &mut Call<'_>) -> Answered<()> {
    let check = habits.settings().authenticate.clone();
    let token = call.token("authorization").and_then(|header| header.strip_prefix("Bearer "));
    let user = token.and_then(|token| check(token)).ok_or_else(status::unauthorized)?;
    let mut groups = user.groups;
    groups.push("system:authenticated".to_owned());
    call.caller = json!({"username": user.name, "groups": groups});
    Ok(())
}

/// The caller, as the gate noted.
pub(super) fn caller(call: &Call<'_>) -> User {
    let groups = call.caller["groups"].as_array().into_iter().flatten().filter_map(Value::as_str);
    User {
        name: text(&call.caller, "username").to_owned(),
        groups: groups.filter(|name| *name != "system:authenticated").map(Into::into).collect(),
    }
}

/// Refuses what the caller has no right to.
pub(super) fn authorize(
    habits: &Habits,
    call: &Call<'_>,
    kind: &Resource,
    access: &Access<'_>,
) -> Answered<()> {
    let (check, user) = (habits.settings().authorize.clone(), caller(call));
    if check(&user, access) {
        return Ok(());
    }
    let Access { verb, resource, group, namespace, name } = access;
    let place = match *namespace {
        "" => "at the cluster scope".to_owned(),
        namespace => format!("in the namespace \"{namespace}\""),
    };
    let user = &user.name;
    let why = format!(
        "User \"{user}\" cannot {verb} resource \"{resource}\" in API group \"{group}\" {place}"
    );
    Err(status::forbidden(kind, name, &why))
}
