use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use scs_core::{Api, Arg, Id, Metadata, Result, Secret, answer, request, value::Member};
use serde::Serializer;

use super::{BlockDevice, DiskConfig, Networks, SecurityGroups, Server};
use crate::{
    compute::{Flavor, Keypair, ServerGroup},
    image::Image,
};

request! {
    /// What a [`Server`] is made from.
    ///
    /// It boots from `image`, or from the first of the `block_devices`. With an image and no
    /// block devices, a server of a flavor without a disk boots from a new volume: it holds a
    /// copy of the image, is as large as the image asks for, and is deleted with the server.
    /// To find that out the flavor is looked up, and for such a flavor the image too. With
    /// [`BlockDevice::boot_image`] the volume is as the caller says, and nothing is looked up.
    ///
    /// The service answers with an initial password only once: [`CreatedServer`] reads it.
    pub struct NewServer(
        /// Its name.
        name: String,
        /// Its size.
        flavor: Id<Flavor> as "flavorRef",
        /// What it is connected to.
        networks: Networks => since(value),
    ) {
        /// The image it boots from.
        image: Id<Image> as "imageRef",
        /// Its volumes and local disks.
        block_devices: Vec<BlockDevice> as "block_device_mapping_v2" => since(value),
        /// The key that may log in to it.
        key_name: Id<Keypair>,
        /// The security groups of its new ports, by name or id; `default` if not set.
        security_groups: SecurityGroups,
        /// What it is told at its first start, such as a cloud-init document.
        user_data: UserData,
        /// Whether it gets a configuration drive.
        config_drive: bool,
        /// Where it runs: an availability zone.
        availability_zone: String,
        /// What the scheduler should heed.
        scheduler_hints: SchedulerHints => beside("os:scheduler_hints"),
        /// Key-value pairs; the server sees them.
        metadata: Metadata,
        /// Its tags.
        tags: Vec<String> => since(2, 52),
        /// What it is, in words.
        description: String => since(2, 19),
        /// The host name that the metadata service gives it; made from `name` if not set.
        hostname: String => since(2, 90),
        /// The password of its administrator; made by the service if not set.
        admin_password: Secret as "adminPass",
        /// How its root disk is partitioned.
        disk_config: DiskConfig as "OS-DCF:diskConfig",
        /// The ids of the certificates that its image is checked with.
        trusted_image_certificates: Vec<String> => since(2, 63),
        /// The host it must run on; for administrators.
        host: String => since(2, 74),
        /// The hypervisor it must run on; for administrators.
        hypervisor_hostname: String => since(2, 74),
    }
}

request! {
    /// What the scheduler should heed when it chooses a host. Others are added by `with`.
    pub struct SchedulerHints {
        /// The server group it joins.
        group: Id<ServerGroup>,
        /// On another host than each of these servers.
        different_host: Vec<Id<Server>>,
        /// On the host of one of these servers.
        same_host: Vec<Id<Server>>,
    }
}

answer! {
    /// What is answered to the creation of a [`Server`], and never told again.
    ///
    /// ```no_run
    /// use scs_iaas::{OpenStack, compute::{CreatedServer, NewServer}};
    ///
    /// # async fn f(cloud: OpenStack, new: NewServer) -> scs_core::Result<()> {
    /// let created: CreatedServer = cloud.servers().create(new).answer().await?;
    /// let server = cloud.servers().wait(created.id).ready().await?;
    /// # Ok(()) }
    /// ```
    pub struct CreatedServer(
        /// The id of the server.
        id: Id<Server>,
    ) {
        /// The initial password of its administrator, if the cloud sets one.
        admin_password: Option<Secret> as "adminPass",
    }
}

/// What a server is told at its first start. At most 65,535 bytes once it is encoded in
/// base64, which is done here.
#[derive(Clone, PartialEq, Eq)]
pub struct UserData(Secret);

impl UserData {
    /// User data as the server should see it.
    pub fn new(data: impl AsRef<[u8]>) -> Self {
        Self(BASE64.encode(data).into())
    }
}

impl fmt::Debug for UserData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserData(…)")
    }
}

impl Arg<UserData> for &str {
    fn arg(self) -> UserData {
        UserData::new(self)
    }
}

impl Arg<UserData> for String {
    fn arg(self) -> UserData {
        UserData::new(self)
    }
}

impl Member for UserData {
    fn write<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

const GIB: u64 = 1 << 30;

/// The size in GiB of a volume that holds the image.
pub(crate) fn volume_size(image: &Image) -> u32 {
    let bytes = image.size.max(image.virtual_size).unwrap_or_default();
    let least = u32::try_from(bytes.div_ceil(GIB)).unwrap_or(u32::MAX);
    least.max(image.min_disk).max(1)
}

/// Lets a server of a flavor without a disk boot from a volume.
pub(super) async fn boot_from_volume_if_diskless(
    servers: &Api<Server>,
    mut new: NewServer,
) -> Result<NewServer> {
    let Some(image) = new.image.clone().filter(|_| new.block_devices.is_none()) else {
        return Ok(new);
    };
    let session = servers.dialect();
    let flavor = Api::<Flavor>::new(session.clone()).get(&new.flavor).await?;
    if flavor.is_diskless() {
        let image = Api::<Image>::new(session.clone()).get(&image).await?;
        new.image = None;
        new = new.block_devices([BlockDevice::boot_image(&image.id, volume_size(&image))]);
    }
    Ok(new)
}
