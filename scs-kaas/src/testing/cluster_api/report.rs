//! What machines and their pools say about themselves.

use serde_json::{Value, json};

use super::{
    CLUSTER_NAME,
    conditions::{holds, observed, old, under_way},
    machines::{Pool, versions},
    sets,
};
use crate::testing::{Kept, Resource, controller::condition, kept::text};

const OLD_MACHINE: &[(&str, &str)] = &[
    ("Ready", "Ready"),
    ("BootstrapReady", "BootstrapConfigReady"),
    ("InfrastructureReady", "InfrastructureReady"),
    ("NodeHealthy", "NodeHealthy"),
];
const OLD_DEPLOYMENT: &[(&str, &str)] =
    &[("Ready", "Available"), ("Available", "Available"), ("MachineSetReady", "Available")];
const OLD_CONTROL_PLANE: &[(&str, &str)] = &[
    ("Ready", "Available"),
    ("Available", "Initialized"),
    ("CertificatesAvailable", "CertificatesAvailable"),
    ("ControlPlaneComponentsHealthy", "ControlPlaneComponentsHealthy"),
    ("EtcdClusterHealthy", "EtcdClusterHealthy"),
    ("MachinesReady", "MachinesReady"),
];

/// The status of a machine that runs, or does not yet.
pub(super) fn machine(machine: &Value, runs: bool) -> Value {
    let name = text(&machine["metadata"], "name");
    let generation = machine["metadata"]["generation"].as_u64().map_or(1, |count| count + 1).into();
    let waiting = "Waiting for the machine to boot";
    let good = |name: &str, yes: &str| holds(name, runs, (yes, &format!("Not{yes}")), waiting);
    let conditions = vec![
        good("Available", "Available"),
        good("Ready", "Ready"),
        condition("UpToDate", "True", "UpToDate", ""),
        good("BootstrapConfigReady", "Ready"),
        good("InfrastructureReady", "Ready"),
        holds("NodeHealthy", runs, ("NodeHealthy", "NodeNotHealthy"), waiting),
        holds("NodeReady", runs, ("NodeReady", "NodeNotReady"), waiting),
        under_way("Updating", false, ""),
        under_way("Paused", false, ""),
        under_way("Deleting", false, ""),
    ];
    let conditions = observed(&machine["status"]["conditions"], conditions, &generation);
    let mut status = json!({
        "phase": if runs { "Running" } else { "Provisioning" },
        "observedGeneration": generation,
        "deprecated": {"v1beta1": {"conditions": old(&conditions, OLD_MACHINE)}},
        "conditions": conditions,
        "initialization": {"bootstrapDataSecretCreated": runs, "infrastructureProvisioned": runs},
    });
    if runs {
        status["lastUpdated"] = crate::testing::kept::now().into();
        status["nodeRef"] = json!({"name": name});
        let version = text(&machine["spec"], "version");
        status["nodeInfo"] = crate::testing::workload::node_info(version);
    }
    status
}

impl Pool {
    /// Renews the status of the pool.
    pub(super) fn report(&self, objects: &mut Kept<'_>) {
        let (count, desired, ready) = (self.machines.len(), self.desired(), self.running());
        let current = count - self.outdated().count();
        let control_plane = self.kind == Resource::CONTROL_PLANE;
        let before = &self.object["status"];
        let initialized = ready > 0 || before["initialization"].is_object();
        let available = if control_plane { ready > 0 } else { ready >= desired };
        let lacking = format!("{ready} available replicas, at least {desired} required");
        let mut conditions =
            vec![holds("Available", available, ("Available", "NotAvailable"), &lacking)];
        if control_plane {
            let healthy = |name| holds(name, available, ("Healthy", "Unhealthy"), &lacking);
            conditions.extend([
                condition("CertificatesAvailable", "True", "Available", ""),
                holds("Initialized", initialized, ("Initialized", "NotInitialized"), &lacking),
                healthy("EtcdClusterHealthy"),
                healthy("ControlPlaneComponentsHealthy"),
            ]);
        }
        conditions.extend([
            under_way("RollingOut", current < count, ""),
            under_way("Remediating", false, ""),
            under_way("ScalingDown", count > desired, ""),
            under_way("ScalingUp", count < desired, ""),
            holds("MachinesReady", ready == count, ("Ready", "NotReady"), ""),
            holds("MachinesUpToDate", current == count, ("UpToDate", "NotUpToDate"), ""),
            under_way("Paused", false, ""),
            under_way("Deleting", false, ""),
        ]);
        let generation = &self.object["metadata"]["generation"];
        let conditions = observed(&before["conditions"], conditions, generation);
        let names = if control_plane { OLD_CONTROL_PLANE } else { OLD_DEPLOYMENT };
        let cluster = text(&self.object["metadata"]["labels"], CLUSTER_NAME);
        let mut status = json!({
            "observedGeneration": generation,
            "replicas": count,
            "readyReplicas": ready,
            "availableReplicas": ready,
            "upToDateReplicas": current,
            "versions": versions(self.machines.iter()),
            "selector": format!("{CLUSTER_NAME}={cluster}"),
            "deprecated": {"v1beta1": {
                "conditions": old(&conditions, names),
                "readyReplicas": ready,
                "updatedReplicas": current,
                "unavailableReplicas": count - ready,
            }},
            "conditions": conditions,
        });
        if control_plane {
            if initialized {
                status["initialization"] = json!({"controlPlaneInitialized": true});
            }
            if let Some(lowest) = status["versions"][0].get("version").cloned() {
                status["version"] = lowest;
            }
        } else {
            let phase = match () {
                () if count < desired || ready < count => "ScalingUp",
                () if count > desired => "ScalingDown",
                () => "Running",
            };
            status["phase"] = phase.into();
            status["deprecated"]["v1beta1"]["availableReplicas"] = ready.into();
        }
        let mut object = self.object.clone();
        object["status"] = status;
        objects.put(&self.kind, object);
        for set in &self.sets {
            sets::report(objects, self, set);
        }
    }
}
