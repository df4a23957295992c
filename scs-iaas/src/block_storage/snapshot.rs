use std::time::Duration;

use scs_core::{
    Action, Change, Creatable, Deletable, Id, Identified, Listable, Metadata, Phase, Phased,
    Resource, Route, Timestamp, Updatable, answer, auth::LASTING, open_enum, request,
    value::Lenient,
};

use super::{Volume, route};
use crate::{Session, identity::Project};

answer! {
    /// What a volume held at some moment.
    pub struct Snapshot(
        /// Its id.
        id: Id<Snapshot>,
        /// Where it is in its life.
        status: SnapshotStatus,
        /// Size of the volume in GiB.
        size: u32,
        /// The volume.
        volume_id: Id<Volume>,
    ) {
        /// Its name; need not be unique and may be empty.
        name: String,
        /// What it is, in words.
        description: String,
        /// Key-value pairs of its users.
        metadata: Metadata,
        /// How far its making is: `100%`.
        progress: Option<String> as "os-extended-snapshot-attributes:progress",
        /// The project it belongs to.
        project_id: Option<Id<Project>> as "os-extended-snapshot-attributes:project_id",
        /// When it was made.
        created_at: Option<Timestamp> => Lenient<_>,
        /// When it was changed last.
        updated_at: Option<Timestamp> => Lenient<_>,
    }
}

open_enum! {
    /// Where a [`Snapshot`] is in its life.
    pub enum SnapshotStatus -> Phase {
        /// It is being made.
        Creating = "creating" => Pending,
        /// It can be used.
        Available = "available" => Ready,
        /// It is being changed.
        Updating = "updating" => Updating,
        /// A backup of it is being made.
        BackingUp = "backing-up" => Updating,
        /// Its volume is set back to it.
        Restoring = "restoring" => Updating,
        /// It is being handed out of Cinder's care.
        Unmanaging = "unmanaging" => Deleting,
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
    /// What a [`Snapshot`] is made from.
    pub struct NewSnapshot(
        /// The volume.
        volume_id: Id<Volume>,
    ) {
        /// Its name.
        name: String,
        /// What it is, in words.
        description: String,
        /// Also if the volume is attached. From version 3.66 of the API on that goes without
        /// saying.
        force: bool,
        /// Key-value pairs.
        metadata: Metadata,
    }
}

request! {
    /// What may change about a [`Snapshot`].
    pub struct SnapshotPatch {
        /// Its name.
        name: Change<String>,
        /// What it is, in words.
        description: Change<String>,
    }
}

request! {
    /// Which snapshots to list.
    pub struct SnapshotQuery {
        /// Of this name.
        name: String,
        /// In this state.
        status: SnapshotStatus,
        /// Of this volume.
        volume_id: Id<Volume>,
        /// Of all projects; for administrators.
        all_tenants: bool,
        /// Of this project, together with `all_tenants`; for administrators.
        project_id: Id<Project>,
        /// By what to sort, and which way: `created_at:asc`, `name:desc`.
        sort: String,
        /// How many a page holds.
        limit: u32,
        /// Those behind the one with this id.
        marker: Id<Snapshot>,
    }
}

impl Resource for Snapshot {
    type Dialect = Session;
    const ROUTE: Route =
        route("snapshots").keys("snapshot", "snapshots").listed_at("snapshots/detail");
}

impl Identified for Snapshot {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for Snapshot {
    type Query = SnapshotQuery;

    fn named(name: &str) -> SnapshotQuery {
        SnapshotQuery::new().name(name)
    }
}

impl Creatable for Snapshot {
    type New = NewSnapshot;
    const TOKEN_VALIDITY: Duration = LASTING;
}

impl Updatable for Snapshot {
    type Patch = SnapshotPatch;
}

impl Deletable for Snapshot {}

impl Phased for Snapshot {
    fn phase(&self) -> Phase {
        self.status.phase()
    }
}

request! {
    /// Corrects what Cinder believes of a [`Snapshot`], without touching the snapshot itself;
    /// for administrators.
    pub struct ResetSnapshot(
        /// The status to note down.
        status: SnapshotStatus,
    ) {}
}

impl Action for ResetSnapshot {
    type Target = Snapshot;
    type Output = ();
    const KEY: &'static str = "os-reset_status";
    const IDEMPOTENT: bool = true;
}
