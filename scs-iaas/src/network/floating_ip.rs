use std::net::IpAddr;

use scs_core::{
    Change, Creatable, Deletable, Id, Identified, Listable, Phase, Phased, Resource, Route,
    Timestamp, Updatable, answer, open_enum, request, value::Lenient,
};

use super::{Network, Port, Router, Subnet};
use crate::{Session, identity::Project};

open_enum! {
    /// The status of a [`FloatingIp`].
    pub enum FloatingIpStatus {
        /// It leads to a port.
        Active = "ACTIVE",
        /// It leads nowhere (yet).
        Down = "DOWN",
        /// It needs the provider's attention.
        Error = "ERROR",
    }
}

answer! {
    /// A floating IP: an address of an external network that leads to a port, and that can be
    /// moved from port to port. Its address serves as its name.
    pub struct FloatingIp(
        /// Its id.
        id: Id<FloatingIp>,
        /// The address.
        address: IpAddr as "floating_ip_address",
        /// The project it belongs to.
        project_id: Id<Project>,
        /// Its status; see [`Phased`] for what is worth waiting for.
        status: FloatingIpStatus,
        /// The external network it is of.
        network_id: Id<Network> as "floating_network_id",
    ) {
        /// What it is, in words.
        description: String,
        /// The port it leads to.
        port_id: Option<Id<Port>>,
        /// What is known of that port.
        port: Option<FloatingIpPort> as "port_details",
        /// The address of the port that it leads to.
        fixed_ip: Option<IpAddr> as "fixed_ip_address",
        /// The router that leads it there.
        router_id: Option<Id<Router>>,
        /// The host part of its name.
        dns_name: String,
        /// The domain part of its name.
        dns_domain: String,
        /// The id of its quality-of-service policy.
        qos_policy_id: Option<String>,
        /// Its tags.
        tags: Vec<String>,
        /// When it was created.
        created_at: Option<Timestamp> => Lenient<_>,
        /// When it was last changed.
        updated_at: Option<Timestamp> => Lenient<_>,
        /// Goes up with each change.
        revision_number: Option<u64>,
    }
}

answer! {
    /// The port that a [`FloatingIp`] leads to.
    pub struct FloatingIpPort {
        /// The id of the server or router it belongs to; empty for a port of its own.
        device_id: String,
        /// What it belongs to: `compute:nova`, `network:router_interface`.
        device_owner: String,
    }
}

request! {
    /// What a [`FloatingIp`] is made from.
    pub struct NewFloatingIp(
        /// The external network it is of.
        network_id: Id<Network> as "floating_network_id",
    ) {
        /// The subnet it is of, where the network has several.
        subnet_id: Id<Subnet>,
        /// The address, where the policy lets one choose.
        address: IpAddr as "floating_ip_address",
        /// The port it leads to.
        port_id: Id<Port>,
        /// The address of the port that it leads to, where the port has several.
        fixed_ip: IpAddr as "fixed_ip_address",
        /// What it is, in words.
        description: String,
        /// The host part of its name.
        dns_name: String,
        /// The domain part of its name, ending in a dot.
        dns_domain: String,
        /// The id of its quality-of-service policy.
        qos_policy_id: String,
        /// Whose it is; that of the login if not set. For administrators.
        project_id: Id<Project>,
    }
}

request! {
    /// What may change about a [`FloatingIp`].
    ///
    /// ```
    /// use scs_core::{Change, Id};
    /// use scs_iaas::network::{FloatingIpPatch, Port};
    ///
    /// let port: Id<Port> = "5f1c".into();
    /// let associate = FloatingIpPatch::new().port_id(&port);
    /// let disassociate = FloatingIpPatch::new().port_id(Change::Clear);
    /// ```
    pub struct FloatingIpPatch {
        /// The port it leads to. A port that it led to before loses it.
        port_id: Change<Id<Port>>,
        /// The address of the port that it leads to, where the port has several.
        fixed_ip: Change<IpAddr> as "fixed_ip_address",
        /// What it is, in words.
        description: String,
        /// The id of its quality-of-service policy.
        qos_policy_id: Change<String>,
    }
}

request! {
    /// Which floating IPs to list.
    pub struct FloatingIpQuery {
        /// With this address.
        address: String as "floating_ip_address",
        /// Of this project.
        project_id: Id<Project>,
        /// With this status.
        status: FloatingIpStatus,
        /// Of this external network.
        network_id: Id<Network> as "floating_network_id",
        /// Those that lead to this port.
        port_id: Id<Port>,
        /// Those that lead to this address.
        fixed_ip: IpAddr as "fixed_ip_address",
        /// Those that this router leads.
        router_id: Id<Router>,
        /// With all of these tags, separated by commas.
        tags: String,
        /// With any of these tags, separated by commas.
        tags_any: String as "tags-any",
        /// Without all of these tags, separated by commas.
        not_tags: String as "not-tags",
        /// Without any of these tags, separated by commas.
        not_tags_any: String as "not-tags-any",
        /// How many a page holds; unpaged if not set.
        limit: u32,
        /// Those behind the one with this id.
        marker: Id<FloatingIp>,
        /// By which member to sort.
        sort_key: String,
        /// `asc` or `desc`.
        sort_dir: String,
    }
}

impl Resource for FloatingIp {
    type Dialect = Session;
    const ROUTE: Route = Route::new("network", "floatingips").keys("floatingip", "floatingips");
}

impl Identified for FloatingIp {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn is_called(&self, word: &str) -> bool {
        self.id.as_str() == word || word.parse() == Ok(self.address)
    }
}

impl Listable for FloatingIp {
    type Query = FloatingIpQuery;

    fn named(address: &str) -> FloatingIpQuery {
        FloatingIpQuery::new().address(address)
    }
}

impl Creatable for FloatingIp {
    type New = NewFloatingIp;
}

impl Updatable for FloatingIp {
    type Patch = FloatingIpPatch;
}

impl Deletable for FloatingIp {}

/// A floating IP that leads to no port is ready as soon as it exists. One with a port is ready
/// when traffic gets there.
impl Phased for FloatingIp {
    fn phase(&self) -> Phase {
        match self.status {
            FloatingIpStatus::Active => Phase::Ready,
            FloatingIpStatus::Down if self.port_id.is_none() => Phase::Ready,
            FloatingIpStatus::Down => Phase::Pending,
            FloatingIpStatus::Error => Phase::Failed,
            FloatingIpStatus::_Other(_) => Phase::Unknown,
        }
    }
}
