//! MachineSets: the machines that a MachineDeployment has made from one state of its template.

use serde_json::{Value, json};

use super::{
    conditions::{holds, observed, old, under_way},
    machines::{DEPLOYMENT, HASH, Pool, hash_of, is_running, owned_by, versions},
};
use crate::testing::{Kept, Resource, kept::text};

/// The annotation that counts the templates of a MachineDeployment.
const REVISION: &str = "machinedeployment.clusters.x-k8s.io/revision";

const OLD: &[(&str, &str)] = &[("Ready", "MachinesReady"), ("MachinesReady", "MachinesReady")];

fn revision(set: &Value) -> u64 {
    text(&set["metadata"]["annotations"], REVISION).parse().unwrap_or_default()
}

/// The one that was made last.
pub(super) fn newest(sets: &[Value]) -> Option<&Value> {
    sets.iter().max_by_key(|set| revision(set))
}

/// Makes one of the pool's present template.
pub(super) fn make(objects: &mut Kept<'_>, pool: &Pool) {
    let (owner, hash) = (&pool.object["metadata"], pool.hash());
    let number = newest(&pool.sets).map_or(1, |newest| revision(newest) + 1).to_string();
    let mut template = pool.object["spec"]["template"].clone();
    template["metadata"]["labels"][HASH] = hash.into();
    let mut labels = template["metadata"]["labels"].clone();
    labels[DEPLOYMENT] = pool.name().into();
    let set = json!({
        "metadata": {
            "name": format!("{}-{hash}", pool.name()),
            "namespace": owner["namespace"],
            "annotations": {REVISION: number},
            "labels": labels,
            "ownerReferences": [owned_by(&pool.kind, owner)],
        },
        "spec": {
            "clusterName": pool.object["spec"]["clusterName"],
            "replicas": 0,
            "selector": {"matchLabels": template["metadata"]["labels"]},
            "template": template,
        },
    });
    objects.put(&Resource::MACHINE_SET, set);
}

/// Renews one's status; one that is not needed any more goes.
pub(super) fn report(objects: &mut Kept<'_>, pool: &Pool, set: &Value) {
    let own = |machine: &&Value| hash_of(machine) == hash_of(set);
    let count = pool.machines.iter().filter(own).count();
    let ready = pool.machines.iter().filter(own).filter(|machine| is_running(machine)).count();
    let current = hash_of(set) == pool.hash();
    let metadata = &set["metadata"];
    if count == 0 && !current {
        let (namespace, name) = (text(metadata, "namespace"), text(metadata, "name"));
        objects.remove(&Resource::MACHINE_SET, namespace, name);
        return;
    }
    let mut set = set.clone();
    let wanted = if current { pool.desired() } else { count };
    let changed = set["spec"]["replicas"] != wanted;
    set["spec"]["replicas"] = wanted.into();
    let generation = set["metadata"]["generation"].as_u64().unwrap_or_default();
    let generation = json!(generation + u64::from(changed));
    let conditions = vec![
        under_way("Remediating", false, ""),
        under_way("ScalingDown", count > wanted, ""),
        under_way("ScalingUp", count < wanted, ""),
        holds("MachinesReady", ready == count, ("Ready", "NotReady"), ""),
        holds("MachinesUpToDate", current, ("UpToDate", "NotUpToDate"), ""),
        under_way("Paused", false, ""),
        under_way("Deleting", false, ""),
    ];
    let conditions = observed(&set["status"]["conditions"], conditions, &generation);
    set["status"] = json!({
        "observedGeneration": generation,
        "replicas": count,
        "readyReplicas": ready,
        "availableReplicas": ready,
        "upToDateReplicas": if current { count } else { 0 },
        "versions": versions(pool.machines.iter().filter(own)),
        "selector": set["metadata"]["labels"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or_default()))
            .collect::<Vec<_>>()
            .join(","),
        "deprecated": {"v1beta1": {
            "conditions": old(&conditions, OLD),
            "readyReplicas": ready,
            "availableReplicas": ready,
            "fullyLabeledReplicas": count,
        }},
        "conditions": conditions,
    });
    objects.put(&Resource::MACHINE_SET, set);
}
