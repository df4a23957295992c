use std::time::Duration;

use futures_util::TryStreamExt;
use scs_core::{Error, ErrorKind, Result, testing::When};

use crate::{
    OpenStack,
    block_storage::{
        Backup, BackupQuery, BackupStatus, ForceDeleteBackup, NewBackup, NewSnapshot, NewVolume,
        ResetBackup, Restore, Volume, VolumeStatus,
    },
    testing::FakeOpenStack,
};

const SOON: Duration = Duration::from_millis(1);

async fn volume(cloud: &OpenStack, size: u32) -> Result<Volume> {
    cloud.volumes().create(NewVolume::new(size).name("v")).ready().await
}

fn rejected<T: std::fmt::Debug>(outcome: Result<T>, words: &str) {
    let error: Error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
    assert!(error.message().contains(words), "{error}");
}

#[tokio::test]
async fn a_backup_locks_its_volume_until_it_is_complete() -> Result<()> {
    let fake = FakeOpenStack::start().await;
    fake.pace(When::Reads(0));
    let cloud = fake.connect().await?;
    let (volumes, backups) = (cloud.volumes(), cloud.volume_backups());
    let volume = volume(&cloud, 1).await?.id;
    let new = NewBackup::new(&volume).name("b");
    rejected(backups.create(new.clone().incremental(true)).await, "No backups available");
    fake.pace(When::Reads(9));
    let backup = backups.create(new.clone()).await?;
    assert_eq!(backup.status, BackupStatus::Creating);
    assert_eq!(volumes.get(&volume).await?.status, VolumeStatus::BackingUp);
    rejected(volumes.delete(&volume).await, "Volume status must be available");
    rejected(backups.delete(&backup.id).await, "must be available or error");
    rejected(backups.create(new.clone()).await, "the current status is \"backing-up\"");
    backups.wait(&backup.id).every(SOON, SOON).ready().await?;
    assert_eq!(volumes.get(&volume).await?.status, VolumeStatus::Available);

    // Waiting for the volume is as good.
    let second = backups.create(new.incremental(true)).await?;
    volumes.wait(&volume).every(SOON, SOON).ready().await?;
    let second = backups.get(&second.id).await?;
    assert_eq!((second.status, second.is_incremental), (BackupStatus::Available, true));
    assert!(backups.get(&backup.id).await?.has_dependent_backups);
    rejected(backups.delete(&backup.id).await, "Incremental backups exist");
    let named: Vec<Backup> = backups.list(BackupQuery::new().name("b")).try_collect().await?;
    assert_eq!(named.len(), 2);
    fake.pace(When::Reads(0));
    for id in [&second.id, &backup.id] {
        backups.delete(id).await?;
        backups.wait(id).gone().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_backup_outlives_its_volume_and_comes_back() -> Result<()> {
    let fake = FakeOpenStack::start().await;
    fake.pace(When::Reads(0));
    let cloud = fake.connect().await?;
    let (volumes, backups) = (cloud.volumes(), cloud.volume_backups());
    let small = volume(&cloud, 1).await?.id;
    let volume = volume(&cloud, 2).await?.id;
    let snapshot = NewSnapshot::new(&volume).name("s");
    let snapshot = cloud.volume_snapshots().create(snapshot).ready().await?;
    let backup = backups.create(NewBackup::new(&volume).snapshot(&snapshot.id)).ready().await?;
    cloud.volume_snapshots().delete(&snapshot.id).await?;
    cloud.volume_snapshots().wait(&snapshot.id).gone().await?;
    volumes.delete(&volume).await?;
    volumes.wait(&volume).gone().await?;

    rejected(backups.act(&backup.id, Restore::new().volume(&small)).await, "too small");
    let error = backups.act(&backup.id, Restore::new().volume(&volume)).await.unwrap_err();
    assert!(error.is_not_found());
    fake.pace(When::Reads(9));
    let restored = backups.act(&backup.id, Restore::new()).await?;
    assert_eq!(restored.volume_name, format!("restore_backup_{}", backup.id));
    rejected(backups.act(&backup.id, Restore::new()).await, "must be available");
    assert_eq!(backups.get(&backup.id).await?.status, BackupStatus::Restoring);
    let back = volumes.wait(&restored.volume_id).every(SOON, SOON).ready().await?;
    assert_eq!((back.size, back.status), (2, VolumeStatus::Available));
    let again = backups.act(&backup.id, Restore::new().volume(&back.id)).await?;
    assert_eq!(again.volume_id, back.id);
    Ok(())
}

#[tokio::test]
async fn backups_are_counted_and_corrected() -> Result<()> {
    let fake = FakeOpenStack::start().await;
    fake.pace(When::Reads(0));
    let (cloud, admin) = (fake.connect().await?, fake.connect_as_admin().await?);
    let volume = volume(&cloud, 2).await?.id;
    fake.set_quota("block-storage", "backup_gigabytes", 1);
    let kind = |error: Error| error.kind();
    let refused = cloud.volume_backups().create(NewBackup::new(&volume)).await;
    assert_eq!(kind(refused.unwrap_err()), ErrorKind::QuotaExceeded);
    fake.set_quota("block-storage", "backup_gigabytes", 2);
    let backup = cloud.volume_backups().create(NewBackup::new(&volume)).ready().await?;
    fake.set_quota("block-storage", "backups", 1);
    let refused = cloud.volume_backups().create(NewBackup::new(&volume)).await;
    assert_eq!(kind(refused.unwrap_err()), ErrorKind::QuotaExceeded);
    assert_eq!(cloud.volume_limits().read().await?.absolute.total_backups_used, Some(1));

    let reset = ResetBackup::new(BackupStatus::Error);
    let refused = cloud.volume_backups().act(&backup.id, reset.clone()).await;
    assert_eq!(kind(refused.unwrap_err()), ErrorKind::Forbidden);
    admin.volume_backups().act(&backup.id, reset).await?;
    let failed = cloud.volume_backups().wait(&backup.id).ready().await;
    assert_eq!(kind(failed.unwrap_err()), ErrorKind::Failed);
    assert!(admin.volume_backups().get(&backup.id).await?.project_id.is_some());
    assert!(cloud.volume_backups().get(&backup.id).await?.project_id.is_none());
    admin.volume_backups().act(&backup.id, ForceDeleteBackup::new()).await?;
    cloud.volume_backups().wait(&backup.id).gone().await
}
