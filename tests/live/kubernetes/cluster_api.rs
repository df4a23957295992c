use std::{collections::BTreeSet, time::Duration};

use scs_cloud::{
    core::Select,
    kaas::{
        ClusterApi, Node,
        cluster_api::{self, Machine},
    },
    model::{self, ClusterSpec, NodePoolSpec, Upgrade},
    prelude::*,
};
use serde_json::json;
use tokio::time::timeout;

use super::{LIMIT, clean_up, gone, kubernetes, phases, ready, room};
use crate::lab::{self, Cleanup};

async fn cloud() -> ClusterApi {
    ClusterApi::new(kubernetes("lab-user").await, "lab").control_plane(1)
}

/// The versions on the nodes of a cluster.
async fn nodes(cloud: &ClusterApi, id: &Id<model::Cluster>) -> Vec<String> {
    let workload = cloud.workload(id).await.unwrap();
    let nodes = workload.objects::<Node>().list().await.unwrap();
    assert!(nodes.iter().all(Node::is_ready), "{nodes:?}");
    nodes.into_iter().map(|node| node.status.node_info.kubelet_version).collect()
}

#[tokio::test]
async fn a_cluster_of_a_class_made_by_hand_lives() {
    let _room = room().await;
    Cleanup::after(|cleanup| async move {
        let cloud = cloud().await;
        let clusters = cloud.clusters().unwrap();
        let name = lab::name("capi");
        let spec = ClusterSpec::new(&name, "inmemory-scs2-1-33-v1", "1.33.5")
            .pool(NodePoolSpec::new("md-0", 1).flavor("SCS-4V-8"))
            .parameter("workerMachineFlavor", "SCS-2V-4")
            .parameter("certSANs", json!(["localhost", "127.0.0.1"]))
            .label("team", "shop");
        let events = clusters.watch(Select::all().label("team", "shop"));
        let seen = phases(events, &name.as_str().into());

        let made = clusters.create(spec.clone()).await.unwrap();
        let id = made.id.clone();
        clean_up(&cleanup, clusters.clone(), &id);
        assert_eq!((made.name.as_str(), made.phase), (name.as_str(), Phase::Pending));
        let again = clusters.create(spec).await.unwrap_err();
        assert_eq!(again.kind(), ErrorKind::Conflict, "{again}");

        let cluster = ready(&*clusters, &id).await;
        assert_eq!(cluster.version, "1.33.5");
        assert_eq!(cluster.template.as_ref().unwrap().as_str(), "inmemory-scs2-1-33-v1");
        assert_eq!(cluster.labels.get("team").map(String::as_str), Some("shop"));
        assert_eq!(cluster.labels.len(), 1, "{:?}", cluster.labels);
        assert!(cluster.endpoint.unwrap().starts_with("https://127.0.0.1:"));
        let pool = &cluster.pools[0];
        assert_eq!((pool.name.as_str(), pool.count, pool.ready), ("md-0", 1, 1));
        assert_eq!(pool.flavor.as_deref(), Some("SCS-4V-8"));
        assert_eq!(nodes(&cloud, &id).await, ["v1.33.5", "v1.33.5"]);
        assert!(clusters.all().await.unwrap().iter().any(|one| one.id == id));

        // Both versions of the API, one model.
        let older = cloud.kubernetes().clone().with_version("cluster.x-k8s.io", "v1beta1");
        let older = ClusterApi::new(older, "lab");
        let by_older = older.clusters().unwrap().get(&id).await.unwrap();
        assert_eq!(by_older, clusters.get(&id).await.unwrap());

        clusters.scale(&id, "md-0", 3).await.unwrap();
        let scaling = clusters.get(&id).await.unwrap();
        assert_eq!(scaling.phase, Phase::Updating, "{scaling:?}");
        assert!(scaling.fault.is_some());
        let cluster = ready(&*clusters, &id).await;
        assert_eq!((cluster.pools[0].count, cluster.pools[0].ready), (3, 3));
        // The patch has kept what it does not own.
        assert_eq!(cluster.pools[0].flavor.as_deref(), Some("SCS-4V-8"));
        assert_eq!(nodes(&cloud, &id).await.len(), 4);

        // The newest class of the next minor version is chosen.
        clusters.upgrade(&id, Upgrade::to("1.34.1")).await.unwrap();
        assert_eq!(clusters.get(&id).await.unwrap().phase, Phase::Updating);
        let cluster = ready(&*clusters, &id).await;
        assert_eq!(cluster.version, "1.34.1");
        assert_eq!(cluster.template.unwrap().as_str(), "inmemory-scs2-1-34-v2");
        assert_eq!(nodes(&cloud, &id).await, ["v1.34.1"; 4]);

        for (back, words) in [("1.33.5", "is older than"), ("1.36.0", "upgrade to 1.35 first")] {
            let error = clusters.upgrade(&id, Upgrade::to(back)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
            assert!(error.to_string().contains(words), "{error}");
        }

        gone(&*clusters, &id).await;
        let seen = timeout(LIMIT, seen).await.unwrap().unwrap().unwrap();
        assert_eq!(seen, ["Deleting", "Pending", "Ready", "Updating"].map(String::from).into());
    })
    .await;
}

/// For a moment after a change of a variable, Cluster API shows a cluster as it was: nobody may
/// be told that it is ready.
#[tokio::test]
async fn ready_is_not_said_too_early() {
    let _room = room().await;
    Cleanup::after(|cleanup| async move {
        let cloud = cloud().await;
        let clusters = cloud.clusters().unwrap();
        let spec = ClusterSpec::new(lab::name("early"), "inmemory-scs2-1-34-v1", "1.34.1")
            .pool(NodePoolSpec::new("md-0", 1))
            .parameter("workerMachineFlavor", "SCS-2V-4");
        let id = clusters.create(spec).await.unwrap().id;
        clean_up(&cleanup, clusters.clone(), &id);
        ready(&*clusters, &id).await;

        let objects = cloud.objects::<cluster_api::Cluster>();
        let raw = objects.get_raw(id.as_str()).await.unwrap();
        for (variable, value, control_plane) in [
            ("rootDiskSize", json!(30), false),
            ("certSANs", json!(["localhost", "127.0.0.1", "a.example"]), true),
        ] {
            let machines = || async {
                let of = [("cluster.x-k8s.io/cluster-name".into(), id.as_str().into())].into();
                let machines = cloud.objects::<Machine>().list_with(&of).await.unwrap();
                let machines = machines.into_iter();
                let machines = machines.filter(|one| one.is_control_plane() == control_plane);
                machines.map(|one| one.metadata.uid).collect::<BTreeSet<_>>()
            };
            let before = machines().await;
            let mut variables = raw["spec"]["topology"]["variables"].clone();
            let of_this = variables.as_array_mut().unwrap().iter_mut();
            of_this
                .filter(|one| one["name"] == variable)
                .for_each(|one| one["value"] = value.clone());
            if !variables.as_array().unwrap().iter().any(|one| one["name"] == variable) {
                variables.as_array_mut().unwrap().push(json!({"name": variable, "value": value}));
            }
            let patch = json!({"spec": {"topology": {"variables": variables}}});
            objects.patch(id.as_str(), &patch).await.unwrap();
            let arrive = async {
                while clusters.get(&id).await.unwrap().phase != Phase::Ready {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            };
            timeout(LIMIT, arrive).await.unwrap();
            let after = machines().await;
            assert!(before.is_disjoint(&after), "{variable}: {before:?} {after:?}");
            assert_eq!(after.len(), 1);
        }
        gone(&*clusters, &id).await;
    })
    .await;
}

#[tokio::test]
async fn who_holds_a_cluster_is_named() {
    let _room = room().await;
    Cleanup::after(|cleanup| async move {
        let cloud = cloud().await;
        let clusters = cloud.clusters().unwrap();
        let spec = ClusterSpec::new(lab::name("held"), "inmemory-scs2-1-34-v1", "1.34.1")
            .parameter("workerMachineFlavor", "SCS-2V-4")
            .parameter("machineStartup", "30m");
        let id = clusters.create(spec).await.unwrap().id;
        let objects = cloud.objects::<cluster_api::Cluster>();
        let own = "cluster.cluster.x-k8s.io";
        let finalizers = async || objects.get(id.as_str()).await.unwrap().metadata.finalizers;
        let begun = async {
            while finalizers().await.is_empty() {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        };
        timeout(LIMIT, begun).await.unwrap();
        let hold = json!({"metadata": {"finalizers": [own, "lab.invalid/hold"]}});
        objects.patch(id.as_str(), &hold).await.unwrap();
        let (held, name) = (objects.clone(), id.clone());
        cleanup.undo(async move {
            held.patch(name.as_str(), &json!({"metadata": {"finalizers": null}})).await.map(drop)
        });
        clean_up(&cleanup, clusters.clone(), &id);

        clusters.delete(&id).await.unwrap();
        let held = clusters.get(&id).await.unwrap();
        assert_eq!(held.phase, Phase::Deleting);
        assert!(held.fault.as_ref().unwrap().contains("lab.invalid/hold"), "{held:?}");
        let alone = async {
            while finalizers().await.len() > 1 {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        };
        timeout(LIMIT, alone).await.unwrap();
        objects.patch(id.as_str(), &json!({"metadata": {"finalizers": null}})).await.unwrap();
        clusters.wait(&id).timeout(LIMIT).gone().await.unwrap();
    })
    .await;
}
