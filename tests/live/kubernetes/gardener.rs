use std::{sync::Arc, time::Duration};

use futures_util::TryStreamExt;
use scs_cloud::{
    core::{Select, provider::Clusters},
    kaas::{Gardener, Node},
    model::{ClusterSpec, NodePoolSpec, Upgrade},
    prelude::*,
    testing::conformance::Suite,
};
use tokio::time::timeout;

use super::{LIMIT, clean_up, kubernetes, lab, lab_may_fail, phases};
use crate::lab::{Cleanup, name};

async fn cloud() -> Gardener {
    Gardener::new(kubernetes("lab-user").await, "lab").credentials_binding("lab")
}

/// The least that Gardener takes for a name of a Shoot is short.
fn short(what: &str) -> String {
    let name = name(what);
    let tail = name.len() - 8;
    format!("{what}-{}", &name[tail..])
}

fn spec(name: &str) -> ClusterSpec {
    ClusterSpec::new(name, "scs", "1.33.8")
        .pool(NodePoolSpec::new("workers", 2).flavor("SCS-2V-4"))
        .parameter("purpose", "testing")
        .label("team", "shop")
}

#[tokio::test]
async fn a_shoot_lives() {
    Cleanup::after(|cleanup| async move {
        let cloud = cloud().await;
        let (clusters, templates) = (cloud.clusters().unwrap(), cloud.templates().unwrap());
        let profile = templates.find("scs").await.unwrap();
        assert_eq!(profile.versions, ["1.33.8", "1.34.4", "1.35.2"]);

        let name = short("live");
        let seen = phases(clusters.watch(Select::named(&name)), &name.as_str().into());
        let made = clusters.create(spec(&name)).await.unwrap();
        let id = made.id.clone();
        clean_up(&cleanup, clusters.clone(), &id);
        assert_eq!((made.phase, made.version.as_str()), (Phase::Pending, "1.33.8"));
        let again = clusters.create(spec(&name)).await.unwrap_err();
        assert_eq!(again.kind(), ErrorKind::Conflict, "{again}");
        let early = clusters.kubeconfig(&id).await.unwrap_err();
        assert_eq!(early.kind(), ErrorKind::Conflict, "{early}");

        lab(&["gardenlet", &name, "30"]).await;
        let under_way = clusters.get(&id).await.unwrap();
        assert_eq!(under_way.phase, Phase::Pending);
        assert!(under_way.fault.unwrap().starts_with("Create at 30 %: "));
        lab(&["gardenlet", &name]).await;
        let shoot = clusters.ready(&id).await.unwrap();
        assert_eq!(shoot.template.unwrap().as_str(), "scs");
        assert_eq!(shoot.endpoint.as_deref(), Some("https://127.0.0.1:6443"));
        assert_eq!(shoot.labels, [("team".into(), "shop".into())].into());
        let pool = &shoot.pools[0];
        assert_eq!((pool.count, pool.ready, pool.flavor.as_deref()), (2, 2, Some("SCS-2V-4")));
        let listed: Vec<_> = clusters.list(Select::named(&name)).try_collect().await.unwrap();
        assert_eq!(listed.len(), 1);

        // The lab's own API server stands in for that of the Shoot: it has no nodes.
        let workload = cloud.workload(&id).await.unwrap();
        assert!(workload.objects::<Node>().list().await.unwrap().is_empty());

        clusters.scale(&id, "workers", 3).await.unwrap();
        let scaled = clusters.get(&id).await.unwrap();
        assert_eq!((scaled.phase, scaled.pools[0].count), (Phase::Updating, 3));
        lab(&["gardenlet", &name]).await;
        clusters.upgrade(&id, Upgrade::to("1.34")).await.unwrap();
        assert_eq!(clusters.get(&id).await.unwrap().phase, Phase::Updating);
        lab(&["gardenlet", &name, "error", "quota exceeded"]).await;
        let failing = clusters.get(&id).await.unwrap();
        let words = "quota exceeded (ERR_INFRA_QUOTA_EXCEEDED)";
        assert_eq!((failing.phase, failing.fault.as_deref()), (Phase::Updating, Some(words)));
        lab(&["gardenlet", &name]).await;
        assert_eq!(clusters.ready(&id).await.unwrap().version, "1.34.4");
        let error = clusters.upgrade(&id, Upgrade::to("1.33.8")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");

        clusters.delete(&id).await.unwrap();
        assert_eq!(clusters.get(&id).await.unwrap().phase, Phase::Deleting);
        clusters.delete(&id).await.unwrap();
        lab(&["gardenlet", &name]).await;
        clusters.gone(&id).await.unwrap();
        let seen = timeout(LIMIT, seen).await.unwrap().unwrap().unwrap();
        assert_eq!(seen, ["Deleting", "Pending", "Ready", "Updating"].map(String::from).into());
    })
    .await;
}

/// Does the gardenlet's part for all Shoots with this in their names, for ever.
async fn gardenlet(clusters: Arc<dyn Clusters>, of: String) {
    loop {
        for one in clusters.all().await.unwrap_or_default() {
            if one.name.contains(&of) && one.phase != Phase::Ready {
                // It may be gone by now.
                lab_may_fail(&["gardenlet", &one.name]).await;
            }
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

#[tokio::test]
async fn gardener_conforms() {
    let cloud = cloud().await.machine_type("SCS-2V-4");
    let name = short("suite");
    let spec = ClusterSpec::new(format!("{name}-a"), "scs", "1.33.8")
        .pool(NodePoolSpec::new("workers", 1));
    let played = tokio::spawn(gardenlet(cloud.clusters().unwrap(), name.clone()));
    let suite = Suite::new(name).cluster(spec).every(Duration::from_secs(1)).timeout(LIMIT);
    let provider: &dyn Provider = &cloud;
    let facets = suite.provider(provider).await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(facets, ["templates", "clusters"]);
    played.abort();
}

#[tokio::test]
async fn what_gardener_has_not_is_refused_before_it_is_asked() {
    let cloud = cloud().await;
    let clusters = cloud.clusters().unwrap();
    let (right, name) = (spec("never"), "never");
    for (wrong, kind, words) in [
        (
            ClusterSpec::new(name, "mars", "1.34.4"),
            ErrorKind::NotFound,
            "there is no CloudProfile `mars`; there are: scs",
        ),
        (
            ClusterSpec::new(name, "scs", "1.34.1"),
            ErrorKind::InvalidInput,
            "CloudProfile scs does not offer Kubernetes 1.34.1; it has: 1.33.8, 1.34.4, 1.35.2",
        ),
        (
            right.clone().pool(NodePoolSpec::new("more", 1).flavor("SCS-1L-1")),
            ErrorKind::InvalidInput,
            "CloudProfile scs has no machine type `SCS-1L-1`; it has: SCS-2V-4, SCS-4V-8, SCS-8V-16",
        ),
        (
            right.clone().pool(NodePoolSpec::new("more", 1)),
            ErrorKind::InvalidInput,
            "pool more has no flavor; set one, or a default by `Gardener::machine_type`",
        ),
    ] {
        let error = clusters.create(wrong).await.unwrap_err();
        assert_eq!((error.kind(), error.to_string()), (kind, format!("gardener: {words}")));
    }
    // Only the server knows what else a Shoot can have.
    let unknown = clusters.create(right.parameter("colour", "red")).await.unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::Rejected);
    assert!(unknown.to_string().contains("spec.colour"), "{unknown}");
}
