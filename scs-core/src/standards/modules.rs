//! Which modules of Sovereign Cloud Stack a cloud has, and how much of SCS is in each.
//!
//! SCS is made of modules that may be had one by one, and each of them in two ways: a cloud may do
//! as the standards say with whatever software it likes, or run the software that the project
//! made or chose. A [`Landscape`] says of each [`Module`] which [`Level`] it has, and why.
//!
//! ```
//! use scs_core::standards::modules::{Landscape, Level, Module, Standing};
//!
//! let evidence = ["passes SCS-compatible IaaS v5.1"];
//! let iaas = Standing::new(Module::Iaas, Level::Compatible, evidence);
//! let landscape: Landscape = [iaas].into_iter().collect();
//! assert_eq!(landscape.level(Module::Iaas), Level::Compatible);
//! assert_eq!(landscape.level(Module::Registry), Level::Unknown);
//! println!("{landscape}");
//! ```
//!
//! # What counts as evidence
//! The project names its reference implementations ([OSISM] for infrastructure, [Cluster Stacks] for
//! Kubernetes, [Harbor] as registry) and has standards for what they offer, but no text that says
//! by what they are told from outside. This is what the SDK goes by. A level is never guessed:
//! without evidence it is [`Level::None`], and what could not be looked at is [`Level::Unknown`].
//! [`Level::Implementation`] takes all that [`Level::Compatible`] takes, and more.
//!
//! | module | compatible | implementation |
//! |---|---|---|
//! | monitoring | status page API (SCS-0402) or Prometheus metrics, at the address that is given | the metrics of the SCS health monitor |
//! | IaaS | the main test cases of SCS-compatible IaaS pass | images managed by OSISM (tag `managed_by_osism`) |
//! | storage | block storage and S3 (SCS-0123) | object storage at `/swift/v1`, where Ceph has it |
//! | k8s-capi | Cluster API with a ClusterClass, or Gardener with a CloudProfile | Cluster API with a usable release of the Cluster Stack Operator |
//! | registry | the API of OCI registries at `/v2/` | Harbor's own API |
//!
//! [`registry`] and [`monitoring`] are here, since they are of no layer. The layers look at the
//! others.
//!
//! [OSISM]: https://osism.tech
//! [Cluster Stacks]: https://docs.scs.community/docs/container/components/cluster-stacks/overview
//! [Harbor]: https://docs.scs.community/standards/scs-0218-v1-container-registry

mod monitoring;
mod registry;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt};

use bytes::Bytes;
use http::Method;
use serde::{Serialize, Serializer};
use url::Url;

pub use self::{monitoring::monitoring, registry::registry};
use super::printable;
use crate::{
    Result,
    transport::{Call, Request, Response, Transport},
};

/// A part of Sovereign Cloud Stack that may be had without the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub enum Module {
    /// How the cloud does, for its users.
    #[serde(rename = "monitoring")]
    Monitoring,
    /// Servers, networks, images.
    #[serde(rename = "IaaS")]
    Iaas,
    /// Volumes and objects.
    #[serde(rename = "storage")]
    Storage,
    /// Clusters of Kubernetes.
    #[serde(rename = "k8s-capi")]
    Kubernetes,
    /// Images of containers.
    #[serde(rename = "registry")]
    Registry,
}

impl Module {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Monitoring, Self::Iaas, Self::Storage, Self::Kubernetes, Self::Registry];

    /// What the project calls it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monitoring => "monitoring",
            Self::Iaas => "IaaS",
            Self::Storage => "storage",
            Self::Kubernetes => "k8s-capi",
            Self::Registry => "registry",
        }
    }
}

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How much of SCS is in a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Level {
    /// It could not be looked at.
    Unknown,
    /// It is not there, or not as SCS wants it.
    None,
    /// It does as SCS says.
    Compatible,
    /// It does, and it is the software of SCS that does it.
    Implementation,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Unknown => "unknown",
            Self::None => "none",
            Self::Compatible => "compatible",
            Self::Implementation => "implementation",
        })
    }
}

/// The level of one module, and why it has that one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Standing {
    /// The module.
    pub module: Module,
    /// Its level.
    pub level: Level,
    /// What was seen, and what was not, in words.
    pub evidence: Vec<String>,
}

impl Standing {
    /// A level with what speaks for it.
    pub fn new(
        module: Module,
        level: Level,
        evidence: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self { module, level, evidence: evidence.into_iter().map(Into::into).collect() }
    }

    /// It could not be looked at, for this reason.
    pub fn unknown(module: Module, reason: impl fmt::Display) -> Self {
        Self::new(module, Level::Unknown, [reason.to_string()])
    }
}

/// The levels of all modules of a cloud, collected from what was found of each. A module that is
/// not among these is unknown; of one that is there twice the later one counts.
///
/// `Display` is a table for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landscape(BTreeMap<Module, Standing>);

impl Landscape {
    /// The modules, each once.
    pub fn standings(&self) -> impl Iterator<Item = &Standing> {
        self.0.values()
    }

    /// The level of a module.
    pub fn level(&self, module: Module) -> Level {
        self.0.get(&module).map_or(Level::Unknown, |standing| standing.level)
    }
}

impl FromIterator<Standing> for Landscape {
    fn from_iter<I: IntoIterator<Item = Standing>>(standings: I) -> Self {
        let nobody = Module::ALL.map(|module| Standing::unknown(module, "nobody has looked at it"));
        let all = nobody.into_iter().chain(standings);
        Self(all.map(|standing| (standing.module, standing)).collect())
    }
}

impl fmt::Display for Landscape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, standing) in self.standings().enumerate() {
            let Standing { module, level, evidence } = standing;
            if at > 0 {
                writeln!(f)?;
            }
            write!(f, "{module:<12}{level:<16}{}", printable(&evidence.join("; ")))?;
        }
        Ok(())
    }
}

/// It is written as the list of its standings.
impl Serialize for Landscape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.standings())
    }
}

/// What is answered at a path below an address, to whoever asks.
async fn get(
    transport: &Transport,
    module: Module,
    address: &Url,
    path: &'static str,
) -> Result<Response> {
    let mut url = address.clone();
    url.set_path(&format!("{}/{path}", address.path().trim_end_matches('/')));
    let operation = format!("{path}.get");
    let call = Call::new(module.as_str(), operation, path.to_owned(), &Method::GET);
    transport.without_login().send(Request::new(Method::GET, url, Bytes::new(), call)).await
}
