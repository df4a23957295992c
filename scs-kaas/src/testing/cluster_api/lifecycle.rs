//! The life of a Cluster, step by step.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{
    CLUSTER_NAME, admission,
    machines::{self, Pool, World, fingerprint, owned_by},
    reference, status,
};
use crate::testing::{
    Habits, Kept, Resource,
    kept::text,
    workload::{self, Role},
};

const FINALIZER: &str = "cluster.cluster.x-k8s.io";
const OWNED: &str = "topology.cluster.x-k8s.io/owned";

/// Takes a cluster one step further. Answers whether there is more to do.
pub(in crate::testing) fn step(
    objects: &mut Kept<'_>,
    habits: &Habits,
    namespace: &str,
    name: &str,
) -> bool {
    let Some(mut cluster) = objects.get(&Resource::CLUSTER, namespace, name).cloned() else {
        return false;
    };
    if cluster["spec"]["topology"].is_null() {
        return false;
    }
    if cluster["spec"]["paused"] == true {
        status::pause(&mut cluster);
        objects.put(&Resource::CLUSTER, cluster);
        return false;
    }
    let world = World::of(objects, namespace, name);
    let more = if cluster["metadata"]["deletionTimestamp"].is_null() {
        advance(objects, habits, &mut cluster, &world)
    } else {
        dissolve(objects, &mut cluster, &world)
    };
    // What has been done shows at once.
    let world = World::of(objects, namespace, name);
    world.pools().for_each(|pool| pool.report(objects));
    status::report(&mut cluster, &world);
    objects.put(&Resource::CLUSTER, cluster);
    more
}

fn advance(objects: &mut Kept<'_>, habits: &Habits, cluster: &mut Value, world: &World) -> bool {
    let generation = cluster["metadata"]["generation"].clone();
    if admission::class_of(objects, cluster).is_none() {
        return false;
    }
    let observed = std::mem::replace(&mut cluster["status"]["observedGeneration"], generation);
    if world.control_plane.is_none() {
        begin(objects, cluster);
        return true;
    }
    if cluster["status"]["initialization"]["infrastructureProvisioned"] != true {
        provision(objects, habits, cluster);
        return true;
    }
    if observed != cluster["status"]["observedGeneration"] {
        // The change is known, but nothing has come of it yet.
        return true;
    }
    adopt(objects, cluster, world) || converge(objects, cluster, world)
}

/// The control plane and the pools are made, without machines.
fn begin(objects: &mut Kept<'_>, cluster: &mut Value) {
    let metadata = &mut cluster["metadata"];
    let name = text(metadata, "name").to_owned();
    metadata["labels"][CLUSTER_NAME] = name.as_str().into();
    metadata["labels"][OWNED] = "".into();
    let mut finalizers = metadata["finalizers"].as_array().cloned().unwrap_or_default();
    if !finalizers.iter().any(|name| name == FINALIZER) {
        finalizers.push(FINALIZER.into());
    }
    metadata["finalizers"] = finalizers.into();
    let random = objects.state.mint();
    let own = format!("{name}-{}", &random[..5]);
    cluster["spec"]["infrastructureRef"] = reference("infrastructure", "DevCluster", &own);
    cluster["spec"]["controlPlaneRef"] = reference("controlplane", "KubeadmControlPlane", &own);
    let object = blank(&own, cluster);
    objects.put(&Resource::CONTROL_PLANE, control_plane(object, cluster));
    for pool in pools(cluster) {
        let made = deployment(new_deployment(objects, cluster, &pool), cluster, &pool, true);
        objects.put(&Resource::MACHINE_DEPLOYMENT, made);
    }
}

/// The infrastructure is there, and the control plane has an address.
fn provision(objects: &mut Kept<'_>, habits: &Habits, cluster: &mut Value) {
    cluster["status"]["initialization"]["infrastructureProvisioned"] = true.into();
    let host = habits.url().trim_start_matches("http://");
    let (host, port) = host.rsplit_once(':').unwrap_or((host, "80"));
    let port: u16 = port.parse().unwrap_or_default();
    cluster["spec"]["controlPlaneEndpoint"] = json!({"host": host, "port": port});
    let metadata = &cluster["metadata"];
    let name = format!("{}-kubeconfig", text(metadata, "name"));
    let mut secret = blank(&name, cluster);
    if let Some(labels) = secret["metadata"]["labels"].as_object_mut() {
        labels.remove(OWNED);
    }
    let own = &cluster["spec"]["controlPlaneRef"]["name"];
    let control_plane = objects.get(
        &Resource::CONTROL_PLANE,
        text(metadata, "namespace"),
        own.as_str().unwrap_or(""),
    );
    if let Some(control_plane) = control_plane {
        let owner = owned_by(&Resource::CONTROL_PLANE, &control_plane["metadata"]);
        secret["metadata"]["ownerReferences"] = json!([owner]);
    }
    secret["type"] = "cluster.x-k8s.io/secret".into();
    secret["data"] =
        json!({"value": STANDARD.encode(workload::kubeconfig(habits, cluster, Role::Admin))});
    objects.put(&Resource::SECRET, secret);
}

/// The control plane and the pools learn what the topology asks for; a new version reaches
/// workers when the control plane has it. Answers whether that was anything new.
fn adopt(objects: &mut Kept<'_>, cluster: &Value, world: &World) -> bool {
    let mut changed = false;
    let mut set = |objects: &mut Kept<'_>, pool: &Pool, object: Value| {
        if object["spec"] != pool.object["spec"] {
            objects.put(&pool.kind, object);
            changed = true;
        }
    };
    let topology = &cluster["spec"]["topology"];
    let mut ready = false;
    if let Some(pool) = &world.control_plane {
        set(objects, pool, control_plane(pool.object.clone(), cluster));
        ready = pool.is_settled() && pool.version() == &topology["version"];
    }
    let wanted = pools(cluster);
    for pool in &world.workers {
        let label = &pool.object["metadata"]["labels"][machines::POOL];
        let mut object = pool.object.clone();
        match wanted.iter().find(|wanted| wanted["name"] == *label) {
            Some(wanted) => object = deployment(object, cluster, wanted, ready),
            None => object["spec"]["replicas"] = 0.into(),
        }
        set(objects, pool, object);
    }
    for pool in &wanted {
        let known = world
            .workers
            .iter()
            .any(|known| known.object["metadata"]["labels"][machines::POOL] == pool["name"]);
        if !known && ready {
            let made = new_deployment(objects, cluster, pool);
            objects.put(&Resource::MACHINE_DEPLOYMENT, deployment(made, cluster, pool, true));
            changed = true;
        }
    }
    changed
}

/// Machines come and go. Answers whether there was anything to do.
fn converge(objects: &mut Kept<'_>, cluster: &mut Value, world: &World) -> bool {
    let Some(control_plane) = &world.control_plane else { return false };
    let moved = control_plane.converge(objects);
    let initialized = &mut cluster["status"]["initialization"]["controlPlaneInitialized"];
    if *initialized != true {
        if control_plane.running() > 0 {
            *initialized = true.into();
            return true;
        }
        return moved;
    }
    let wanted = pools(cluster);
    world.workers.iter().fold(moved, |moved, pool| {
        let label = &pool.object["metadata"]["labels"][machines::POOL];
        let kept = wanted.iter().any(|wanted| wanted["name"] == *label);
        if !kept && pool.machines.is_empty() {
            pool.remove(objects);
            return true;
        }
        pool.converge(objects) || moved
    })
}

/// All of a cluster goes: workers, control plane, and the cluster when nobody else holds it.
fn dissolve(objects: &mut Kept<'_>, cluster: &mut Value, world: &World) -> bool {
    let namespace = text(&cluster["metadata"], "namespace").to_owned();
    let workers = world.workers.iter().flat_map(|pool| &pool.machines).count();
    let groups = if workers > 0 {
        world.workers.iter().collect()
    } else {
        world.pools().collect::<Vec<_>>()
    };
    if groups.iter().any(|pool| !pool.machines.is_empty()) {
        for pool in groups {
            for machine in &pool.machines {
                machines::release(objects, machine);
            }
            pool.converge(objects);
        }
        return true;
    }
    for pool in world.pools() {
        pool.remove(objects);
    }
    let secret = format!("{}-kubeconfig", text(&cluster["metadata"], "name"));
    objects.remove(&Resource::SECRET, &namespace, &secret);
    if let Some(finalizers) = cluster["metadata"]["finalizers"].as_array_mut() {
        finalizers.retain(|name| name != FINALIZER);
    }
    false
}

/// The pools that the topology asks for.
fn pools(cluster: &Value) -> Vec<Value> {
    let pools = &cluster["spec"]["topology"]["workers"]["machineDeployments"];
    pools.as_array().cloned().unwrap_or_default()
}

/// An object of a cluster.
fn blank(name: &str, cluster: &Value) -> Value {
    let metadata = &cluster["metadata"];
    let labels = json!({CLUSTER_NAME: metadata["name"], OWNED: ""});
    json!({
        "metadata": {
            "name": name,
            "namespace": metadata["namespace"],
            "labels": labels,
            "ownerReferences": [owned_by(&Resource::CLUSTER, metadata)],
        },
    })
}

fn new_deployment(objects: &mut Kept<'_>, cluster: &Value, pool: &Value) -> Value {
    let (name, random) = (text(&cluster["metadata"], "name"), objects.state.mint());
    let own = format!("{name}-{}-{}", text(pool, "name"), &random[..5]);
    let mut object = blank(&own, cluster);
    object["metadata"]["labels"][machines::POOL] = pool["name"].clone();
    object["metadata"]["ownerReferences"] =
        json!([machines::of(&Resource::CLUSTER, &cluster["metadata"])]);
    object
}

fn control_plane(mut object: Value, cluster: &Value) -> Value {
    let topology = &cluster["spec"]["topology"];
    let name = text(&cluster["metadata"], "name");
    let hash = fingerprint(topology, None);
    let spec = &mut object["spec"];
    spec["replicas"] = replicas(&topology["controlPlane"]);
    spec["version"] = topology["version"].clone();
    spec["rollout"]["strategy"] =
        json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}});
    let template = format!("{name}-control-plane-{hash}");
    spec["machineTemplate"]["spec"]["infrastructureRef"] =
        reference("infrastructure", "DevMachineTemplate", &template);
    object
}

/// A MachineDeployment as the topology asks for it; `whole` if that includes its template.
fn deployment(mut object: Value, cluster: &Value, pool: &Value, whole: bool) -> Value {
    let topology = &cluster["spec"]["topology"];
    let name = text(&cluster["metadata"], "name");
    let spec = &mut object["spec"];
    spec["clusterName"] = name.into();
    spec["replicas"] = replicas(pool);
    spec["rollout"]["strategy"] =
        json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}});
    spec["selector"] =
        json!({"matchLabels": {CLUSTER_NAME: name, machines::POOL: pool["name"], OWNED: ""}});
    if whole {
        let hash = fingerprint(topology, Some(&pool["class"]));
        let own = format!("{name}-{}-{hash}", text(pool, "name"));
        spec["template"] = json!({
            "metadata": {"labels": {CLUSTER_NAME: name, machines::POOL: pool["name"], OWNED: ""}},
            "spec": {
                "clusterName": name,
                "version": topology["version"],
                "bootstrap": {"configRef": reference("bootstrap", "KubeadmConfigTemplate", &own)},
                "infrastructureRef": reference("infrastructure", "DevMachineTemplate", &own),
            },
        });
    }
    object
}

fn replicas(pool: &Value) -> Value {
    if pool["replicas"].is_null() { 1.into() } else { pool["replicas"].clone() }
}
