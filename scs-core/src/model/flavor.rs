use super::Model;
use crate::Id;

/// A size in which the cloud offers machines.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Flavor {
    /// The id.
    pub id: Id<Flavor>,
    /// The name.
    pub name: String,
    /// Virtual CPUs.
    pub vcpus: u32,
    /// Memory in MiB.
    pub ram_mib: u64,
    /// The disk in GiB; 0 where it comes from a volume.
    pub disk_gib: u32,
}

impl Flavor {
    /// A flavor without a disk.
    pub fn new(id: impl Into<Id<Self>>, name: impl Into<String>, vcpus: u32, ram_mib: u64) -> Self {
        Self { id: id.into(), name: name.into(), vcpus, ram_mib, disk_gib: 0 }
    }
}

impl Model for Flavor {
    const KIND: &'static str = "flavor";

    fn id(&self) -> &Id<Self> {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }
}
