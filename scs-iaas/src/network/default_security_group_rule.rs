use scs_core::{Creatable, Deletable, Id, Identified, Listable, Resource, Route, answer, request};

use super::{Direction, EtherType, Protocol};
use crate::Session;

answer! {
    /// A rule that the cloud puts into new security groups.
    pub struct DefaultSecurityGroupRule(
        /// Its id.
        id: Id<DefaultSecurityGroupRule>,
        /// Which way the packets go.
        direction: Direction,
        /// Whether each project's `default` group gets it.
        used_in_default_sg: bool,
        /// Whether all other groups get it.
        used_in_non_default_sg: bool,
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
        /// The group that the other side is in: `PARENT` for the new group itself.
        remote_group_id: Option<String>,
    }
}

request! {
    /// What a [`DefaultSecurityGroupRule`] is made from; for administrators. Groups that are
    /// there already do not get it.
    pub struct NewDefaultSecurityGroupRule(
        /// Which way the packets go.
        direction: Direction,
        /// Whether each project's `default` group gets it.
        used_in_default_sg: bool,
        /// Whether all other groups get it.
        used_in_non_default_sg: bool,
    ) {
        /// What it is for, in words.
        description: String,
        /// The version of IP it is for; IPv4 if not set.
        ethertype: EtherType,
        /// What the packets carry; anything if not set.
        protocol: Protocol,
        /// The first of the ports, or the type of ICMP.
        port_range_min: u16,
        /// The last of the ports, or the code of ICMP.
        port_range_max: u16,
        /// The addresses on the other side, as in `192.0.2.0/24`.
        remote_ip_prefix: String,
        /// The group that the other side is in: `PARENT` for the new group itself.
        remote_group: String as "remote_group_id",
    }
}

request! {
    /// Which default rules to list.
    pub struct DefaultSecurityGroupRuleQuery {
        /// For packets that go this way.
        direction: Direction,
        /// Those of the projects' `default` groups, or those not.
        used_in_default_sg: bool,
        /// Those of all other groups, or those not.
        used_in_non_default_sg: bool,
        /// How many a page holds; unpaged if not set.
        limit: u32,
        /// Those behind the one with this id.
        marker: Id<DefaultSecurityGroupRule>,
    }
}

impl Resource for DefaultSecurityGroupRule {
    type Dialect = Session;
    const ROUTE: Route = Route::new("network", "default-security-group-rules")
        .keys("default_security_group_rule", "default_security_group_rules");
}

impl Identified for DefaultSecurityGroupRule {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for DefaultSecurityGroupRule {
    type Query = DefaultSecurityGroupRuleQuery;
}

impl Creatable for DefaultSecurityGroupRule {
    type New = NewDefaultSecurityGroupRule;
}

impl Deletable for DefaultSecurityGroupRule {}
