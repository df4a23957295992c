use std::net::IpAddr;

use scs_core::{
    Arg, BulkCreatable, Change, Creatable, Deletable, Id, Identified, Listable, Resource, Route,
    Timestamp, Updatable, answer, open_enum, request, value::Lenient,
};

use super::{AllocationPool, IpVersion, Network, StaticRoute};
use crate::{Session, identity::Project};

open_enum! {
    /// How IPv6 addresses are told to ports.
    pub enum Ipv6Mode {
        /// Ports make theirs from what the router announces.
        Slaac = "slaac",
        /// DHCPv6 gives addresses and the rest.
        DhcpStateful = "dhcpv6-stateful",
        /// The router announces the prefix, DHCPv6 gives the rest.
        DhcpStateless = "dhcpv6-stateless",
    }
}

answer! {
    /// A subnet: a range of addresses of a network.
    pub struct Subnet(
        /// Its id.
        id: Id<Subnet>,
        /// The project it belongs to.
        project_id: Id<Project>,
        /// The network it belongs to.
        network_id: Id<Network>,
        /// The version of its addresses.
        ip_version: IpVersion,
        /// Its addresses, as in `10.8.0.0/24`.
        cidr: String,
    ) {
        /// Its name; neither unique nor necessarily set.
        name: String,
        /// What it is, in words.
        description: String,
        /// The address of the router out of it, if there is one.
        gateway_ip: Option<IpAddr>,
        /// Whether addresses are told to ports by DHCP.
        enable_dhcp: bool,
        /// Those of its addresses that ports are given.
        allocation_pools: Vec<AllocationPool>,
        /// The name servers told to ports.
        dns_nameservers: Vec<IpAddr>,
        /// The routes told to ports.
        host_routes: Vec<StaticRoute>,
        /// How the router announces IPv6.
        ipv6_ra_mode: Option<Ipv6Mode>,
        /// How ports come to their IPv6 addresses.
        ipv6_address_mode: Option<Ipv6Mode>,
        /// The id of the pool its addresses come from.
        subnetpool_id: Option<String>,
        /// The kinds of ports it is for; empty for all.
        service_types: Vec<String>,
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
    /// What a [`Subnet`] is made from: addresses of one's own, or some of a pool.
    pub struct NewSubnet(
        /// The network it belongs to.
        network_id: Id<Network>,
        /// The version of its addresses.
        ip_version: IpVersion,
    ) {
        /// Its name.
        name: String,
        /// What it is, in words.
        description: String,
        /// Its addresses, as in `10.8.0.0/24`.
        cidr: String,
        /// The id of the pool its addresses come from.
        subnetpool_id: String,
        /// How many bits of a pool's addresses are the same in the whole subnet.
        prefixlen: u8,
        /// The address of the router out of it: the first one if not set, none if cleared.
        gateway_ip: Change<IpAddr>,
        /// Whether addresses are told to ports by DHCP; yes if not set.
        enable_dhcp: bool,
        /// Those of its addresses that ports are given; all if not set.
        allocation_pools: Vec<AllocationPool>,
        /// The name servers told to ports.
        dns_nameservers: Vec<IpAddr>,
        /// The routes told to ports.
        host_routes: Vec<StaticRoute>,
        /// How the router announces IPv6.
        ipv6_ra_mode: Ipv6Mode,
        /// How ports come to their IPv6 addresses.
        ipv6_address_mode: Ipv6Mode,
        /// The kinds of ports it is for; all if not set.
        service_types: Vec<String>,
        /// Whose it is; that of the login if not set. For administrators.
        project_id: Id<Project>,
    }
}

impl NewSubnet {
    /// A subnet with the addresses `cidr`, which also tell the version of IP.
    pub fn of(network: impl Arg<Id<Network>>, cidr: impl Into<String>) -> Self {
        let cidr = cidr.into();
        let version = if cidr.contains(':') { IpVersion::V6 } else { IpVersion::V4 };
        Self::new(network, version).cidr(cidr)
    }
}

request! {
    /// What may change about a [`Subnet`].
    pub struct SubnetPatch {
        /// Its name.
        name: String,
        /// What it is, in words.
        description: String,
        /// The address of the router out of it.
        gateway_ip: Change<IpAddr>,
        /// Whether addresses are told to ports by DHCP.
        enable_dhcp: bool,
        /// Those of its addresses that ports are given.
        allocation_pools: Vec<AllocationPool>,
        /// The name servers told to ports.
        dns_nameservers: Vec<IpAddr>,
        /// The routes told to ports.
        host_routes: Vec<StaticRoute>,
        /// The kinds of ports it is for.
        service_types: Vec<String>,
    }
}

request! {
    /// Which subnets to list.
    pub struct SubnetQuery {
        /// Of this name.
        name: String,
        /// Of this project.
        project_id: Id<Project>,
        /// Of this network.
        network_id: Id<Network>,
        /// Of this version of IP.
        ip_version: IpVersion,
        /// With exactly these addresses.
        cidr: String,
        /// With this address of the router out of it.
        gateway_ip: IpAddr,
        /// With DHCP, or without.
        enable_dhcp: bool,
        /// From the pool with this id.
        subnetpool_id: String,
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
        marker: Id<Subnet>,
        /// By which member to sort.
        sort_key: String,
        /// `asc` or `desc`.
        sort_dir: String,
    }
}

impl Resource for Subnet {
    type Dialect = Session;
    const ROUTE: Route = Route::new("network", "subnets").keys("subnet", "subnets");
}

impl Identified for Subnet {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for Subnet {
    type Query = SubnetQuery;

    fn named(name: &str) -> SubnetQuery {
        SubnetQuery::new().name(name)
    }
}

impl Creatable for Subnet {
    type New = NewSubnet;
}

impl BulkCreatable for Subnet {}

impl Updatable for Subnet {
    type Patch = SubnetPatch;
}

impl Deletable for Subnet {}
