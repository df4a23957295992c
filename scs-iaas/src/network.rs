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

// Named like the module: the network itself.
#[allow(clippy::module_inception)]
mod network;
mod security_group;
mod security_group_rule;
mod subnet;

use scs_core::Api;

pub use self::{network::*, security_group::*, security_group_rule::*, subnet::*};
use crate::OpenStack;

impl OpenStack {
    /// The networks.
    pub fn networks(&self) -> Api<Network> {
        self.api()
    }

    /// The subnets: the ranges of addresses of networks.
    pub fn subnets(&self) -> Api<Subnet> {
        self.api()
    }

    /// The security groups: what may pass to and from the ports that are in them.
    pub fn security_groups(&self) -> Api<SecurityGroup> {
        self.api()
    }

    /// The rules of all security groups.
    pub fn security_group_rules(&self) -> Api<SecurityGroupRule> {
        self.api()
    }
}
