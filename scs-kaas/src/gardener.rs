//! Clusters by [Gardener](https://gardener.cloud): Shoots, made from CloudProfiles.

mod cloud_profile;
mod look;
mod operation;
mod order;
mod shoot;
mod store;
mod templates;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use scs_core::{
    Error, ErrorKind, Id, Result, Secret, model,
    provider::{Catalogue, Clusters, Provider},
};
use serde::Deserialize;
use serde_json::json;

pub use self::{
    cloud_profile::{
        Classification, CloudProfile, CloudProfileSpec, MachineType, Named, Offer, Offered, Region,
    },
    operation::{Failure, Operation, OperationState, OperationType},
    shoot::{
        Advertised, ProfileRef, Shoot, ShootKubernetes, ShootProvider, ShootSpec, ShootStatus,
        Worker, WorkerMachine,
    },
};
use crate::{Kind, Kubernetes, Objects, secret::decoded};

/// The clusters of one project of Gardener. Cheap to clone.
///
/// As a [`Provider`] it has `clusters` and `templates`:
///
/// | neutral | Gardener |
/// |---|---|
/// | the id of a cluster | the name of the Shoot |
/// | template | CloudProfile |
/// | versions on offer | of the CloudProfile, those neither deprecated nor expired |
/// | parameters | members of the Shoot's `spec`, merged into what is made here |
/// | pool | worker pool, with minimum and maximum the same |
/// | flavor of a pool | machine type |
///
/// What a Shoot needs and neither the order nor the defaults set here say is taken from the
/// CloudProfile if it has only one: region, image, type of volume. A Shoot does not tell how
/// many nodes of a pool are ready: it is all of them if `EveryNodeReady` holds, else none.
#[derive(Debug, Clone)]
pub struct Gardener {
    kubernetes: Kubernetes,
    namespace: Arc<str>,
    defaults: Defaults,
}

#[derive(Debug, Clone)]
struct Defaults {
    credentials: Option<String>,
    region: Option<String>,
    machine_type: Option<String>,
    machine_image: Option<String>,
    network: String,
    nodes: String,
    volume_gib: u32,
    kubeconfig_life: Duration,
}

impl Gardener {
    /// The clusters of a project: those in the namespace `garden-<project>`.
    pub fn new(kubernetes: Kubernetes, project: &str) -> Self {
        Self {
            kubernetes,
            namespace: format!("garden-{project}").into(),
            defaults: Defaults {
                credentials: None,
                region: None,
                machine_type: None,
                machine_image: None,
                network: "calico".into(),
                nodes: "10.250.0.0/16".into(),
                volume_gib: 50,
                kubeconfig_life: Duration::from_secs(3600),
            },
        }
    }

    /// The namespace of the project, where it is another than `garden-<project>`.
    #[must_use]
    pub fn namespace(mut self, namespace: impl Into<Arc<str>>) -> Self {
        self.namespace = namespace.into();
        self
    }

    /// The CredentialsBinding by which new clusters get at the cloud. They need one.
    #[must_use]
    pub fn credentials_binding(mut self, name: impl Into<String>) -> Self {
        self.defaults.credentials = Some(name.into());
        self
    }

    /// The region of new clusters.
    #[must_use]
    pub fn region(mut self, name: impl Into<String>) -> Self {
        self.defaults.region = Some(name.into());
        self
    }

    /// The flavor of pools that do not say which.
    #[must_use]
    pub fn machine_type(mut self, name: impl Into<String>) -> Self {
        self.defaults.machine_type = Some(name.into());
        self
    }

    /// The image of new machines.
    #[must_use]
    pub fn machine_image(mut self, name: impl Into<String>) -> Self {
        self.defaults.machine_image = Some(name.into());
        self
    }

    /// The sort of network between pods, `calico` if not set, and the network of the nodes,
    /// `10.250.0.0/16` if not set.
    #[must_use]
    pub fn network(mut self, kind: impl Into<String>, nodes: impl Into<String>) -> Self {
        (self.defaults.network, self.defaults.nodes) = (kind.into(), nodes.into());
        self
    }

    /// The size of the disks of new machines in GiB, where the CloudProfile has types of
    /// volumes; 50 if not set.
    #[must_use]
    pub fn volume_gib(mut self, gib: u32) -> Self {
        self.defaults.volume_gib = gib;
        self
    }

    /// How long a kubeconfig is good for; an hour if not set. Gardener has bounds for it.
    #[must_use]
    pub fn kubeconfig_life(mut self, life: Duration) -> Self {
        self.defaults.kubeconfig_life = life;
        self
    }

    /// The connection to the garden cluster.
    pub fn kubernetes(&self) -> &Kubernetes {
        &self.kubernetes
    }

    /// The objects of a kind in the project.
    pub fn objects<K: Kind>(&self) -> Objects<K> {
        self.kubernetes.objects_in(self.namespace.clone())
    }

    /// A connection to the API server of a cluster, as its administrator.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] as long as the cluster has no API server.
    pub async fn workload(&self, id: &Id<model::Cluster>) -> Result<Kubernetes> {
        Kubernetes::from_foreign_kubeconfig(&self.open(id).await?).await
    }

    async fn open(&self, id: &Id<model::Cluster>) -> Result<Secret> {
        #[derive(Deserialize)]
        struct Request {
            status: RequestStatus,
        }
        #[derive(Deserialize)]
        struct RequestStatus {
            kubeconfig: Secret,
        }

        let request = json!({
            "apiVersion": "authentication.gardener.cloud/v1alpha1",
            "kind": "AdminKubeconfigRequest",
            "spec": {"expirationSeconds": self.defaults.kubeconfig_life.as_secs()},
        });
        let shoots = self.objects::<Shoot>();
        let answer: Result<Request> =
            shoots.request(id.as_str(), "adminkubeconfig", &request).await;
        match answer {
            Ok(answer) => decoded(&answer.status.kubeconfig).ok_or_else(|| {
                failed(ErrorKind::Decode, format!("the kubeconfig of cluster {id} is no text"))
            }),
            Err(error) if error.kind() == ErrorKind::Rejected => {
                match shoots.get(id.as_str()).await {
                    Ok(shoot) if shoot.status.advertised_addresses.is_empty() => {
                        let message = format!("cluster {id} has no API server yet");
                        Err(failed(ErrorKind::Conflict, message)
                            .with_hint("wait until it is ready"))
                    }
                    _ => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }
}

impl Provider for Gardener {
    fn name(&self) -> &'static str {
        "gardener"
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
    Error::new(kind, message).with_service(Shoot::SERVICE)
}

/// What the caller wants cannot be; nothing was sent.
fn invalid(message: String) -> Error {
    Error::invalid(message).with_service(Shoot::SERVICE)
}
