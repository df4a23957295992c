mod access;
mod admin;
mod block_device;
mod diagnostics;
mod labels;
mod networks;
mod new;
mod parts;
mod power;
mod query;
mod rebuild;

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use scs_core::{
    Change, Creatable, Deletable, Id, Identified, Listable, Metadata, Phase, Phased, Resource,
    Result, Route, Timestamp, Updatable,
    auth::LASTING,
    open_enum, request,
    value::{lenient, nullable},
};
use serde::Deserialize;

pub use self::{
    access::*, admin::*, block_device::*, diagnostics::*, labels::*, networks::*, new::*, parts::*,
    power::*, query::*, rebuild::*,
};
use self::{parts::image, query::exactly};
use super::{Keypair, NEWEST, OLDEST};
use crate::{
    Session,
    identity::{Project, User},
    image::Image,
};

/// A virtual machine, or a real one.
///
/// One type serves all versions of the API: what a version does not tell is `None` or empty.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Server {
    /// Its id.
    pub id: Id<Server>,
    /// Its name; empty while the part of the cloud it runs in does not answer.
    #[serde(default)]
    pub name: String,
    /// What it is, in words (since 2.19).
    #[serde(default)]
    pub description: Option<String>,
    /// Where it is in its life.
    pub status: ServerStatus,
    /// What is being done to it, such as `powering-off`; `None` when nothing is.
    #[serde(rename = "OS-EXT-STS:task_state", default)]
    pub task_state: Option<String>,
    /// The state that is meant to be, such as `active` or `stopped`.
    #[serde(rename = "OS-EXT-STS:vm_state", default)]
    pub vm_state: Option<String>,
    /// What the hypervisor says of it.
    #[serde(rename = "OS-EXT-STS:power_state", default)]
    pub power_state: PowerState,
    /// What went wrong, if something did.
    #[serde(default)]
    pub fault: Option<ServerFault>,
    /// How far the present task is, in percent.
    #[serde(default)]
    pub progress: Option<u8>,
    /// Its addresses, by the name of the network.
    #[serde(default, deserialize_with = "nullable")]
    pub addresses: BTreeMap<String, Vec<Address>>,
    /// The IPv4 address at which its owner says it is reached.
    #[serde(rename = "accessIPv4", default, deserialize_with = "lenient")]
    pub access_ipv4: Option<IpAddr>,
    /// The IPv6 address at which its owner says it is reached.
    #[serde(rename = "accessIPv6", default, deserialize_with = "lenient")]
    pub access_ipv6: Option<IpAddr>,
    /// Its size.
    #[serde(default, deserialize_with = "nullable")]
    pub flavor: ServerFlavor,
    /// The image it was made from; `None` if it boots from a volume.
    #[serde(default, deserialize_with = "image")]
    pub image: Option<Id<Image>>,
    /// The volumes attached to it.
    #[serde(rename = "os-extended-volumes:volumes_attached", default)]
    pub volumes: Vec<AttachedVolume>,
    /// The security groups of its ports.
    #[serde(default)]
    pub security_groups: SecurityGroups,
    /// The key that may log in to it.
    #[serde(default)]
    pub key_name: Option<Id<Keypair>>,
    /// Whether it has a configuration drive.
    #[serde(default, deserialize_with = "lenient")]
    pub config_drive: Option<bool>,
    /// How its root disk is partitioned.
    #[serde(rename = "OS-DCF:diskConfig", default)]
    pub disk_config: Option<DiskConfig>,
    /// Key-value pairs of its owner; the server sees them.
    #[serde(default, deserialize_with = "nullable")]
    pub metadata: Metadata,
    /// Its tags (since 2.26).
    #[serde(default, deserialize_with = "nullable")]
    pub tags: Vec<String>,
    /// Whether only administrators may change it (since 2.9).
    #[serde(default)]
    pub locked: bool,
    /// Why it is locked (since 2.73).
    #[serde(default)]
    pub locked_reason: Option<String>,
    /// The ids of the server groups it is in (since 2.71; lists leave it out).
    #[serde(default)]
    pub server_groups: Vec<String>,
    /// The ids of the certificates that its image was checked with (since 2.63).
    #[serde(default, deserialize_with = "nullable")]
    pub trusted_image_certificates: Vec<String>,
    /// The project it belongs to.
    #[serde(rename = "tenant_id", default)]
    pub project_id: Option<Id<Project>>,
    /// The user who made it.
    #[serde(default)]
    pub user_id: Option<Id<User>>,
    /// The availability zone it runs in; empty before it runs anywhere.
    #[serde(rename = "OS-EXT-AZ:availability_zone", default)]
    pub availability_zone: Option<String>,
    /// The availability zone that was asked for (since 2.96).
    #[serde(default)]
    pub pinned_availability_zone: Option<String>,
    /// Tells the hosts of one project apart without naming them.
    #[serde(rename = "hostId", default)]
    pub host_id: Option<String>,
    /// Whether its host is up, where the policy shows it (since 2.16).
    #[serde(default)]
    pub host_status: Option<String>,
    /// The host it runs on, for administrators.
    #[serde(rename = "OS-EXT-SRV-ATTR:host", default)]
    pub host: Option<String>,
    /// The hypervisor it runs on, for administrators.
    #[serde(rename = "OS-EXT-SRV-ATTR:hypervisor_hostname", default)]
    pub hypervisor_hostname: Option<String>,
    /// What the hypervisor calls it, for administrators.
    #[serde(rename = "OS-EXT-SRV-ATTR:instance_name", default)]
    pub instance_name: Option<String>,
    /// The host name it gets from the metadata service (for everybody since 2.90).
    #[serde(rename = "OS-EXT-SRV-ATTR:hostname", default)]
    pub hostname: Option<String>,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient")]
    pub created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "lenient")]
    pub updated: Option<Timestamp>,
    /// When it first ran.
    #[serde(rename = "OS-SRV-USG:launched_at", default, deserialize_with = "lenient")]
    pub launched_at: Option<Timestamp>,
    /// When it was deleted.
    #[serde(rename = "OS-SRV-USG:terminated_at", default, deserialize_with = "lenient")]
    pub terminated_at: Option<Timestamp>,
}

open_enum! {
    /// Where a [`Server`] is in its life. One that rests is ready, whether it runs or not.
    pub enum ServerStatus -> Phase {
        /// It runs.
        Active = "ACTIVE" => Ready,
        /// It is being made.
        Build = "BUILD" => Pending,
        /// It is gone in a moment: Nova says so shortly before it forgets the server, and lists
        /// still show it.
        Deleted = "DELETED" => Deleting,
        /// It needs somebody's attention: see [`Server::fault`].
        Error = "ERROR" => Failed,
        /// It is being switched off and on.
        HardReboot = "HARD_REBOOT" => Updating,
        /// It moves to another host.
        Migrating = "MIGRATING" => Updating,
        /// It gets another password.
        Password = "PASSWORD" => Updating,
        /// It stands still in memory.
        Paused = "PAUSED" => Ready,
        /// It is being rebooted.
        Reboot = "REBOOT" => Updating,
        /// It is being made anew from an image.
        Rebuild = "REBUILD" => Updating,
        /// It runs from a rescue image.
        Rescue = "RESCUE" => Ready,
        /// It gets another flavor.
        Resize = "RESIZE" => Updating,
        /// It goes back to its old flavor.
        RevertResize = "REVERT_RESIZE" => Updating,
        /// It is switched off and kept as an image.
        Shelved = "SHELVED" => Ready,
        /// It is kept as an image and uses no host.
        ShelvedOffloaded = "SHELVED_OFFLOADED" => Ready,
        /// It is switched off.
        Shutoff = "SHUTOFF" => Ready,
        /// It is deleted and can be restored for a while.
        SoftDeleted = "SOFT_DELETED" => Deleted,
        /// It stands still on disk.
        Suspended = "SUSPENDED" => Ready,
        /// The part of the cloud it runs in does not answer.
        Unknown = "UNKNOWN",
        /// It has another flavor, which waits to be confirmed or reverted.
        VerifyResize = "VERIFY_RESIZE" => Ready,
    }
}

open_enum! {
    /// How a root disk is partitioned.
    pub enum DiskConfig {
        /// One partition, as large as the flavor's disk.
        Auto = "AUTO",
        /// As the image has it.
        Manual = "MANUAL",
    }
}

request! {
    /// What may change about a [`Server`].
    pub struct ServerPatch {
        /// Its name.
        name: String,
        /// What it is, in words.
        description: Change<String> => since(2, 19),
        /// The IPv4 address at which it is reached.
        access_ipv4: IpAddr as "accessIPv4",
        /// The IPv6 address at which it is reached.
        access_ipv6: IpAddr as "accessIPv6",
        /// How its root disk is partitioned when it is rebuilt or resized.
        disk_config: DiskConfig as "OS-DCF:diskConfig",
        /// The host name that the metadata service gives it.
        hostname: String => since(2, 90),
    }
}

impl Resource for Server {
    type Dialect = Session;
    const ROUTE: Route = Route::new("compute", "servers")
        .keys("server", "servers")
        .listed_at("servers/detail")
        .versions(OLDEST, NEWEST)
        .created_partly();
}

impl Identified for Server {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for Server {
    type Query = ServerQuery;

    fn named(name: &str) -> ServerQuery {
        ServerQuery::new().name(exactly(name))
    }
}

impl Creatable for Server {
    type New = NewServer;
    const TOKEN_VALIDITY: Duration = LASTING;

    async fn prepare(api: &scs_core::Api<Self>, new: NewServer) -> Result<NewServer> {
        new::boot_from_volume_if_diskless(api, new).await
    }
}

impl Updatable for Server {
    type Patch = ServerPatch;
}

impl Deletable for Server {
    const TOKEN_VALIDITY: Duration = LASTING;
}

impl Phased for Server {
    fn phase(&self) -> Phase {
        match (self.task_state.as_deref(), self.status.phase()) {
            (Some("deleting" | "soft-deleting"), phase) if phase != Phase::Deleted => {
                Phase::Deleting
            }
            (Some(_), Phase::Ready) => Phase::Updating,
            (_, phase) => phase,
        }
    }

    fn fault(&self) -> Option<String> {
        self.fault.as_ref().map(|fault| fault.message.clone())
    }
}
