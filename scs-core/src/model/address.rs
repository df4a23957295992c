use std::net::IpAddr;

use super::{Machine, Model, Network, Specified};
use crate::{Id, Phase};

/// An address that can be moved from machine to machine: a floating or elastic IP.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Address {
    /// The id.
    pub id: Id<Address>,
    /// Where it is in its life. It is ready also while it is not assigned.
    pub phase: Phase,
    /// The machine it is assigned to, as far as the cloud tells.
    pub machine: Option<Id<Machine>>,
    ip: IpAddr,
    name: String,
}

impl Address {
    /// An address that is not assigned to a machine.
    pub fn new(id: impl Into<Id<Self>>, ip: IpAddr, phase: Phase) -> Self {
        Self { id: id.into(), phase, machine: None, ip, name: ip.to_string() }
    }

    /// The address itself.
    pub fn ip(&self) -> IpAddr {
        self.ip
    }
}

impl Model for Address {
    const KIND: &'static str = "address";

    fn id(&self) -> &Id<Self> {
        &self.id
    }

    /// The address itself.
    fn name(&self) -> &str {
        &self.name
    }

    fn phase(&self) -> Phase {
        self.phase
    }
}

impl Specified for Address {
    type Spec = AddressSpec;

    fn wanted_name(_: &AddressSpec) -> Option<&str> {
        None
    }
}

/// Which [`Address`] is wanted.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct AddressSpec {
    /// The external network it comes from; needed where there are several.
    pub network: Option<Id<Network>>,
}

impl AddressSpec {
    /// Any address that is reachable from outside.
    pub fn new() -> Self {
        Self::default()
    }

    /// Chooses the external network that it comes from.
    #[must_use]
    pub fn network(mut self, network: impl Into<Id<Network>>) -> Self {
        self.network = Some(network.into());
        self
    }
}
