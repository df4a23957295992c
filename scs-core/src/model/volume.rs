use super::{Machine, Model, Specified};
use crate::{Id, Metadata, Phase};

/// A disk with a life of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Volume {
    /// The id.
    pub id: Id<Volume>,
    /// The name.
    pub name: String,
    /// Where it is in its life. It is ready both attached and detached.
    pub phase: Phase,
    /// The size in GiB.
    pub gib: u32,
    /// The machines it is attached to.
    pub attached_to: Vec<Id<Machine>>,
    /// The labels.
    pub labels: Metadata,
}

impl Volume {
    /// A volume that is attached to no machine.
    pub fn new(id: impl Into<Id<Self>>, name: impl Into<String>, phase: Phase, gib: u32) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            phase,
            gib,
            attached_to: Vec::new(),
            labels: Metadata::new(),
        }
    }
}

impl Model for Volume {
    const KIND: &'static str = "volume";

    fn id(&self) -> &Id<Self> {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn phase(&self) -> Phase {
        self.phase
    }

    fn labels(&self) -> Option<&Metadata> {
        Some(&self.labels)
    }
}

impl Specified for Volume {
    type Spec = VolumeSpec;

    fn wanted_name(spec: &VolumeSpec) -> Option<&str> {
        Some(&spec.name)
    }
}

/// What a [`Volume`] is made from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct VolumeSpec {
    /// The name.
    pub name: String,
    /// The size in GiB.
    pub gib: u32,
    /// The labels.
    pub labels: Metadata,
}

impl VolumeSpec {
    /// An empty volume of this size.
    pub fn new(name: impl Into<String>, gib: u32) -> Self {
        Self { name: name.into(), gib, labels: Metadata::new() }
    }

    /// Adds a label.
    #[must_use]
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }
}
