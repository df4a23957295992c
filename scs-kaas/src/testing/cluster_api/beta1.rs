//! The objects of Cluster API in v1beta1. They are kept in v1beta2.

use serde_json::{Value, json};

use crate::testing::{Resource, kept::text};

/// A path in v1beta2, and where that is in v1beta1.
type Place = (&'static [&'static str], &'static [&'static str]);

const CLUSTER: &[Place] = &[
    (&["topology", "classRef", "name"], &["topology", "class"]),
    (&["topology", "classRef", "namespace"], &["topology", "classNamespace"]),
];
const CLASS: &[Place] = &[
    (&["infrastructure", "templateRef"], &["infrastructure", "ref"]),
    (&["controlPlane", "templateRef"], &["controlPlane", "ref"]),
    (
        &["controlPlane", "machineInfrastructure", "templateRef"],
        &["controlPlane", "machineInfrastructure", "ref"],
    ),
];
const WORKER_CLASS: &[Place] = &[
    (&["bootstrap", "templateRef"], &["template", "bootstrap", "ref"]),
    (&["infrastructure", "templateRef"], &["template", "infrastructure", "ref"]),
];
const DEPLOYMENT: &[Place] = &[(&["rollout", "strategy"], &["strategy"])];
const CONTROL_PLANE: &[Place] = &[
    (&["rollout", "strategy"], &["rolloutStrategy"]),
    (&["machineTemplate", "spec", "infrastructureRef"], &["machineTemplate", "infrastructureRef"]),
];

fn places(kind: &Resource) -> &'static [Place] {
    match *kind {
        Resource::CLUSTER => CLUSTER,
        Resource::CLUSTER_CLASS => CLASS,
        Resource::MACHINE_DEPLOYMENT => DEPLOYMENT,
        Resource::CONTROL_PLANE => CONTROL_PLANE,
        _ => &[],
    }
}

/// An object of v1beta2 in v1beta1.
pub(super) fn show(kind: &Resource, object: &Value) -> Value {
    let mut object = object.clone();
    let namespace = object["metadata"]["namespace"].clone();
    if let Some(spec) = object.get_mut("spec") {
        references(spec, &|reference| old_reference(reference, &namespace));
        each(kind, spec, |part, (new, old)| relocate(part, new, old));
    }
    if let Some(status) = object.get_mut("status") {
        old_status(kind, status);
    }
    object
}

/// An object of v1beta1 in v1beta2. Its status is not looked at: it is written elsewhere.
pub(super) fn keep(kind: &Resource, mut object: Value) -> Value {
    if let Some(spec) = object.get_mut("spec") {
        references(spec, &new_reference);
        each(kind, spec, |part, (new, old)| relocate(part, old, new));
    }
    object
}

/// Does something for each place of a spec that differs.
fn each(kind: &Resource, spec: &mut Value, change: impl Fn(&mut Value, &Place)) {
    for place in places(kind) {
        change(spec, place);
    }
    if *kind == Resource::CLUSTER_CLASS {
        let workers = spec.pointer_mut("/workers/machineDeployments");
        for worker in workers.and_then(Value::as_array_mut).into_iter().flatten() {
            for place in WORKER_CLASS {
                change(worker, place);
            }
        }
    }
}

/// Moves a member, and takes away what is empty then.
fn relocate(value: &mut Value, from: &[&str], to: &[&str]) {
    if let Some(moved) = take(value, from) {
        let place = to.iter().fold(value, |value, member| &mut value[*member]);
        *place = moved;
    }
}

fn take(value: &mut Value, path: &[&str]) -> Option<Value> {
    let (first, rest) = path.split_first()?;
    let members = value.as_object_mut()?;
    if rest.is_empty() {
        return members.remove(*first);
    }
    let inner = members.get_mut(*first)?;
    let taken = take(inner, rest)?;
    if *inner == json!({}) {
        members.remove(*first);
    }
    Some(taken)
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
    if let Some(Value::String(group)) = take(reference, &["apiGroup"]) {
        reference["apiVersion"] = format!("{group}/v1beta2").into();
        reference["namespace"] = namespace.clone();
    }
}

fn new_reference(reference: &mut Value) {
    let version = text(reference, "apiVersion").to_owned();
    if let Some((group, _)) = version.split_once('/') {
        reference["apiGroup"] = group.into();
        take(reference, &["apiVersion"]);
        take(reference, &["namespace"]);
    }
}

/// What v1beta2 has anew moves aside, and what it has put aside comes back.
fn old_status(kind: &Resource, status: &mut Value) {
    let (moved, booleans): (&[&str], &[(&str, &str)]) = match *kind {
        Resource::CLUSTER => (
            &["conditions", "controlPlane", "workers"],
            &[
                ("infrastructureProvisioned", "infrastructureReady"),
                ("controlPlaneInitialized", "controlPlaneReady"),
            ],
        ),
        Resource::MACHINE => (
            &["conditions"],
            &[
                ("infrastructureProvisioned", "infrastructureReady"),
                ("bootstrapDataSecretCreated", "bootstrapReady"),
            ],
        ),
        Resource::CONTROL_PLANE => (
            &["conditions", "availableReplicas", "readyReplicas", "upToDateReplicas"],
            &[("controlPlaneInitialized", "initialized"), ("controlPlaneInitialized", "ready")],
        ),
        Resource::MACHINE_DEPLOYMENT | Resource::MACHINE_SET => {
            (&["conditions", "availableReplicas", "readyReplicas", "upToDateReplicas"], &[])
        }
        _ => (&["conditions"], &[]),
    };
    for member in moved {
        relocate(status, &[member], &["v1beta2", member]);
    }
    let old = take(status, &["deprecated", "v1beta1"]);
    let known = take(status, &["initialization"]).unwrap_or_default();
    let Some(members) = status.as_object_mut() else { return };
    if let Some(Value::Object(old)) = old {
        members.extend(old);
    }
    for (new, old) in booleans {
        if known[*new] == true || *kind != Resource::CONTROL_PLANE {
            members.insert((*old).to_owned(), (known[*new] == true).into());
        }
    }
    if let Some(node) = members.get_mut("nodeRef") {
        node["apiVersion"] = "v1".into();
        node["kind"] = "Node".into();
    }
}
