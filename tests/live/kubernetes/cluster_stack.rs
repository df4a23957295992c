use std::time::Duration;

use scs_cloud::{
    kaas::{ClusterApi, cluster_api::ClusterStack},
    model::{ClusterSpec, NodePoolSpec, Upgrade},
    prelude::*,
};
use serde_json::json;
use tokio::time::timeout;

use super::{LIMIT, clean_up, gone, kubernetes, lab, ready, room};
use crate::lab::{Cleanup, name};

#[tokio::test]
async fn a_cluster_of_a_cluster_stack_lives() {
    let _room = room().await;
    Cleanup::after(|cleanup| async move {
        let cloud = ClusterApi::new(kubernetes("lab-user").await, "stacks").control_plane(1);
        let (clusters, templates) = (cloud.clusters().unwrap(), cloud.templates().unwrap());

        // The release before the one that the lab has.
        let stacks = cloud.objects::<ClusterStack>();
        let stack = name("stack");
        let made = stacks.create(json!({
            "metadata": {"name": stack},
            "spec": {
                "provider": "inmemory", "name": "lab", "kubernetesVersion": "1.33",
                "channel": "stable", "noProvider": true, "versions": ["v1"],
            },
        }));
        made.await.unwrap();
        {
            let (stacks, stack) = (stacks.clone(), stack.clone());
            cleanup.undo(async move { stacks.delete(&stack).await });
        }
        let old = "inmemory-lab-1-33-v1";
        let offered = async {
            loop {
                match templates.get(&old.into()).await {
                    Ok(one) if one.phase == Phase::Ready && one.versions == ["1.33.5"] => break,
                    Err(error) if !error.is_not_found() => panic!("{error}"),
                    _ => tokio::time::sleep(Duration::from_secs(1)).await,
                }
            }
        };
        timeout(LIMIT, offered).await.unwrap();

        // What the release has is checked before anything is sent.
        let spec = |version| ClusterSpec::new(name("csk"), old, version);
        let error = clusters.create(spec("1.33.4")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().ends_with("it has: 1.33.5"), "{error}");

        // A minor version means the patch that the release has.
        let made = clusters.create(spec("1.33").pool(NodePoolSpec::new("md-0", 1))).await.unwrap();
        let id = made.id;
        clean_up(&cleanup, clusters.clone(), &id);
        assert_eq!(ready(&*clusters, &id).await.version, "1.33.5");

        clusters.upgrade(&id, Upgrade::to("1.34")).await.unwrap();
        let blocked = async {
            loop {
                let one = clusters.get(&id).await.unwrap();
                assert_eq!(one.phase, Phase::Updating, "{one:?}");
                if one.fault.is_some_and(|words| words.contains("BeforeClusterUpgrade")) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        };
        timeout(LIMIT, blocked).await.unwrap();
        lab(&["addon", id.as_str()]).await;
        let cluster = ready(&*clusters, &id).await;
        assert_eq!(cluster.version, "1.34.1");
        assert_eq!(cluster.template.unwrap().as_str(), "inmemory-lab-1-34-v1");
        gone(&*clusters, &id).await;
    })
    .await;
}
