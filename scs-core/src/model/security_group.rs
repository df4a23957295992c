use std::ops::RangeInclusive;

use super::{Cidr, Model, Specified};
use crate::Id;

/// Rules that say which traffic may pass; what no rule lets pass is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecurityGroup {
    /// The id.
    pub id: Id<SecurityGroup>,
    /// The name.
    pub name: String,
    /// What may pass, including what the cloud lets pass by itself.
    pub rules: Vec<Rule>,
}

impl SecurityGroup {
    /// A group that lets nothing pass.
    pub fn new(id: impl Into<Id<Self>>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), rules: Vec::new() }
    }
}

impl Model for SecurityGroup {
    const KIND: &'static str = "security group";

    fn id(&self) -> &Id<Self> {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }
}

impl Specified for SecurityGroup {
    type Spec = SecurityGroupSpec;

    fn wanted_name(spec: &SecurityGroupSpec) -> Option<&str> {
        Some(&spec.name)
    }
}

/// What a [`SecurityGroup`] is made from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SecurityGroupSpec {
    /// The name.
    pub name: String,
    /// What may pass, besides what the cloud lets pass by itself.
    pub rules: Vec<Rule>,
}

impl SecurityGroupSpec {
    /// A group that lets pass only what the cloud lets pass by itself.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), rules: Vec::new() }
    }

    /// Lets pass what this rule says, too.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }
}

/// Traffic that may pass.
///
/// ```
/// use scs_core::model::{Protocol, Rule};
/// let ssh = Rule::ingress()
///     .protocol(Protocol::Tcp)
///     .ports(22..=22)
///     .remote("192.0.2.0/24".parse()?);
/// # Ok::<(), scs_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// Which way it goes.
    pub direction: Direction,
    /// By which protocol; any if not set.
    pub protocol: Option<Protocol>,
    /// To which ports; all if not set.
    pub ports: Option<RangeInclusive<u16>>,
    /// From where it comes or to where it goes; anywhere if not set.
    pub remote: Option<Cidr>,
}

impl Rule {
    /// All traffic that goes this way.
    pub fn new(direction: Direction) -> Self {
        Self { direction, protocol: None, ports: None, remote: None }
    }

    /// All that comes in.
    pub fn ingress() -> Self {
        Self::new(Direction::Ingress)
    }

    /// All that goes out.
    pub fn egress() -> Self {
        Self::new(Direction::Egress)
    }

    /// Only by this protocol.
    #[must_use]
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.protocol = Some(protocol);
        self
    }

    /// Only to these ports. Clouds ask for a protocol that has ports.
    #[must_use]
    pub fn ports(mut self, ports: RangeInclusive<u16>) -> Self {
        self.ports = Some(ports);
        self
    }

    /// Only from or to there.
    #[must_use]
    pub fn remote(mut self, remote: Cidr) -> Self {
        self.remote = Some(remote);
        self
    }
}

/// Which way traffic goes, as the machine sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// It comes in.
    Ingress,
    /// It goes out.
    Egress,
}

crate::open_enum! {
    /// A protocol on top of IP, by its IANA name or number.
    pub enum Protocol {
        /// TCP.
        Tcp = "tcp",
        /// UDP.
        Udp = "udp",
        /// ICMP.
        Icmp = "icmp",
    }
}
