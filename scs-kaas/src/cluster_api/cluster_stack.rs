use scs_core::value::nullable;
use serde::Deserialize;

use crate::{Conditions, Kind, Meta};

/// A subscription to releases of a Cluster Stack, of which the Cluster Stack Operator makes
/// ClusterClasses.
///
/// [Documentation](https://docs.scs.community/docs/container/components/cluster-stacks/components/cluster-stack-operator/)
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct ClusterStack {
    /// The metadata.
    pub metadata: Meta,
    /// What is asked for.
    pub spec: ClusterStackSpec,
    /// What there is.
    #[serde(default)]
    pub status: ClusterStackStatus,
}

/// What is asked for of a [`ClusterStack`].
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ClusterStackSpec {
    /// The cloud that it is made for: `openstack`.
    pub provider: String,
    /// The name of the stack: `scs2`.
    pub name: String,
    /// The minor version of Kubernetes: `1.34`.
    pub kubernetes_version: String,
}

/// What there is of a [`ClusterStack`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ClusterStackStatus {
    /// The newest release there is.
    pub latest_release: Option<String>,
    /// The releases that clusters can be made from.
    #[serde(deserialize_with = "nullable")]
    pub usable_versions: Vec<String>,
    /// The conditions.
    pub conditions: Conditions,
}

impl Kind for ClusterStack {
    const SERVICE: &'static str = "cluster-stacks";
    const GROUP: &'static str = "clusterstack.x-k8s.io";
    const VERSIONS: &'static [&'static str] = &["v1alpha1"];
    const KIND: &'static str = "ClusterStack";
    const PLURAL: &'static str = "clusterstacks";
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}

/// A release of a Cluster Stack. Its ClusterClass has the same name.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct ClusterStackRelease {
    /// The metadata.
    pub metadata: Meta,
    /// What there is.
    #[serde(default)]
    pub status: ClusterStackReleaseStatus,
}

/// What there is of a [`ClusterStackRelease`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ClusterStackReleaseStatus {
    /// The one version of Kubernetes that it is for: `v1.34.1`.
    pub kubernetes_version: String,
    /// Whether clusters can be made from it.
    pub ready: bool,
}

impl Kind for ClusterStackRelease {
    const SERVICE: &'static str = "cluster-stacks";
    const GROUP: &'static str = "clusterstack.x-k8s.io";
    const VERSIONS: &'static [&'static str] = &["v1alpha1"];
    const KIND: &'static str = "ClusterStackRelease";
    const PLURAL: &'static str = "clusterstackreleases";
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}
