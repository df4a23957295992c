//! The API servers of workload clusters, below the path of the one that manages them.

use http::Method;
use scs_core::testing::{Answer, Answered, Call, FakeServer, FakeService};
use serde_json::{Value, json};

use super::{
    Habits, Kept, Resource, api_server, discovery,
    kept::{now, text},
    status,
};

/// The first segment of the paths.
const PREFIX: &str = "workload";

pub(super) fn serve(server: &FakeServer, habits: &Habits) {
    let service = FakeService::new(PREFIX)
        .failures(status::plain)
        .gate(authenticate)
        .on(Method::GET, "{}/{}/version", |call| {
            let scope = call.ids[..2].join("/");
            let objects = Kept::new(call.state);
            let nodes = objects.select(&Resource::NODE, Some(&scope));
            let release = nodes
                .first()
                .map_or("", |(_, node)| text(&node["status"]["nodeInfo"], "kubeletVersion"));
            Ok(Answer::json(200, discovery::version(release)))
        })
        .on(Method::GET, "{}/{}/api", |_| Ok(Answer::json(200, discovery::core_versions())))
        .on(Method::GET, "{}/{}/apis", |_| {
            Ok(Answer::json(200, json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": []})))
        })
        .on(Method::GET, "{}/{}/api/v1", |_| {
            Ok(Answer::json(200, discovery::resources(&[Resource::NODE], "", "v1")))
        });
    server.serve(api_server::workload_service(Resource::NODE, service, habits));
}

/// Lets pass who has the token of the cluster's kubeconfig. No one else hears whether there is
/// such a cluster.
fn authenticate(call: &mut Call<'_>) -> Answered<()> {
    let mut path = call.request.path.split('/').filter(|segment| !segment.is_empty()).skip(1);
    let (namespace, name) = (path.next().unwrap_or_default(), path.next().unwrap_or_default());
    let given = call.token("authorization").and_then(|header| header.strip_prefix("Bearer "));
    let key = format!("{namespace}/{name}");
    let accepted = [Resource::CLUSTER, Resource::SHOOT].iter().any(|kind| {
        let cluster = call.state.get(&kind.route(), &key);
        cluster.is_some_and(|cluster| given == Some(token(cluster).as_str()))
    });
    if !accepted {
        return Err(status::unauthorized());
    }
    call.caller = json!({"username": "kubernetes-admin", "groups": ["kubeadm:cluster-admins"]});
    Ok(())
}

fn token(cluster: &Value) -> String {
    format!("{}-admin", text(&cluster["metadata"], "uid"))
}

/// Where the API server of a cluster is.
pub(super) fn url(habits: &Habits, namespace: &str, name: &str) -> String {
    format!("{}/{PREFIX}/{namespace}/{name}", habits.url())
}

/// The kubeconfig of the administrator of a cluster.
pub(super) fn kubeconfig(habits: &Habits, cluster: &Value) -> String {
    let metadata = &cluster["metadata"];
    let name = text(metadata, "name");
    let url = url(habits, text(metadata, "namespace"), name);
    super::kubeconfig(name, &url, &format!("{name}-admin"), &token(cluster), None)
}

/// Adds a node to a cluster.
pub(super) fn join(
    objects: &mut Kept<'_>,
    scope: &str,
    name: &str,
    version: &str,
    control_plane: bool,
) {
    let mut labels = json!({"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"});
    if control_plane {
        labels["node-role.kubernetes.io/control-plane"] = "".into();
    }
    let heartbeat = now();
    let node = json!({
        "metadata": {"name": name, "labels": labels},
        "spec": {"providerID": format!("inmemory:////{name}")},
        "status": {
            "conditions": [{
                "type": "Ready",
                "status": "True",
                "reason": "KubeletReady",
                "message": "kubelet is posting ready status",
                "lastHeartbeatTime": heartbeat,
                "lastTransitionTime": heartbeat,
            }],
            "nodeInfo": {"kubeletVersion": version, "operatingSystem": "linux", "architecture": "amd64"},
        },
    });
    objects.put_in(&Resource::NODE, scope, node);
}
