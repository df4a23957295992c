use std::time::Duration;

use scs_core::{
    Action, Creatable, Deletable, Id, Identified, Listable, Metadata, Phase, Phased, Resource,
    Route, Timestamp, answer, auth::LASTING, open_enum, request, value::Lenient,
};

use super::{Snapshot, Volume, route};
use crate::{Session, identity::Project};

answer! {
    /// What a volume held at some moment, kept apart from where volumes lie: it outlives the volume,
    /// and what happens to its back end.
    ///
    /// ```no_run
    /// use scs_iaas::{OpenStack, block_storage::{NewBackup, Restore, Volume}};
    ///
    /// # async fn f(cloud: OpenStack, volume: Volume) -> scs_core::Result<()> {
    /// let backups = cloud.volume_backups();
    /// let backup = backups.create(NewBackup::new(&volume.id).name("nightly")).ready().await?;
    /// let restored = backups.act(&backup.id, Restore::new().name("as it was")).await?;
    /// let volume = cloud.volumes().wait(restored.volume_id).ready().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// It is deleted last before first: not as long as others that were made as
    /// [`incremental`](NewBackup::incremental) build on it.
    ///
    /// Follows <https://docs.openstack.org/api-ref/block-storage/v3/#backups-backups>.
    pub struct Backup(
        /// Its id.
        id: Id<Backup>,
        /// Where it is in its life.
        status: BackupStatus,
        /// The volume, which may no longer exist.
        volume_id: Id<Volume>,
    ) {
        /// Its name; need not be unique and may be empty.
        name: String,
        /// What it is, in words.
        description: String,
        /// Why it failed.
        fail_reason: Option<String>,
        /// Size of the volume in GiB.
        size: Option<u32>,
        /// Into how many objects it was cut in the store.
        object_count: Option<u64>,
        /// The snapshot of the volume that it was made from.
        snapshot_id: Option<Id<Snapshot>>,
        /// Whether it only holds what has changed since another one.
        is_incremental: bool,
        /// Whether others only hold what has changed since this one.
        has_dependent_backups: bool,
        /// Where it lies in the store.
        container: Option<String>,
        /// The availability zone of the backup service that made it.
        availability_zone: Option<String>,
        /// Key-value pairs of its users (since 3.43).
        metadata: Metadata,
        /// The project it belongs to (since 3.18); for administrators.
        project_id: Option<Id<Project>> as "os-backup-project-attr:project_id",
        /// The id of the user who made it (since 3.56); for administrators.
        user_id: Option<String>,
        /// The moment of what it holds: that of the snapshot, if it was made from one.
        data_timestamp: Option<Timestamp> => Lenient<_>,
        /// When it was made.
        created_at: Option<Timestamp> => Lenient<_>,
        /// When it was changed last.
        updated_at: Option<Timestamp> => Lenient<_>,
    }
}

open_enum! {
    /// Where a [`Backup`] is in its life.
    pub enum BackupStatus -> Phase {
        /// It is being made.
        Creating = "creating" => Pending,
        /// It is complete.
        Available = "available" => Ready,
        /// It is being written to a volume.
        Restoring = "restoring" => Updating,
        /// It is going away.
        Deleting = "deleting" => Deleting,
        /// It is gone.
        Deleted = "deleted" => Deleted,
        /// It could not be made.
        Error = "error" => Failed,
        /// It could not be deleted.
        ErrorDeleting = "error_deleting" => Failed,
    }
}

request! {
    /// What a [`Backup`] is made from. The volume is
    /// [`BackingUp`](super::VolumeStatus::BackingUp) meanwhile, unless a snapshot is named.
    pub struct NewBackup(
        /// The volume.
        volume_id: Id<Volume>,
    ) {
        /// Its name.
        name: String,
        /// What it is, in words.
        description: String,
        /// Where it is to lie in the store; the cloud's choice if not set.
        container: String,
        /// What the volume held when this snapshot of it was made, instead of what it holds now.
        snapshot: Id<Snapshot> as "snapshot_id",
        /// Only what has changed since the latest backup of the volume, which there has to be.
        incremental: bool,
        /// Also if the volume is attached. What is written meanwhile may be in the backup half.
        force: bool,
        /// Key-value pairs.
        metadata: Metadata => since(3, 43),
        /// The availability zone of the backup service that is to make it.
        availability_zone: String => since(3, 51),
    }
}

request! {
    /// Which backups to list.
    pub struct BackupQuery {
        /// Of this name.
        name: String,
        /// In this state.
        status: BackupStatus,
        /// Of this volume.
        volume_id: Id<Volume>,
        /// Of all projects; for administrators.
        all_tenants: bool,
        /// Of this project, together with `all_tenants`; for administrators.
        project_id: Id<Project>,
        /// By what to sort, and which way: `created_at:asc`, `size:desc`.
        sort: String,
        /// How many a page holds.
        limit: u32,
        /// Those behind the one with this id.
        marker: Id<Backup>,
    }
}

impl Resource for Backup {
    type Dialect = Session;
    const ROUTE: Route =
        route("backups").keys("backup", "backups").listed_at("backups/detail").created_partly();
}

impl Identified for Backup {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for Backup {
    type Query = BackupQuery;

    fn named(name: &str) -> BackupQuery {
        BackupQuery::new().name(name)
    }
}

impl Creatable for Backup {
    type New = NewBackup;
    const TOKEN_VALIDITY: Duration = LASTING;
}

impl Deletable for Backup {}

impl Phased for Backup {
    fn phase(&self) -> Phase {
        self.status.phase()
    }

    fn fault(&self) -> Option<String> {
        self.fail_reason.clone().filter(|reason| !reason.is_empty())
    }
}

request! {
    /// Writes a [`Backup`] to a volume, and answers which. The volume is
    /// [`RestoringBackup`](super::VolumeStatus::RestoringBackup), then
    /// [`Available`](super::VolumeStatus::Available): wait for it. Only one volume at a time.
    pub struct Restore {
        /// The volume, which must be available and at least as large as the backed up one. What
        /// it held is lost. A new one if not set: Cinder then answers when that has been made.
        volume: Id<Volume> as "volume_id",
        /// The name of the new volume; `restore_backup_` and the id of the backup if not set.
        name: String,
    }
}

answer! {
    /// Where a [`Backup`] is written to.
    pub struct Restored(
        /// The backup.
        backup_id: Id<Backup>,
        /// The volume.
        volume_id: Id<Volume>,
    ) {
        /// The name of the volume.
        volume_name: String,
    }
}

impl Action for Restore {
    type Target = Backup;
    type Output = Restored;
    const PATH: &'static str = "restore";
    const KEY: &'static str = "restore";
    const ANSWER: &'static str = "restore";
    const TOKEN_VALIDITY: Duration = LASTING;
}

request! {
    /// Deletes a [`Backup`] whatever its status is, if its store allows that; for
    /// administrators.
    pub struct ForceDeleteBackup {}
}

impl Action for ForceDeleteBackup {
    type Target = Backup;
    type Output = ();
    const KEY: &'static str = "os-force_delete";
}

request! {
    /// Corrects what Cinder believes of a [`Backup`], without touching the backup itself; for
    /// administrators.
    pub struct ResetBackup(
        /// The status to note down.
        status: BackupStatus,
    ) {}
}

impl Action for ResetBackup {
    type Target = Backup;
    type Output = ();
    const KEY: &'static str = "os-reset_status";
    const IDEMPOTENT: bool = true;
}
