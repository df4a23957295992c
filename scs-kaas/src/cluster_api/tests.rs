//! Views and phases, with answers of Cluster API 1.14 in both versions of its API.

use std::slice::from_ref;

use scs_core::Phase;
use serde_json::{Value, json};

use super::{
    Cluster, ClusterClass, KubeadmControlPlane, Machine, MachineDeployment, MachineSet,
    phase::{by_conditions, unsettled},
};
use crate::Kind;

/// A sample in both versions.
macro_rules! samples {
    ($name:literal) => {
        [
            include_str!(concat!("samples/", $name, ".v1beta1.json")),
            include_str!(concat!("samples/", $name, ".v1beta2.json")),
        ]
        .map(|text| serde_json::from_str::<Value>(text).unwrap())
    };
}

fn read<K: Kind>(object: &Value) -> K {
    serde_json::from_value(object.clone()).unwrap()
}

/// The sample, changed as `path` and value say.
fn with(object: &Value, path: &str, value: Value) -> Value {
    let mut object = object.clone();
    *object.pointer_mut(path).unwrap() = value;
    object
}

/// A condition of the sample, changed; wherever this version of the API has it.
fn condition(object: &Value, name: &str, member: &str, value: Value) -> Value {
    let mut object = object.clone();
    for path in ["/status/conditions", "/status/v1beta2/conditions"] {
        let conditions = object.pointer_mut(path).and_then(Value::as_array_mut);
        for one in conditions.into_iter().flatten().filter(|one| one["type"] == name) {
            one[member] = value.clone();
        }
    }
    object
}

#[test]
fn a_cluster_is_read_alike_from_both_versions() {
    for sample in samples!("cluster-ready") {
        let cluster: Cluster = read(&sample);
        let topology = cluster.spec.topology.as_ref().unwrap();
        assert_eq!((topology.class(), topology.class_namespace()), ("inmemory-scs2-1-34-v1", None));
        assert_eq!(topology.version, "v1.34.1");
        assert_eq!(topology.control_plane.replicas, Some(1));
        assert_eq!(topology.workers.machine_deployments[0].name, "md-0");
        assert_eq!(topology.workers.machine_deployments[0].replicas, Some(1));
        assert!(topology.variables.iter().any(|one| one.name == "rootDiskSize" && one.value == 20));
        assert_eq!(cluster.spec.control_plane_endpoint.port, 20001);
        assert_eq!(cluster.spec.control_plane_ref.as_ref().unwrap().kind, "KubeadmControlPlane");
        assert!(cluster.status.is_initialized());
        assert_eq!(cluster.status.conditions().unwrap().0.len(), 17);
        assert_eq!(by_conditions(&cluster), (Phase::Ready, None));
        assert!(cluster.metadata.own_labels().is_empty());
    }
}

#[test]
fn what_is_missing_is_said() {
    for sample in samples!("cluster-new") {
        let (phase, fault) = by_conditions(&read(&sample));
        assert_eq!(phase, Phase::Pending);
        let words = "Available: RemoteConnectionProbe: Remote connection not established yet \
                     ControlPlaneAvailable: Control plane not yet initialized";
        assert!(fault.as_ref().unwrap().starts_with(words), "{fault:?}");
    }
}

#[test]
fn conditions_of_before_do_not_count() {
    for sample in samples!("cluster-ready") {
        let phase = |sample: &Value| by_conditions(&read(sample)).0;
        let changed = with(&sample, "/metadata/generation", json!(4));
        assert_eq!(phase(&changed), Phase::Updating);
        let changed = with(&changed, "/status/observedGeneration", json!(4));
        assert_eq!(phase(&changed), Phase::Updating, "the topology is of before");
        let changed = condition(&changed, "TopologyReconciled", "observedGeneration", json!(4));
        assert_eq!(phase(&changed), Phase::Ready);
        let rolling = condition(&changed, "RollingOut", "status", json!("True"));
        let rolling = condition(&rolling, "RollingOut", "message", json!("* Rolling out 2 of 3"));
        let words = Some("RollingOut: Rolling out 2 of 3".to_owned());
        assert_eq!(by_conditions(&read(&rolling)), (Phase::Updating, words));
    }
}

#[test]
fn a_hook_that_blocks_is_named() {
    for sample in samples!("cluster-ready") {
        let words = "Cluster is upgrading to v1.34.1\n  * Following hooks are blocking upgrade: \
                     BeforeClusterUpgrade";
        let blocked = condition(&sample, "TopologyReconciled", "status", json!("False"));
        let blocked = condition(&blocked, "TopologyReconciled", "message", json!(words));
        let (phase, fault) = by_conditions(&read(&blocked));
        assert_eq!(phase, Phase::Updating);
        assert!(fault.unwrap().ends_with("hooks are blocking upgrade: BeforeClusterUpgrade"));
    }
}

#[test]
fn who_keeps_a_cluster_from_going_is_named() {
    for mut sample in samples!("cluster-ready") {
        sample["metadata"]["deletionTimestamp"] = "2026-11-21T18:00:00Z".into();
        sample["metadata"]["finalizers"] = json!(["cluster.cluster.x-k8s.io", "lab.invalid/hold"]);
        let sample = condition(&sample, "Deleting", "status", json!("True"));
        let sample = condition(&sample, "Deleting", "message", json!("* Workers: md-0"));
        let words = "Deleting: Workers: md-0; held by finalizer lab.invalid/hold";
        assert_eq!(by_conditions(&read(&sample)), (Phase::Deleting, Some(words.into())));
    }
}

#[test]
fn servers_with_the_older_conditions_alone_are_understood() {
    let [mut sample, _] = samples!("cluster-ready");
    sample["status"].as_object_mut().unwrap().remove("v1beta2");
    assert_eq!(by_conditions(&read(&sample)), (Phase::Ready, None));
    let sample = condition(&sample, "ControlPlaneReady", "status", json!("False"));
    let sample = condition(&sample, "ControlPlaneReady", "message", json!("Scaling up"));
    let words = Some("ControlPlaneReady: Scaling up".to_owned());
    assert_eq!(by_conditions(&read(&sample)), (Phase::Updating, words));
}

#[test]
fn a_provider_that_has_given_up_is_a_failure() {
    for (mut sample, path) in samples!("cluster-ready").into_iter().zip(["", "deprecated"]) {
        let failure = json!({"failureMessage": "no credentials"});
        match path {
            "" => sample["status"]["failureMessage"] = failure["failureMessage"].clone(),
            path => sample["status"][path] = json!({"v1beta1": failure}),
        }
        let fault = Some("no credentials".to_owned());
        assert_eq!(by_conditions(&read(&sample)), (Phase::Failed, fault));
    }
}

/// The MachineSet of a MachineDeployment.
fn set(deployment: &Value, replicas: u32) -> Value {
    let name = &deployment["metadata"]["name"];
    json!({
        "metadata": {"name": "set", "labels": {"cluster.x-k8s.io/deployment-name": name}},
        "spec": {"clusterName": "shop", "template": deployment["spec"]["template"]},
        "status": {"replicas": replicas, "readyReplicas": replicas},
    })
}

#[test]
fn a_pool_is_settled_when_its_machines_are_of_the_present_template() {
    for ((cluster, control_plane), deployment) in samples!("cluster-ready")
        .into_iter()
        .zip(samples!("control-plane"))
        .zip(samples!("machine-deployment"))
    {
        let cluster: Cluster = read(&cluster);
        let control_plane: KubeadmControlPlane = read(&control_plane);
        let settled = |deployment: &Value, sets: &[Value]| {
            let deployment: MachineDeployment = read(deployment);
            let sets: Vec<MachineSet> = sets.iter().map(read).collect();
            unsettled(&cluster, Some(&control_plane), &[&deployment], &sets).is_none()
        };
        let old = set(&deployment, 1);
        assert!(settled(&deployment, from_ref(&old)));
        assert!(!settled(&deployment, &[]));
        assert!(settled(&deployment, &[old.clone(), set(&deployment, 0)]));

        // The template has changed; the MachineDeployment's status does not show it yet.
        let path = "/spec/template/spec/infrastructureRef/name";
        let changed = with(&deployment, path, json!("another"));
        assert!(!settled(&changed, from_ref(&old)));
        assert!(!settled(&changed, &[old, set(&changed, 0)]));
        assert!(settled(&changed, &[set(&deployment, 0), set(&changed, 1)]));

        let unseen = with(&deployment, "/metadata/generation", json!(9));
        assert!(!settled(&unseen, &[set(&unseen, 1)]));
        let more = with(&deployment, "/spec/replicas", json!(2));
        assert!(!settled(&more, &[set(&more, 1)]));
    }
}

#[test]
fn a_control_plane_is_settled_when_it_has_looked() {
    for sample in samples!("control-plane") {
        let settled = |sample: &Value| read::<KubeadmControlPlane>(sample).is_settled();
        assert!(settled(&sample));
        assert!(!settled(&with(&sample, "/metadata/generation", json!(9))));
        assert!(!settled(&with(&sample, "/spec/replicas", json!(3))));
        assert!(!settled(&with(&sample, "/spec/version", json!("v1.35.0"))));
        let counted = if sample["status"]["updatedReplicas"].is_null() {
            "/status/upToDateReplicas"
        } else {
            "/status/updatedReplicas"
        };
        assert!(!settled(&with(&sample, counted, json!(0))));
    }
}

#[test]
fn classes_tell_their_variables() {
    for sample in samples!("cluster-class") {
        let class: ClusterClass = read(&sample);
        assert!(class.is_ready());
        assert_eq!(class.spec.workers.machine_deployments[0].class, "default-worker");
        assert_eq!(class.flavor_variable().unwrap().name, "workerMachineFlavor");
        assert_eq!(class.variables().count(), 8);
        assert!(class.variable("certSANs").is_some() && class.variable("colour").is_none());
        // Required, but with a default.
        let flavor = class.variable("workerMachineFlavor").unwrap();
        assert!(flavor.required && !flavor.must_be_set());
    }
}

#[test]
fn machines_are_read_alike_from_both_versions() {
    for sample in samples!("machine") {
        let machine: Machine = read(&sample);
        assert!(machine.is_control_plane() && machine.is_ready());
        assert_eq!(machine.spec.version, "v1.34.1");
        assert!(machine.spec.provider_id.is_some() && machine.status.node_ref.is_some());
    }
}
