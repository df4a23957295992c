//! Cluster API: what its API server refuses, and what its controllers do.

mod admission;
mod beta1;
mod class;
mod conditions;
#[cfg(test)]
mod golden;
mod lifecycle;
mod machines;
mod report;
mod sets;
mod status;
#[cfg(test)]
mod tests;

use scs_core::testing::Answered;
use serde_json::{Value, json};

use super::{
    FakeKubernetes, Habits, Kept, Resource, User, api_server::Behavior, controller::follow,
};

/// The label that says which cluster an object belongs to.
const CLUSTER_NAME: &str = "cluster.x-k8s.io/cluster-name";

pub(super) fn serve(fake: &FakeKubernetes) {
    let habits = &fake.habits;
    let part = |kind| Part { kind, habits: habits.clone() };
    fake.add(Resource::CLUSTER, Clusters(part(Resource::CLUSTER)));
    for kind in [
        Resource::CLUSTER_CLASS,
        Resource::MACHINE_DEPLOYMENT,
        Resource::MACHINE_SET,
        Resource::MACHINE,
        Resource::CONTROL_PLANE,
    ] {
        fake.add(kind, part(kind));
    }
    fake.objects(class::seed);
}

/// A reference to an object of one of Cluster API's further groups.
fn reference(group: &str, kind: &str, name: &str) -> Value {
    json!({"apiGroup": format!("{group}.cluster.x-k8s.io"), "kind": kind, "name": name})
}

/// A kind that has a part in the life of clusters.
struct Part {
    kind: Resource,
    habits: Habits,
}

impl Behavior for Part {
    fn changed(&self, objects: &mut Kept<'_>, _: &str, _: &str) {
        let clusters = objects.select(&Resource::CLUSTER, None);
        let keys: Vec<_> = clusters.into_iter().map(|(key, _)| key.to_owned()).collect();
        for (namespace, name) in keys.iter().filter_map(|key| key.split_once('/')) {
            follow(objects, &self.habits, Resource::CLUSTER, (namespace, name), lifecycle::step);
        }
    }

    fn show(&self, object: &Value) -> Value {
        beta1::show(&self.kind, object)
    }

    fn keep(&self, object: Value) -> Value {
        beta1::keep(&self.kind, object)
    }
}

struct Clusters(Part);

impl Behavior for Clusters {
    fn create(&self, objects: &Kept<'_>, object: &mut Value, _: &User) -> Answered<Vec<String>> {
        admission::create(objects, object)
    }

    fn update(
        &self,
        objects: &Kept<'_>,
        before: &Value,
        object: &mut Value,
    ) -> Answered<Vec<String>> {
        admission::update(objects, before, object)
    }

    fn changed(&self, objects: &mut Kept<'_>, namespace: &str, name: &str) {
        follow(objects, &self.0.habits, Resource::CLUSTER, (namespace, name), lifecycle::step);
    }

    fn show(&self, object: &Value) -> Value {
        self.0.show(object)
    }

    fn keep(&self, object: Value) -> Value {
        self.0.keep(object)
    }
}
