//! Pools of machines: a control plane or a MachineDeployment, and what brings their machines to
//! what they ask for, one step at a time.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use serde_json::{Value, json};

use super::{CLUSTER_NAME, reference, report, sets};
use crate::testing::{
    Kept, Resource,
    kept::{now, text},
    workload,
};

/// The label of the machines of a control plane.
const CONTROL_PLANE: &str = "cluster.x-k8s.io/control-plane";
/// The label that names the pool of a topology.
pub(super) const POOL: &str = "topology.cluster.x-k8s.io/deployment-name";
/// The label that names the MachineDeployment of a machine.
pub(super) const DEPLOYMENT: &str = "cluster.x-k8s.io/deployment-name";
/// The label that tells what a machine was made from.
pub(super) const HASH: &str = "machine-template-hash";

/// A control plane or a MachineDeployment.
pub(super) struct Pool {
    pub(super) kind: Resource,
    pub(super) object: Value,
    /// The MachineSets; a control plane has none.
    pub(super) sets: Vec<Value>,
    pub(super) machines: Vec<Value>,
}

/// What a cluster consists of.
pub(super) struct World {
    pub(super) control_plane: Option<Pool>,
    pub(super) workers: Vec<Pool>,
}

impl World {
    pub(super) fn of(objects: &Kept<'_>, namespace: &str, cluster: &str) -> Self {
        let own = |kind: &Resource| -> Vec<Value> {
            let all = objects.list(kind, namespace).into_iter();
            all.filter(|object| object["metadata"]["labels"][CLUSTER_NAME] == cluster)
                .cloned()
                .collect()
        };
        let (machines, sets) = (own(&Resource::MACHINE), own(&Resource::MACHINE_SET));
        let labelled = |all: &[Value], label: &str, value: &str| -> Vec<Value> {
            let of_pool = all.iter().filter(|one| one["metadata"]["labels"][label] == value);
            of_pool.cloned().collect()
        };
        let control_plane = own(&Resource::CONTROL_PLANE).pop().map(|object| Pool {
            kind: Resource::CONTROL_PLANE,
            sets: Vec::new(),
            machines: labelled(&machines, CONTROL_PLANE, ""),
            object,
        });
        let workers = own(&Resource::MACHINE_DEPLOYMENT).into_iter().map(|object| Pool {
            kind: Resource::MACHINE_DEPLOYMENT,
            sets: labelled(&sets, DEPLOYMENT, text(&object["metadata"], "name")),
            machines: labelled(&machines, DEPLOYMENT, text(&object["metadata"], "name")),
            object,
        });
        Self { control_plane, workers: workers.collect() }
    }

    pub(super) fn pools(&self) -> impl Iterator<Item = &Pool> {
        self.control_plane.iter().chain(&self.workers)
    }
}

pub(super) fn is_running(machine: &Value) -> bool {
    machine["status"]["phase"] == "Running" && machine["metadata"]["deletionTimestamp"].is_null()
}

/// A name for what the machines of a worker class, or of the control plane, are made from:
/// whatever makes it differ makes them be replaced. Of variables that begin with `worker` the
/// control plane takes no notice.
pub(super) fn fingerprint(topology: &Value, class: Option<&Value>) -> String {
    let variables = topology["variables"].as_array().into_iter().flatten();
    let variables: Vec<_> = variables
        .filter(|variable| class.is_some() || !text(variable, "name").starts_with("worker"))
        .collect();
    let mut hasher = DefaultHasher::new();
    json!([topology["classRef"], topology["version"], variables, class])
        .to_string()
        .hash(&mut hasher);
    format!("{:05x}", hasher.finish() & 0xf_ffff)
}

impl Pool {
    pub(super) fn name(&self) -> &str {
        text(&self.object["metadata"], "name")
    }

    pub(super) fn desired(&self) -> usize {
        let replicas = self.object["spec"]["replicas"].as_u64().unwrap_or(1);
        usize::try_from(replicas).unwrap_or_default()
    }

    pub(super) fn running(&self) -> usize {
        self.machines.iter().filter(|machine| is_running(machine)).count()
    }

    pub(super) fn version(&self) -> &Value {
        match self.kind {
            Resource::CONTROL_PLANE => &self.object["spec"]["version"],
            _ => &self.object["spec"]["template"]["spec"]["version"],
        }
    }

    /// What machines are made from now.
    pub(super) fn hash(&self) -> &str {
        let spec = &self.object["spec"];
        let template = match self.kind {
            Resource::CONTROL_PLANE => &spec["machineTemplate"]["spec"],
            _ => &spec["template"]["spec"],
        };
        hash_in(&template["infrastructureRef"])
    }

    /// What the machines are made from that count as up to date. A MachineDeployment notices
    /// late that its template has changed: when it makes a MachineSet of it.
    fn current(&self) -> &str {
        match sets::newest(&self.sets) {
            Some(newest) if !self.has_set() => hash_of(newest),
            _ => self.hash(),
        }
    }

    fn has_set(&self) -> bool {
        self.sets.iter().any(|set| hash_of(set) == self.hash())
    }

    pub(super) fn outdated(&self) -> impl Iterator<Item = &Value> {
        self.machines.iter().filter(|machine| hash_of(machine) != self.current())
    }

    /// Whether all machines are what the pool asks for.
    pub(super) fn is_settled(&self) -> bool {
        self.running() == self.desired()
            && self.machines.len() == self.desired()
            && self.outdated().next().is_none()
    }

    /// Takes one step. Answers whether there was one to take.
    pub(super) fn converge(&self, objects: &mut Kept<'_>) -> bool {
        let leaving = |machine: &&Value| !machine["metadata"]["deletionTimestamp"].is_null();
        let (count, desired) = (self.machines.len(), self.desired());
        if self.kind == Resource::MACHINE_DEPLOYMENT && !self.has_set() {
            sets::make(objects, self);
        } else if self.machines.iter().any(|machine| leaving(&machine)) {
            self.machines.iter().filter(leaving).for_each(|machine| finish(objects, machine));
        } else if self.running() < count {
            let booting = self.machines.iter().filter(|machine| !is_running(machine));
            booting.for_each(|machine| self.boot(objects, machine));
        } else if count < desired {
            // A control plane grows one by one.
            let several = if self.kind == Resource::CONTROL_PLANE { 1 } else { desired - count };
            (0..several).for_each(|_| self.make(objects));
        } else if self.outdated().next().is_some() && count == desired {
            self.make(objects);
        } else if let Some(machine) = self.outdated().next() {
            release(objects, machine);
        } else if count > desired {
            self.machines[desired..].iter().for_each(|machine| release(objects, machine));
        } else {
            return false;
        }
        true
    }

    /// The pool itself goes, when its machines are gone.
    pub(super) fn remove(&self, objects: &mut Kept<'_>) {
        let namespace = text(&self.object["metadata"], "namespace");
        for set in &self.sets {
            objects.remove(&Resource::MACHINE_SET, namespace, text(&set["metadata"], "name"));
        }
        objects.remove(&self.kind, namespace, self.name());
    }

    fn make(&self, objects: &mut Kept<'_>) {
        let own = &self.object["metadata"];
        let (namespace, cluster) = (text(own, "namespace"), text(&own["labels"], CLUSTER_NAME));
        let set = self.sets.iter().find(|set| hash_of(set) == self.hash());
        let (kind, owner) = match set {
            Some(set) => (&Resource::MACHINE_SET, &set["metadata"]),
            None => (&self.kind, own),
        };
        let random = objects.state.mint();
        let name = format!("{}-{}", text(owner, "name"), &random[..5]);
        let mut labels = json!({CLUSTER_NAME: cluster, "topology.cluster.x-k8s.io/owned": ""});
        let mut config = name.clone();
        if self.kind == Resource::CONTROL_PLANE {
            labels[CONTROL_PLANE] = "".into();
            labels["cluster.x-k8s.io/control-plane-name"] = self.name().into();
            config = format!("{name}-{}", self.hash());
        } else {
            labels[HASH] = self.hash().into();
            labels[DEPLOYMENT] = self.name().into();
            labels["cluster.x-k8s.io/set-name"] = owner["name"].clone();
            labels[POOL] = own["labels"][POOL].clone();
        }
        let machine = json!({
            "metadata": {
                "name": name,
                "namespace": namespace,
                "labels": labels,
                "finalizers": ["machine.cluster.x-k8s.io"],
                "ownerReferences": [owned_by(kind, owner)],
            },
            "spec": {
                "clusterName": cluster,
                "version": self.version(),
                "bootstrap": {"configRef": reference("bootstrap", "KubeadmConfig", &config)},
                "infrastructureRef": reference("infrastructure", "DevMachine", &name),
            },
            "status": report::machine(&json!({}), false),
        });
        objects.put(&Resource::MACHINE, machine);
    }

    /// The machine runs, and its node joins the cluster.
    fn boot(&self, objects: &mut Kept<'_>, machine: &Value) {
        let metadata = &machine["metadata"];
        let (namespace, name) = (text(metadata, "namespace"), text(metadata, "name"));
        let version = text(&machine["spec"], "version");
        let scope = format!("{namespace}/{}", text(&machine["spec"], "clusterName"));
        workload::join(objects, &scope, name, version, self.kind == Resource::CONTROL_PLANE);
        let mut machine = machine.clone();
        machine["spec"]["bootstrap"]["dataSecretName"] = name.into();
        machine["spec"]["providerID"] = workload::provider_id(name).into();
        machine["status"] = report::machine(&machine, true);
        objects.put(&Resource::MACHINE, machine);
    }
}

/// What a machine or a MachineSet is made from. Machines of a control plane have no label for it;
/// the name of their configuration ends in it.
pub(super) fn hash_of(object: &Value) -> &str {
    match text(&object["metadata"]["labels"], HASH) {
        "" => hash_in(&object["spec"]["bootstrap"]["configRef"]),
        hash => hash,
    }
}

/// The end of the name of a reference.
fn hash_in(reference: &Value) -> &str {
    text(reference, "name").rsplit_once('-').map_or("", |(_, hash)| hash)
}

/// An `ownerReference`.
pub(super) fn of(kind: &Resource, owner: &Value) -> Value {
    json!({
        "apiVersion": kind.api_version(),
        "kind": kind.name,
        "name": owner["name"],
        "uid": owner["uid"],
    })
}

/// An `ownerReference` of a controller.
pub(super) fn owned_by(kind: &Resource, owner: &Value) -> Value {
    let mut reference = of(kind, owner);
    reference["controller"] = true.into();
    reference["blockOwnerDeletion"] = true.into();
    reference
}

/// The machine is asked to go.
pub(super) fn release(objects: &mut Kept<'_>, machine: &Value) {
    let mut machine = machine.clone();
    if !machine["metadata"]["deletionTimestamp"].is_null() {
        return;
    }
    machine["metadata"]["deletionTimestamp"] = now().into();
    machine["metadata"]["deletionGracePeriodSeconds"] = 0.into();
    machine["status"]["phase"] = "Deleting".into();
    objects.put(&Resource::MACHINE, machine);
}

/// The machine's node goes, and it too unless another finalizer holds it.
fn finish(objects: &mut Kept<'_>, machine: &Value) {
    let metadata = &machine["metadata"];
    let scope =
        format!("{}/{}", text(metadata, "namespace"), text(&machine["spec"], "clusterName"));
    objects.remove(&Resource::NODE, &scope, text(metadata, "name"));
    let mut machine = machine.clone();
    if let Some(finalizers) = machine["metadata"]["finalizers"].as_array_mut() {
        finalizers.retain(|name| name != "machine.cluster.x-k8s.io");
    }
    objects.put(&Resource::MACHINE, machine);
}

/// How many machines there are of each version.
pub(super) fn versions<'a>(machines: impl Iterator<Item = &'a Value>) -> Value {
    let mut counts = BTreeMap::new();
    for machine in machines {
        *counts.entry(text(&machine["spec"], "version")).or_insert(0) += 1;
    }
    counts
        .into_iter()
        .map(|(version, count)| json!({"version": version, "replicas": count}))
        .collect()
}
