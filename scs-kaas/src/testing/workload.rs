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

/// Who has a kubeconfig.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Admin,
    /// May only look.
    Viewer,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Viewer => "viewer",
        }
    }

    fn token(self, cluster: &Value) -> String {
        format!("{}-{}", text(&cluster["metadata"], "uid"), self.name())
    }
}

/// Lets pass who has the token of the cluster's kubeconfig. No one else hears whether there is
/// such a cluster.
fn authenticate(call: &mut Call<'_>) -> Answered<()> {
    let mut path = call.request.path.split('/').filter(|segment| !segment.is_empty()).skip(1);
    let (namespace, name) = (path.next().unwrap_or_default(), path.next().unwrap_or_default());
    let given = call.token("authorization").and_then(|header| header.strip_prefix("Bearer "));
    let key = format!("{namespace}/{name}");
    let known = [Resource::CLUSTER, Resource::SHOOT].iter().find_map(|kind| {
        let cluster = call.state.get(&kind.route(), &key)?;
        [Role::Admin, Role::Viewer]
            .into_iter()
            .find(|role| given == Some(role.token(cluster).as_str()))
    });
    let role = known.ok_or_else(status::unauthorized)?;
    if role == Role::Viewer && call.request.method != Method::GET {
        return Err(status::plain(403, "", "a viewer may only look"));
    }
    call.caller = json!({"username": format!("kubernetes-{}", role.name()), "groups": []});
    Ok(())
}

/// Where the API server of a cluster is.
pub(super) fn url(habits: &Habits, namespace: &str, name: &str) -> String {
    format!("{}/{PREFIX}/{namespace}/{name}", habits.url())
}

/// A kubeconfig of a cluster.
pub(super) fn kubeconfig(habits: &Habits, cluster: &Value, role: Role) -> String {
    let metadata = &cluster["metadata"];
    let name = text(metadata, "name");
    let url = url(habits, text(metadata, "namespace"), name);
    let user = format!("{name}-{}", role.name());
    super::kubeconfig(name, &url, &user, &role.token(cluster), None)
}

/// What the cloud calls the machine of a node.
pub(super) fn provider_id(name: &str) -> String {
    format!("in-memory://{name}")
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
    let mut spec = json!({"providerID": provider_id(name)});
    if control_plane {
        let role = "node-role.kubernetes.io/control-plane";
        labels[role] = "".into();
        spec["taints"] = json!([{"key": role, "effect": "NoSchedule"}]);
    }
    let heartbeat = now();
    let node = json!({
        "metadata": {"name": name, "labels": labels},
        "spec": spec,
        "status": {
            "conditions": [{
                "type": "Ready",
                "status": "True",
                "reason": "KubeletReady",
                "message": "kubelet is posting ready status",
                "lastHeartbeatTime": heartbeat,
                "lastTransitionTime": heartbeat,
            }],
            "nodeInfo": node_info(version),
        },
    });
    objects.put_in(&Resource::NODE, scope, node);
}

pub(super) fn node_info(version: &str) -> Value {
    let unknown = [
        "bootID",
        "containerRuntimeVersion",
        "kernelVersion",
        "machineID",
        "osImage",
        "systemUUID",
    ];
    let mut info: Value = unknown.iter().map(|member| (*member, "")).collect();
    info["kubeletVersion"] = version.into();
    info["kubeProxyVersion"] = "".into();
    info["operatingSystem"] = "linux".into();
    info["architecture"] = "amd64".into();
    info
}
