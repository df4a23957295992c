use futures_util::future::try_join3;
use scs_core::{ErrorKind, Metadata, Phase, Result, model};

use super::{
    Cluster, ClusterApi, KubeadmControlPlane, MachineDeployment, MachineSet,
    class_variable::is_flavor,
    phase::{busy, by_conditions, unsettled},
};
use crate::Kind;

/// A cluster in neutral words.
pub(super) struct Look {
    pub(super) cluster: model::Cluster,
    /// Whether its own conditions say that it is ready, but not the objects behind it: it may
    /// become ready without changing itself.
    pub(super) nearly: bool,
}

/// The objects that the clusters are made of.
#[derive(Default)]
struct Behind {
    control_planes: Vec<KubeadmControlPlane>,
    deployments: Vec<MachineDeployment>,
    sets: Vec<MachineSet>,
}

impl ClusterApi {
    /// Looks at one that was read.
    pub(super) async fn look(&self, cluster: Cluster) -> Result<Look> {
        let label = ("cluster.x-k8s.io/cluster-name".into(), cluster.metadata.name.clone());
        let behind = self.behind(&[&cluster], Metadata::from([label])).await?;
        Ok(self.raise(&cluster, &behind))
    }

    /// Looks at all of these at once.
    pub(super) async fn look_at_all(&self, clusters: &[Cluster]) -> Result<Vec<Look>> {
        let all: Vec<_> = clusters.iter().collect();
        let behind = self.behind(&all, Metadata::new()).await?;
        Ok(clusters.iter().map(|cluster| self.raise(cluster, &behind)).collect())
    }

    /// Looks at one that was just made: there is nothing behind it.
    pub(super) fn look_at_new(&self, cluster: &Cluster) -> model::Cluster {
        self.raise(cluster, &Behind::default()).cluster
    }

    async fn behind(&self, clusters: &[&Cluster], labels: Metadata) -> Result<Behind> {
        if clusters.is_empty() {
            return Ok(Behind::default());
        }
        let deployments = self.objects::<MachineDeployment>();
        let sets = self.objects::<MachineSet>();
        // Nothing is learnt from more of a cluster that says itself that it is not ready.
        if !clusters.iter().any(|one| by_conditions(one).0 == Phase::Ready) {
            let deployments = deployments.list_with(&labels).await?;
            return Ok(Behind { deployments, ..Behind::default() });
        }
        let (control_planes, deployments, sets) = try_join3(
            self.control_planes(clusters, &labels),
            deployments.list_with(&labels),
            sets.list_with(&labels),
        )
        .await?;
        Ok(Behind { control_planes, deployments, sets })
    }

    async fn control_planes(
        &self,
        clusters: &[&Cluster],
        labels: &Metadata,
    ) -> Result<Vec<KubeadmControlPlane>> {
        let is_known = |one: &&Cluster| {
            let of = one.spec.control_plane_ref.as_ref();
            of.is_some_and(|of| of.kind == KubeadmControlPlane::KIND)
        };
        if !clusters.iter().any(is_known) {
            return Ok(Vec::new());
        }
        match self.objects::<KubeadmControlPlane>().list_with(labels).await {
            Err(error) if is_withheld(error.kind()) => Ok(Vec::new()),
            found => found,
        }
    }

    fn raise(&self, cluster: &Cluster, behind: &Behind) -> Look {
        let meta = &cluster.metadata;
        let deployments = behind.deployments.iter();
        let deployments: Vec<_> =
            deployments.filter(|one| one.spec.cluster_name == meta.name).collect();
        let control_plane = cluster.spec.control_plane_ref.as_ref().and_then(|wanted| {
            behind.control_planes.iter().find(|one| one.metadata.name == wanted.name)
        });
        let (mut phase, mut fault) = by_conditions(cluster);
        let mut nearly = false;
        if phase == Phase::Ready
            && let Some(words) = unsettled(cluster, control_plane, &deployments, &behind.sets)
        {
            (phase, fault, nearly) = (busy(cluster), Some(words), true);
        }
        let mut raised = model::Cluster::new(meta.name.as_str(), &meta.name, phase);
        raised.fault = fault;
        raised.labels = meta.own_labels();
        let endpoint = &cluster.spec.control_plane_endpoint;
        if !endpoint.host.is_empty() {
            raised.endpoint = Some(format!("https://{}:{}", endpoint.host, endpoint.port));
        }
        if let Some(topology) = &cluster.spec.topology {
            let plain = topology.version.strip_prefix('v').unwrap_or(&topology.version);
            raised.version = plain.into();
            raised.template = Some(self.template_id(topology));
            let pools = topology.workers.machine_deployments.iter();
            raised.pools = pools.map(|pool| node_pool(pool, &deployments)).collect();
        }
        Look { cluster: raised, nearly }
    }
}

fn node_pool(pool: &super::Pool, deployments: &[&MachineDeployment]) -> model::NodePool {
    let of_pool = deployments.iter().find(|one| one.pool() == Some(&pool.name));
    // Where an autoscaler decides, only the machines know how many there shall be.
    let count = pool.replicas.or_else(|| of_pool?.spec.replicas).unwrap_or_default();
    let mut raised = model::NodePool::new(&pool.name, count);
    raised.ready = of_pool.map_or(0, |one| one.status.ready_replicas);
    let flavor = pool.variables.overrides.iter().find(|one| is_flavor(&one.name));
    raised.flavor = flavor.and_then(|one| Some(one.value.as_str()?.to_owned()));
    raised
}

/// Whether the caller may not see it, or it is not there at all.
pub(super) fn is_withheld(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Forbidden | ErrorKind::Unsupported | ErrorKind::NotFound)
}
