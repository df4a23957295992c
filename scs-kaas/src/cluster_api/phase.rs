//! Where a cluster is in its life, told by its conditions.
//!
//! `status.phase` is of no use: `Provisioned` only says that there is a place for the API
//! server. The conditions are better, but late. After a change, three controllers act one after
//! the other: that of the topology changes the objects of the control plane and of the pools,
//! their controllers look at them, and then that of the cluster sums up. Until the last one is
//! done, the cluster shows the conditions of before, for about a second. So a cluster is ready
//! only if each step of that is seen to be done:
//!
//! 1. `TopologyReconciled` was said of this very generation of the cluster: the objects are as
//!    they shall be.
//! 2. The control plane was looked at in its present generation, and has as many machines that
//!    are up to date and ready as are asked for, of the version that is asked for. Likewise
//!    each pool, except that its MachineSets have to tell which machines are up to date: a
//!    MachineDeployment says for almost a second that all are, of a generation that it has
//!    just observed.
//! 3. The conditions of the cluster itself are good.

use scs_core::Phase;

use super::{Cluster, KubeadmControlPlane, MachineDeployment, MachineSet};
use crate::{Condition, Conditions, Status};

/// The phase by the cluster's own conditions, and what is wrong or missing in their words.
pub(super) fn by_conditions(cluster: &Cluster) -> (Phase, Option<String>) {
    if cluster.metadata.is_deleting() {
        return (Phase::Deleting, holding(cluster));
    }
    if let Some(words) = cluster.status.failure() {
        return (Phase::Failed, Some(words.into()));
    }
    match missing(cluster) {
        None => (Phase::Ready, None),
        Some(words) if cluster.spec.paused => {
            (busy(cluster), Some(format!("it is paused, nothing is done: {words}")))
        }
        words => (busy(cluster), words),
    }
}

/// What a cluster is that is not ready.
pub(super) fn busy(cluster: &Cluster) -> Phase {
    if cluster.status.is_initialized() { Phase::Updating } else { Phase::Pending }
}

fn missing(cluster: &Cluster) -> Option<String> {
    let generation = cluster.metadata.generation;
    let by_class = cluster.spec.topology.is_some();
    if cluster.status.observed_generation < generation {
        return refused(cluster).or_else(|| Some("the change was not looked at yet".into()));
    }
    let Some(conditions) = cluster.status.conditions() else {
        let old = cluster.status.old_conditions();
        let topology = by_class.then_some("TopologyReconciled");
        let wanted = topology.into_iter().chain(["ControlPlaneReady", "Ready"]);
        return wanted.into_iter().find_map(|name| not(old, name, &Status::True));
    };
    let topology = || {
        not(conditions, "TopologyReconciled", &Status::True).or_else(|| {
            let seen = conditions.get("TopologyReconciled")?.observed_generation?;
            (seen < generation).then(|| "the topology was not looked at yet".into())
        })
    };
    by_class.then(topology).flatten().or_else(|| {
        let quiet = ["RollingOut", "ScalingUp", "ScalingDown", "Remediating"];
        not(conditions, "Available", &Status::True).or_else(|| {
            let mut quiet = quiet.iter().filter(|name| !conditions.lacks(name));
            quiet.next().and_then(|name| not(conditions, name, &Status::False))
        })
    })
}

/// Why the topology cannot be made, such as a class that is not there: nobody else looks at the
/// cluster then.
fn refused(cluster: &Cluster) -> Option<String> {
    let condition = cluster.status.conditions()?.get("TopologyReconciled")?;
    let current = condition.observed_generation >= Some(cluster.metadata.generation);
    (condition.status == Status::False && current).then(|| words(condition))
}

/// What a condition says, if it is not what it should be.
fn not(conditions: &Conditions, name: &str, wanted: &Status) -> Option<String> {
    match conditions.get(name) {
        Some(condition) if condition.status == *wanted => None,
        Some(condition) => Some(words(condition)),
        None => Some(format!("{name}: nothing is known yet")),
    }
}

/// On one line.
fn words(condition: &Condition) -> String {
    let words = condition.to_string();
    words.split_whitespace().filter(|word| *word != "*").collect::<Vec<_>>().join(" ")
}

/// Who keeps a cluster from going.
fn holding(cluster: &Cluster) -> Option<String> {
    let conditions = cluster.status.conditions().unwrap_or(cluster.status.old_conditions());
    let deleting = conditions.get("Deleting").filter(|one| one.status == Status::True);
    let deleting = deleting.map(words);
    let foreign = |name: &&String| {
        !name.split('/').next().is_some_and(|domain| domain.ends_with("cluster.x-k8s.io"))
    };
    let finalizers: Vec<_> =
        cluster.metadata.finalizers.iter().filter(foreign).map(String::as_str).collect();
    let held =
        (!finalizers.is_empty()).then(|| format!("held by finalizer {}", finalizers.join(", ")));
    match (deleting, held) {
        (Some(deleting), Some(held)) => Some(format!("{deleting}; {held}")),
        (deleting, held) => deleting.or(held),
    }
}

/// Which of the objects that the cluster is made of is not yet as it shall be. `None` for the
/// control plane where it cannot be read, or is of another kind: then the conditions have to
/// do.
pub(super) fn unsettled(
    cluster: &Cluster,
    control_plane: Option<&KubeadmControlPlane>,
    deployments: &[&MachineDeployment],
    sets: &[MachineSet],
) -> Option<String> {
    let topology = cluster.spec.topology.as_ref();
    let of_version = |version: &str| topology.is_none_or(|topology| topology.version == version);
    if let Some(control_plane) = control_plane
        && !(control_plane.is_settled() && of_version(&control_plane.spec.version))
    {
        return Some("the control plane is not as it shall be yet".into());
    }
    let pools = topology.map_or(&[][..], |topology| &topology.workers.machine_deployments);
    let waiting = pools.iter().find(|pool| {
        let of_pool = deployments.iter().find(|one| one.pool() == Some(&pool.name));
        !of_pool.is_some_and(|one| {
            one.is_settled(sets)
                && of_version(&one.spec.template.spec.version)
                && (pool.replicas.is_none() || pool.replicas == one.spec.replicas)
        })
    });
    if let Some(pool) = waiting {
        return Some(format!("pool {} is not as it shall be yet", pool.name));
    }
    let left = deployments.iter().find(|one| match one.pool() {
        Some(name) => !pools.iter().any(|pool| pool.name == name),
        None => !one.is_settled(sets),
    });
    left.map(|one| format!("{} is not as it shall be yet", one.metadata.name))
}
