use futures_util::TryStreamExt;
use scs_cloud::{
    core::{ErrorKind, Id},
    iaas::{
        compute::{Networks, NewFlavor, NewServer, QuotaSetPatch},
        identity::{NewProject, Project},
    },
};

use crate::lab;

#[tokio::test]
async fn a_quota_is_kept() {
    // Other tests make servers in the same project: a flavor with more memory than the project
    // may have meets the quota without lowering it for them.
    let admin = lab::cloud("lab").await;
    let cloud = lab::cloud("lab-user").await;
    let project = cloud.session().access().await.unwrap().project.clone().unwrap();
    let project: Id<Project> = project.id.into();
    let limits = cloud.compute_limits().read().await.unwrap().absolute;
    let quota = cloud.compute_quotas().get(&project.cast()).await.unwrap();
    assert_eq!((limits.max_cores, limits.max_ram), (quota.cores, quota.ram));
    let usage = cloud.compute_quota_usage(&project).read().await.unwrap();
    assert_eq!(usage.instances.limit, quota.instances);

    let _others_wait = lab::FLAVORS.lock().await;
    let big = NewFlavor::new(lab::name("huge"), 1u32, u32::try_from(quota.ram).unwrap() + 1, 1u32);
    let flavor = admin.flavors().create(big).await.unwrap().id;
    let id = flavor.clone();
    let _cleanup = lab::finally("lab", |cloud| async move { cloud.flavors().delete(&id).await });
    let image = cloud.images().find("lab-image").await.unwrap().id;
    let new = NewServer::new(lab::name("huge"), &flavor, Networks::None).image(&image);
    let error = cloud.servers().create(new).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExceeded, "{error}");
}

#[tokio::test]
async fn quotas_are_set_and_reset() {
    let admin = lab::cloud("lab").await;
    let project = admin.projects().create(NewProject::new(lab::name("quota"))).await.unwrap().id;
    let id = project.clone();
    let _cleanup = lab::finally("lab", |cloud| async move { cloud.projects().delete(&id).await });
    let quotas = admin.compute_quotas();
    let before = quotas.get(&project.cast()).await.unwrap();
    assert_eq!(admin.compute_quota_defaults(&project).read().await.unwrap(), before);
    let patch = QuotaSetPatch::new().cores(7).ram(-1);
    let patch = patch.key_pairs(3).metadata_items(4).server_group_members(5);
    let after = quotas.update(&project.cast(), patch).await.unwrap();
    assert_eq!((after.key_pairs, after.metadata_items), (3, 4));
    assert_eq!(after.server_group_members, 5);
    assert_eq!((after.cores, after.ram, after.instances), (7, -1, before.instances));
    assert_eq!(admin.compute_quota_defaults(&project).read().await.unwrap(), before);
    quotas.delete(&project.cast()).await.unwrap();
    assert_eq!(quotas.get(&project.cast()).await.unwrap(), before);
    let user = lab::cloud("lab-user").await;
    let patch = QuotaSetPatch::new().cores(7);
    let error = user.compute_quotas().update(&project.cast(), patch).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
}

#[tokio::test]
async fn zones_are_listed() {
    let cloud = lab::cloud("lab-reader").await;
    let zones: Vec<_> = cloud.compute_availability_zones().list(()).try_collect().await.unwrap();
    assert!(zones.iter().any(|zone| zone.name == "nova" && zone.state.available));
}
