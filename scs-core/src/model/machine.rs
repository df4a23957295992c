use std::net::IpAddr;

use super::{Flavor, Image, KeyPair, Model, Network, SecurityGroup, Specified};
use crate::{Id, Metadata, Phase, Secret};

/// A virtual or bare-metal machine.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Machine {
    /// The id.
    pub id: Id<Machine>,
    /// The name.
    pub name: String,
    /// Where it is in its life. A machine that is switched off is ready.
    pub phase: Phase,
    /// What the cloud says of a failure.
    pub fault: Option<String>,
    /// Whether it is switched on.
    pub running: bool,
    /// The name of its flavor. Clouds keep no id with the machine: the flavor may be gone.
    pub flavor: String,
    /// What its disk was made from; `None` where that lies on a volume.
    pub image: Option<Id<Image>>,
    /// Where it can be reached: the addresses of its networks, then those assigned to it.
    pub addresses: Vec<IpAddr>,
    /// Whose owner can log in.
    pub key: Option<Id<KeyPair>>,
    /// The labels.
    pub labels: Metadata,
}

impl Machine {
    /// A machine of which nothing else is known yet.
    pub fn new(id: impl Into<Id<Self>>, name: impl Into<String>, phase: Phase) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            phase,
            fault: None,
            running: false,
            flavor: String::new(),
            image: None,
            addresses: Vec::new(),
            key: None,
            labels: Metadata::new(),
        }
    }
}

impl Model for Machine {
    const KIND: &'static str = "machine";

    fn id(&self) -> &Id<Self> {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn phase(&self) -> Phase {
        self.phase
    }

    fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    fn labels(&self) -> Option<&Metadata> {
        Some(&self.labels)
    }
}

impl Specified for Machine {
    type Spec = MachineSpec;

    fn wanted_name(spec: &MachineSpec) -> Option<&str> {
        Some(&spec.name)
    }
}

/// What a [`Machine`] is made from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MachineSpec {
    /// The name.
    pub name: String,
    /// How big it is.
    pub flavor: Id<Flavor>,
    /// What its disk is made from.
    pub image: Id<Image>,
    /// The size of its disk in GiB; that of the flavor, or what the image needs, if not set.
    pub disk_gib: Option<u32>,
    /// The networks it is connected to; the cloud's choice if empty.
    pub networks: Vec<Id<Network>>,
    /// Whose owner can log in.
    pub key: Option<Id<KeyPair>>,
    /// Which traffic may pass; the cloud's default if empty.
    pub security_groups: Vec<Id<SecurityGroup>>,
    /// What cloud-init is told at the first boot.
    pub user_data: Option<Secret>,
    /// The labels.
    pub labels: Metadata,
}

impl MachineSpec {
    /// A machine of this flavor, started from this image.
    pub fn new(
        name: impl Into<String>,
        flavor: impl Into<Id<Flavor>>,
        image: impl Into<Id<Image>>,
    ) -> Self {
        Self {
            name: name.into(),
            flavor: flavor.into(),
            image: image.into(),
            disk_gib: None,
            networks: Vec::new(),
            key: None,
            security_groups: Vec::new(),
            user_data: None,
            labels: Metadata::new(),
        }
    }

    /// Sets the size of its disk.
    #[must_use]
    pub fn disk_gib(mut self, gib: u32) -> Self {
        self.disk_gib = Some(gib);
        self
    }

    /// Connects it to one more network.
    #[must_use]
    pub fn network(mut self, network: impl Into<Id<Network>>) -> Self {
        self.networks.push(network.into());
        self
    }

    /// Lets the owner of this key log in.
    #[must_use]
    pub fn key(mut self, key: impl Into<Id<KeyPair>>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Lets pass what this group lets pass, too.
    #[must_use]
    pub fn security_group(mut self, group: impl Into<Id<SecurityGroup>>) -> Self {
        self.security_groups.push(group.into());
        self
    }

    /// Tells cloud-init what to do at the first boot, as plain text.
    #[must_use]
    pub fn user_data(mut self, data: impl Into<Secret>) -> Self {
        self.user_data = Some(data.into());
        self
    }

    /// Adds a label.
    #[must_use]
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }
}
