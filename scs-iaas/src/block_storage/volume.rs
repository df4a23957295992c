use std::time::Duration;

use scs_core::{
    Change, Creatable, Deletable, Extra, Id, Identified, Listable, Metadata, Phase, Phased,
    Resource, Route, Timestamp, Updatable, answer, auth::LASTING, open_enum, request,
    value::Lenient,
};

use super::{Backup, Snapshot, route};
use crate::{Session, compute::Server, identity::Project, image::Image};

answer! {
    /// A volume: a disk that outlives the servers it is attached to.
    pub struct Volume(
        /// Its id.
        id: Id<Volume>,
        /// Where it is in its life.
        status: VolumeStatus,
        /// Size in GiB.
        size: u32,
    ) {
        /// Its name; need not be unique and may be empty.
        name: String,
        /// What it is, in words.
        description: String,
        /// The name of its type.
        volume_type: Option<String>,
        /// The availability zone it lies in.
        availability_zone: Option<String>,
        /// Whether a server can boot from it.
        bootable: Option<bool> => Lenient<_>,
        /// Whether it is encrypted.
        encrypted: bool,
        /// Whether several servers may use it at a time.
        multiattach: bool,
        /// Whether it counts against the quota (since 3.65).
        consumes_quota: Option<bool>,
        /// Where it is attached.
        attachments: Vec<Attachment>,
        /// Key-value pairs of its users.
        metadata: Metadata,
        /// What is known of the image it was made from.
        image_metadata: Metadata as "volume_image_metadata",
        /// The snapshot it was made from.
        snapshot_id: Option<Id<Snapshot>>,
        /// The volume it is a copy of.
        source_id: Option<Id<Volume>> as "source_volid",
        /// The project it belongs to.
        project_id: Option<Id<Project>> as "os-vol-tenant-attr:tenant_id",
        /// The id of the user who made it.
        user_id: Option<String>,
        /// The back end it lies on; for administrators.
        host: Option<String> as "os-vol-host-attr:host",
        /// When it was made.
        created_at: Option<Timestamp> => Lenient<_>,
        /// When it was changed last.
        updated_at: Option<Timestamp> => Lenient<_>,
    }
}

answer! {
    /// Where a [`Volume`] is attached.
    #[derive(PartialEq, Eq)]
    pub struct Attachment(
        /// The id of the attachment.
        id: String as "attachment_id",
    ) {
        /// The server.
        server_id: Option<Id<Server>>,
        /// The device, as the server was told: `/dev/vdb`.
        device: Option<String>,
        /// The host the server runs on; for administrators.
        host_name: Option<String>,
        /// Since when.
        attached_at: Option<Timestamp> => Lenient<_>,
    }
}

open_enum! {
    /// Where a [`Volume`] is in its life.
    pub enum VolumeStatus -> Phase {
        /// It is being made.
        Creating = "creating" => Pending,
        /// An image is being written to it.
        Downloading = "downloading" => Pending,
        /// It can be attached.
        Available = "available" => Ready,
        /// It is attached.
        InUse = "in-use" => Ready,
        /// A server is about to use it.
        Reserved = "reserved" => Updating,
        /// It is being attached.
        Attaching = "attaching" => Updating,
        /// It is being detached.
        Detaching = "detaching" => Updating,
        /// It is growing.
        Extending = "extending" => Updating,
        /// It is moving to another type.
        Retyping = "retyping" => Updating,
        /// It is locked while it moves to another back end.
        Maintenance = "maintenance" => Updating,
        /// An image is made from it.
        Uploading = "uploading" => Updating,
        /// It is offered to another project.
        AwaitingTransfer = "awaiting-transfer" => Updating,
        /// A backup of it is being made.
        BackingUp = "backing-up" => Updating,
        /// A backup is being written to it.
        RestoringBackup = "restoring-backup" => Updating,
        /// It is being set back to a snapshot.
        Reverting = "reverting" => Updating,
        /// It is going away.
        Deleting = "deleting" => Deleting,
        /// It could not be made.
        Error = "error" => Failed,
        /// It could not be deleted.
        ErrorDeleting = "error_deleting" => Failed,
        /// It could not grow.
        ErrorExtending = "error_extending" => Failed,
        /// It could not be backed up.
        ErrorBackingUp = "error_backing-up" => Failed,
        /// A backup could not be written to it.
        ErrorRestoring = "error_restoring" => Failed,
    }
}

request! {
    /// What a [`Volume`] is made from.
    pub struct NewVolume(
        /// Size in GiB: at least that of the image, snapshot or volume it is made from.
        size: u32,
    ) {
        /// Its name.
        name: String,
        /// What it is, in words.
        description: String,
        /// Its type, by name or id; the cloud's default if not set.
        volume_type: String,
        /// The availability zone it is to lie in.
        availability_zone: String,
        /// The image it is to hold: servers can then boot from it.
        image: Id<Image> as "imageRef",
        /// The snapshot it is made from.
        snapshot: Id<Snapshot> as "snapshot_id",
        /// The volume it is a copy of.
        source: Id<Volume> as "source_volid",
        /// The backup it is made from.
        backup: Id<Backup> as "backup_id" => since(3, 47),
        /// Key-value pairs.
        metadata: Metadata,
        /// Where it is to lie in relation to other volumes: `same_host`, `different_host`.
        scheduler_hints: Extra => beside("OS-SCH-HNT:scheduler_hints"),
    }
}

request! {
    /// What may change about a [`Volume`]. Its size and type are changed by [`Extend`] and
    /// [`Retype`].
    ///
    /// [`Extend`]: super::Extend
    /// [`Retype`]: super::Retype
    pub struct VolumePatch {
        /// Its name.
        name: Change<String>,
        /// What it is, in words.
        description: Change<String>,
    }
}

request! {
    /// Which volumes to list.
    pub struct VolumeQuery {
        /// Of this name.
        name: String,
        /// In this state.
        status: VolumeStatus,
        /// Those that servers can boot from, or the others.
        bootable: bool => since(3, 2),
        /// In this availability zone.
        availability_zone: String,
        /// Of all projects; for administrators.
        all_tenants: bool,
        /// Of this project, together with `all_tenants`; for administrators.
        project_id: Id<Project>,
        /// By what to sort, and which way: `created_at:asc`, `name:desc`, `size`.
        sort: String,
        /// How many a page holds.
        limit: u32,
        /// Those behind the one with this id.
        marker: Id<Volume>,
    }
}

impl Resource for Volume {
    type Dialect = Session;
    const ROUTE: Route = route("volumes").keys("volume", "volumes").listed_at("volumes/detail");
}

impl Identified for Volume {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for Volume {
    type Query = VolumeQuery;

    fn named(name: &str) -> VolumeQuery {
        VolumeQuery::new().name(name)
    }
}

impl Creatable for Volume {
    type New = NewVolume;
    const TOKEN_VALIDITY: Duration = LASTING;
}

impl Updatable for Volume {
    type Patch = VolumePatch;
}

impl Deletable for Volume {}

impl Phased for Volume {
    fn phase(&self) -> Phase {
        self.status.phase()
    }
}
