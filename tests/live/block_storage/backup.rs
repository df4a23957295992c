use std::time::Duration;

use futures_util::TryStreamExt;
use scs_cloud::{
    core::{
        ErrorKind, Phase, Phased, Result,
        standards::{Mode, Verdict},
    },
    iaas::{
        OpenStack,
        block_storage::{
            Backup, BackupQuery, BackupStatus, ForceDeleteBackup, NewBackup, NewSnapshot,
            ResetBackup, Restore, VolumeQuery, VolumeStatus,
        },
        standards::{backup, probe},
    },
};

use super::{exists, pairs, remove};
use crate::lab::{self, Cleanup};

/// Removes the backups of a test, the latest first: others may build on it.
async fn remove_backups(cloud: OpenStack, name: String) -> Result<()> {
    let query = BackupQuery::new().name(name).sort("created_at:desc");
    for backup in cloud.volume_backups().list(query).try_collect::<Vec<_>>().await? {
        let at_rest =
            |seen: Option<&Backup>| seen.is_none_or(|seen| seen.phase() != Phase::Pending);
        cloud.volume_backups().wait(&backup.id).until(at_rest).await?;
        cloud.volume_backups().delete(&backup.id).await?;
        cloud.volume_backups().wait(&backup.id).gone().await?;
    }
    Ok(())
}

async fn names(cloud: &OpenStack, query: BackupQuery) -> Vec<String> {
    lab::keys(cloud.volume_backups().list(query), |backup: &Backup| backup.id.to_string()).await
}

#[tokio::test]
async fn a_backup_from_creation_to_deletion() {
    let cloud = lab::cloud("lab-user").await;
    let name = lab::name("backup");
    Cleanup::after(|cleanup| async move {
        cleanup.undo(remove(cloud.clone(), name.clone()));
        cleanup.undo(remove_backups(cloud.clone(), name.clone()));
        let (volumes, backups) = (cloud.volumes(), cloud.volume_backups());
        let volume = exists(&cloud, &name, 1).await;
        let too_early = NewBackup::new(&volume).name(&name).incremental(true);
        let error = backups.create(too_early.clone()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");

        let new = NewBackup::new(&volume).name(&name).description("a").metadata(pairs("a", "1"));
        let made = backups.create(new).await.unwrap();
        assert_eq!(made.status, BackupStatus::Creating);
        assert_eq!(volumes.get(&volume).await.unwrap().status, VolumeStatus::BackingUp);
        let error = backups.delete(&made.id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
        let backup = backups.wait(&made.id).ready().await.unwrap();
        assert_eq!(volumes.get(&volume).await.unwrap().status, VolumeStatus::Available);
        assert_eq!((&backup.volume_id, backup.size), (&volume, Some(1)));
        assert_eq!((&*backup.description, &backup.metadata), ("a", &pairs("a", "1")));
        assert!(!backup.is_incremental && backup.data_timestamp.is_some());
        assert_eq!(backups.find(&name).await.unwrap().id, backup.id);

        let snapshot = NewSnapshot::new(&volume).name(&name);
        let snapshot = cloud.volume_snapshots().create(snapshot).ready().await.unwrap();
        let new = too_early.snapshot(&snapshot.id);
        let second = backups.create(new).ready().await.unwrap();
        assert!(second.is_incremental);
        assert_eq!(second.snapshot_id.as_ref(), Some(&snapshot.id));
        let first = backups.get(&backup.id).await.unwrap();
        assert!(first.has_dependent_backups);
        let error = backups.delete(&backup.id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
        assert!(error.message().contains("Incremental"), "{error}");

        let mut both = vec![backup.id.to_string(), second.id.to_string()];
        both.sort();
        for limit in 1..=3u32 {
            let query = BackupQuery::new().name(&name).limit(limit);
            assert_eq!(names(&cloud, query).await, both);
        }
        let query = BackupQuery::new().volume_id(&volume).status(BackupStatus::Available);
        assert_eq!(names(&cloud, query.sort("created_at:desc")).await, both);
        assert!(names(&cloud, BackupQuery::new().name("no such")).await.is_empty());

        remove_backups(cloud.clone(), name.clone()).await.unwrap();
        assert!(backups.get_opt(&backup.id).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_backup_is_restored_to_a_new_volume_and_an_old_one() {
    let cloud = lab::cloud("lab-user").await;
    let name = lab::name("restore");
    Cleanup::after(|cleanup| async move {
        cleanup.undo(remove(cloud.clone(), name.clone()));
        cleanup.undo(remove_backups(cloud.clone(), name.clone()));
        let (volumes, backups) = (cloud.volumes(), cloud.volume_backups());
        let volume = exists(&cloud, &name, 1).await;
        let backup = backups.create(NewBackup::new(&volume).name(&name)).ready().await.unwrap();

        let restored = backups.act(&backup.id, Restore::new().name(&name)).await.unwrap();
        assert_eq!((&restored.backup_id, &restored.volume_name), (&backup.id, &name));
        assert_ne!(restored.volume_id, volume);
        let error = backups.act(&backup.id, Restore::new().name(&name)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
        let copy = volumes.wait(&restored.volume_id).ready().await.unwrap();
        assert_eq!((copy.status, copy.size), (VolumeStatus::Available, 1));

        backups.wait(&backup.id).ready().await.unwrap();
        let restored = backups.act(&backup.id, Restore::new().volume(&volume)).await.unwrap();
        assert_eq!(restored.volume_id, volume);
        volumes.wait(&volume).ready().await.unwrap();
        backups.wait(&backup.id).ready().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn administrators_correct_backups() {
    let (user, admin) = (lab::cloud("lab-user").await, lab::cloud("lab").await);
    let name = lab::name("reset");
    Cleanup::after(|cleanup| async move {
        cleanup.undo(remove(user.clone(), name.clone()));
        cleanup.undo(remove_backups(user.clone(), name.clone()));
        let volume = exists(&user, &name, 1).await;
        let new = NewBackup::new(&volume).name(&name);
        let backup = user.volume_backups().create(new).ready().await.unwrap();
        let reset = ResetBackup::new(BackupStatus::Error);
        let error = user.volume_backups().act(&backup.id, reset.clone()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
        admin.volume_backups().act(&backup.id, reset).await.unwrap();
        let in_error =
            |seen: Option<&Backup>| seen.is_some_and(|b| b.status == BackupStatus::Error);
        admin.volume_backups().wait(&backup.id).until(in_error).await.unwrap();
        let error = user.volume_backups().wait(&backup.id).ready().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Failed, "{error}");

        let project = user.session().access().await.unwrap().project.clone().unwrap().id;
        let query = BackupQuery::new().all_tenants(true).name(&name).project_id(project.as_str());
        let seen: Vec<Backup> = admin.volume_backups().list(query).try_collect().await.unwrap();
        assert_eq!(seen[0].id, backup.id);
        assert!(seen[0].project_id.is_some() && seen[0].user_id.is_some());
        let elsewhere = BackupQuery::new().all_tenants(true).name(&name).project_id("another");
        assert!(names(&admin, elsewhere).await.is_empty());

        admin.volume_backups().act(&backup.id, ForceDeleteBackup::new()).await.unwrap();
        admin.volume_backups().wait(&backup.id).gone().await.unwrap();
    })
    .await;
}

/// What probes have made and not yet removed.
async fn left_by_probes(cloud: &OpenStack) -> Vec<String> {
    let mut names: Vec<_> =
        lab::keys(cloud.volumes().list(VolumeQuery::new()), |volume| volume.name.clone()).await;
    let backups = cloud.volume_backups().list(BackupQuery::new());
    names.extend(lab::keys(backups, |backup| backup.name.clone()).await);
    names.retain(|name| name.starts_with("scs-probe-backup-"));
    names
}

#[tokio::test]
async fn scs_0117_is_kept_and_nothing_is_left() {
    let findings = probe::backup(&lab::cloud("lab-user").await).await;
    let result = backup::check(Some(findings), Mode::Reference);
    assert_eq!((result.verdict, result.findings.len()), (Verdict::Pass, 0), "{result:?}");
}

/// In a project where no other test probes.
#[tokio::test]
async fn a_probe_that_is_cut_short_leaves_nothing_either() {
    let _others_wait = lab::OTHER_VOLUMES.lock().await;
    let cloud = lab::cloud("lab-other").await;
    // There is a volume, and its backup is being made.
    let begun = async {
        while left_by_probes(&cloud).await.len() < 2 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::select! {
        () = begun => {}
        findings = probe::backup(&cloud) => panic!("it made no backup: {findings:?}"),
    }
    let gone = async {
        while !left_by_probes(&cloud).await.is_empty() {
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(600), gone).await.expect("all is removed");
}
