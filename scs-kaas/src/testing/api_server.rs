//! The paths of an API server for the objects of one kind.

use std::sync::Arc;

use http::Method;
use scs_core::testing::{Answered, FakeService};
use serde_json::Value;

use super::{Habits, Kept, Resource, User};

/// What is special about a kind. What is left out is as with any other kind.
pub(super) trait Behavior: Send + Sync {
    /// Completes a new object, or refuses it. Answers with warnings.
    fn create(&self, _: &Kept<'_>, _: &mut Value, _: &User) -> Answered<Vec<String>> {
        Ok(Vec::new())
    }

    /// Completes the object of a change, or refuses it. Answers with warnings.
    fn update(&self, _: &Kept<'_>, _: &Value, _: &mut Value) -> Answered<Vec<String>> {
        Ok(Vec::new())
    }

    /// Refuses a deletion.
    fn delete(&self, _: &Value) -> Answered<()> {
        Ok(())
    }

    /// The object has changed: its controllers begin to work.
    fn changed(&self, _: &mut Kept<'_>, _scope: &str, _name: &str) {}

    /// An object that is kept, in the other version.
    fn show(&self, object: &Value) -> Value {
        object.clone()
    }

    /// An object in the other version, as it is kept.
    fn keep(&self, object: Value) -> Value {
        object
    }
}

/// A kind that is kept and nothing more.
pub(super) struct Plain;

impl Behavior for Plain {}

/// What a path addresses.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// The objects of all namespaces.
    Everywhere,
    /// Those of the namespace in the path.
    Namespace,
    /// Those of a kind without namespaces.
    Global,
    /// Those of a workload cluster, named by two segments.
    Workload,
}

/// What is done; `true` where it is done to the status.
#[derive(Clone, Copy)]
pub(super) enum Verb {
    List,
    Create,
    Get,
    Update(bool),
    Patch(bool),
    Delete,
}

/// An API server's view of a kind.
pub(super) struct Served {
    pub(super) kind: Resource,
    pub(super) habits: Habits,
    pub(super) behavior: Box<dyn Behavior>,
}

/// A service for the objects of a kind.
pub(super) fn service(
    kind: Resource,
    habits: &Habits,
    behavior: impl Behavior + 'static,
) -> FakeService {
    let place = if kind.namespaced { Place::Namespace } else { Place::Global };
    let namespace = if kind.namespaced { "namespaces/{}/" } else { "" };
    let served = Arc::new(Served { kind, habits: habits.clone(), behavior: Box::new(behavior) });
    let mut service = super::guarded(FakeService::new(""), habits);
    for version in kind.versions {
        let root = root(&kind, version);
        let base = format!("{root}/{namespace}{}", kind.plural);
        service = endpoints(service, &served, version, &base, place);
        if kind.namespaced {
            let base = format!("{root}/{}", kind.plural);
            service = on(service, &served, version, &base, Place::Everywhere, Verb::List);
        }
    }
    service
}

/// A service for the objects of a kind without namespaces, in each workload cluster.
pub(super) fn workload_service(
    kind: Resource,
    service: FakeService,
    habits: &Habits,
) -> FakeService {
    let served = Arc::new(Served { kind, habits: habits.clone(), behavior: Box::new(Plain) });
    kind.versions.iter().fold(service, |service, version| {
        let base = format!("{{}}/{{}}/{}/{}", root(&kind, version), kind.plural);
        endpoints(service, &served, version, &base, Place::Workload)
    })
}

fn root(kind: &Resource, version: &str) -> String {
    if kind.group.is_empty() {
        format!("api/{version}")
    } else {
        format!("apis/{}/{version}", kind.group)
    }
}

fn endpoints(
    mut service: FakeService,
    served: &Arc<Served>,
    version: &'static str,
    base: &str,
    place: Place,
) -> FakeService {
    for verb in [Verb::List, Verb::Create] {
        service = on(service, served, version, base, place, verb);
    }
    let one = format!("{base}/{{}}");
    for verb in [Verb::Get, Verb::Update(false), Verb::Patch(false), Verb::Delete] {
        service = on(service, served, version, &one, place, verb);
    }
    if served.kind.status {
        let status = format!("{one}/status");
        for verb in [Verb::Get, Verb::Update(true), Verb::Patch(true)] {
            service = on(service, served, version, &status, place, verb);
        }
    }
    service
}

fn on(
    service: FakeService,
    served: &Arc<Served>,
    version: &'static str,
    path: &str,
    place: Place,
    verb: Verb,
) -> FakeService {
    let method = match verb {
        Verb::List | Verb::Get => Method::GET,
        Verb::Create => Method::POST,
        Verb::Update(_) => Method::PUT,
        Verb::Patch(_) => Method::PATCH,
        Verb::Delete => Method::DELETE,
    };
    let served = served.clone();
    service.on(method, path, move |call| served.handle(call, version, place, verb))
}
