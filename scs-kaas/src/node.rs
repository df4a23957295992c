use serde::Deserialize;

use crate::{Conditions, Kind, Meta};

/// A node of a cluster.
///
/// [API reference](https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/)
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Node {
    /// The metadata.
    pub metadata: Meta,
    /// How it is.
    #[serde(default)]
    pub status: NodeStatus,
}

/// How a [`Node`] is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct NodeStatus {
    /// Its conditions.
    pub conditions: Conditions,
    /// What runs on it.
    pub node_info: NodeInfo,
}

/// What runs on a [`Node`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct NodeInfo {
    /// The version of its kubelet: `v1.34.1`.
    pub kubelet_version: String,
}

impl Node {
    /// Whether it takes pods.
    pub fn is_ready(&self) -> bool {
        self.status.conditions.holds("Ready")
    }
}

impl Kind for Node {
    const GROUP: &'static str = "";
    const VERSIONS: &'static [&'static str] = &["v1"];
    const KIND: &'static str = "Node";
    const PLURAL: &'static str = "nodes";
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}
