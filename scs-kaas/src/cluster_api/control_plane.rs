use serde::Deserialize;

use crate::{Kind, Meta};

/// The control plane of a cluster that kubeadm has made.
///
/// [API reference](https://cluster-api.sigs.k8s.io/reference/api/crd-reference)
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct KubeadmControlPlane {
    /// The metadata.
    pub metadata: Meta,
    /// What is asked for.
    #[serde(default)]
    pub spec: KubeadmControlPlaneSpec,
    /// What there is.
    #[serde(default)]
    pub status: KubeadmControlPlaneStatus,
}

/// What is asked for of a [`KubeadmControlPlane`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct KubeadmControlPlaneSpec {
    /// How many machines.
    pub replicas: Option<u32>,
    /// The version of Kubernetes.
    pub version: String,
}

/// How many machines there are, and how they are.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct KubeadmControlPlaneStatus {
    /// The generation that this was said of.
    pub observed_generation: u64,
    /// How many there are.
    pub replicas: u32,
    /// How many of them are as they should be.
    #[serde(alias = "updatedReplicas")]
    pub up_to_date_replicas: u32,
    /// How many of them are ready.
    pub ready_replicas: u32,
    /// The lowest version of Kubernetes on them.
    pub version: String,
}

impl KubeadmControlPlane {
    /// Whether all machines that are asked for are there, and as they should be.
    pub fn is_settled(&self) -> bool {
        let Self { metadata, spec, status } = self;
        status.observed_generation >= metadata.generation
            && Some(status.replicas) == spec.replicas
            && status.up_to_date_replicas == status.replicas
            && status.ready_replicas == status.replicas
            && status.version == spec.version
    }
}

impl Kind for KubeadmControlPlane {
    const SERVICE: &'static str = "cluster-api";
    const GROUP: &'static str = "controlplane.cluster.x-k8s.io";
    const VERSIONS: &'static [&'static str] = &["v1beta2", "v1beta1"];
    const KIND: &'static str = "KubeadmControlPlane";
    const PLURAL: &'static str = "kubeadmcontrolplanes";
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}
