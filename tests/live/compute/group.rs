use scs_cloud::{
    core::ErrorKind,
    iaas::compute::{
        NewServerGroup, SchedulerHints, ServerGroup, ServerGroupPolicy, ServerGroupQuery,
    },
};

use super::{Guest, small};
use crate::lab;

#[tokio::test]
async fn groups_keep_servers_apart() {
    let cloud = lab::cloud("lab-user").await;
    let groups = cloud.server_groups();
    let mut ids = Vec::new();
    let mut cleanups = Vec::new();
    for _ in 0..3 {
        let new = NewServerGroup::new(lab::name("apart"), ServerGroupPolicy::AntiAffinity);
        let id = groups.create(new).await.unwrap().id;
        ids.push(id.clone());
        cleanups.push(lab::finally("lab-user", |cloud| async move {
            cloud.server_groups().delete(&id).await
        }));
    }
    for limit in [1, 2, 100] {
        let query = ServerGroupQuery::new().limit(limit);
        let all = lab::keys(groups.list(query), |group: &ServerGroup| group.id.clone()).await;
        assert!(ids.iter().all(|id| all.contains(id)), "page size {limit}");
    }
    let hints = SchedulerHints::new().group(&ids[0]);
    let new = small(&cloud, "member").await.scheduler_hints(hints);
    let mut guest = Guest::create("lab-user", new).await;
    assert_eq!(guest.settle().await.server_groups, [ids[0].as_str()]);
    let group = groups.get(&ids[0]).await.unwrap();
    assert_eq!((&group.policy, &group.members[0]), (&ServerGroupPolicy::AntiAffinity, guest.id()));
    guest.delete().await;
    groups.delete(&ids[0]).await.unwrap();
    assert_eq!(groups.get(&ids[0]).await.unwrap_err().kind(), ErrorKind::NotFound);
}
