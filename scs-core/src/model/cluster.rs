use std::collections::BTreeMap;

use serde_json::Value;

use super::{Model, Specified};
use crate::{Error, Id, Metadata, Phase, Result};

/// A Kubernetes cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cluster {
    /// The id.
    pub id: Id<Cluster>,
    /// The name.
    pub name: String,
    /// Where it is in its life: ready when all that was asked for is there and healthy.
    pub phase: Phase,
    /// What the cloud says is wrong, or still missing.
    pub fault: Option<String>,
    /// What it was made from.
    pub template: Option<Id<ClusterTemplate>>,
    /// The version of Kubernetes that is asked for: `1.34.2`, without a `v`.
    pub version: String,
    /// Where its API server is, as soon as that is known.
    pub endpoint: Option<String>,
    /// Its nodes that run workloads.
    pub pools: Vec<NodePool>,
    /// The labels.
    pub labels: Metadata,
}

impl Cluster {
    /// A cluster of which nothing else is known yet.
    pub fn new(id: impl Into<Id<Self>>, name: impl Into<String>, phase: Phase) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            phase,
            fault: None,
            template: None,
            version: String::new(),
            endpoint: None,
            pools: Vec::new(),
            labels: Metadata::new(),
        }
    }

    /// The pool of this name.
    pub fn pool(&self, name: &str) -> Option<&NodePool> {
        self.pools.iter().find(|pool| pool.name == name)
    }
}

impl Model for Cluster {
    const KIND: &'static str = "cluster";

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

/// Nodes of a [`Cluster`] that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NodePool {
    /// The name, unique in its cluster.
    pub name: String,
    /// The flavor of its nodes, if the pool has its own.
    pub flavor: Option<String>,
    /// How many nodes are asked for.
    pub count: u32,
    /// How many of them are ready.
    pub ready: u32,
}

impl NodePool {
    /// A pool of so many nodes, none of which is ready.
    pub fn new(name: impl Into<String>, count: u32) -> Self {
        Self { name: name.into(), flavor: None, count, ready: 0 }
    }
}

impl Specified for Cluster {
    type Spec = ClusterSpec;

    fn wanted_name(spec: &ClusterSpec) -> Option<&str> {
        Some(&spec.name)
    }
}

/// What a [`Cluster`] is made from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ClusterSpec {
    /// The name.
    pub name: String,
    /// What it is made from.
    pub template: Id<ClusterTemplate>,
    /// The version of Kubernetes: `1.34.2`.
    pub version: String,
    /// Its nodes that run workloads.
    pub pools: Vec<NodePoolSpec>,
    /// What the template asks for beyond this, by the names that the template gives it.
    pub parameters: BTreeMap<String, Value>,
    /// The labels.
    pub labels: Metadata,
}

impl ClusterSpec {
    /// A cluster without nodes that run workloads.
    pub fn new(
        name: impl Into<String>,
        template: impl Into<Id<ClusterTemplate>>,
        version: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            template: template.into(),
            version: version.into(),
            pools: Vec::new(),
            parameters: BTreeMap::new(),
            labels: Metadata::new(),
        }
    }

    /// Adds a pool of nodes.
    #[must_use]
    pub fn pool(mut self, pool: NodePoolSpec) -> Self {
        self.pools.push(pool);
        self
    }

    /// Sets something that the template asks for.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.parameters.insert(name.into(), value.into());
        self
    }

    /// Adds a label.
    #[must_use]
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }
}

/// What a [`NodePool`] is made from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NodePoolSpec {
    /// The name, unique in its cluster.
    pub name: String,
    /// How many nodes there are.
    pub count: u32,
    /// The flavor of its nodes; that of the template if not set.
    pub flavor: Option<String>,
}

impl NodePoolSpec {
    /// So many nodes.
    pub fn new(name: impl Into<String>, count: u32) -> Self {
        Self { name: name.into(), count, flavor: None }
    }

    /// Sets the flavor of its nodes, by name.
    #[must_use]
    pub fn flavor(mut self, name: impl Into<String>) -> Self {
        self.flavor = Some(name.into());
        self
    }
}

/// What clusters are made from: a ClusterClass, a CloudProfile.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClusterTemplate {
    /// The id.
    pub id: Id<ClusterTemplate>,
    /// The name.
    pub name: String,
    /// Whether clusters can be made from it now.
    pub phase: Phase,
    /// Why not, in the cloud's words.
    pub fault: Option<String>,
    /// The versions of Kubernetes on offer, oldest first: `1.34.2`, or `1.34` for all of a
    /// minor version. Empty if the template does not say.
    pub versions: Vec<String>,
}

impl ClusterTemplate {
    /// A template that does not say which versions it has.
    pub fn new(id: impl Into<Id<Self>>, name: impl Into<String>, phase: Phase) -> Self {
        Self { id: id.into(), name: name.into(), phase, fault: None, versions: Vec::new() }
    }

    /// The oldest version on offer, in full: of a whole minor version the first release.
    pub fn oldest(&self) -> Option<String> {
        self.versions.first().map(|version| in_full(version))
    }

    /// The newest version on offer, in full: of a whole minor version the first release.
    pub fn newest(&self) -> Option<String> {
        self.versions.last().map(|version| in_full(version))
    }

    /// Whether this version is on offer, as far as the template says.
    ///
    /// ```
    /// use scs_core::{Phase, model::ClusterTemplate};
    /// let mut template = ClusterTemplate::new("scs2", "scs2", Phase::Ready);
    /// template.versions = vec!["1.33".into(), "1.34.2".into()];
    /// assert!(template.offers("1.33.7") && template.offers("v1.34.2"));
    /// assert!(!template.offers("1.34.1") && !template.offers("1.3"));
    /// assert_eq!(template.oldest().as_deref(), Some("1.33.0"));
    /// ```
    pub fn offers(&self, version: &str) -> bool {
        let version = version.strip_prefix('v').unwrap_or(version);
        let is_of = |offered: &String| {
            let offered = offered.strip_prefix('v').unwrap_or(offered);
            let rest = version.strip_prefix(offered);
            rest.is_some_and(|rest| {
                rest.is_empty() || rest.starts_with('.') && offered.matches('.').count() == 1
            })
        };
        self.versions.is_empty() || self.versions.iter().any(is_of)
    }
}

impl Model for ClusterTemplate {
    const KIND: &'static str = "cluster template";

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
}

/// A change of a cluster to another version of Kubernetes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Upgrade {
    /// The version that the cluster will have: `1.34.2`.
    pub version: String,
    /// The template that it will be of. Where templates belong to versions, the fitting one is
    /// chosen if this is not set.
    pub template: Option<Id<ClusterTemplate>>,
}

impl Upgrade {
    /// To this version.
    pub fn to(version: impl Into<String>) -> Self {
        Self { version: version.into(), template: None }
    }

    /// Sets the template.
    #[must_use]
    pub fn template(mut self, template: impl Into<Id<ClusterTemplate>>) -> Self {
        self.template = Some(template.into());
        self
    }

    /// Refuses what no cluster does: going back, or skipping a minor version.
    ///
    /// ```
    /// use scs_core::model::Upgrade;
    /// assert!(Upgrade::to("1.34.0").check_from("1.33.7").is_ok());
    /// assert!(Upgrade::to("1.35.0").check_from("1.33.7").is_err());
    /// assert!(Upgrade::to("1.33.6").check_from("1.33.7").is_err());
    /// assert!(Upgrade::to("1.33").check_from("1.33.7").is_ok());
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput)
    pub fn check_from(&self, present: &str) -> Result<()> {
        let (from, to) = (numbers(present)?, numbers(&self.version)?);
        // Without a patch it means the newest.
        let is_older = if to.1.is_some() { to < from } else { to.0 < from.0 };
        if is_older {
            let words = format!("{} is older than {present}", self.version);
            return Err(Error::invalid(words).with_hint("clusters do not go back"));
        }
        let [major, minor] = from.0;
        if to.0 > [major, minor + 1] {
            let words = format!("{} skips minor versions after {present}", self.version);
            let hint = format!("upgrade to {major}.{} first", minor + 1);
            return Err(Error::invalid(words).with_hint(hint));
        }
        Ok(())
    }
}

/// `1.34.0` for `1.34`.
fn in_full(version: &str) -> String {
    match version.matches('.').count() {
        1 => format!("{version}.0"),
        _ => version.to_owned(),
    }
}

/// `1.34.2`, or `1.34`, as the numbers of the minor version and of the patch.
fn numbers(version: &str) -> Result<([u32; 2], Option<u32>)> {
    let plain = version.strip_prefix('v').unwrap_or(version);
    let release = plain.split(['-', '+']).next().unwrap_or_default();
    let parts: Option<Vec<u32>> = release.split('.').map(|part| part.parse().ok()).collect();
    match parts.as_deref() {
        Some(&[major, minor]) => Ok(([major, minor], None)),
        Some(&[major, minor, patch]) => Ok(([major, minor], Some(patch))),
        _ => Err(Error::invalid(format!("`{version}` is no version of Kubernetes"))
            .with_hint("write it as in 1.34.2")),
    }
}
