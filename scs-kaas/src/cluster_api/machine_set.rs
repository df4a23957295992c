use serde::Deserialize;

use super::{MachineDeploymentSpec, MachineDeploymentStatus};
use crate::{Kind, Meta};

/// Machines that a [`MachineDeployment`](super::MachineDeployment) has made from one state of
/// its template.
///
/// [API reference](https://cluster-api.sigs.k8s.io/reference/api/crd-reference)
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct MachineSet {
    /// The metadata.
    pub metadata: Meta,
    /// What is asked for.
    #[serde(default)]
    pub spec: MachineDeploymentSpec,
    /// What there is.
    #[serde(default)]
    pub status: MachineDeploymentStatus,
}

impl MachineSet {
    /// The MachineDeployment that it is of.
    pub fn deployment(&self) -> Option<&str> {
        let label = "cluster.x-k8s.io/deployment-name";
        self.metadata.labels.get(label).map(String::as_str)
    }
}

impl Kind for MachineSet {
    const SERVICE: &'static str = "cluster-api";
    const GROUP: &'static str = "cluster.x-k8s.io";
    const VERSIONS: &'static [&'static str] = &["v1beta2", "v1beta1"];
    const KIND: &'static str = "MachineSet";
    const PLURAL: &'static str = "machinesets";
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}
