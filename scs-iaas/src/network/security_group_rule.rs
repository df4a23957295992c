use std::ops::RangeInclusive;

use scs_core::{
    BulkCreatable, Creatable, Deletable, Id, Identified, Listable, Resource, Route, Timestamp,
    answer, open_enum, request, value::Lenient,
};

use super::SecurityGroup;
use crate::{Session, identity::Project};

open_enum! {
    /// Which way a packet goes, seen from the port.
    pub enum Direction {
        /// To the port.
        Ingress = "ingress",
        /// From the port.
        Egress = "egress",
    }
}

open_enum! {
    /// The version of IP that a rule is for.
    pub enum EtherType {
        /// IPv4
        Ipv4 = "IPv4",
        /// IPv6
        Ipv6 = "IPv6",
    }
}

open_enum! {
    /// What packets carry: a name, or a number of the IP protocol as text.
    pub enum Protocol {
        /// TCP
        Tcp = "tcp",
        /// UDP
        Udp = "udp",
        /// ICMP
        Icmp = "icmp",
        /// ICMP for IPv6
        Icmpv6 = "ipv6-icmp",
        /// SCTP
        Sctp = "sctp",
        /// VRRP
        Vrrp = "vrrp",
        /// ESP, as of IPsec
        Esp = "esp",
        /// AH, as of IPsec
        Ah = "ah",
        /// GRE
        Gre = "gre",
    }
}

answer! {
    /// A rule of a security group: packets that fit it pass.
    pub struct SecurityGroupRule(
        /// Its id.
        id: Id<SecurityGroupRule>,
        /// The group it belongs to.
        security_group_id: Id<SecurityGroup>,
        /// The project it belongs to.
        project_id: Id<Project>,
        /// Which way the packets go.
        direction: Direction,
    ) {
        /// What it is for, in words.
        description: String,
        /// The version of IP it is for; `None` for any.
        ethertype: Option<EtherType>,
        /// What the packets carry; `None` for anything.
        protocol: Option<Protocol>,
        /// The first of the ports, or the type of ICMP; `None` for any.
        port_range_min: Option<u16>,
        /// The last of the ports, or the code of ICMP; `None` for any.
        port_range_max: Option<u16>,
        /// The addresses on the other side, as in `192.0.2.0/24`.
        remote_ip_prefix: Option<String>,
        /// The group that the other side is in.
        remote_group_id: Option<Id<SecurityGroup>>,
        /// The id of the address group that the other side is in.
        remote_address_group_id: Option<String>,
        /// When it was created.
        created_at: Option<Timestamp> => Lenient<_>,
        /// Its revision.
        revision_number: Option<u64>,
    }
}

request! {
    /// What a [`SecurityGroupRule`] is made from.
    ///
    /// ```
    /// use scs_core::Id;
    /// use scs_iaas::network::{Direction, NewSecurityGroupRule, Protocol};
    ///
    /// let group = Id::from("0d3b");
    /// let ssh = NewSecurityGroupRule::new(&group, Direction::Ingress).tcp(22);
    /// let web = NewSecurityGroupRule::new(&group, Direction::Ingress)
    ///     .ports(Protocol::Tcp, 8000..=8080)
    ///     .remote_ip_prefix("192.0.2.0/24");
    /// ```
    pub struct NewSecurityGroupRule(
        /// The group it belongs to.
        security_group_id: Id<SecurityGroup>,
        /// Which way the packets go.
        direction: Direction,
    ) {
        /// The version of IP it is for; IPv4 if not set.
        ethertype: EtherType,
        /// What the packets carry; anything if not set.
        protocol: Protocol,
        /// The first of the ports, or the type of ICMP.
        port_range_min: u16,
        /// The last of the ports, or the code of ICMP.
        port_range_max: u16,
        /// The addresses on the other side, as in `192.0.2.0/24`; any if not set.
        remote_ip_prefix: String,
        /// The group that the other side is in.
        remote_group_id: Id<SecurityGroup>,
        /// The id of the address group that the other side is in.
        remote_address_group_id: String,
        /// What it is for, in words.
        description: String,
        /// Whose it is; that of the login if not set. For administrators.
        project_id: Id<Project>,
    }
}

impl NewSecurityGroupRule {
    /// For this TCP port.
    #[must_use]
    pub fn tcp(self, port: u16) -> Self {
        self.ports(Protocol::Tcp, port..=port)
    }

    /// For this UDP port.
    #[must_use]
    pub fn udp(self, port: u16) -> Self {
        self.ports(Protocol::Udp, port..=port)
    }

    /// For these ports of a protocol that has ports.
    #[must_use]
    pub fn ports(self, protocol: Protocol, ports: RangeInclusive<u16>) -> Self {
        self.protocol(protocol).port_range_min(*ports.start()).port_range_max(*ports.end())
    }
}

request! {
    /// Which rules to list.
    pub struct SecurityGroupRuleQuery {
        /// Of this group.
        security_group_id: Id<SecurityGroup>,
        /// Of this project.
        project_id: Id<Project>,
        /// For packets that go this way.
        direction: Direction,
        /// For this version of IP.
        ethertype: EtherType,
        /// For packets that carry this.
        protocol: Protocol,
        /// With these addresses on the other side.
        remote_ip_prefix: String,
        /// With this group on the other side.
        remote_group_id: Id<SecurityGroup>,
        /// How many a page holds; unpaged if not set.
        limit: u32,
        /// Those behind the one with this id.
        marker: Id<SecurityGroupRule>,
        /// By which member to sort.
        sort_key: String,
        /// `asc` or `desc`.
        sort_dir: String,
    }
}

impl Resource for SecurityGroupRule {
    type Dialect = Session;
    const ROUTE: Route = Route::new("network", "security-group-rules")
        .keys("security_group_rule", "security_group_rules");
}

impl Identified for SecurityGroupRule {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for SecurityGroupRule {
    type Query = SecurityGroupRuleQuery;
}

impl Creatable for SecurityGroupRule {
    type New = NewSecurityGroupRule;
}

impl BulkCreatable for SecurityGroupRule {}

impl Deletable for SecurityGroupRule {}
