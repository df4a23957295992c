use std::time::Duration;

use scs_core::{
    Action, ApiVersion, Creatable, Deletable, Id, Identified, Listable, Phase, Phased, Resource,
    Route, answer,
    auth::LASTING,
    request,
    route::{Paging, Verb},
};

use super::{NEWEST, OLDEST, Server};
use crate::{Session, block_storage::Volume};

answer! {
    /// A volume attached to a server. Its id is that of the volume.
    pub struct VolumeAttachment(
        /// Its id: that of the volume.
        id: Id<VolumeAttachment> as "volumeId",
        /// The server.
        server_id: Id<Server> as "serverId",
    ) {
        /// The device that the hypervisor proposes, such as `/dev/vdb`.
        device: Option<String>,
        /// The tag of the device (since 2.70).
        tag: Option<String>,
        /// Whether the volume goes when the server goes (since 2.79).
        delete_on_termination: Option<bool>,
        /// What block storage calls the attachment (since 2.89).
        attachment_id: Option<String>,
    }
}

impl VolumeAttachment {
    /// The volume.
    pub fn volume_id(&self) -> Id<Volume> {
        self.id.cast()
    }
}

request! {
    /// What a [`VolumeAttachment`] is made from.
    pub struct NewVolumeAttachment(
        /// The volume.
        volume: Id<Volume> as "volumeId",
    ) {
        /// The device; most hypervisors do not heed it.
        device: String,
        /// A tag by which the server can tell its devices apart.
        tag: String => since(2, 49),
        /// Whether the volume goes when the server goes.
        delete_on_termination: bool => since(2, 79),
    }
}

request! {
    /// Says whether a volume goes when the server goes.
    pub struct SetDeleteOnTermination(
        /// The volume.
        volume: Id<Volume> as "volumeId",
        /// Whether it goes.
        delete_on_termination: bool,
    ) {}
}

impl Action for SetDeleteOnTermination {
    type Target = VolumeAttachment;
    type Output = ();
    const KEY: &'static str = "volumeAttachment";
    const PATH: &'static str = "";
    const VERB: Verb = Verb::Put;
    const SINCE: Option<ApiVersion> = Some(ApiVersion::new(2, 85));
}

impl Resource for VolumeAttachment {
    type Dialect = Session;
    // Nova pages before it leaves out the disks that are no volumes: its pages cannot be
    // followed. Without a limit it tells all there are.
    const ROUTE: Route = Route::new("compute", "servers/{}/os-volume_attachments")
        .keys("volumeAttachment", "volumeAttachments")
        .paged_by(Paging::Whole)
        .versions(OLDEST, NEWEST);
}

impl Identified for VolumeAttachment {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for VolumeAttachment {
    type Query = ();
}

impl Creatable for VolumeAttachment {
    type New = NewVolumeAttachment;
    const TOKEN_VALIDITY: Duration = LASTING;
}

/// Detaches the volume.
impl Deletable for VolumeAttachment {
    const TOKEN_VALIDITY: Duration = LASTING;
}

impl Phased for VolumeAttachment {
    fn phase(&self) -> Phase {
        Phase::Ready
    }
}
