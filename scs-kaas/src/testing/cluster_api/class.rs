//! The ClusterClasses that are there: those of the Kubernetes lab, in the style of an SCS cluster
//! stack.

use serde_json::{Value, json};

use super::conditions::{observed, old};
use crate::testing::{CLUSTERS, Kept, Resource, controller};

pub(super) fn seed(objects: &mut Kept<'_>) {
    for (name, second) in [
        ("inmemory-scs2-1-33-v1", false),
        ("inmemory-scs2-1-34-v1", false),
        ("inmemory-scs2-1-34-v2", true),
    ] {
        objects.put(&Resource::CLUSTER_CLASS, class(name, second));
    }
}

fn class(name: &str, second: bool) -> Value {
    let template = |group: &str, kind: &str, part: &str| {
        let version = format!("{group}.cluster.x-k8s.io/v1beta2");
        let name = format!("{name}-{part}");
        json!({"templateRef": {"apiVersion": version, "kind": kind, "name": name}})
    };
    let bootstrap = template("bootstrap", "KubeadmConfigTemplate", "worker");
    let machine = |part| template("infrastructure", "DevMachineTemplate", part);
    let machines = machine("worker");
    let worker = |class: &str| {
        let (bootstrap, machines) = (&bootstrap, &machines);
        json!({"class": class, "bootstrap": bootstrap, "infrastructure": machines})
    };
    let mut workers = vec![worker("default-worker")];
    let mut variables = variables();
    if second {
        workers.push(worker("storage-worker"));
        variables.push(variable("auditLog", false, json!({"type": "boolean", "default": false})));
    }
    let mut control_plane =
        template("controlplane", "KubeadmControlPlaneTemplate", "control-plane");
    control_plane["machineInfrastructure"] = machine("control-plane");
    let conditions = vec![
        controller::condition("RefVersionsUpToDate", "True", "RefVersionsUpToDate", ""),
        controller::condition("VariablesReady", "True", "VariablesReady", ""),
        controller::condition("Paused", "False", "NotPaused", ""),
    ];
    let conditions = observed(&Value::Null, conditions, &json!(1));
    let old = old(
        &conditions,
        &[
            ("RefVersionsUpToDate", "RefVersionsUpToDate"),
            ("VariablesReconciled", "VariablesReady"),
        ],
    );
    let known: Vec<_> = variables
        .iter()
        .map(|variable| {
            let (required, schema) = (&variable["required"], &variable["schema"]);
            let definition = json!({"from": "inline", "required": required, "schema": schema});
            json!({
                "name": variable["name"],
                "definitionsConflict": false,
                "definitions": [definition],
            })
        })
        .collect();
    json!({
        "metadata": {
            "name": name,
            "namespace": CLUSTERS,
            "labels": {"lab.invalid/stack": "inmemory-scs2"},
        },
        "spec": {
            "infrastructure": template("infrastructure", "DevClusterTemplate", "cluster"),
            "controlPlane": control_plane,
            "workers": {"machineDeployments": workers},
            "variables": variables,
        },
        "status": {
            "observedGeneration": 1,
            "conditions": conditions,
            "deprecated": {"v1beta1": {"conditions": old}},
            "variables": known,
        },
    })
}

fn variable(name: &str, required: bool, schema: Value) -> Value {
    json!({"name": name, "required": required, "schema": {"openAPIV3Schema": schema}})
}

fn variables() -> Vec<Value> {
    let flavor = json!({
        "type": "string",
        "description": "Flavor of the worker machines.",
        "enum": ["SCS-2V-4", "SCS-4V-8", "SCS-8V-16"],
        "example": "SCS-2V-4",
        "default": "SCS-2V-4",
    });
    let disk = json!({
        "type": "integer",
        "format": "int32",
        "description": "Size of the root disks in GiB.",
        "minimum": 10,
        "maximum": 4096,
        "default": 20,
    });
    let names = json!({
        "type": "array",
        "description": "Further names in the API server's certificate.",
        "maxItems": 20,
        "uniqueItems": true,
        "default": [],
        "items": {"type": "string", "minLength": 1, "maxLength": 253},
    });
    let servers = json!({
        "type": "array",
        "default": ["192.0.2.53"],
        "items": {"type": "string", "format": "ipv4"},
    });
    let labels =
        json!({"type": "object", "additionalProperties": {"type": "string", "maxLength": 63}});
    let oidc = json!({
        "type": "object",
        "required": ["issuerURL"],
        "properties": {
            "issuerURL": {"type": "string", "format": "uri"},
            "clientID": {"type": "string", "default": "kubernetes"},
            "usernamePrefix": {"type": "string"},
        },
        "x-kubernetes-validations": [{
            "rule": "self.issuerURL.startsWith('https://')",
            "message": "the issuer must use https",
        }],
    });
    let startup = json!({
        "type": "string",
        "description": "How long a machine takes to boot, such as 30s.",
        "pattern": "^[0-9]+(ms|s|m)$",
        "default": "1s",
    });
    let control_plane = json!({
        "type": "string",
        "pattern": "^SCS-[0-9]+[VLTC]-[0-9]+.*$",
        "default": "SCS-2V-4",
    });
    vec![
        variable("workerMachineFlavor", true, flavor),
        variable("controlPlaneMachineFlavor", false, control_plane),
        variable("rootDiskSize", false, disk),
        variable("certSANs", false, names),
        variable("dnsNameservers", false, servers),
        variable("nodeLabels", false, labels),
        variable("oidc", false, oidc),
        variable("machineStartup", false, startup),
    ]
}
