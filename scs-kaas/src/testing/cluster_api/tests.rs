//! A cluster's life, as a client of the API server sees it.

use kube::{
    Api, Client, Config,
    api::{DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams},
    config::{KubeConfigOptions, Kubeconfig},
};
use scs_core::testing::When;
use serde_json::{Value, json};

use super::beta1;
use crate::testing::{
    FakeKubernetes, Resource,
    tests::{api, refusal},
};

struct Lab {
    fake: FakeKubernetes,
    clusters: Api<DynamicObject>,
}

fn body(name: &str, class: &str, version: &str, replicas: u32) -> DynamicObject {
    let object = json!({
        "apiVersion": "cluster.x-k8s.io/v1beta2",
        "kind": "Cluster",
        "metadata": {"name": name},
        "spec": {"topology": {
            "classRef": {"name": class},
            "version": version,
            "controlPlane": {"replicas": 1},
            "workers": {"machineDeployments": [
                {"class": "default-worker", "name": "md-0", "replicas": replicas},
            ]},
            "variables": [{"name": "workerMachineFlavor", "value": "SCS-4V-8"}],
        }},
    });
    serde_json::from_value(object).unwrap()
}

impl Lab {
    async fn new() -> Self {
        let fake = FakeKubernetes::start().await;
        let clusters = api(
            fake.connect().await.unwrap().client().clone(),
            &Resource::CLUSTER,
            "v1beta2",
            "lab",
        );
        Self { fake, clusters }
    }

    async fn create(&self) {
        let body = body("shop", "inmemory-scs2-1-33-v1", "v1.33.5", 1);
        self.clusters.create(&PostParams::default(), &body).await.unwrap();
    }

    async fn read(&self) -> Value {
        serde_json::to_value(self.clusters.get("shop").await.unwrap()).unwrap()
    }

    /// Reads until the cluster is as it shall be. Answers with what was seen on the way: phases,
    /// and the conditions that were true.
    async fn until(&self, done: impl Fn(&Value) -> bool) -> Vec<String> {
        let mut seen = Vec::new();
        for _ in 0..60 {
            let cluster = self.read().await;
            let mut words = vec![cluster["status"]["phase"].as_str().unwrap_or("-").to_owned()];
            for name in ["Available", "TopologyReconciled", "RollingOut", "ScalingUp"] {
                if condition(&cluster, name)["status"] == "True" {
                    words.push(name.to_owned());
                }
            }
            let words = words.join(" ");
            if seen.last() != Some(&words) {
                seen.push(words);
            }
            if done(&cluster) {
                return seen;
            }
        }
        panic!("{seen:#?}");
    }

    async fn patch(&self, spec: Value) -> kube::Result<DynamicObject> {
        let patch = Patch::Merge(json!({"spec": {"topology": spec}}));
        self.clusters.patch("shop", &PatchParams::default(), &patch).await
    }

    /// The client of the workload cluster, from the Secret.
    async fn inside(&self) -> Api<DynamicObject> {
        let secrets = api(
            self.fake.connect().await.unwrap().client().clone(),
            &Resource::SECRET,
            "v1",
            "lab",
        );
        let secret = secrets.get("shop-kubeconfig").await.unwrap();
        assert_eq!(secret.data["type"], "cluster.x-k8s.io/secret");
        let text = crate::testing::tests::decoded(&secret.data["data"]["value"]);
        let config = Kubeconfig::from_yaml(&text).unwrap();
        let config =
            Config::from_custom_kubeconfig(config, &KubeConfigOptions::default()).await.unwrap();
        api(Client::try_from(config).unwrap(), &Resource::NODE, "v1", "")
    }
}

fn condition<'a>(object: &'a Value, name: &str) -> &'a Value {
    let conditions = object["status"]["conditions"].as_array().into_iter().flatten();
    conditions.into_iter().find(|found| found["type"] == name).unwrap_or(&Value::Null)
}

/// Whether nothing is under way, by what the cluster says.
fn settled(cluster: &Value) -> bool {
    let is = |name: &str, status: &str| condition(cluster, name)["status"] == status;
    cluster["status"]["observedGeneration"] == cluster["metadata"]["generation"]
        && is("Available", "True")
        && is("TopologyReconciled", "True")
        && is("RollingOut", "False")
        && is("ScalingUp", "False")
        && is("ScalingDown", "False")
}

fn versions(nodes: &[DynamicObject]) -> Vec<&str> {
    nodes
        .iter()
        .filter_map(|node| node.data["status"]["nodeInfo"]["kubeletVersion"].as_str())
        .collect()
}

#[tokio::test]
async fn a_cluster_lives() {
    let lab = Lab::new().await;
    lab.create().await;
    let seen = lab.until(settled).await;
    assert_eq!(
        seen,
        [
            "-",
            "Provisioning TopologyReconciled ScalingUp",
            "Provisioned TopologyReconciled ScalingUp",
            "Provisioned TopologyReconciled",
            "Provisioned Available TopologyReconciled",
        ]
    );
    let nodes = lab.inside().await;
    let found = nodes.list(&ListParams::default()).await.unwrap().items;
    assert_eq!(versions(&found), ["v1.33.5"; 2]);

    let pools = json!([{"class": "default-worker", "name": "md-0", "replicas": 3}]);
    lab.patch(json!({"workers": {"machineDeployments": pools}})).await.unwrap();
    let seen = lab.until(|cluster| cluster["status"]["workers"]["readyReplicas"] == 3).await;
    assert_eq!(seen[0], "Provisioned Available TopologyReconciled", "nothing shows at first");
    assert_eq!(nodes.list(&ListParams::default()).await.unwrap().items.len(), 4);

    let to = json!({"classRef": {"name": "inmemory-scs2-1-34-v1"}, "version": "v1.34.1"});
    lab.patch(to).await.unwrap();
    lab.read().await;
    let seen = lab.until(settled).await;
    assert_eq!(seen[0], "Provisioned Available", "an upgrade shows at once");
    let found = nodes.list(&ListParams::default()).await.unwrap().items;
    assert_eq!(versions(&found), ["v1.34.1"; 4]);
    let machines = api(
        lab.fake.connect().await.unwrap().client().clone(),
        &Resource::MACHINE,
        "v1beta2",
        "lab",
    );
    let of_pool = ListParams::default().labels("topology.cluster.x-k8s.io/deployment-name=md-0");
    assert_eq!(machines.list(&of_pool).await.unwrap().items.len(), 3);

    lab.patch(json!({"classRef": {"name": "inmemory-scs2-1-34-v2"}})).await.unwrap();
    let seen = [lab.read().await, lab.read().await];
    assert!(!settled(&seen[0]) && settled(&seen[1]), "a roll-out that does not show yet");
    let seen = lab.until(|cluster| condition(cluster, "RollingOut")["status"] == "True").await;
    assert_eq!(seen.last().unwrap(), "Provisioned Available TopologyReconciled RollingOut");
    lab.until(settled).await;

    lab.clusters.delete("shop", &DeleteParams::default()).await.unwrap();
    while lab.clusters.get_opt("shop").await.unwrap().is_some() {}
    for kind in
        [Resource::MACHINE, Resource::MACHINE_DEPLOYMENT, Resource::CONTROL_PLANE, Resource::SECRET]
    {
        assert!(lab.fake.objects(|objects| objects.list(&kind, "lab").is_empty()));
    }
    assert!(refusal(nodes.list(&ListParams::default()).await).code == 401);
}

/// As it was seen at Cluster API 1.14.0: for a while after a change that concerns workers alone,
/// neither the cluster nor the MachineDeployment says that anything is to be done.
#[tokio::test]
async fn a_roll_out_of_workers_shows_late() {
    let lab = Lab::new().await;
    lab.create().await;
    lab.until(settled).await;
    let mut variables = lab.read().await["spec"]["topology"]["variables"].clone();
    variables[0]["value"] = "SCS-8V-16".into();
    let before = lab.patch(json!({"variables": variables})).await.unwrap().metadata.generation;
    let client = lab.fake.connect().await.unwrap().client().clone();
    let pools = api(client, &Resource::MACHINE_DEPLOYMENT, "v1beta2", "lab");
    let mut quiet = 0;
    loop {
        let pool = pools.list(&ListParams::default()).await.unwrap().items.remove(0);
        let cluster = lab.read().await;
        if condition(&cluster, "RollingOut")["status"] == "True" {
            break;
        }
        let status = &pool.data["status"];
        let says = status["observedGeneration"].as_i64() == pool.metadata.generation
            && status["upToDateReplicas"] == status["replicas"];
        let observed = cluster["status"]["observedGeneration"].as_i64() == before;
        quiet += u32::from(settled(&cluster) && says && observed);
    }
    assert!(quiet > 0);
    lab.until(settled).await;
}

#[tokio::test]
async fn the_pace_is_the_tests() {
    let lab = Lab::new().await;
    lab.fake.pace(When::Reads(0));
    lab.create().await;
    assert!(settled(&lab.read().await));
    lab.patch(json!({"version": "v1.34.1"})).await.unwrap();
    assert!(settled(&lab.read().await));
    lab.clusters.delete("shop", &DeleteParams::default()).await.unwrap();
    assert!(lab.clusters.get_opt("shop").await.unwrap().is_none());
}

#[tokio::test]
async fn a_finalizer_holds_a_cluster() {
    let lab = Lab::new().await;
    lab.fake.pace(When::Reads(0));
    lab.create().await;
    let hold = Patch::Merge(json!({"metadata": {"finalizers": [
        "cluster.cluster.x-k8s.io", "lab.invalid/hold"]}}));
    lab.clusters.patch("shop", &PatchParams::default(), &hold).await.unwrap();
    lab.clusters.delete("shop", &DeleteParams::default()).await.unwrap();
    let cluster = lab.read().await;
    assert_eq!(
        (&cluster["status"]["phase"], &condition(&cluster, "Deleting")["status"]),
        (&json!("Deleting"), &json!("True"))
    );
    assert_eq!(cluster["metadata"]["finalizers"], json!(["lab.invalid/hold"]));
    let free = Patch::Merge(json!({"metadata": {"finalizers": null}}));
    lab.clusters.patch("shop", &PatchParams::default(), &free).await.unwrap();
    assert!(lab.clusters.get_opt("shop").await.unwrap().is_none());
}

#[tokio::test]
async fn nothing_is_done_while_paused() {
    let lab = Lab::new().await;
    lab.fake.pace(When::Reads(0));
    lab.create().await;
    let paused = |paused: bool| Patch::Merge(json!({"spec": {"paused": paused}}));
    lab.clusters.patch("shop", &PatchParams::default(), &paused(true)).await.unwrap();
    lab.patch(json!({"version": "v1.34.1"})).await.unwrap();
    let cluster = lab.read().await;
    assert_eq!(condition(&cluster, "TopologyReconciled")["reason"], "Paused");
    assert_eq!(cluster["status"]["workers"]["versions"][0]["version"], "v1.33.5");
    assert_ne!(cluster["status"]["observedGeneration"], cluster["metadata"]["generation"]);
    lab.clusters.patch("shop", &PatchParams::default(), &paused(false)).await.unwrap();
    let cluster = lab.read().await;
    assert!(settled(&cluster) && condition(&cluster, "Paused")["status"] == "False");
    assert_eq!(cluster["status"]["workers"]["versions"][0]["version"], "v1.34.1");
}

#[tokio::test]
async fn a_finalizer_holds_a_machine() {
    let lab = Lab::new().await;
    lab.fake.pace(When::Reads(0));
    lab.create().await;
    let client = lab.fake.connect().await.unwrap().client().clone();
    let machines = api(client, &Resource::MACHINE, "v1beta2", "lab");
    let found = machines.list(&ListParams::default()).await.unwrap().items;
    let name = found[1].metadata.name.clone().unwrap();
    let hold = Patch::Merge(json!({"metadata": {"finalizers": [
        "machine.cluster.x-k8s.io", "lab.invalid/hold"]}}));
    machines.patch(&name, &PatchParams::default(), &hold).await.unwrap();
    lab.clusters.delete("shop", &DeleteParams::default()).await.unwrap();
    let cluster = lab.read().await;
    assert_eq!(condition(&cluster, "Deleting")["reason"], "WaitingForWorkersDeletion");
    let free = Patch::Merge(json!({"metadata": {"finalizers": null}}));
    machines.patch(&name, &PatchParams::default(), &free).await.unwrap();
    assert!(lab.clusters.get_opt("shop").await.unwrap().is_none());
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let lab = Lab::new().await;
    lab.fake.pace(When::Reads(0));
    let mut wrong = body("shop", "inmemory-scs2-1-33-v1", "1.33.5", 1);
    wrong.data["spec"]["topology"]["variables"][0]["value"] = "SCS-999V-1".into();
    let status = refusal(lab.clusters.create(&PostParams::default(), &wrong).await);
    assert_eq!((status.code, status.reason.as_str()), (422, "Invalid"));
    assert!(status.message.contains("workerMachineFlavor"), "{status:?}");

    lab.create().await;
    for (version, word) in [("v1.33.1", "decreased"), ("v1.35.0", "increased"), ("none", "valid")] {
        let status = refusal(lab.patch(json!({"version": version})).await);
        let cause = &status.details.as_ref().unwrap().causes[0];
        assert_eq!((status.code, cause.field.as_str()), (422, "spec.topology.version"));
        assert!(cause.message.contains(word), "{cause:?}");
    }
    let topology = &lab.read().await["spec"]["topology"];
    assert_eq!(topology["version"], "v1.33.5");
    let variables = topology["variables"].as_array().unwrap();
    assert!(
        variables.contains(&json!({"name": "rootDiskSize", "value": 20})),
        "defaults are filled in"
    );
}

#[tokio::test]
async fn an_unknown_class_is_waited_for() {
    let lab = Lab::new().await;
    lab.fake.pace(When::Reads(0));
    let request = http::Request::post("/apis/cluster.x-k8s.io/v1beta2/namespaces/lab/clusters")
        .header("content-type", "application/json")
        .body(
            serde_json::to_vec(&body("shop", "inmemory-scs2-1-35-v1", "v1.35.0", 1))
                .unwrap()
                .into(),
        )
        .unwrap();
    let answer = lab.fake.connect().await.unwrap().client().clone().send(request).await.unwrap();
    let warning = answer.headers()["warning"].to_str().unwrap();
    assert!(warning.contains("lab/inmemory-scs2-1-35-v1"), "{warning}");
    assert_eq!(condition(&lab.read().await, "TopologyReconciled")["status"], "False");
    let mut class = lab.fake.objects(|objects| {
        objects.get(&Resource::CLUSTER_CLASS, "lab", "inmemory-scs2-1-34-v1").unwrap().clone()
    });
    class["metadata"] = json!({"name": "inmemory-scs2-1-35-v1"});
    let client = lab.fake.connect().await.unwrap().client().clone();
    let classes = api(client, &Resource::CLUSTER_CLASS, "v1beta2", "lab");
    let class = serde_json::from_value(class).unwrap();
    classes.create(&PostParams::default(), &class).await.unwrap();
    assert!(settled(&lab.read().await));
}

#[tokio::test]
async fn both_versions_show_the_same() {
    let lab = Lab::new().await;
    lab.fake.pace(When::Reads(0));
    let old = api(
        lab.fake.connect().await.unwrap().client().clone(),
        &Resource::CLUSTER,
        "v1beta1",
        "lab",
    );
    let made = json!({
        "apiVersion": "cluster.x-k8s.io/v1beta1",
        "kind": "Cluster",
        "metadata": {"name": "shop"},
        "spec": {"topology": {
            "class": "inmemory-scs2-1-33-v1",
            "version": "v1.33.5",
            "workers": {"machineDeployments": [{"class": "default-worker", "name": "md-0"}]},
        }},
    });
    let made = serde_json::from_value(made).unwrap();
    old.create(&PostParams::default(), &made).await.unwrap();
    assert_eq!(lab.read().await["spec"]["topology"]["classRef"]["name"], "inmemory-scs2-1-33-v1");
    let found = serde_json::to_value(old.get("shop").await.unwrap()).unwrap();
    assert_eq!(found["spec"]["topology"]["class"], "inmemory-scs2-1-33-v1");
    assert_eq!(
        found["spec"]["controlPlaneRef"]["apiVersion"],
        "controlplane.cluster.x-k8s.io/v1beta2"
    );
    assert_eq!(
        (&found["status"]["controlPlaneReady"], &found["status"]["infrastructureReady"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(condition(&found, "Ready")["status"], "True");
    assert_eq!(found["status"]["v1beta2"]["conditions"].as_array().unwrap().len(), 17);

    // A change by way of v1beta1 loses nothing.
    let before = lab.read().await["spec"].clone();
    let label = Patch::Merge(json!({"metadata": {"labels": {"x": "y"}}}));
    old.patch("shop", &PatchParams::default(), &label).await.unwrap();
    assert_eq!(lab.read().await["spec"], before);
    for kind in [Resource::CLUSTER_CLASS, Resource::MACHINE_DEPLOYMENT, Resource::CONTROL_PLANE] {
        let kept = lab.fake.objects(|objects| objects.list(&kind, "lab")[0].clone());
        assert_eq!(beta1::keep(&kind, beta1::show(&kind, &kept))["spec"], kept["spec"]);
    }
}
