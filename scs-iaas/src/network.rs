//! Networks, addresses and firewalls (Neutron).
//!
//! Follows <https://docs.openstack.org/api-ref/network/v2/>.
//!
//! ```no_run
//! use scs_iaas::{OpenStack, network::*};
//!
//! # async fn f(cloud: OpenStack) -> scs_core::Result<()> {
//! let network = cloud.networks().create(NewNetwork::new().name("blue")).await?;
//! cloud.subnets().create(NewSubnet::of(&network.id, "10.8.0.0/24").name("blue")).await?;
//! let group = cloud.security_groups().create(NewSecurityGroup::new("ssh")).await?;
//! let rule = NewSecurityGroupRule::new(&group.id, Direction::Ingress).tcp(22);
//! cloud.security_group_rules().create(rule).await?;
//! # Ok(()) }
//! ```

mod address;
mod availability_zone;
mod default_security_group_rule;
mod extension;
mod floating_ip;
mod floating_ip_for;
// Named like the module: the network itself.
#[allow(clippy::module_inception)]
mod network;
mod port;
mod quota;
mod revision;
mod router;
mod router_action;
mod rule_set;
mod security_group;
mod security_group_rule;
mod subnet;
mod tag;
#[cfg(test)]
mod tests;

use scs_core::{Api, Id};

pub use self::{
    address::*, availability_zone::*, default_security_group_rule::*, extension::*, floating_ip::*,
    network::*, port::*, quota::*, router::*, router_action::*, security_group::*,
    security_group_rule::*, subnet::*, tag::*,
};
use crate::{OpenStack, identity::Project};

impl OpenStack {
    /// The networks.
    pub fn networks(&self) -> Api<Network> {
        self.api()
    }

    /// The subnets: the ranges of addresses of networks.
    pub fn subnets(&self) -> Api<Subnet> {
        self.api()
    }

    /// The ports: where servers, routers and addresses are plugged into networks.
    pub fn ports(&self) -> Api<Port> {
        self.api()
    }

    /// The routers.
    pub fn routers(&self) -> Api<Router> {
        self.api()
    }

    /// The floating IPs. The one for a port, found or made, gives
    /// [`floating_ip_for`](Self::floating_ip_for).
    pub fn floating_ips(&self) -> Api<FloatingIp> {
        self.api()
    }

    /// The security groups: what may pass to and from the ports that are in them.
    pub fn security_groups(&self) -> Api<SecurityGroup> {
        self.api()
    }

    /// The rules of all security groups. All of one group are replaced by
    /// [`replace_security_group_rules`](Self::replace_security_group_rules).
    pub fn security_group_rules(&self) -> Api<SecurityGroupRule> {
        self.api()
    }

    /// The rules that the cloud puts into new security groups.
    pub fn default_security_group_rules(&self) -> Api<DefaultSecurityGroupRule> {
        self.api()
    }

    /// How many networks, ports, … projects may have, by the ids of the projects:
    /// `cloud.network_quotas().get(&project.id.cast())`.
    pub fn network_quotas(&self) -> Api<QuotaSet> {
        self.api()
    }

    /// How many networks, ports, … a project may have and has.
    pub fn network_quota_usage(&self, project: &Id<Project>) -> Api<QuotaUsage> {
        self.api_in([project.as_str()])
    }

    /// How many networks, ports, … a project may have as long as nobody has said otherwise.
    pub fn network_quota_defaults(&self, project: &Id<Project>) -> Api<QuotaDefaults, QuotaSet> {
        self.api_in::<QuotaDefaults>([project.as_str()]).view()
    }

    /// The parts of the cloud that networks and routers can be placed in.
    pub fn network_availability_zones(&self) -> Api<AvailabilityZone> {
        self.api()
    }

    /// The extensions of the network API that the cloud offers.
    pub fn network_extensions(&self) -> Api<Extension> {
        self.api()
    }
}
