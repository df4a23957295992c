//! Clusters of Cluster API and of Gardener on the fake API server, from their creation to their
//! end.

use std::{collections::BTreeSet, time::Duration};

use futures_util::TryStreamExt;
use scs_cloud::{
    core::provider::{Clusters, Event, Select},
    kaas::Node,
    model::{Cluster, ClusterSpec, NodePoolSpec, Upgrade},
    prelude::*,
    testing::{FakeKubernetes, Fault, conformance::Suite},
};

const TICK: Duration = Duration::from_millis(1);

async fn conforms(cloud: &dyn Provider, suite: Suite) {
    let suite = suite.every(TICK).timeout(Duration::from_secs(60));
    let facets = suite.provider(cloud).await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(facets, ["templates", "clusters"]);
}

#[tokio::test]
async fn cluster_api_conforms() {
    let fake = FakeKubernetes::start().await;
    let cloud = fake.cluster_api().await.unwrap();
    let upgrade = Upgrade::to("1.34.1").template("inmemory-scs2-1-34-v1");
    conforms(&cloud, Suite::new("suite").upgrade_to(upgrade)).await;
}

#[tokio::test]
async fn cluster_api_conforms_where_only_v1beta1_is_served() {
    let fake = FakeKubernetes::start().await;
    fake.versions("cluster.x-k8s.io", &["v1beta1"]);
    fake.versions("controlplane.cluster.x-k8s.io", &["v1beta1"]);
    let cloud = fake.cluster_api().await.unwrap();
    let upgrade = Upgrade::to("1.34.1").template("inmemory-scs2-1-34-v1");
    conforms(&cloud, Suite::new("suite").upgrade_to(upgrade)).await;
}

#[tokio::test]
async fn gardener_conforms() {
    let fake = FakeKubernetes::start().await;
    let cloud = fake.gardener().await.unwrap();
    let spec = ClusterSpec::new("suite-cluster", "scs", "1.33.8");
    let spec = spec.pool(NodePoolSpec::new("workers", 1));
    conforms(&cloud, Suite::new("suite").cluster(spec)).await;
}

/// Waits until a cluster can be used.
async fn ready(clusters: &dyn Clusters, id: &Id<Cluster>) -> Cluster {
    clusters.wait(id).every(TICK, TICK).ready().await.unwrap()
}

fn shop() -> ClusterSpec {
    let spec = ClusterSpec::new("shop", "inmemory-scs2-1-33-v1", "1.33.5");
    spec.pool(NodePoolSpec::new("workers", 1))
}

/// The versions on the nodes, and how many nodes there are.
fn versions(nodes: &[Node]) -> (BTreeSet<&str>, usize) {
    let versions = nodes.iter().map(|node| node.status.node_info.kubelet_version.as_str());
    (versions.collect(), nodes.len())
}

#[tokio::test]
async fn nodes_follow_what_is_asked_for() {
    let fake = FakeKubernetes::start().await;
    let cloud = fake.cluster_api().await.unwrap();
    let clusters = cloud.clusters().unwrap();
    let id = clusters.create(shop()).await.unwrap().id;
    ready(&*clusters, &id).await;
    let nodes = cloud.workload(&id).await.unwrap().objects::<Node>();
    assert_eq!(versions(&nodes.list().await.unwrap()), (["v1.33.5"].into(), 2));

    clusters.scale(&id, "workers", 3).await.unwrap();
    let scaled = ready(&*clusters, &id).await;
    assert_eq!((scaled.pools[0].count, scaled.pools[0].ready), (3, 3));
    assert_eq!(nodes.list().await.unwrap().len(), 4);

    let upgrade = Upgrade::to("1.34.1").template("inmemory-scs2-1-34-v1");
    clusters.upgrade(&id, upgrade).await.unwrap();
    ready(&*clusters, &id).await;
    assert_eq!(versions(&nodes.list().await.unwrap()), (["v1.34.1"].into(), 4));

    // A change that does not show for a while in what the cluster says of itself.
    clusters.upgrade(&id, Upgrade::to("1.34.1").template("inmemory-scs2-1-34-v2")).await.unwrap();
    let before: BTreeSet<_> =
        nodes.list().await.unwrap().into_iter().map(|node| node.metadata.name).collect();
    ready(&*clusters, &id).await;
    let after = nodes.list().await.unwrap();
    assert!(after.iter().all(|node| !before.contains(&node.metadata.name)), "all are new");

    clusters.delete(&id).await.unwrap();
    clusters.wait(&id).every(TICK, TICK).gone().await.unwrap();
    assert!(nodes.list().await.is_err());
}

#[tokio::test]
async fn a_watch_survives_faults_and_forgotten_changes() {
    let fake = FakeKubernetes::start().await;
    let cloud = fake.cluster_api().await.unwrap();
    let clusters = cloud.clusters().unwrap();
    let mut watch = clusters.watch(Select::default());
    let id = clusters.create(shop()).await.unwrap().id;
    let mut seen = Vec::new();
    while let Some(Event::Present(cluster)) = watch.try_next().await.unwrap() {
        match seen.len() {
            2 => fake.fail(Fault::status(500).on("GET", "/apis/cluster.x-k8s.io")),
            3 => fake.compact(),
            _ => {}
        }
        seen.push(cluster.phase);
        if cluster.phase == Phase::Ready {
            break;
        }
    }
    assert!(seen.contains(&Phase::Pending) && seen.len() > 3, "{seen:?}");
    clusters.delete(&id).await.unwrap();
    fake.compact();
    loop {
        match watch.try_next().await.unwrap() {
            Some(Event::Gone(gone)) => break assert_eq!(gone, id),
            event => assert!(event.is_some()),
        }
    }
}

#[tokio::test]
async fn a_cluster_waits_for_its_class() {
    let fake = FakeKubernetes::start().await;
    let cloud = fake.cluster_api().await.unwrap();
    let order = serde_json::json!({
        "metadata": {"name": "shop"},
        "spec": {"topology": {"classRef": {"name": "none"}, "version": "v1.34.1"}},
    });
    cloud.objects::<scs_cloud::kaas::cluster_api::Cluster>().create(order).await.unwrap();
    let clusters = cloud.clusters().unwrap();
    let mut seen = clusters.get(&"shop".into()).await.unwrap();
    for _ in 0..3 {
        seen = clusters.get(&"shop".into()).await.unwrap();
    }
    assert_eq!(seen.phase, Phase::Pending);
    assert!(seen.fault.as_deref().unwrap_or_default().contains("lab/none"), "{seen:?}");
}

#[tokio::test]
async fn who_has_no_rights_is_told_so() {
    let fake = FakeKubernetes::start().await;
    fake.authorize(|_, access| access.is_read() && access.resource != "secrets");
    let cloud = fake.cluster_api().await.unwrap();
    let clusters = cloud.clusters().unwrap();
    let error = clusters.create(shop()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
    let error = clusters.kubeconfig(&"shop".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
    fake.authenticate(|_| None);
    let error = clusters.all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated, "{error}");
}
