//! The objects of Cluster API in v1beta1. They are kept in v1beta2.

use serde_json::{Map, Value, json};

use crate::testing::{Resource, kept::text};

/// Moves a member to another path, if it is there.
fn rename(value: &mut Value, from: &str, to: &str) {
    let Some(members) = value.as_object_mut() else { return };
    if let Some(member) = members.remove(from) {
        members.insert(to.to_owned(), member);
    }
}

/// An object of v1beta2 in v1beta1.
pub(super) fn show(kind: &Resource, object: &Value) -> Value {
    let mut object = object.clone();
    let namespace = object["metadata"]["namespace"].clone();
    if object["spec"].is_object() {
        references(&mut object["spec"], &|reference| old_reference(reference, &namespace));
    }
    match *kind {
        Resource::CLUSTER if object["spec"]["topology"].is_object() => {
            let topology = &mut object["spec"]["topology"];
            let class = topology["classRef"].take();
            topology["class"] = class["name"].clone();
            if !class["namespace"].is_null() {
                topology["classNamespace"] = class["namespace"].clone();
            }
            drop_member(topology, "classRef");
        }
        Resource::CLUSTER_CLASS => {
            each_template(&mut object["spec"], "templateRef", "ref", "machineInfrastructure");
        }
        _ => {}
    }
    if object["status"].is_object() {
        old_status(kind, &mut object["status"]);
    }
    object
}

/// An object of v1beta1 in v1beta2. Its status is not looked at: it is written elsewhere.
pub(super) fn keep(kind: &Resource, mut object: Value) -> Value {
    if object["spec"].is_object() {
        references(&mut object["spec"], &new_reference);
    }
    match *kind {
        Resource::CLUSTER if object["spec"]["topology"].is_object() => {
            let topology = &mut object["spec"]["topology"];
            let mut class = Map::new();
            for (old, new) in [("class", "name"), ("classNamespace", "namespace")] {
                if let Some(value) = topology.as_object_mut().and_then(|all| all.remove(old)) {
                    class.insert(new.to_owned(), value);
                }
            }
            if !class.is_empty() {
                topology["classRef"] = class.into();
            }
        }
        Resource::CLUSTER_CLASS => {
            each_template(&mut object["spec"], "ref", "templateRef", "machineInfrastructure");
        }
        _ => {}
    }
    object
}

fn drop_member(value: &mut Value, name: &str) {
    if let Some(members) = value.as_object_mut() {
        members.remove(name);
    }
}

/// Changes each reference of a spec, wherever it is.
fn references(value: &mut Value, change: &impl Fn(&mut Value)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if ["configRef", "infrastructureRef", "controlPlaneRef"].contains(&name.as_str()) {
                    change(member);
                } else {
                    references(member, change);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| references(item, change)),
        _ => {}
    }
}

fn old_reference(reference: &mut Value, namespace: &Value) {
    let group = text(reference, "apiGroup").to_owned();
    drop_member(reference, "apiGroup");
    reference["apiVersion"] = format!("{group}/v1beta2").into();
    reference["namespace"] = namespace.clone();
}

fn new_reference(reference: &mut Value) {
    let version = text(reference, "apiVersion").to_owned();
    if let Some((group, _)) = version.split_once('/') {
        reference["apiGroup"] = group.into();
        drop_member(reference, "apiVersion");
        drop_member(reference, "namespace");
    }
}

/// Renames what points to the templates of a ClusterClass.
fn each_template(spec: &mut Value, from: &str, to: &str, machine: &str) {
    for part in ["infrastructure", "controlPlane"] {
        rename(&mut spec[part], from, to);
    }
    rename(&mut spec["controlPlane"][machine], from, to);
    let workers = spec["workers"]["machineDeployments"].as_array_mut();
    for worker in workers.into_iter().flatten() {
        if to == "ref" {
            let template = json!({
                "bootstrap": worker["bootstrap"].take(),
                "infrastructure": worker["infrastructure"].take(),
            });
            worker["template"] = template;
            drop_member(worker, "bootstrap");
            drop_member(worker, "infrastructure");
            for part in ["bootstrap", "infrastructure"] {
                rename(&mut worker["template"][part], from, to);
            }
        } else {
            let mut template = worker["template"].take();
            drop_member(worker, "template");
            for part in ["bootstrap", "infrastructure"] {
                rename(&mut template[part], from, to);
                worker[part] = template[part].take();
            }
        }
    }
}

fn old_status(kind: &Resource, status: &mut Value) {
    let mut new = json!({"conditions": status["conditions"].take()});
    status["conditions"] = status["deprecated"]["v1beta1"]["conditions"].take();
    if status["conditions"].is_null() {
        drop_member(status, "conditions");
    }
    drop_member(status, "deprecated");
    let ready = status["initialization"].take();
    drop_member(status, "initialization");
    let names: &[(&str, &str)] = match *kind {
        Resource::CLUSTER => &[
            ("infrastructureProvisioned", "infrastructureReady"),
            ("controlPlaneInitialized", "controlPlaneReady"),
        ],
        Resource::MACHINE => &[
            ("infrastructureProvisioned", "infrastructureReady"),
            ("bootstrapDataSecretCreated", "bootstrapReady"),
        ],
        Resource::CONTROL_PLANE => &[("controlPlaneInitialized", "initialized")],
        _ => &[],
    };
    for (from, to) in names {
        status[*to] = (ready[*from] == true).into();
    }
    let moved: &[&str] = match *kind {
        Resource::CLUSTER => &["controlPlane", "workers"],
        Resource::MACHINE_DEPLOYMENT | Resource::CONTROL_PLANE => &["upToDateReplicas"],
        _ => &[],
    };
    for member in moved {
        new[*member] = status[*member].take();
        drop_member(status, member);
    }
    if *kind == Resource::MACHINE_DEPLOYMENT {
        for member in ["readyReplicas", "availableReplicas"] {
            new[member] = status[member].clone();
        }
        status["updatedReplicas"] = new["upToDateReplicas"].clone();
        let (all, ready) = (status["replicas"].as_u64(), status["readyReplicas"].as_u64());
        let missing = all.unwrap_or_default().saturating_sub(ready.unwrap_or_default());
        status["unavailableReplicas"] = missing.into();
    }
    status["v1beta2"] = new;
}
