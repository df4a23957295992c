//! Servers and what they are made with (Nova).
//!
//! ```no_run
//! use scs_iaas::{OpenStack, compute::{Networks, NewServer}};
//!
//! # async fn f(cloud: OpenStack) -> scs_core::Result<()> {
//! let image = cloud.images().find("Debian 13").await?;
//! let flavor = cloud.flavors().find("SCS-2V-8").await?;
//! let network = cloud.networks().find("private").await?;
//! let new = NewServer::new("web", &flavor.id, Networks::of([&network.id])).image(&image.id);
//! let server = cloud.servers().create(new).ready().await?;
//! println!("{} has {:?}", server.name, server.addresses);
//! # Ok(()) }
//! ```
//!
//! Follows <https://docs.openstack.org/api-ref/compute/>.

mod attachment;
mod availability_zone;
mod flavor;
mod flavor_action;
mod interface;
mod keypair;
mod limits;
mod quota;
mod server;
mod server_group;
#[cfg(test)]
mod tests;

use scs_core::{Api, ApiVersion, Id};

pub use self::{
    attachment::*, availability_zone::*, flavor::*, flavor_action::*, interface::*, keypair::*,
    limits::*, quota::*, server::*, server_group::*,
};
use crate::{OpenStack, identity::Project};

/// The first version of the API there was.
const OLDEST: ApiVersion = ApiVersion::new(2, 1);

/// The version that the types of this module were written against.
const NEWEST: ApiVersion = ApiVersion::new(2, 96);

impl OpenStack {
    /// The servers.
    pub fn servers(&self) -> Api<Server> {
        self.api()
    }

    /// The servers with id and name only: much cheaper to list than [`servers`](Self::servers).
    pub fn server_summaries(&self) -> Api<ServerSummary> {
        self.api()
    }

    /// The volumes attached to a server.
    pub fn volume_attachments(&self, server: &Id<Server>) -> Api<VolumeAttachment> {
        self.api_in([server.as_str()])
    }

    /// The ports of a server.
    pub fn interfaces(&self, server: &Id<Server>) -> Api<Interface> {
        self.api_in([server.as_str()])
    }

    /// What was done to a server.
    pub fn instance_actions(&self, server: &Id<Server>) -> Api<InstanceAction> {
        self.api_in([server.as_str()])
    }

    /// What the hypervisor knows of a running server, for administrators.
    pub fn server_diagnostics(&self, server: &Id<Server>) -> Api<ServerDiagnostics> {
        self.api_in([server.as_str()])
    }

    /// The flavors: the sizes that servers come in.
    pub fn flavors(&self) -> Api<Flavor> {
        self.api()
    }

    /// The properties of a flavor, from clouds whose [`flavors`](Self::flavors) do not tell them.
    pub fn flavor_extra_specs(&self, flavor: &Id<Flavor>) -> Api<FlavorExtraSpecs> {
        self.api_in([flavor.as_str()])
    }

    /// The projects that may use a flavor which is not public.
    pub fn flavor_access(&self, flavor: &Id<Flavor>) -> Api<FlavorAccess> {
        self.api_in([flavor.as_str()])
    }

    /// The server groups: which servers share a host and which must not.
    pub fn server_groups(&self) -> Api<ServerGroup> {
        self.api()
    }

    /// The keypairs of the user who is logged in.
    pub fn keypairs(&self) -> Api<Keypair> {
        self.api()
    }

    /// The availability zones that servers can run in.
    pub fn compute_availability_zones(&self) -> Api<AvailabilityZone> {
        self.api()
    }

    /// How much of servers and the like the project of the login may have and has.
    pub fn compute_limits(&self) -> Api<Limits> {
        self.api()
    }

    /// How much of servers and the like projects may have, by the id of the project.
    pub fn compute_quotas(&self) -> Api<QuotaSet> {
        self.api()
    }

    /// How much of servers and the like a project may have and has.
    pub fn compute_quota_usage(&self, project: &Id<Project>) -> Api<QuotaUsage> {
        self.api_in([project.as_str()])
    }

    /// How many servers, cores, … a project may have as long as nobody has said otherwise.
    pub fn compute_quota_defaults(&self, project: &Id<Project>) -> Api<QuotaDefaults, QuotaSet> {
        self.api_in::<QuotaDefaults>([project.as_str()]).view()
    }
}
