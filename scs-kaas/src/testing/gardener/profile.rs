//! What is there: the CloudProfile and the binding of the Kubernetes lab.

use serde_json::{Value, json};

use super::CREDENTIALS_BINDING;
use crate::testing::{Kept, Resource, SHOOTS};

pub(super) fn seed(objects: &mut Kept<'_>) {
    objects.put(&Resource::CLOUD_PROFILE, profile());
    let binding = json!({
        "metadata": {"name": "lab", "namespace": SHOOTS},
        "provider": {"type": "openstack"},
        "credentialsRef":
            {"apiVersion": "v1", "kind": "Secret", "name": "lab", "namespace": SHOOTS},
    });
    objects.put(&CREDENTIALS_BINDING, binding);
}

fn profile() -> Value {
    let version = |version: &str, classification: &str| {
        let mut found = json!({"version": version, "classification": classification});
        if classification == "deprecated" {
            found["expirationDate"] = "2099-01-01T00:00:00Z".into();
        }
        found
    };
    let image = |version: &str, classification: &str| {
        json!({
            "version": version,
            "classification": classification,
            "cri": [{"name": "containerd"}],
            "architectures": ["amd64"],
        })
    };
    let machine = |name: &str, cpu: &str, memory: &str, usable: bool| {
        json!({
            "name": name,
            "cpu": cpu,
            "gpu": "0",
            "memory": memory,
            "usable": usable,
            "architecture": "amd64",
        })
    };
    json!({
        "metadata": {
            "name": "scs",
            "labels": {"provider.extensions.gardener.cloud/openstack": "true"},
        },
        "spec": {
            "type": "openstack",
            "kubernetes": {"versions": [
                version("1.35.2", "preview"),
                version("1.34.4", "supported"),
                version("1.34.1", "deprecated"),
                version("1.33.8", "supported"),
                version("1.33.5", "deprecated"),
            ]},
            "machineImages": [
                {
                    "name": "gardenlinux",
                    "updateStrategy": "minor",
                    "versions": [image("1877.5.0", "supported"), image("1877.2.0", "deprecated")],
                },
                {
                    "name": "ubuntu",
                    "updateStrategy": "major",
                    "versions": [image("24.4.20260701", "supported")],
                },
            ],
            "machineTypes": [
                machine("SCS-2V-4", "2", "4Gi", true),
                machine("SCS-4V-8", "4", "8Gi", true),
                machine("SCS-8V-16", "8", "16Gi", true),
                machine("SCS-1L-1", "1", "1Gi", false),
            ],
            "volumeTypes": [{"name": "ssd", "class": "standard", "usable": true}],
            "regions": [{"name": "RegionOne", "zones": [{"name": "nova"}, {"name": "nova2"}]}],
        },
        "status": {},
    })
}
