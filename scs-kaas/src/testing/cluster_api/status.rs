//! What a Cluster says about itself.

use serde_json::{Value, json};

use super::{
    admission,
    conditions::{holds, observed, old, under_way},
    machines::{Pool, World, versions},
};
use crate::testing::controller::{condition, truth};

/// What is counted of the machines of some pools.
#[derive(Default)]
struct Count {
    desired: usize,
    replicas: usize,
    ready: usize,
    current: usize,
    growing: bool,
    shrinking: bool,
    versions: Value,
}

impl Count {
    fn of<'a>(pools: impl IntoIterator<Item = &'a Pool>) -> Self {
        let pools: Vec<_> = pools.into_iter().collect();
        let versions = versions(pools.iter().flat_map(|pool| &pool.machines));
        pools.into_iter().fold(Self { versions, ..Self::default() }, |count, pool| {
            let (desired, replicas) = (pool.desired(), pool.machines.len());
            Self {
                desired: count.desired + desired,
                replicas: count.replicas + replicas,
                ready: count.ready + pool.running(),
                current: count.current + replicas - pool.outdated().count(),
                growing: count.growing || replicas < desired,
                shrinking: count.shrinking || replicas > desired,
                versions: count.versions,
            }
        })
    }

    fn show(&self) -> Value {
        json!({
            "desiredReplicas": self.desired,
            "replicas": self.replicas,
            "readyReplicas": self.ready,
            "availableReplicas": self.ready,
            "upToDateReplicas": self.current,
            "versions": self.versions,
        })
    }
}

/// The conditions of v1beta1, and what they are now.
const OLD: &[(&str, &str)] = &[
    ("Ready", "Available"),
    ("ControlPlaneInitialized", "ControlPlaneInitialized"),
    ("ControlPlaneReady", "ControlPlaneAvailable"),
    ("InfrastructureReady", "InfrastructureReady"),
    ("TopologyReconciled", "TopologyReconciled"),
];

/// Says that nothing is done. All else stays as it was.
pub(super) fn pause(cluster: &mut Value) {
    let why = "Cluster spec.paused is set to true";
    let news = vec![
        condition("TopologyReconciled", "False", "Paused", why),
        condition("Paused", "True", "Paused", why),
    ];
    let generation = cluster["metadata"]["generation"].clone();
    let status = &mut cluster["status"];
    let news = observed(&status["conditions"], news, &generation);
    let mut all = status["conditions"].as_array().cloned().unwrap_or_default();
    for new in news.as_array().into_iter().flatten() {
        match all.iter_mut().find(|condition| condition["type"] == new["type"]) {
            Some(condition) => condition.clone_from(new),
            None => all.push(new.clone()),
        }
    }
    say(status, all.into());
}

/// Puts conditions, and beside them those of v1beta1.
fn say(status: &mut Value, conditions: Value) {
    status["deprecated"] = json!({"v1beta1": {"conditions": old(&conditions, OLD)}});
    status["conditions"] = conditions;
}

/// Renews the status of a cluster.
pub(super) fn report(cluster: &mut Value, world: &World) {
    if world.control_plane.is_none() && cluster["metadata"]["deletionTimestamp"].is_null() {
        // Nobody but the controller of the topology has anything to say yet.
        let conditions = vec![topology(cluster, world)];
        let generation = cluster["metadata"]["generation"].clone();
        let status = &mut cluster["status"];
        let conditions = observed(&status["conditions"], conditions, &generation);
        return say(status, conditions);
    }
    let deleting = !cluster["metadata"]["deletionTimestamp"].is_null();
    let control_plane = Count::of(&world.control_plane);
    let workers = Count::of(&world.workers);
    let initialization = &cluster["status"]["initialization"];
    let provisioned = initialization["infrastructureProvisioned"] == true;
    let initialized = initialization["controlPlaneInitialized"] == true;
    let phase = match () {
        () if deleting => "Deleting",
        () if provisioned => "Provisioned",
        () => "Provisioning",
    };
    let topology = topology(cluster, world);
    let serves = initialized && control_plane.ready > 0;
    let staffed = world.workers.iter().all(|pool| pool.running() >= pool.desired());
    let growing = control_plane.growing || workers.growing;
    let shrinking = control_plane.shrinking || workers.shrinking;
    let waiting = "Control plane not yet initialized";
    let mut conditions = vec![
        holds(
            "RemoteConnectionProbe",
            serves,
            ("ProbeSucceeded", "ProbeFailed"),
            "Remote connection not established yet",
        ),
        holds(
            "InfrastructureReady",
            provisioned,
            ("Ready", "NotReady"),
            "DevCluster status.initialization.provisioned is false",
        ),
        holds("ControlPlaneInitialized", initialized, ("Initialized", "NotInitialized"), waiting),
        holds("ControlPlaneAvailable", serves, ("Available", "NotAvailable"), waiting),
        workers_available(&workers, staffed),
        topology,
        rolling_out(world),
        under_way("Remediating", false, ""),
        under_way("ScalingDown", shrinking, &scaling(world, "down")),
        under_way("ScalingUp", growing, &scaling(world, "up")),
        machines("ControlPlaneMachinesReady", &control_plane, control_plane.ready, "Ready"),
        machines("WorkerMachinesReady", &workers, workers.ready, "Ready"),
        machines("ControlPlaneMachinesUpToDate", &control_plane, control_plane.current, "UpToDate"),
        machines("WorkerMachinesUpToDate", &workers, workers.current, "UpToDate"),
        under_way("Paused", false, ""),
        being_deleted(deleting, &control_plane, &workers),
    ];
    conditions.insert(0, available(&conditions));
    let status = &mut cluster["status"];
    status["phase"] = phase.into();
    let generation = status["observedGeneration"].clone();
    let conditions = observed(&status["conditions"], conditions, &generation);
    say(status, conditions);
    status["controlPlane"] = control_plane.show();
    status["workers"] = workers.show();
}

fn machines(name: &str, count: &Count, good: usize, what: &str) -> Value {
    if count.replicas == 0 {
        return condition(name, "True", "NoReplicas", "");
    }
    let not = format!("Not{what}");
    let off = count.replicas - good;
    holds(name, off == 0, (what, &not), &format!("* {off} of {} Machines: {not}", count.replicas))
}

fn workers_available(workers: &Count, staffed: bool) -> Value {
    if workers.desired == 0 && workers.replicas == 0 {
        return condition("WorkersAvailable", "True", "NoWorkers", "");
    }
    let (ready, desired) = (workers.ready, workers.desired);
    let wrong = format!("* {ready} available replicas, at least {desired} required");
    holds("WorkersAvailable", staffed, ("Available", "NotAvailable"), &wrong)
}

fn rolling_out(world: &World) -> Value {
    let lines: Vec<_> = world
        .pools()
        .filter_map(|pool| {
            let outdated = pool.outdated().count();
            let (kind, name) = (pool.kind.name, pool.name());
            (outdated > 0).then(|| {
                format!("* {kind} {name}:\n  * Rolling out {outdated} not up-to-date replicas")
            })
        })
        .collect();
    under_way("RollingOut", !lines.is_empty(), &lines.join("\n"))
}

fn scaling(world: &World, direction: &str) -> String {
    let lines = world.pools().filter_map(|pool| {
        let (now, wanted) = (pool.machines.len(), pool.desired());
        let moves = if direction == "up" { now < wanted } else { now > wanted };
        let (kind, name) = (pool.kind.name, pool.name());
        let line =
            format!("* {kind} {name}:\n  * Scaling {direction} from {now} to {wanted} replicas");
        moves.then_some(line)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn being_deleted(deleting: bool, control_plane: &Count, workers: &Count) -> Value {
    let (reason, message) = match () {
        () if !deleting => ("NotDeleting", String::new()),
        () if workers.replicas > 0 => {
            ("WaitingForWorkersDeletion", format!("* Machines: {} still there", workers.replicas))
        }
        () if control_plane.replicas > 0 => {
            ("WaitingForControlPlaneDeletion", "* KubeadmControlPlane: still there".to_owned())
        }
        () => ("DeletionCompleted", "Deletion completed".to_owned()),
    };
    condition("Deleting", truth(deleting), reason, &message)
}

fn topology(cluster: &Value, world: &World) -> Value {
    let name = "TopologyReconciled";
    let topology = &cluster["spec"]["topology"];
    if !cluster["metadata"]["deletionTimestamp"].is_null() {
        return condition(name, "False", "Deleting", "Cluster is deleting");
    }
    let Some(control_plane) = &world.control_plane else {
        let class = admission::class_name(cluster);
        let missing = class.rsplit('/').next().unwrap_or_default();
        let why = format!("ClusterClass.cluster.x-k8s.io \"{missing}\" not found");
        let message = format!("failed to retrieve ClusterClass {class}: {why}");
        return condition(name, "False", "ReconcileFailed", &message);
    };
    let wanted = &topology["version"];
    let behind = |pool: &&Pool| {
        let mut versions = pool.machines.iter().map(|machine| &machine["spec"]["version"]);
        pool.version() != wanted || versions.any(|version| version != wanted)
    };
    let upgrading: Vec<_> = world.pools().filter(behind).collect();
    if upgrading.is_empty() {
        return condition(name, "True", "ReconcileSucceeded", "");
    }
    let version = wanted.as_str().unwrap_or_default();
    let lines = upgrading.iter().map(|pool| {
        let (kind, name) = (pool.kind.name, pool.name());
        let who = if pool.kind == control_plane.kind {
            kind.to_owned()
        } else {
            format!("{kind} {name}")
        };
        let how = if pool.version() == wanted { "upgrading" } else { "pending upgrade" };
        format!("\n  * {who} {how} to version {version}")
    });
    let message = format!("Cluster is upgrading to {version}{}", lines.collect::<String>());
    condition(name, "False", "ClusterUpgrading", &message)
}

/// Available if nothing that counts says otherwise; an upgrade does not.
fn available(conditions: &[Value]) -> Value {
    let good = |condition: &Value| match condition["type"].as_str().unwrap_or_default() {
        "Deleting" => condition["status"] == "False",
        "RemoteConnectionProbe"
        | "InfrastructureReady"
        | "ControlPlaneAvailable"
        | "WorkersAvailable" => condition["status"] == "True",
        "TopologyReconciled" => {
            condition["status"] == "True" || condition["reason"] == "ClusterUpgrading"
        }
        _ => true,
    };
    let wrong: Vec<_> = conditions
        .iter()
        .filter(|condition| !good(condition))
        .map(|condition| {
            let (name, message) = (&condition["type"], &condition["message"]);
            format!("* {}: {}", name.as_str().unwrap_or(""), message.as_str().unwrap_or(""))
        })
        .collect();
    holds("Available", wrong.is_empty(), ("Available", "NotAvailable"), &wrong.join("\n"))
}
