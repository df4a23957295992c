use scs_core::{
    BulkCreatable, Change, Creatable, Deletable, Id, Identified, Listable, Phase, Phased, Resource,
    Route, Timestamp, Updatable, answer, open_enum, request, value::Lenient,
};
use serde::Serialize;

use super::{AllowedAddressPair, FixedIp, IpVersion, Network, NewFixedIp, SecurityGroup};
use crate::{Session, identity::Project};

open_enum! {
    /// The status of a [`Port`].
    pub enum PortStatus {
        /// It carries traffic.
        Active = "ACTIVE",
        /// It is being made.
        Build = "BUILD",
        /// It carries no traffic, as any port that nothing is plugged into.
        Down = "DOWN",
        /// It needs the provider's attention.
        Error = "ERROR",
        /// It only holds an address.
        NotApplicable = "N/A",
    }
}

open_enum! {
    /// How a port is presented to a server.
    pub enum VnicType {
        /// A virtual interface.
        Normal = "normal",
        /// A virtual function of a network card, passed through.
        Direct = "direct",
        /// A whole network card, passed through.
        DirectPhysical = "direct-physical",
        /// A virtual function of a network card, through macvtap.
        Macvtap = "macvtap",
        /// The interface of a physical machine.
        Baremetal = "baremetal",
        /// A virtual function with virtio's data path in the card.
        Vdpa = "vdpa",
    }
}

answer! {
    /// An option told to a port by DHCP.
    #[derive(PartialEq, Eq, Serialize)]
    pub struct DhcpOption(
        /// Its name or number.
        #[serde(rename = "opt_name")]
        name: String as "opt_name",
    ) {
        /// Its value; in an update `None` takes the option away.
        #[serde(rename = "opt_value")]
        value: Option<String> as "opt_value",
        /// The version of DHCP; that for IPv4 if not set.
        #[serde(skip_serializing_if = "Option::is_none")]
        ip_version: Option<IpVersion>,
    }
}

impl DhcpOption {
    /// An option for IPv4.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: Some(value.into()), ip_version: None }
    }
}

answer! {
    /// A port: where a server, a router or an address is plugged into a network.
    pub struct Port(
        /// Its id.
        id: Id<Port>,
        /// The project it belongs to.
        project_id: Id<Project>,
        /// The network it belongs to.
        network_id: Id<Network>,
        /// Its status; see [`Phased`] for what is worth waiting for.
        status: PortStatus,
        /// Whether it is meant to carry traffic.
        admin_state_up: bool,
        /// Its hardware address.
        mac_address: String,
    ) {
        /// Its name; neither unique nor necessarily set.
        name: String,
        /// What it is, in words.
        description: String,
        /// Its addresses.
        fixed_ips: Vec<FixedIp>,
        /// The id of what is plugged in: a server, a router; empty if nothing is.
        device_id: String,
        /// The kind of what is plugged in: `compute:nova`, `network:router_interface`, …
        device_owner: String,
        /// The groups whose rules it follows.
        security_groups: Vec<Id<SecurityGroup>>,
        /// Whether its traffic is filtered; `None` where the cloud does not say.
        port_security_enabled: Option<bool>,
        /// Addresses it may send from besides its own.
        allowed_address_pairs: Vec<AllowedAddressPair>,
        /// Options told by DHCP.
        extra_dhcp_opts: Vec<DhcpOption>,
        /// The host part of its name.
        dns_name: String,
        /// The id of its quality-of-service policy.
        qos_policy_id: Option<String>,
        /// How it is presented to a server.
        vnic_type: Option<VnicType> as "binding:vnic_type",
        /// The host it is on; for administrators.
        host_id: Option<String> as "binding:host_id",
        /// How it is wired on the host, or `binding_failed`; for administrators.
        vif_type: Option<String> as "binding:vif_type",
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

request! {
    /// What a [`Port`] is made from.
    pub struct NewPort(
        /// The network it belongs to.
        network_id: Id<Network>,
    ) {
        /// Its name.
        name: String,
        /// What it is, in words.
        description: String,
        /// Whether it is meant to carry traffic; yes if not set.
        admin_state_up: bool,
        /// Its hardware address.
        mac_address: String,
        /// Its addresses; one of each version of IP if not set, none if empty.
        fixed_ips: Vec<NewFixedIp>,
        /// The groups whose rules it follows; the project's `default` if not set.
        security_groups: Vec<Id<SecurityGroup>>,
        /// Whether its traffic is filtered; as the network says if not set.
        port_security_enabled: bool,
        /// Addresses it may send from besides its own.
        allowed_address_pairs: Vec<AllowedAddressPair>,
        /// Options told by DHCP.
        extra_dhcp_opts: Vec<DhcpOption>,
        /// The id of what will be plugged in.
        device_id: String,
        /// The kind of what will be plugged in.
        device_owner: String,
        /// The host part of its name.
        dns_name: String,
        /// The id of its quality-of-service policy.
        qos_policy_id: String,
        /// How it is presented to a server; as a virtual interface if not set.
        vnic_type: VnicType as "binding:vnic_type",
        /// The host it will be on; for administrators.
        host_id: String as "binding:host_id",
        /// Whose it is; that of the login if not set. For administrators.
        project_id: Id<Project>,
    }
}

request! {
    /// What may change about a [`Port`].
    pub struct PortPatch {
        /// Its name.
        name: String,
        /// What it is, in words.
        description: String,
        /// Whether it is meant to carry traffic.
        admin_state_up: bool,
        /// Its hardware address; for administrators.
        mac_address: String,
        /// All of its addresses.
        fixed_ips: Vec<NewFixedIp>,
        /// All of the groups whose rules it follows.
        security_groups: Vec<Id<SecurityGroup>>,
        /// Whether its traffic is filtered; without it there must be no groups.
        port_security_enabled: bool,
        /// All of the addresses it may send from besides its own.
        allowed_address_pairs: Vec<AllowedAddressPair>,
        /// Options told by DHCP; those not named stay.
        extra_dhcp_opts: Vec<DhcpOption>,
        /// The id of what is plugged in.
        device_id: String,
        /// The kind of what is plugged in.
        device_owner: String,
        /// The host part of its name.
        dns_name: String,
        /// The id of its quality-of-service policy.
        qos_policy_id: Change<String>,
        /// How it is presented to a server.
        vnic_type: VnicType as "binding:vnic_type",
        /// The host it is on; for administrators.
        host_id: String as "binding:host_id",
    }
}

request! {
    /// Which ports to list.
    pub struct PortQuery {
        /// Of this name.
        name: String,
        /// Of this project.
        project_id: Id<Project>,
        /// Of this network.
        network_id: Id<Network>,
        /// With this status.
        status: PortStatus,
        /// Where the server or router with this id is plugged in.
        device_id: String,
        /// Where this kind of thing is plugged in.
        device_owner: String,
        /// With this hardware address.
        mac_address: String,
        /// With all of these, as in `ip_address=10.8.0.5` or `subnet_id=…`.
        fixed_ips: Vec<String>,
        /// In any of these groups.
        security_groups: Vec<Id<SecurityGroup>>,
        /// Those meant to carry traffic, or those not.
        admin_state_up: bool,
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
        marker: Id<Port>,
        /// By which member to sort.
        sort_key: String,
        /// `asc` or `desc`.
        sort_dir: String,
    }
}

impl Resource for Port {
    type Dialect = Session;
    const ROUTE: Route = Route::new("network", "ports").keys("port", "ports");
}

impl Identified for Port {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for Port {
    type Query = PortQuery;

    fn named(name: &str) -> PortQuery {
        PortQuery::new().name(name)
    }
}

impl Creatable for Port {
    type New = NewPort;
}

impl BulkCreatable for Port {}

impl Updatable for Port {
    type Patch = PortPatch;
}

impl Deletable for Port {}

/// A port that nothing is plugged into, or that is not meant to carry traffic, is ready as soon
/// as it exists. One with a device is ready when it carries traffic: with a server that is
/// switched off this takes until the server starts.
impl Phased for Port {
    fn phase(&self) -> Phase {
        match self.status {
            _ if self.vif_type.as_deref() == Some("binding_failed") => Phase::Failed,
            PortStatus::Active | PortStatus::NotApplicable => Phase::Ready,
            PortStatus::Down if self.device_id.is_empty() || !self.admin_state_up => Phase::Ready,
            PortStatus::Down | PortStatus::Build => Phase::Pending,
            PortStatus::Error => Phase::Failed,
            PortStatus::_Other(_) => Phase::Unknown,
        }
    }

    fn fault(&self) -> Option<String> {
        let host = self.host_id.as_deref().unwrap_or_default();
        let failed = self.vif_type.as_deref() == Some("binding_failed");
        failed.then(|| format!("it cannot be wired on host `{host}`"))
    }
}
