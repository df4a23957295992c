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
    Result, Route, Timestamp, Updatable, answer, auth::LASTING, open_enum, request, value::Lenient,
};

pub use self::{
    access::*, admin::*, block_device::*, diagnostics::*, labels::*, networks::*, new::*, parts::*,
    power::*, query::*, rebuild::*,
};
use self::{parts::BootImage, query::exactly};
use super::{Keypair, NEWEST, OLDEST};
use crate::{
    Session,
    identity::{Project, User},
    image::Image,
};

answer! {
    /// A virtual machine, or a real one.
    ///
    /// One type serves all versions of the API: what a version does not tell is `None` or empty.
    pub struct Server(
        /// Its id.
        id: Id<Server>,
        /// Where it is in its life.
        status: ServerStatus,
    ) {
        /// Its name; empty while the part of the cloud it runs in does not answer.
        name: String,
        /// What it is, in words (since 2.19).
        description: Option<String>,
        /// What is being done to it, such as `powering-off`; `None` when nothing is.
        task_state: Option<String> as "OS-EXT-STS:task_state",
        /// The state that is meant to be, such as `active` or `stopped`.
        vm_state: Option<String> as "OS-EXT-STS:vm_state",
        /// What the hypervisor says of it.
        power_state: PowerState as "OS-EXT-STS:power_state",
        /// What went wrong, if something did.
        fault: Option<ServerFault>,
        /// How far the present task is, in percent.
        progress: Option<u8>,
        /// Its addresses, by the name of the network.
        addresses: BTreeMap<String, Vec<Address>>,
        /// The IPv4 address at which its owner says it is reached.
        access_ipv4: Option<IpAddr> as "accessIPv4" => Lenient<_>,
        /// The IPv6 address at which its owner says it is reached.
        access_ipv6: Option<IpAddr> as "accessIPv6" => Lenient<_>,
        /// Its size.
        flavor: ServerFlavor,
        /// The image it was made from; `None` if it boots from a volume.
        image: Option<Id<Image>> => BootImage,
        /// The volumes attached to it.
        volumes: Vec<AttachedVolume> as "os-extended-volumes:volumes_attached",
        /// The security groups of its ports.
        security_groups: SecurityGroups,
        /// The key that may log in to it.
        key_name: Option<Id<Keypair>>,
        /// Whether it has a configuration drive.
        config_drive: Option<bool> => Lenient<_>,
        /// How its root disk is partitioned.
        disk_config: Option<DiskConfig> as "OS-DCF:diskConfig",
        /// Key-value pairs of its owner; the server sees them.
        metadata: Metadata,
        /// Its tags (since 2.26).
        tags: Vec<String>,
        /// Whether only administrators may change it (since 2.9).
        locked: bool,
        /// Why it is locked (since 2.73).
        locked_reason: Option<String>,
        /// The ids of the server groups it is in (since 2.71; lists leave it out).
        server_groups: Vec<String>,
        /// The ids of the certificates that its image was checked with (since 2.63).
        trusted_image_certificates: Vec<String>,
        /// The project it belongs to.
        project_id: Option<Id<Project>> as "tenant_id",
        /// The user who made it.
        user_id: Option<Id<User>>,
        /// The availability zone it runs in; empty before it runs anywhere.
        availability_zone: Option<String> as "OS-EXT-AZ:availability_zone",
        /// The availability zone that was asked for (since 2.96).
        pinned_availability_zone: Option<String>,
        /// Tells the hosts of one project apart without naming them.
        host_id: Option<String> as "hostId",
        /// Whether its host is up, where the policy shows it (since 2.16).
        host_status: Option<String>,
        /// The host it runs on, for administrators.
        host: Option<String> as "OS-EXT-SRV-ATTR:host",
        /// The hypervisor it runs on, for administrators.
        hypervisor_hostname: Option<String> as "OS-EXT-SRV-ATTR:hypervisor_hostname",
        /// What the hypervisor calls it, for administrators.
        instance_name: Option<String> as "OS-EXT-SRV-ATTR:instance_name",
        /// The host name it gets from the metadata service (for everybody since 2.90).
        hostname: Option<String> as "OS-EXT-SRV-ATTR:hostname",
        /// When it was made.
        created: Option<Timestamp> => Lenient<_>,
        /// When it last changed.
        updated: Option<Timestamp> => Lenient<_>,
        /// When it first ran.
        launched_at: Option<Timestamp> as "OS-SRV-USG:launched_at" => Lenient<_>,
        /// When it was deleted.
        terminated_at: Option<Timestamp> as "OS-SRV-USG:terminated_at" => Lenient<_>,
    }
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
