//! The life of a Shoot, step by step: what scheduler, gardenlet and controllers do.

use serde_json::{Value, json};

use crate::testing::{
    Habits, Kept, Resource,
    controller::dated,
    kept::{now, text},
    workload,
};

/// How much of an operation a step is, in percent.
const STEP: u64 = 45;

/// Takes a Shoot one step further. Answers whether there is more to do.
pub(in crate::testing) fn step(
    objects: &mut Kept<'_>,
    habits: &Habits,
    namespace: &str,
    name: &str,
) -> bool {
    let Some(mut shoot) = objects.get(&Resource::SHOOT, namespace, name).cloned() else {
        return false;
    };
    let deleting = !shoot["metadata"]["deletionTimestamp"].is_null();
    let last = &shoot["status"]["lastOperation"];
    let succeeded = last["state"] == "Succeeded";
    let kind = match text(last, "type") {
        _ if deleting => "Delete",
        "" => "Create",
        "Create" if !succeeded => "Create",
        _ => "Reconcile",
    };
    let known = shoot["status"]["observedGeneration"] == shoot["metadata"]["generation"];
    if succeeded && known && !deleting {
        return false;
    }
    let progress = match (last["type"] == kind && last["state"] == "Processing").then_some(last) {
        Some(last) => last["progress"].as_u64().unwrap_or_default() + STEP,
        None => 10,
    };
    if shoot["spec"]["seedName"].is_null() {
        schedule(objects, &mut shoot);
    }
    shoot["status"]["observedGeneration"] = shoot["metadata"]["generation"].clone();
    let done = progress >= 100;
    if progress > 10 && !deleting {
        let url = workload::url(habits, namespace, name);
        let addresses = ["external", "internal"].map(|name| json!({"name": name, "url": url}));
        shoot["status"]["advertisedAddresses"] = json!(addresses);
    }
    if done && deleting {
        let scope = format!("{namespace}/{name}");
        let nodes = objects.select(&Resource::NODE, Some(&scope));
        let names: Vec<_> =
            nodes.iter().map(|(_, node)| text(&node["metadata"], "name").to_owned()).collect();
        for name in &names {
            objects.remove(&Resource::NODE, &scope, name);
        }
        if let Some(finalizers) = shoot["metadata"]["finalizers"].as_array_mut() {
            finalizers.retain(|name| name != "gardener");
        }
    } else if done {
        staff(objects, &shoot);
    }
    report(&mut shoot, kind, progress.min(100));
    objects.put(&Resource::SHOOT, shoot);
    !done
}

/// The Shoot gets a Seed, and with it what the Seed decides.
fn schedule(objects: &mut Kept<'_>, shoot: &mut Value) {
    let (name, namespace) = {
        let metadata = &shoot["metadata"];
        (text(metadata, "name").to_owned(), text(metadata, "namespace").to_owned())
    };
    let project = namespace.trim_start_matches("garden-");
    let spec = &mut shoot["spec"];
    spec["seedName"] = "lab".into();
    spec["dns"]["domain"] = format!("{name}.{project}.shoot.lab.invalid").into();
    spec["networking"]["pods"] = "100.96.0.0/11".into();
    spec["networking"]["services"] = "100.64.0.0/13".into();
    shoot["metadata"]["finalizers"] = json!(["gardener"]);
    objects.put(&Resource::SHOOT, shoot.clone());
    if let Some(kept) = objects.get(&Resource::SHOOT, &namespace, &name) {
        shoot.clone_from(kept);
    }
    let id = format!("shoot--{project}--{name}");
    shoot["status"]["technicalID"] = id.as_str().into();
    shoot["status"]["clusterIdentity"] = format!("{id}-lab").into();
    shoot["status"]["seedName"] = "lab".into();
    shoot["status"]["gardener"] = json!({"id": "lab", "name": "gardenlet", "version": "v1.149.3"});
}

/// Each pool gets its minimum of nodes, of the Shoot's version.
fn staff(objects: &mut Kept<'_>, shoot: &Value) {
    let metadata = &shoot["metadata"];
    let scope = format!("{}/{}", text(metadata, "namespace"), text(metadata, "name"));
    let version = format!("v{}", text(&shoot["spec"]["kubernetes"], "version"));
    let id = text(&shoot["status"], "technicalID").to_owned();
    let mut wanted = Vec::new();
    for worker in shoot["spec"]["provider"]["workers"].as_array().into_iter().flatten() {
        let pool = text(worker, "name");
        let count = worker["minimum"].as_u64().unwrap_or_default();
        wanted.extend((0..count).map(|number| format!("{id}-{pool}-z1-{number:05}")));
    }
    let nodes = objects.select(&Resource::NODE, Some(&scope));
    let present: Vec<_> =
        nodes.iter().map(|(_, node)| text(&node["metadata"], "name").to_owned()).collect();
    for name in present.iter().filter(|name| !wanted.contains(name)) {
        objects.remove(&Resource::NODE, &scope, name);
    }
    for name in &wanted {
        workload::join(objects, &scope, name, &version, false);
    }
}

/// What the Shoot says about itself.
fn report(shoot: &mut Value, kind: &str, progress: u64) {
    let done = progress == 100;
    let (state, health, status) = if done {
        ("Succeeded", "healthy", "True")
    } else {
        ("Processing", "progressing", "Progressing")
    };
    let description = match (done, kind) {
        (false, _) => "Waiting until shoot control plane has been reconciled".to_owned(),
        (true, "Reconcile") => "Shoot cluster has been successfully reconciled.".to_owned(),
        (true, kind) => {
            format!("Shoot cluster has been successfully {}d.", kind.to_ascii_lowercase())
        }
    };
    shoot["metadata"]["labels"]["shoot.gardener.cloud/status"] = health.into();
    let now = now();
    let condition = |name: &str, reason: &str, status: &str| {
        json!({
            "type": name,
            "status": status,
            "reason": reason,
            "message": reason,
            "lastUpdateTime": now,
        })
    };
    let conditions = [
        ("APIServerAvailable", "HealthzRequestSucceeded"),
        ("ControlPlaneHealthy", "ControlPlaneRunning"),
        ("EveryNodeReady", "EveryNodeReady"),
        ("ObservabilityComponentsHealthy", "ObservabilityComponentsRunning"),
        ("SystemComponentsHealthy", "SystemComponentsRunning"),
    ];
    let conditions =
        conditions.into_iter().map(|(name, reason)| condition(name, reason, status)).collect();
    let constraint = condition("HibernationPossible", "NoProblematicWebhooks", "True");
    let seen = &mut shoot["status"];
    seen["conditions"] = dated(&seen["conditions"], conditions);
    seen["constraints"] = dated(&seen["constraints"], vec![constraint]);
    seen["lastOperation"] = json!({
        "type": kind,
        "state": state,
        "progress": progress,
        "description": description,
        "lastUpdateTime": now,
    });
}
