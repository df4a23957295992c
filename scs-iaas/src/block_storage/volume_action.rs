use std::time::Duration;

use scs_core::{Action, ApiVersion, Id, Metadata, answer, auth::LASTING, open_enum, request};

use super::{Snapshot, Volume, VolumeStatus};
use crate::image::{DiskFormat, Image, Visibility};

request! {
    /// Makes a [`Volume`] larger: [`Extending`](VolumeStatus::Extending), then as before. An
    /// attached one needs version 3.42 of the API.
    pub struct Extend(
        /// The size to have, in GiB.
        new_size: u32,
    ) {}
}

impl Action for Extend {
    type Target = Volume;
    type Output = ();
    const KEY: &'static str = "os-extend";
    const TOKEN_VALIDITY: Duration = LASTING;
}

request! {
    /// Gives a [`Volume`] another type: [`Retyping`](VolumeStatus::Retyping), then as before.
    pub struct Retype(
        /// The type to have, by name or id.
        new_type: String,
    ) {
        /// Whether it may be moved to another back end for that; never if not set.
        migration_policy: MigrationPolicy,
    }
}

open_enum! {
    /// Whether a [`Volume`] may be moved to get another type.
    pub enum MigrationPolicy {
        /// No: the type has to lie on the same back end.
        Never = "never",
        /// If it has to be.
        OnDemand = "on-demand",
    }
}

impl Action for Retype {
    type Target = Volume;
    type Output = ();
    const KEY: &'static str = "os-retype";
    const TOKEN_VALIDITY: Duration = LASTING;
}

request! {
    /// Moves a [`Volume`] to another back end, without changing its type; for administrators.
    /// Either `host` or `cluster` has to be set. How far it is tells `migration_status`; the
    /// volume can be used meanwhile.
    pub struct Migrate {
        /// The back end to move to: `host@backend#pool`.
        host: String,
        /// The cluster of back ends to move to: `cluster@backend`.
        cluster: String => since(3, 16),
        /// Whether the data is copied by the host even where the back end could move it itself.
        force_host_copy: bool,
        /// Whether other requests have to wait until it is done, instead of ending the move.
        lock_volume: bool,
    }
}

impl Action for Migrate {
    type Target = Volume;
    type Output = ();
    const KEY: &'static str = "os-migrate_volume";
    const TOKEN_VALIDITY: Duration = LASTING;
}

request! {
    /// Says whether servers can boot from a [`Volume`].
    pub struct SetBootable(
        /// Whether they can.
        bootable: bool,
    ) {}
}

impl Action for SetBootable {
    type Target = Volume;
    type Output = ();
    const KEY: &'static str = "os-set_bootable";
    const IDEMPOTENT: bool = true;
}

request! {
    /// Says whether a [`Volume`] is attached for reading only.
    pub struct SetReadOnly(
        /// Whether it is.
        readonly: bool,
    ) {}
}

impl Action for SetReadOnly {
    type Target = Volume;
    type Output = ();
    const KEY: &'static str = "os-update_readonly_flag";
    const IDEMPOTENT: bool = true;
}

request! {
    /// Adds to what is known of the image that a [`Volume`] holds, or changes it. Answers
    /// with all of it.
    pub struct SetImageMetadata(
        /// The key-value pairs.
        metadata: Metadata,
    ) {}
}

impl Action for SetImageMetadata {
    type Target = Volume;
    type Output = Metadata;
    const KEY: &'static str = "os-set_image_metadata";
    const ANSWER: &'static str = "metadata";
    const IDEMPOTENT: bool = true;
}

request! {
    /// Removes one pair of what is known of the image that a [`Volume`] holds.
    pub struct UnsetImageMetadata(
        /// The key.
        key: String,
    ) {}
}

impl Action for UnsetImageMetadata {
    type Target = Volume;
    type Output = ();
    const KEY: &'static str = "os-unset_image_metadata";
}

request! {
    /// Makes an [`Image`] from a [`Volume`]: the image is there at once and
    /// [`Active`](crate::image::ImageStatus::Active) when it is complete. The volume is
    /// [`Uploading`](VolumeStatus::Uploading) meanwhile.
    pub struct UploadToImage(
        /// The name of the image.
        image_name: String,
    ) {
        /// The format of the image; raw if not set.
        disk_format: DiskFormat,
        /// Who may see the image; its project if not set.
        visibility: Visibility => since(3, 1),
        /// Whether the image is protected against deletion.
        protected: bool => since(3, 1),
        /// Also if the volume is attached. What is written meanwhile may be in the image half.
        force: bool,
    }
}

answer! {
    /// The image that is made from a [`Volume`].
    pub struct UploadedImage(
        /// The id of the image.
        image_id: Id<Image>,
    ) {}
}

impl Action for UploadToImage {
    type Target = Volume;
    type Output = UploadedImage;
    const KEY: &'static str = "os-volume_upload_image";
    const ANSWER: &'static str = "os-volume_upload_image";
    const TOKEN_VALIDITY: Duration = LASTING;
}

request! {
    /// Sets a [`Volume`] back to what its latest snapshot holds:
    /// [`Reverting`](VolumeStatus::Reverting), then as before. What was written since is lost.
    pub struct Revert(
        /// The snapshot.
        snapshot_id: Id<Snapshot>,
    ) {}
}

impl Action for Revert {
    type Target = Volume;
    type Output = ();
    const KEY: &'static str = "revert";
    const SINCE: Option<ApiVersion> = Some(ApiVersion::new(3, 40));
    const TOKEN_VALIDITY: Duration = LASTING;
}

request! {
    /// Corrects what Cinder believes of a [`Volume`], without touching the volume itself; for
    /// administrators.
    pub struct ResetVolume {
        /// The status to note down.
        status: VolumeStatus,
        /// Whether it is attached: `attached` or `detached`.
        attach_status: String,
        /// How far a migration is: `none` for none.
        migration_status: String,
    }
}

impl Action for ResetVolume {
    type Target = Volume;
    type Output = ();
    const KEY: &'static str = "os-reset_status";
    const IDEMPOTENT: bool = true;
}
