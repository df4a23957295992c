use serde::Deserialize;

use super::MachineSet;
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

/// What is asked for of each machine. A change of any of this makes new machines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct MachineTemplateSpec {
    /// The version of Kubernetes on it.
    pub version: String,
    /// How it becomes a node.
    pub bootstrap: Bootstrap,
    /// The template of the machine in the cloud.
    pub infrastructure_ref: TemplateRef,
    /// Where it is.
    pub failure_domain: Option<String>,
}

/// How a machine becomes a node.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Bootstrap {
    /// The template of what it is told.
    pub config_ref: TemplateRef,
}

/// A template. Templates are never changed, but replaced by ones of another name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TemplateRef {
    /// The name.
    pub name: String,
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

    /// Whether all machines that are asked for are there, ready, and made from the template as
    /// it is now. Its own status does not tell: it counts machines as up to date for some
    /// moments after the template has changed. So its machines are counted where they are, in
    /// its MachineSets.
    pub fn is_settled(&self, sets: &[MachineSet]) -> bool {
        let Self { metadata, spec, status } = self;
        let is_own = |set: &&MachineSet| set.deployment() == Some(&metadata.name);
        let mut others = 0;
        let mut current = 0;
        for set in sets.iter().filter(is_own) {
            if set.spec.template.spec == spec.template.spec {
                current += set.status.ready_replicas;
            } else {
                others += set.status.replicas;
            }
        }
        status.observed_generation >= metadata.generation
            && Some(status.replicas) == spec.replicas
            && status.ready_replicas == status.replicas
            && current == status.replicas
            && others == 0
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
