use serde::Deserialize;

use crate::{Conditions, Kind, Meta};

/// Machines of one kind that are replaced one after the other: a pool of nodes.
///
/// [API reference](https://cluster-api.sigs.k8s.io/reference/api/crd-reference)
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct MachineDeployment {
    /// The metadata.
    pub metadata: Meta,
    /// What is asked for.
    #[serde(default)]
    pub spec: MachineDeploymentSpec,
    /// What there is.
    #[serde(default)]
    pub status: MachineDeploymentStatus,
}

/// What is asked for of a [`MachineDeployment`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct MachineDeploymentSpec {
    /// The cluster it belongs to.
    pub cluster_name: String,
    /// How many machines.
    pub replicas: Option<u32>,
    /// What each machine is like.
    pub template: MachineTemplate,
}

/// What each machine is like.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct MachineTemplate {
    /// The machine.
    pub spec: MachineTemplateSpec,
}

/// What is asked for of each machine.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct MachineTemplateSpec {
    /// The version of Kubernetes on it.
    pub version: String,
}

/// How many machines there are, and how they are.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct MachineDeploymentStatus {
    /// The conditions, as this API version has them.
    pub conditions: Conditions,
    /// The generation that this was said of.
    pub observed_generation: u64,
    /// How many there are.
    pub replicas: u32,
    /// How many of them are as they should be.
    #[serde(alias = "updatedReplicas")]
    pub up_to_date_replicas: u32,
    /// How many of them are ready.
    pub ready_replicas: u32,
}

impl MachineDeployment {
    /// The pool of the cluster's topology that it is for.
    pub fn pool(&self) -> Option<&str> {
        let label = "topology.cluster.x-k8s.io/deployment-name";
        self.metadata.labels.get(label).map(String::as_str)
    }

    /// Whether all machines that are asked for are there, and as they should be.
    pub fn is_settled(&self) -> bool {
        let Self { metadata, spec, status } = self;
        status.observed_generation >= metadata.generation
            && Some(status.replicas) == spec.replicas
            && status.up_to_date_replicas == status.replicas
            && status.ready_replicas == status.replicas
    }
}

impl Kind for MachineDeployment {
    const SERVICE: &'static str = "cluster-api";
    const GROUP: &'static str = "cluster.x-k8s.io";
    const VERSIONS: &'static [&'static str] = &["v1beta2", "v1beta1"];
    const KIND: &'static str = "MachineDeployment";
    const PLURAL: &'static str = "machinedeployments";
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}
