use super::{Cidr, Model, Specified};
use crate::{Id, Phase};

/// A network that machines are connected to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Network {
    /// The id.
    pub id: Id<Network>,
    /// The name.
    pub name: String,
    /// Where it is in its life.
    pub phase: Phase,
    /// Whether it leads out of the cloud: [addresses](super::Address) come from there.
    pub external: bool,
}

impl Network {
    /// A network within the cloud.
    pub fn new(id: impl Into<Id<Self>>, name: impl Into<String>, phase: Phase) -> Self {
        Self { id: id.into(), name: name.into(), phase, external: false }
    }
}

impl Model for Network {
    const KIND: &'static str = "network";

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

impl Specified for Network {
    type Spec = NetworkSpec;

    fn wanted_name(spec: &NetworkSpec) -> Option<&str> {
        Some(&spec.name)
    }
}

/// What a [`Network`] is made from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NetworkSpec {
    /// The name.
    pub name: String,
    /// The range its machines get their addresses from.
    pub range: Cidr,
}

impl NetworkSpec {
    /// A network whose machines get addresses of this range.
    pub fn new(name: impl Into<String>, range: Cidr) -> Self {
        Self { name: name.into(), range }
    }
}
