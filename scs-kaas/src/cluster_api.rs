//! Clusters by [Cluster API](https://cluster-api.sigs.k8s.io), from ClusterClasses that
//! somebody wrote or that the Cluster Stack Operator made of a Cluster Stack.

mod class_variable;
mod cluster;
mod cluster_class;
mod cluster_stack;
mod control_plane;
mod look;
mod machine;
mod machine_deployment;
mod machine_set;
mod order;
mod phase;
mod store;
mod templates;
#[cfg(test)]
mod tests;
mod topology;
mod upgrade;

use std::sync::Arc;

use scs_core::{
    Error, ErrorKind, Id, Result, Secret, model,
    provider::{Catalogue, Clusters, Provider},
};

pub use self::{
    class_variable::ClassVariable,
    cluster::{Cluster, ClusterSpec, ClusterStatus, ControlPlaneRef, Endpoint},
    cluster_class::{
        ClusterClass, ClusterClassSpec, ClusterClassStatus, WorkerClass, WorkerClasses,
    },
    cluster_stack::{
        ClusterStack, ClusterStackRelease, ClusterStackReleaseStatus, ClusterStackSpec,
        ClusterStackStatus,
    },
    control_plane::{KubeadmControlPlane, KubeadmControlPlaneSpec, KubeadmControlPlaneStatus},
    machine::{Machine, MachineSpec, MachineStatus, NodeRef},
    machine_deployment::{
        Bootstrap, MachineDeployment, MachineDeploymentSpec, MachineDeploymentStatus,
        MachineTemplate, MachineTemplateSpec, TemplateRef,
    },
    machine_set::MachineSet,
    topology::{Overrides, Pool, Replicas, Topology, Variable, Workers},
};
use crate::{Kind, Kubernetes, Objects, secret::KubeSecret};

/// The clusters in one namespace of a management cluster. Cheap to clone.
///
/// As a [`Provider`] it has `clusters` and `templates`:
///
/// | neutral | Cluster API |
/// |---|---|
/// | the id of a cluster | the name of the Cluster |
/// | template | ClusterClass; `namespace/name` if it is in neither of the two namespaces |
/// | versions on offer | of the ClusterClass if it lists them, of the ClusterStackRelease of its name, or what its name says: `openstack-scs2-1-34-v1` |
/// | parameters | variables |
/// | pool | MachineDeployment of the worker class `default-worker`, or of the only one |
/// | flavor of a pool | the variable that sets it, such as `workerFlavor`, as an override |
///
/// # Ready
/// A cluster is ready when its conditions say so *and* the control plane and the pools behind
/// it have arrived at what is asked for: for about a second after a change, Cluster API's
/// conditions are still those of before. That takes the right to read KubeadmControlPlanes,
/// MachineDeployments and MachineSets in the namespace. A control plane of another kind, or one
/// that may not be read, is taken at the word of the conditions.
#[derive(Debug, Clone)]
pub struct ClusterApi {
    kubernetes: Kubernetes,
    namespace: Arc<str>,
    class_namespace: Arc<str>,
    control_plane: u32,
    pods: Arc<str>,
    services: Arc<str>,
}

impl ClusterApi {
    /// The clusters in a namespace, made from the ClusterClasses in the same namespace.
    pub fn new(kubernetes: Kubernetes, namespace: impl Into<Arc<str>>) -> Self {
        let namespace = namespace.into();
        Self {
            kubernetes,
            class_namespace: namespace.clone(),
            namespace,
            control_plane: 3,
            pods: "172.16.0.0/16".into(),
            services: "10.96.0.0/12".into(),
        }
    }

    /// Makes clusters from the ClusterClasses in this namespace.
    #[must_use]
    pub fn class_namespace(mut self, namespace: impl Into<Arc<str>>) -> Self {
        self.class_namespace = namespace.into();
        self
    }

    /// How many machines the control plane of a new cluster has: 3 if not set, as
    /// [scs-0214](https://docs.scs.community/standards/scs-0214-v2-k8s-node-distribution) asks
    /// for more than one. An odd number.
    #[must_use]
    pub fn control_plane(mut self, machines: u32) -> Self {
        self.control_plane = machines;
        self
    }

    /// The networks of pods and of services in new clusters; `172.16.0.0/16` and
    /// `10.96.0.0/12` if not set. They must not overlap with that of the nodes.
    #[must_use]
    pub fn networks(mut self, pods: impl Into<Arc<str>>, services: impl Into<Arc<str>>) -> Self {
        (self.pods, self.services) = (pods.into(), services.into());
        self
    }

    /// The connection to the management cluster.
    pub fn kubernetes(&self) -> &Kubernetes {
        &self.kubernetes
    }

    /// The objects of a kind in the namespace.
    pub fn objects<K: Kind>(&self) -> Objects<K> {
        self.kubernetes.objects_in(self.namespace.clone())
    }

    /// A connection to the API server of a cluster, as its administrator.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] as long as the cluster has no kubeconfig.
    pub async fn workload(&self, id: &Id<model::Cluster>) -> Result<Kubernetes> {
        Kubernetes::from_foreign_kubeconfig(&self.open(id).await?).await
    }

    async fn open(&self, id: &Id<model::Cluster>) -> Result<Secret> {
        let secrets = self.objects::<KubeSecret>();
        let Some(secret) = secrets.get_opt(&format!("{id}-kubeconfig")).await? else {
            self.objects::<Cluster>().get(id.as_str()).await?;
            return Err(failed(ErrorKind::Conflict, format!("cluster {id} has no kubeconfig yet"))
                .with_hint("wait until it is ready"));
        };
        secret.text("value").ok_or_else(|| {
            let message = format!("the Secret {id}-kubeconfig holds no kubeconfig as `value`");
            failed(ErrorKind::Decode, message)
        })
    }
}

impl Provider for ClusterApi {
    fn name(&self) -> &'static str {
        "cluster-api"
    }

    fn clusters(&self) -> Result<Arc<dyn Clusters>> {
        Ok(Arc::new(self.clone()))
    }

    fn templates(&self) -> Result<Arc<dyn Catalogue<model::ClusterTemplate>>> {
        Ok(Arc::new(self.clone()))
    }
}

/// A failure that no server has told.
fn failed(kind: ErrorKind, message: String) -> Error {
    Error::new(kind, message).with_service(Cluster::SERVICE)
}

/// What the caller wants cannot be; nothing was sent.
fn invalid(message: String) -> Error {
    Error::invalid(message).with_service(Cluster::SERVICE)
}
