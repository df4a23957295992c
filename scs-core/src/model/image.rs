use super::Model;
use crate::{Id, Phase};

/// What disks are made from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Image {
    /// The id.
    pub id: Id<Image>,
    /// The name.
    pub name: String,
    /// Where it is in its life.
    pub phase: Phase,
    /// The smallest disk it fits on, in GiB.
    pub min_disk_gib: u32,
    /// The least memory it runs with, in MiB.
    pub min_ram_mib: u64,
    /// Its size in bytes, once it has content.
    pub size: Option<u64>,
    /// The distribution of the operating system, in lower case: `ubuntu`, `debian`.
    pub os_distro: Option<String>,
    /// The version of the operating system: `24.04`.
    pub os_version: Option<String>,
    /// The processor it is made for: `x86_64`, `aarch64`.
    pub architecture: Option<String>,
}

impl Image {
    /// An image of which nothing else is known.
    pub fn new(id: impl Into<Id<Self>>, name: impl Into<String>, phase: Phase) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            phase,
            min_disk_gib: 0,
            min_ram_mib: 0,
            size: None,
            os_distro: None,
            os_version: None,
            architecture: None,
        }
    }
}

impl Model for Image {
    const KIND: &'static str = "image";

    fn id(&self) -> &Id<Self> {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn phase(&self) -> Phase {
        self.phase
    }
}
