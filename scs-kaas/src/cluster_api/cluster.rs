use std::collections::BTreeMap;

use scs_core::value::nullable;
use serde::Deserialize;

use super::Topology;
use crate::{Conditions, Kind, Meta};

/// A Kubernetes cluster, as Cluster API has it.
///
/// [API reference](https://cluster-api.sigs.k8s.io/reference/api/crd-reference)
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Cluster {
    /// The metadata.
    pub metadata: Meta,
    /// What is asked for.
    #[serde(default)]
    pub spec: ClusterSpec,
    /// What there is.
    #[serde(default)]
    pub status: ClusterStatus,
}

/// What is asked for of a [`Cluster`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ClusterSpec {
    /// Whether the controllers keep their hands off.
    #[serde(deserialize_with = "nullable")]
    pub paused: bool,
    /// Where the API server is.
    pub control_plane_endpoint: Endpoint,
    /// The object that the control plane is made from.
    pub control_plane_ref: Option<ControlPlaneRef>,
    /// What it is made from, if it is of a ClusterClass.
    pub topology: Option<Topology>,
}

/// Where an API server is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Endpoint {
    /// A name or an address; empty as long as there is none.
    pub host: String,
    /// The port; 0 as long as there is none.
    pub port: u16,
}

/// The object that a control plane is made from.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ControlPlaneRef {
    /// The kind: `KubeadmControlPlane`.
    pub kind: String,
    /// The name.
    pub name: String,
}

/// What there is of a [`Cluster`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ClusterStatus {
    /// The conditions, as this API version has them.
    conditions: Conditions,
    /// Those of `v1beta2`, as `v1beta1` shows them.
    v1beta2: Option<Beside>,
    /// The generation that this was said of.
    pub observed_generation: u64,
    initialization: Initialization,
    control_plane_ready: bool,
    failure_message: Option<String>,
    #[serde(deserialize_with = "nullable")]
    deprecated: BTreeMap<String, Failure>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Beside {
    conditions: Conditions,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Initialization {
    control_plane_initialized: Option<bool>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Failure {
    failure_message: Option<String>,
}

impl ClusterStatus {
    /// The conditions in the words of `v1beta2`; `None` if the server has only the older ones.
    pub fn conditions(&self) -> Option<&Conditions> {
        match &self.v1beta2 {
            Some(beside) => Some(&beside.conditions),
            // `Ready` was replaced by `Available`.
            None => self.conditions.get("Ready").is_none().then_some(&self.conditions),
        }
    }

    /// The conditions in the words of `v1beta1`, if the server has them.
    pub fn old_conditions(&self) -> &Conditions {
        &self.conditions
    }

    /// Whether the API server of the cluster has answered once.
    pub fn is_initialized(&self) -> bool {
        self.initialization.control_plane_initialized.unwrap_or_default()
            || self.control_plane_ready
            || self.conditions.holds("ControlPlaneInitialized")
    }

    /// Why a provider has given up, if it has.
    pub fn failure(&self) -> Option<&str> {
        let deprecated = self.deprecated.values().find_map(|old| old.failure_message.as_deref());
        self.failure_message.as_deref().or(deprecated)
    }
}

impl Kind for Cluster {
    const SERVICE: &'static str = "cluster-api";
    const GROUP: &'static str = "cluster.x-k8s.io";
    const VERSIONS: &'static [&'static str] = &["v1beta2", "v1beta1"];
    const KIND: &'static str = "Cluster";
    const PLURAL: &'static str = "clusters";
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}
