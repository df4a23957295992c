mod backup;

use futures_util::TryStreamExt;
use scs_cloud::{
    core::{Change, ErrorKind, Id, Metadata, Result},
    iaas::{
        OpenStack,
        block_storage::{
            AddEncryption, AddMetadata, ChangeEncryption, ControlLocation, EncryptionPatch, Extend,
            GrantAccess, Migrate, MigrationPolicy, NewSnapshot, NewVolume, NewVolumeType,
            QuotaSetPatch, RemoveEncryption, RemoveExtraSpec, RemoveMetadata, ReplaceMetadata,
            ResetSnapshot, ResetVolume, Retype, Revert, RevokeAccess, SetBootable, SetExtraSpecs,
            SetImageMetadata, SetReadOnly, SnapshotPatch, SnapshotQuery, SnapshotStatus,
            UnsetImageMetadata, UploadToImage, Volume, VolumePatch, VolumeQuery, VolumeStatus,
            VolumeTypePatch, VolumeTypeQuery,
        },
        image::{Deactivate, DiskFormat, ImageStatus, Reactivate, Visibility},
    },
};

use crate::lab::{self, Cleanup};

fn pairs(key: &str, value: &str) -> Metadata {
    [(key.to_owned(), value.to_owned())].into()
}

/// Removes the volumes of a test, and what hangs on them.
async fn remove(cloud: OpenStack, name: String) -> Result<()> {
    let volumes = cloud.volumes().list(VolumeQuery::new().name(name));
    for volume in volumes.try_collect::<Vec<_>>().await? {
        let snapshots = cloud.volume_snapshots();
        let query = SnapshotQuery::new().volume_id(&volume.id);
        for snapshot in snapshots.list(query).try_collect::<Vec<_>>().await? {
            snapshots.delete(&snapshot.id).await?;
            snapshots.wait(&snapshot.id).gone().await?;
        }
        cloud.volumes().delete(&volume.id).await?;
        cloud.volumes().wait(&volume.id).gone().await?;
    }
    Ok(())
}

async fn exists(cloud: &OpenStack, name: &str, size: u32) -> Id<Volume> {
    let new = NewVolume::new(size).name(name);
    cloud.volumes().create(new).ready().await.unwrap().id
}

#[tokio::test]
async fn a_volume_from_creation_to_deletion() {
    let cloud = lab::cloud("lab-user").await;
    let name = lab::name("volume");
    Cleanup::after(|cleanup| async move {
        cleanup.undo(remove(cloud.clone(), name.clone()));
        let volumes = cloud.volumes();
        let image = cloud.images().find("lab-image").await.unwrap();
        let new = NewVolume::new(1)
            .name(&name)
            .description("a test")
            .volume_type("lab")
            .image(&image.id)
            .metadata(pairs("a", "1"));
        let volume = volumes.create(new).ready().await.unwrap();
        assert_eq!((&volume.status, volume.bootable), (&VolumeStatus::Available, Some(true)));
        assert_eq!(volume.volume_type.as_deref(), Some("lab"));
        assert_eq!(volume.image_metadata["image_id"], image.id.as_str());
        assert!(volume.created_at.is_some() && volume.project_id.is_some());
        assert_eq!(volumes.find(&name).await.unwrap().id, volume.id);

        let id = &volume.id;
        let same = volumes.update(id, VolumePatch::new().name(&name)).await.unwrap();
        assert_eq!(same.description, "a test");
        let set = volumes.update(id, VolumePatch::new().description("b")).await.unwrap();
        assert_eq!((&*set.name, &*set.description), (&*name, "b"));
        let patch = VolumePatch::new().description(Change::Clear);
        assert_eq!(volumes.update(id, patch).await.unwrap().description, "");

        let all = volumes.act(id, AddMetadata::new(pairs("b", "2"))).await.unwrap();
        assert_eq!((all["a"].as_str(), all["b"].as_str()), ("1", "2"));
        let all = volumes.act(id, ReplaceMetadata::new(pairs("c", "3"))).await.unwrap();
        assert_eq!(all, pairs("c", "3"));
        volumes.act(id, AddMetadata::new(pairs("d x", "4"))).await.unwrap();
        volumes.act(id, RemoveMetadata::new("d x")).await.unwrap();
        let all = volumes.act(id, SetImageMetadata::new(pairs("os_distro", "x"))).await.unwrap();
        assert_eq!(all["os_distro"], "x");
        volumes.act(id, UnsetImageMetadata::new("os_distro")).await.unwrap();
        volumes.act(id, SetBootable::new(false)).await.unwrap();
        volumes.act(id, SetReadOnly::new(true)).await.unwrap();
        let volume = volumes.get(id).await.unwrap();
        assert_eq!((volume.bootable, volume.metadata["c"].as_str()), (Some(false), "3"));
        assert!(volume.image_metadata.get("os_distro").is_none_or(|distro| distro != "x"));
        volumes.act(id, SetReadOnly::new(false)).await.unwrap();

        volumes.act(id, Extend::new(2u32)).await.unwrap();
        assert_eq!(volumes.wait(id).ready().await.unwrap().size, 2);
        let retype = Retype::new("__DEFAULT__").migration_policy(MigrationPolicy::OnDemand);
        volumes.act(id, retype).await.unwrap();
        let volume = volumes.wait(id).ready().await.unwrap();
        assert_eq!(volume.volume_type.as_deref(), Some("__DEFAULT__"));
        let error = volumes.act(id, Extend::new(1u32)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
        volumes.delete(id).await.unwrap();
        volumes.wait(id).gone().await.unwrap();
        assert!(volumes.get_opt(id).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_snapshot_from_creation_to_deletion() {
    let cloud = lab::cloud("lab-user").await;
    let name = lab::name("snapshot");
    Cleanup::after(|cleanup| async move {
        cleanup.undo(remove(cloud.clone(), name.clone()));
        let volume = exists(&cloud, &name, 1).await;
        let snapshots = cloud.volume_snapshots();
        let new = NewSnapshot::new(&volume).name(&name).description("a").metadata(pairs("a", "1"));
        let snapshot = snapshots.create(new).ready().await.unwrap();
        assert_eq!((&snapshot.volume_id, snapshot.size), (&volume, 1));
        assert_eq!(snapshots.find(&name).await.unwrap().id, snapshot.id);
        let patch = SnapshotPatch::new().description(Change::Clear);
        let patched = snapshots.update(&snapshot.id, patch).await.unwrap();
        assert_eq!((&*patched.name, &*patched.description), (&*name, ""));
        let pair = pairs("b", "2");
        let all = snapshots.act(&snapshot.id, AddMetadata::new(pair.clone())).await.unwrap();
        assert_eq!(all.len(), 2);
        let all = snapshots.act(&snapshot.id, ReplaceMetadata::new(pair.clone())).await.unwrap();
        assert_eq!(all, pair);
        cloud.volumes().act(&volume, Revert::new(&snapshot.id)).await.unwrap();
        cloud.volumes().wait(&volume).ready().await.unwrap();
        let error = cloud.volumes().delete(&volume).await.unwrap_err();
        assert!(error.message().contains("snapshot"), "{error}");

        snapshots.create(NewSnapshot::new(&volume)).ready().await.unwrap();
        let query = || SnapshotQuery::new().volume_id(&volume);
        for limit in 1..=3u32 {
            let list = snapshots.list(query().limit(limit));
            assert_eq!(lab::keys(list, |found| found.id.clone()).await.len(), 2, "{limit}");
        }
        let copy = NewVolume::new(1).name(&name).snapshot(&snapshot.id);
        let copy = cloud.volumes().create(copy).ready().await.unwrap();
        assert_eq!(copy.snapshot_id.as_ref(), Some(&snapshot.id));
        cloud.volumes().delete(&copy.id).await.unwrap();
        cloud.volumes().wait(&copy.id).gone().await.unwrap();
        snapshots.delete(&snapshot.id).await.unwrap();
        snapshots.wait(&snapshot.id).gone().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_image_from_a_volume() {
    let cloud = lab::cloud("lab-user").await;
    let name = lab::name("upload");
    Cleanup::after(|cleanup| async move {
        cleanup.undo(remove(cloud.clone(), name.clone()));
        cleanup.undo(crate::image::remove(cloud.clone(), name.clone()));
        let volume = exists(&cloud, &name, 1).await;
        let upload =
            UploadToImage::new(&name).disk_format(DiskFormat::Raw).visibility(Visibility::Private);
        let made = cloud.volumes().act(&volume, upload).await.unwrap();
        let image = cloud.images().wait(&made.image_id).ready().await.unwrap();
        assert_eq!((&*image.name, image.size), (&*name, Some(1 << 30)));
        assert!(image.hash.is_some() && image.disk_format == Some(DiskFormat::Raw));
        cloud.volumes().wait(&volume).ready().await.unwrap();

        let admin = lab::cloud("lab").await.images();
        admin.act(&image.id, Deactivate).await.unwrap();
        let error = cloud.images().wait(&image.id).ready().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Failed);
        assert!(error.message().contains("deactivated"), "{error}");
        admin.act(&image.id, Reactivate).await.unwrap();
        let image = cloud.images().get(&image.id).await.unwrap();
        assert_eq!(image.status, ImageStatus::Active);
    })
    .await;
}

#[tokio::test]
async fn volumes_whatever_the_page_size_and_names_found_twice() {
    let cloud = lab::cloud("lab-user").await;
    let name = lab::name("pages");
    Cleanup::after(|cleanup| async move {
        cleanup.undo(remove(cloud.clone(), name.clone()));
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(exists(&cloud, &name, 1).await);
        }
        ids.sort();
        for limit in 1..=4u32 {
            let query = VolumeQuery::new().name(&name).limit(limit);
            let listed = lab::keys(cloud.volumes().list(query), |found| found.id.clone()).await;
            assert_eq!(listed, ids, "page size {limit}");
        }
        let error = cloud.volumes().find(&name).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert!(ids.iter().all(|id| error.message().contains(id.as_str())), "{error}");
    })
    .await;
}

#[tokio::test]
async fn what_cinder_believes_is_corrected() {
    let cloud = lab::cloud("lab-user").await;
    let admin = lab::cloud("lab").await;
    let name = lab::name("reset");
    Cleanup::after(|cleanup| async move {
        cleanup.undo(remove(cloud.clone(), name.clone()));
        let id = exists(&cloud, &name, 1).await;
        let snapshots = cloud.volume_snapshots();
        let snapshot = snapshots.create(NewSnapshot::new(&id)).ready().await.unwrap().id;
        let reset = ResetSnapshot::new(SnapshotStatus::Error);
        admin.volume_snapshots().act(&snapshot, reset).await.unwrap();
        let error = snapshots.wait(&snapshot).ready().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Failed, "{error}");
        let reset = || ResetVolume::new().status(VolumeStatus::Error);
        admin.volumes().act(&id, reset()).await.unwrap();
        let error = cloud.volumes().wait(&id).ready().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Failed, "{error}");
        let error = cloud.volumes().act(&id, reset()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
        let reset = reset().status(VolumeStatus::Available).attach_status("detached");
        admin.volumes().act(&id, reset).await.unwrap();
        cloud.volumes().wait(&id).ready().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn volume_types_and_who_may_use_them() {
    let _others_wait = lab::VOLUME_TYPES.lock().await;
    let admin = lab::cloud("lab").await;
    let types = admin.volume_types();
    let name = lab::name("type");
    Cleanup::after(|cleanup| async move {
        let new = NewVolumeType::new(&name)
            .description("a")
            .is_public(false)
            .extra_specs(pairs("a", "1"));
        let made = types.create(new).await.unwrap();
        let id = &made.id;
        cleanup.delete(&types, id);
        assert_eq!((made.is_public, made.extra_specs["a"].as_str()), (false, "1"));
        let patch = VolumeTypePatch::new().description("");
        let patched = types.update(id, patch).await.unwrap();
        assert_eq!((&*patched.name, &*patched.description), (&*name, ""));
        let set = types.act(id, SetExtraSpecs::new(pairs("b", "2"))).await.unwrap();
        assert_eq!(set, pairs("b", "2"));
        types.act(id, RemoveExtraSpec::new("a")).await.unwrap();
        assert_eq!(types.get(id).await.unwrap().extra_specs, pairs("b", "2"));

        let user = lab::cloud("lab-user").await;
        let project = user.session().access().await.unwrap().project_id().unwrap();
        assert!(user.volume_types().find(&name).await.unwrap_err().is_not_found());
        types.act(id, GrantAccess::new(&project)).await.unwrap();
        let access = admin.volume_type_access(id).list(());
        assert_eq!(lab::keys(access, |access| access.project_id.clone()).await, [project.clone()]);
        assert_eq!(user.volume_types().find(&name).await.unwrap().id, *id);
        types.act(id, RevokeAccess::new(&project)).await.unwrap();
        let error = user.volume_types().create(NewVolumeType::new(&name)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");

        let query = || VolumeTypeQuery::new().is_public("none");
        let all = lab::keys(types.list(query()), |found| found.id.clone()).await;
        assert!(all.len() >= 3);
        for limit in 1..=all.len() as u32 + 1 {
            let paged = lab::keys(types.list(query().limit(limit)), |found| found.id.clone()).await;
            assert_eq!(paged, all, "page size {limit}");
        }
        let default = types.get(&"default".into()).await.unwrap();
        assert_eq!(default.name, "lab");
    })
    .await;
}

#[tokio::test]
async fn how_the_volumes_of_a_type_are_encrypted() {
    let _others_wait = lab::VOLUME_TYPES.lock().await;
    let admin = lab::cloud("lab").await;
    let types = admin.volume_types();
    Cleanup::after(|cleanup| async move {
        let new = NewVolumeType::new(lab::name("encryption")).is_public(false);
        let id = types.create(new).await.unwrap().id;
        cleanup.delete(&types, &id);
        let encryption = admin.volume_type_encryption(&id);
        let none = encryption.read().await.unwrap();
        assert_eq!((&none.encryption_id, &none.provider), (&None, &None));
        let add = AddEncryption::new("luks", ControlLocation::FrontEnd)
            .cipher("aes-xts-plain64")
            .key_size(256u32);
        let added = types.act(&id, add.clone()).await.unwrap();
        assert_eq!((added.provider.as_deref(), added.key_size), (Some("luks"), Some(256)));
        let present = encryption.read().await.unwrap();
        assert_eq!(
            (present.control_location, present.key_size),
            (Some(ControlLocation::FrontEnd), Some(256))
        );
        let own = present.encryption_id.unwrap();
        assert_eq!(added.encryption_id.as_ref(), Some(&own));
        let error = types.act(&id, add).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");

        let patch =
            EncryptionPatch::new().key_size(512u32).control_location(ControlLocation::BackEnd);
        let sent = types.act(&id, ChangeEncryption::new(&own, patch)).await.unwrap();
        assert_eq!((sent.key_size, sent.cipher), (Some(512), None));
        let present = encryption.read().await.unwrap();
        assert_eq!(
            (present.key_size, present.cipher.as_deref()),
            (Some(512), Some("aes-xts-plain64"))
        );
        assert_eq!(present.encryption_id.as_ref(), Some(&own));
        let user = lab::cloud("lab-user").await;
        let error = user.volume_type_encryption(&id).read().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
        types.act(&id, RemoveEncryption::new(&own)).await.unwrap();
        assert_eq!(encryption.read().await.unwrap(), none);
        let error = types.act(&id, RemoveEncryption::new(&own)).await.unwrap_err();
        assert!(error.is_not_found(), "{error}");
    })
    .await;
}

/// The lab has one back end only: what is seen is that Cinder understands the request.
#[tokio::test]
async fn a_volume_has_nowhere_to_migrate_to() {
    let (cloud, admin) = (lab::cloud("lab-user").await, lab::cloud("lab").await);
    let name = lab::name("migrate");
    Cleanup::after(|cleanup| async move {
        cleanup.undo(remove(cloud.clone(), name.clone()));
        let id = exists(&cloud, &name, 1).await;
        let migrate = || Migrate::new().host("nowhere@lvm#pool").lock_volume(true);
        let error = cloud.volumes().act(&id, migrate()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
        let error = admin.volumes().act(&id, migrate()).await.unwrap_err();
        assert!(error.message().contains("nowhere@lvm"), "{error}");
        let to_cluster = Migrate::new().cluster("nowhere@lvm");
        let error = admin.volumes().act(&id, to_cluster).await.unwrap_err();
        assert!(error.message().contains("nowhere@lvm"), "{error}");
        let error = admin.volumes().act(&id, migrate().cluster("both")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
        let error = admin.volumes().at(3, 15).act(&id, migrate()).await.unwrap_err();
        assert!(error.message().contains("nowhere@lvm"), "{error}");
        cloud.volumes().wait(&id).ready().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn quotas_and_limits() {
    let _others_wait = lab::OTHER_VOLUMES.lock().await;
    let admin = lab::cloud("lab").await;
    let user = lab::cloud("lab-other").await;
    let project = user.session().access().await.unwrap().project_id().unwrap();
    let (quotas, id) = (admin.volume_quotas(), project.cast());
    let name = lab::name("quota");
    Cleanup::after(|cleanup| async move {
        cleanup.undo(remove(user.clone(), name.clone()));
        cleanup.delete(&quotas, &id);
        let before = quotas.get(&id).await.unwrap();
        let after = quotas.update(&id, QuotaSetPatch::new().volumes(0)).await.unwrap();
        assert_eq!((after.volumes, after.gigabytes), (0, before.gigabytes));
        let defaults = admin.volume_quota_defaults(&project).read().await.unwrap();
        assert_eq!(defaults, before);
        let limits = user.volume_limits().read().await.unwrap().absolute;
        assert_eq!((limits.max_total_volumes, limits.total_volumes_used), (0, Some(0)));
        let usage = admin.volume_quota_usage(&project).read().await.unwrap();
        assert_eq!((usage.volumes.limit, usage.volumes.in_use), (0, 0));
        let error = user.volumes().create(NewVolume::new(1).name(&name)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::QuotaExceeded, "{error}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(413));
        let error = user.volume_quotas().delete(&id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
        quotas.delete(&id).await.unwrap();
        assert_eq!(quotas.get(&id).await.unwrap(), before);
    })
    .await;
}

#[tokio::test]
async fn zones_and_what_a_reader_may_not() {
    let cloud = lab::cloud("lab-reader").await;
    let zones = cloud.volume_availability_zones().list(());
    let zones: Vec<_> = zones.try_collect().await.unwrap();
    assert!(zones.iter().any(|zone| zone.name == "nova" && zone.state.available));
    let error = cloud.volumes().create(NewVolume::new(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
    let error = cloud.volumes().get(&"no-such".into()).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}
