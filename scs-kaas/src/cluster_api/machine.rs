use serde::Deserialize;

use crate::{Conditions, Kind, Meta};

/// A machine that is a node of a cluster.
///
/// [API reference](https://cluster-api.sigs.k8s.io/reference/api/crd-reference)
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Machine {
    /// The metadata.
    pub metadata: Meta,
    /// What is asked for.
    #[serde(default)]
    pub spec: MachineSpec,
    /// What there is.
    #[serde(default)]
    pub status: MachineStatus,
}

/// What is asked for of a [`Machine`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct MachineSpec {
    /// The cluster it belongs to.
    pub cluster_name: String,
    /// The version of Kubernetes on it.
    pub version: String,
    /// The id by which the cloud's own API knows it.
    #[serde(rename = "providerID")]
    pub provider_id: Option<String>,
}

/// What there is of a [`Machine`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct MachineStatus {
    /// The conditions. `Ready` means the same in all versions of the API.
    pub conditions: Conditions,
    /// The node that it has become.
    pub node_ref: Option<NodeRef>,
}

/// A node.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct NodeRef {
    /// Its name.
    pub name: String,
}

impl Machine {
    /// Whether it is part of the control plane.
    pub fn is_control_plane(&self) -> bool {
        self.metadata.labels.contains_key("cluster.x-k8s.io/control-plane")
    }

    /// Whether its node takes workloads.
    pub fn is_ready(&self) -> bool {
        self.status.conditions.holds("Ready")
    }
}

impl Kind for Machine {
    const SERVICE: &'static str = "cluster-api";
    const GROUP: &'static str = "cluster.x-k8s.io";
    const VERSIONS: &'static [&'static str] = &["v1beta2", "v1beta1"];
    const KIND: &'static str = "Machine";
    const PLURAL: &'static str = "machines";
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}
