use scs_core::{
    Route, Timestamp,
    testing::{State, timestamp},
};
use serde_json::{Value, json};

use super::{Resource, patch};

/// The changes, oldest first, by the resourceVersion that they led to.
const CHANGES: Route = Route::new("kubernetes", "changes");
/// The resourceVersion of a server that keeps nothing.
const FIRST: u64 = 1;

/// The objects of a [`FakeKubernetes`](super::FakeKubernetes), behind the back of its clients:
/// no rights, no rules, but every change is seen by those who watch. The controllers notice it
/// at the next change that a client makes.
///
/// Namespaces of kinds that have none are empty.
#[derive(Debug)]
pub struct Kept<'a> {
    pub(super) state: &'a mut State,
}

/// A change of an object, as a watch tells of it.
pub(super) struct Event<'a> {
    pub(super) action: &'a str,
    /// The object as it is now; of a deletion, as it was.
    pub(super) object: &'a Value,
    /// The object as it was.
    pub(super) before: &'a Value,
}

fn key(scope: &str, name: &str) -> String {
    format!("{scope}/{name}")
}

impl<'a> Kept<'a> {
    pub(super) fn new(state: &'a mut State) -> Self {
        Self { state }
    }

    /// The object of this name.
    pub fn get(&self, kind: &Resource, namespace: &str, name: &str) -> Option<&Value> {
        self.state.get(&kind.route(), &key(namespace, name))
    }

    /// The objects of a namespace, sorted by name.
    pub fn list(&self, kind: &Resource, namespace: &str) -> Vec<&Value> {
        self.select(kind, Some(namespace)).into_iter().map(|(_, object)| object).collect()
    }

    /// Adds an object, or replaces the one of its name. Uid, resourceVersion, generation and
    /// creation time are taken care of; one that is being deleted goes with its last finalizer.
    pub fn put(&mut self, kind: &Resource, object: Value) {
        let namespace = text(&object["metadata"], "namespace").to_owned();
        self.put_in(kind, &namespace, object);
    }

    /// Merges a patch ([RFC 7386](https://www.rfc-editor.org/rfc/rfc7386)) into an object. Tells
    /// whether there is such an object.
    pub fn merge(&mut self, kind: &Resource, namespace: &str, name: &str, patch: &Value) -> bool {
        let Some(mut object) = self.get(kind, namespace, name).cloned() else { return false };
        patch::merge(&mut object, patch);
        self.put_in(kind, namespace, object);
        true
    }

    /// Takes an object away, whatever its finalizers.
    pub fn remove(&mut self, kind: &Resource, namespace: &str, name: &str) -> Option<Value> {
        let mut object = self.state.remove(&kind.route(), &key(namespace, name))?;
        let before = object.clone();
        object["metadata"]["resourceVersion"] = (self.revision() + 1).to_string().into();
        self.note("DELETED", kind, namespace, &object, before);
        Some(object)
    }

    /// The newest resourceVersion.
    pub(super) fn revision(&self) -> u64 {
        let newest = self.state.list(&CHANGES).next_back();
        newest.and_then(|(revision, _)| revision.parse().ok()).unwrap_or(FIRST)
    }

    /// The objects with the given scope, or all; sorted by scope and name. A scope is what
    /// objects are listed by: a namespace, or a workload cluster.
    pub(super) fn select(&self, kind: &Resource, scope: Option<&str>) -> Vec<(&str, &Value)> {
        let wanted = |key: &str| match (scope, key.rsplit_once('/')) {
            (Some(scope), Some((found, _))) => scope == found,
            _ => true,
        };
        let route = kind.route();
        let mut found: Vec<_> = self.state.list(&route).filter(|(key, _)| wanted(key)).collect();
        found.sort_unstable_by_key(|(key, _)| *key);
        found
    }

    /// As [`put`](Self::put), where the scope is not the namespace.
    pub(super) fn put_in(&mut self, kind: &Resource, scope: &str, mut object: Value) {
        let name = text(&object["metadata"], "name").to_owned();
        let before = self.get(kind, scope, &name).cloned().unwrap_or_default();
        object["apiVersion"] = kind.api_version().into();
        object["kind"] = kind.name.into();
        self.complete(kind, &before, &mut object);
        if object == before {
            return;
        }
        let metadata = &object["metadata"];
        let held = metadata["finalizers"].as_array().is_some_and(|names| !names.is_empty());
        if !before.is_null() && !metadata["deletionTimestamp"].is_null() && !held {
            self.remove(kind, scope, &name);
            return;
        }
        object["metadata"]["resourceVersion"] = (self.revision() + 1).to_string().into();
        let (key, route) = (key(scope, &name), kind.route());
        let action = if before.is_null() { "ADDED" } else { "MODIFIED" };
        self.note(action, kind, scope, &object, before);
        if action == "ADDED" {
            self.state.insert(&route, key, object);
        } else {
            self.state.replace(&route, &key, object);
        }
    }

    /// The members of `metadata` that are the server's.
    fn complete(&mut self, kind: &Resource, before: &Value, object: &mut Value) {
        let old = &before["metadata"];
        let generation = kind.status.then(|| {
            let count = old["generation"].as_u64().unwrap_or_default();
            let marked = old["deletionTimestamp"] != object["metadata"]["deletionTimestamp"];
            count + u64::from(before["spec"] != object["spec"] || before.is_null() || marked)
        });
        let (uid, created) = match before {
            Value::Null => (self.state.mint().into(), now().into()),
            _ => (old["uid"].clone(), old["creationTimestamp"].clone()),
        };
        let metadata = &mut object["metadata"];
        metadata["uid"] = uid;
        metadata["creationTimestamp"] = created;
        metadata["resourceVersion"] = old["resourceVersion"].clone();
        if let Some(generation) = generation {
            metadata["generation"] = generation.into();
        }
        if let Some(members) = metadata.as_object_mut() {
            members.retain(|name, value| {
                let empty = value.is_null() || *value == json!({}) || *value == json!([]);
                !empty || name == "resourceVersion"
            });
        }
    }

    fn note(&mut self, action: &str, kind: &Resource, scope: &str, object: &Value, before: Value) {
        let change = json!({
            "action": action,
            "kind": [kind.group, kind.plural],
            "scope": scope,
            "object": object,
            "before": before,
        });
        self.state.insert(&CHANGES, (self.revision() + 1).to_string(), change);
    }

    /// The changes of objects since a resourceVersion, oldest first; `None` if they are
    /// forgotten.
    pub(super) fn since(
        &self,
        revision: u64,
        kind: &Resource,
        scope: Option<&str>,
    ) -> Option<Vec<Event<'_>>> {
        if revision < self.oldest() {
            return None;
        }
        let mut events: Vec<_> = self
            .state
            .list(&CHANGES)
            .rev()
            .take_while(|(at, _)| at.parse().is_ok_and(|at: u64| at > revision))
            .filter(|(_, change)| {
                change["kind"] == json!([kind.group, kind.plural])
                    && scope.is_none_or(|scope| change["scope"] == scope)
            })
            .map(|(_, change)| Event {
                action: text(change, "action"),
                object: &change["object"],
                before: &change["before"],
            })
            .collect();
        events.reverse();
        Some(events)
    }

    /// The oldest resourceVersion from which all changes are known.
    fn oldest(&self) -> u64 {
        let oldest = self.state.list(&CHANGES).next();
        let known = oldest.and_then(|(revision, change)| {
            let revision: u64 = revision.parse().ok()?;
            Some(if change["action"] == "COMPACTED" { revision } else { revision - 1 })
        });
        known.unwrap_or(FIRST)
    }

    /// Forgets all changes so far.
    pub(super) fn compact(&mut self) {
        let revision = (self.revision() + 1).to_string();
        self.state.insert(&CHANGES, revision.clone(), json!({"action": "COMPACTED"}));
        self.state.remove_all(&CHANGES, |key, _| key != revision);
    }
}

/// A member as text; empty if it has none.
pub(super) fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

/// Now, to the second, with `Z` behind it.
pub(super) fn now() -> String {
    timestamp(Timestamp::now())
}
