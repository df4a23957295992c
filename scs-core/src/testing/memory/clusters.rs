use std::time::Duration;

use async_trait::async_trait;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    Memory,
    world::{Fabricated, Kept, Shelved, World},
};
use crate::{
    Error, ErrorKind, Id, Phase, Result, Secret,
    model::{Cluster, ClusterSpec, ClusterTemplate, NodePool, Upgrade},
    provider::{Catalogue, Clusters, Event, Select},
};

impl Shelved for ClusterTemplate {
    fn shelf(world: &mut World) -> &mut Vec<Kept<Self>> {
        &mut world.templates
    }
}

impl Shelved for Cluster {
    fn shelf(world: &mut World) -> &mut Vec<Kept<Self>> {
        &mut world.clusters
    }

    fn show(&mut self, phase: Phase) {
        self.phase = phase;
        if phase == Phase::Pending {
            self.endpoint = None;
            self.pools.iter_mut().for_each(|pool| pool.ready = 0);
        }
    }
}

impl Fabricated for Cluster {
    /// Its id is its name, so that there are no two of one name.
    fn fabricate(world: &mut World, spec: ClusterSpec) -> Result<Self> {
        let template = &world.known(&spec.template)?.now;
        offered(template, &spec.version)?;
        let mut cluster = Self::new(spec.name.as_str(), spec.name.as_str(), Phase::Ready);
        cluster.template = Some(spec.template);
        cluster.version = spec.version;
        cluster.endpoint = Some(format!("https://{}.clusters.invalid:6443", spec.name));
        cluster.labels = spec.labels;
        for wanted in spec.pools {
            let mut pool = NodePool::new(wanted.name, wanted.count);
            pool.flavor = wanted.flavor;
            pool.ready = wanted.count;
            cluster.pools.push(pool);
        }
        Ok(cluster)
    }
}

fn offered(template: &ClusterTemplate, version: &str) -> Result<()> {
    if template.offers(version) {
        return Ok(());
    }
    let words = format!("cluster template {} does not offer version {version}", template.name);
    Err(Error::invalid(words).with_hint(format!("choose of {}", template.versions.join(", "))))
}

#[async_trait]
impl Clusters for Memory {
    async fn scale(&self, id: &Id<Cluster>, pool: &str, count: u32) -> Result<()> {
        self.attempt(|world| {
            world.change(id, |cluster| {
                let names: Vec<_> = cluster.pools.iter().map(|pool| pool.name.clone()).collect();
                let Some(pool) = cluster.pools.iter_mut().find(|one| one.name == pool) else {
                    let words = format!("cluster {id} has no pool `{pool}`");
                    return Err(Error::new(ErrorKind::NotFound, words)
                        .with_hint(format!("its pools are: {}", names.join(", "))));
                };
                (pool.count, pool.ready) = (count, count);
                Ok(())
            })
        })
    }

    async fn upgrade(&self, id: &Id<Cluster>, upgrade: Upgrade) -> Result<()> {
        self.attempt(|world| {
            let present = &world.known(id)?.now;
            upgrade.check_from(&present.version)?;
            let template = upgrade.template.clone().or_else(|| present.template.clone());
            if let Some(template) = &template {
                offered(&world.known(template)?.now, &upgrade.version)?;
            }
            world.change(id, |cluster| {
                cluster.template = template;
                cluster.version = upgrade.version;
                Ok(())
            })
        })
    }

    /// A kubeconfig that leads nowhere.
    async fn kubeconfig(&self, id: &Id<Cluster>) -> Result<Secret> {
        let cluster = self.attempt(|world| world.known(id).map(|kept| kept.now.clone()))?;
        let Some(endpoint) = cluster.endpoint else {
            let words = format!("cluster {id} has no kubeconfig yet");
            return Err(Error::new(ErrorKind::NotFound, words)
                .with_service("memory")
                .with_hint("wait until it is ready"));
        };
        let config = serde_json::json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": id, "cluster": {"server": endpoint}}],
            "users": [{"name": "admin", "user": {"token": "memory"}}],
            "contexts": [{"name": id, "context": {"cluster": id, "user": "admin"}}],
            "current-context": id,
        });
        // JSON is YAML.
        Ok(config.to_string().into())
    }

    fn watch(&self, select: Select) -> BoxStream<'static, Result<Event<Cluster>>> {
        let looks = stream::try_unfold((self.clone(), Vec::new()), move |(cloud, before)| {
            let select = select.clone();
            async move {
                let now: Vec<Cluster> = cloud.list(select).try_collect().await?;
                let news = difference(&before, &now);
                if news.is_empty() {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                Ok(Some((stream::iter(news.into_iter().map(Ok)), (cloud, now))))
            }
        });
        looks.try_flatten().boxed()
    }
}

fn difference(before: &[Cluster], now: &[Cluster]) -> Vec<Event<Cluster>> {
    let gone = before.iter().filter(|old| now.iter().all(|new| new.id != old.id));
    let gone = gone.map(|old| Event::Gone(old.id.clone()));
    let present = now.iter().filter(|new| !before.contains(new)).cloned().map(Event::Present);
    gone.chain(present).collect()
}
