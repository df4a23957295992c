//! Actions that change what a server is, or keep what it was.

use std::{net::IpAddr, time::Duration};

use scs_core::{Action, ApiVersion, Change, Id, Metadata, Secret, auth::LASTING, request};

use super::{DiskConfig, Server, UserData};
use crate::{
    compute::{Flavor, Keypair},
    image::Image,
};

request! {
    /// Gives a server another flavor. It ends as
    /// [`VerifyResize`](super::ServerStatus::VerifyResize) and waits for
    /// [`ConfirmResize`](super::ConfirmResize) or [`RevertResize`](super::RevertResize).
    pub struct Resize(
        /// The flavor.
        flavor: Id<Flavor> as "flavorRef",
    ) {
        /// How its root disk is partitioned.
        disk_config: DiskConfig as "OS-DCF:diskConfig",
    }
}

impl Action for Resize {
    type Target = Server;
    type Output = ();
    const KEY: &'static str = "resize";
    const TOKEN_VALIDITY: Duration = LASTING;
}

request! {
    /// Makes a server anew from an image; it keeps its id, its ports and its volumes. What is
    /// not set stays as it is.
    pub struct Rebuild(
        /// The image.
        image: Id<Image> as "imageRef",
    ) {
        /// Its name.
        name: String,
        /// What it is, in words.
        description: Change<String> => since(2, 19),
        /// The password of its administrator; made by the service if not set.
        admin_password: Secret as "adminPass",
        /// The key that may log in to it.
        key_name: Change<Id<Keypair>> => since(2, 54),
        /// What it is told at its first start.
        user_data: Change<UserData> => since(2, 57),
        /// All of its key-value pairs.
        metadata: Metadata,
        /// The host name that the metadata service gives it.
        hostname: String => since(2, 90),
        /// Whether its additional disk is kept.
        preserve_ephemeral: bool,
        /// How its root disk is partitioned.
        disk_config: DiskConfig as "OS-DCF:diskConfig",
        /// The IPv4 address at which it is reached.
        access_ipv4: IpAddr as "accessIPv4",
        /// The IPv6 address at which it is reached.
        access_ipv6: IpAddr as "accessIPv6",
        /// The ids of the certificates that its image is checked with.
        trusted_image_certificates: Change<Vec<String>> => since(2, 63),
    }
}

impl Action for Rebuild {
    type Target = Server;
    type Output = Server;
    const KEY: &'static str = "rebuild";
    const ANSWER: &'static str = "server";
    const TOKEN_VALIDITY: Duration = LASTING;
}

request! {
    /// Makes an image of a server and answers with its id at once: wait for the image. The
    /// volumes of a server that boots from one become snapshots.
    pub struct CreateImage(
        /// The name of the image.
        name: String,
    ) {
        /// Properties of the image.
        metadata: Metadata,
    }
}

impl Action for CreateImage {
    type Target = Server;
    type Output = Id<Image>;
    const KEY: &'static str = "createImage";
    const ANSWER: &'static str = "image_id";
    const SINCE: Option<ApiVersion> = Some(ApiVersion::new(2, 45));
    const TOKEN_VALIDITY: Duration = LASTING;
}

request! {
    /// Makes an image of a server, deletes older backups of the same kind, and answers with
    /// the id of the image at once: wait for the image.
    pub struct CreateBackup(
        /// The name of the image.
        name: String,
        /// What kind of backup it is: `daily`, `weekly`, any word.
        kind: String as "backup_type",
        /// How many backups of this kind are kept.
        rotation: u32,
    ) {
        /// Properties of the image.
        metadata: Metadata,
    }
}

impl Action for CreateBackup {
    type Target = Server;
    type Output = Id<Image>;
    const KEY: &'static str = "createBackup";
    const ANSWER: &'static str = "image_id";
    const SINCE: Option<ApiVersion> = Some(ApiVersion::new(2, 45));
    const TOKEN_VALIDITY: Duration = LASTING;
}
