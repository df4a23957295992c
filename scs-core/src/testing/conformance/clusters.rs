use futures_core::stream::BoxStream;
use futures_util::TryStreamExt;

use super::{Scope, Suite, check, fails};
use crate::{
    Error, ErrorKind, Id, Phase, Result,
    model::{Cluster, ClusterSpec, NodePoolSpec, Upgrade},
    provider::{Clusters, Event, Provider, Select, StoreExt},
};

const POOL: &str = "workers";

impl Suite {
    /// Checks the whole life of clusters.
    pub(super) async fn clusters(
        &self,
        cloud: &dyn Provider,
        clusters: &dyn Clusters,
    ) -> Result<()> {
        let spec = match &self.cluster {
            Some(spec) => spec.clone(),
            None => self.a_cluster(cloud).await?,
        };
        self.refuses_orders(clusters, &spec).await?;
        self.store(clusters, spec.clone()).await?;
        let mut scope = Scope::new(self);
        let outcome = self.live_cluster(cloud, clusters, spec, &mut scope).await;
        scope.close(outcome.map_err(|error| error.context("cluster"))).await
    }

    /// A cluster of the first template that can be used.
    async fn a_cluster(&self, cloud: &dyn Provider) -> Result<ClusterSpec> {
        let templates = cloud.templates()?.all().await?;
        let usable = templates.iter().find_map(|template| {
            let version = template.oldest()?;
            (template.phase == Phase::Ready).then_some((template, version))
        });
        let (template, version) = usable.ok_or_else(|| {
            Error::new(ErrorKind::Failed, "no cluster template says which versions it offers")
        })?;
        let spec = ClusterSpec::new(self.named("cluster"), &template.id, version);
        Ok(spec.pool(NodePoolSpec::new(POOL, 1)))
    }

    /// What cannot be had is refused at once.
    async fn refuses_orders(&self, clusters: &dyn Clusters, spec: &ClusterSpec) -> Result<()> {
        let mut other = spec.clone();
        other.template = self.named("no-such-template").into();
        let made = clusters.create(other).await;
        fails(made, ErrorKind::NotFound, "create from a template that does not exist")?;
        let mut other = spec.clone();
        other.version = "1.2.3".into();
        let made = clusters.create(other).await;
        fails(made, ErrorKind::InvalidInput, "create with a version that is not on offer")
    }

    async fn live_cluster<'a>(
        &'a self,
        cloud: &dyn Provider,
        clusters: &'a dyn Clusters,
        spec: ClusterSpec,
        scope: &mut Scope<'a>,
    ) -> Result<()> {
        let mut watch = clusters.watch(Select::named(&spec.name));
        let cluster = scope.create(clusters, spec.clone()).await?;
        let id = &cluster.id;
        self.shows_up(&mut watch, |event| matches!(event, Event::Present(seen) if seen.id == *id))
            .await?;
        check(
            cluster.version == spec.version && cluster.template.as_ref() == Some(&spec.template),
            format_args!("a cluster of {} {} is {cluster:?}", spec.template, spec.version),
        )?;
        check(cluster.endpoint.is_some(), "a cluster that is ready has no endpoint")?;
        let kubeconfig = clusters.kubeconfig(id).await?;
        check(kubeconfig.expose().contains("clusters"), "the kubeconfig names no clusters")?;

        if let Some(wanted) = spec.pools.first() {
            let count = wanted.count + 1;
            clusters.scale(id, &wanted.name, count).await?;
            let scaled = |seen: &Cluster| {
                let pool = seen.pool(&wanted.name);
                pool.is_some_and(|pool| (pool.count, pool.ready) == (count, count))
            };
            self.reaches(clusters, id, "scaled", scaled).await?;
            let scaled = clusters.scale(id, "no-such-pool", 1).await;
            fails(scaled, ErrorKind::NotFound, "scaling of a pool that does not exist")?;
        }
        self.upgrade(cloud, clusters, &cluster).await?;
        clusters.delete(id).await?;
        self.wait(clusters, id).gone().await?;
        self.shows_up(&mut watch, |event| matches!(event, Event::Gone(gone) if gone == id)).await
    }

    /// To the version that the suite was told, or the first one on offer that may follow.
    async fn upgrade(
        &self,
        cloud: &dyn Provider,
        clusters: &dyn Clusters,
        cluster: &Cluster,
    ) -> Result<()> {
        let id: &Id<Cluster> = &cluster.id;
        let back = clusters.upgrade(id, Upgrade::to("1.2.3")).await;
        fails(back, ErrorKind::InvalidInput, "an upgrade to an older version")?;
        let upgrade = match (&self.upgrade, &cluster.template) {
            (Some(upgrade), _) => Some(upgrade.clone()),
            (None, Some(template)) => {
                let template = cloud.templates()?.get(template).await?;
                // A minor version alone does not tell which patch it will be.
                let versions = template.versions.iter();
                let full = versions.filter(|version| version.matches('.').count() == 2);
                let mut possible = full.map(Upgrade::to).filter(|upgrade| {
                    upgrade.version != cluster.version
                        && upgrade.check_from(&cluster.version).is_ok()
                });
                possible.next()
            }
            (None, None) => None,
        };
        let Some(upgrade) = upgrade else { return Ok(()) };
        let version = upgrade.version.clone();
        clusters.upgrade(id, upgrade).await?;
        self.reaches(clusters, id, "upgraded", |seen| seen.version == version).await
    }

    /// Waits until a watch shows what it should.
    async fn shows_up(
        &self,
        watch: &mut BoxStream<'static, Result<Event<Cluster>>>,
        is_it: impl Fn(&Event<Cluster>) -> bool,
    ) -> Result<()> {
        let seen = async {
            while let Some(event) = watch.try_next().await? {
                if is_it(&event) {
                    return Ok(());
                }
            }
            check(false, "a watch ends")
        };
        tokio::time::timeout(self.timeout, seen)
            .await
            .unwrap_or_else(|_| check(false, "a watch does not show what happens"))
    }
}
