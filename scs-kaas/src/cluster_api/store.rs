use std::{collections::BTreeSet, future::ready, time::Duration};

use async_trait::async_trait;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt, stream};
use scs_core::{
    Catalogue, Id, Result, Secret, Select, Store,
    model::{self, Upgrade},
    provider::{Clusters, Event},
};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{Cluster, ClusterApi};
use crate::{Kind, Sight, pools::no_pool, watch::is_meant};

#[async_trait]
impl Catalogue<model::Cluster> for ClusterApi {
    async fn get(&self, id: &Id<model::Cluster>) -> Result<model::Cluster> {
        let cluster = self.objects::<Cluster>().get(id.as_str()).await?;
        Ok(self.look(cluster).await?.cluster)
    }

    fn list(&self, select: Select) -> BoxStream<'static, Result<model::Cluster>> {
        let this = self.clone();
        let clusters = async move {
            let mut found = this.objects::<Cluster>().list_with(&select.labels).await?;
            found.retain(|one| select.name.as_ref().is_none_or(|name| *name == one.metadata.name));
            let looks = this.look_at_all(&found).await?;
            Ok(stream::iter(looks).map(|look| Ok(look.cluster)))
        };
        stream::once(clusters).try_flatten().boxed()
    }
}

#[async_trait]
impl Store<model::Cluster> for ClusterApi {
    async fn create(&self, spec: model::ClusterSpec) -> Result<model::Cluster> {
        let order = self.order(&spec).await?;
        let made = self.objects::<Cluster>().create(order).await?;
        Ok(self.look_at_new(&made))
    }

    async fn delete(&self, id: &Id<model::Cluster>) -> Result<()> {
        self.objects::<Cluster>().delete(id.as_str()).await
    }
}

#[async_trait]
impl Clusters for ClusterApi {
    async fn scale(&self, id: &Id<model::Cluster>, pool: &str, count: u32) -> Result<()> {
        let change = |seen: &Value| {
            let pools = &seen["spec"]["topology"]["workers"]["machineDeployments"];
            let mut pools = pools.as_array().cloned().unwrap_or_default();
            let Some(found) = pools.iter_mut().find(|one| one["name"] == pool) else {
                let names = pools.iter().filter_map(|one| one["name"].as_str());
                return Err(no_pool(Cluster::SERVICE, id, pool, names));
            };
            found["replicas"] = count.into();
            Ok(json!({"spec": {"topology": {"workers": {"machineDeployments": pools}}}}))
        };
        self.objects::<Cluster>().patch_seen(id.as_str(), change).await.map(drop)
    }

    async fn upgrade(&self, id: &Id<model::Cluster>, upgrade: Upgrade) -> Result<()> {
        self.change_version(id, upgrade).await
    }

    async fn kubeconfig(&self, id: &Id<model::Cluster>) -> Result<Secret> {
        self.open(id).await
    }

    fn watch(&self, select: Select) -> BoxStream<'static, Result<Event<model::Cluster>>> {
        let watch = Watching {
            sights: self.objects::<Cluster>().watch(select.labels.clone()),
            api: self.clone(),
            nearly: BTreeSet::new(),
        };
        let events = stream::try_unfold(watch, |mut watch| async move {
            Ok(watch.next().await?.map(|event| (event, watch)))
        });
        events.try_filter(move |event| ready(is_meant(event, &select))).boxed()
    }
}

/// A watch of Clusters that looks at what is behind them, too.
struct Watching {
    api: ClusterApi,
    sights: BoxStream<'static, Result<Sight<Cluster>>>,
    /// Those that may become ready without changing themselves.
    nearly: BTreeSet<String>,
}

impl Watching {
    async fn next(&mut self) -> Result<Option<Event<model::Cluster>>> {
        loop {
            let sight = if self.nearly.is_empty() {
                self.sights.next().await
            } else if let Ok(sight) = timeout(Duration::from_secs(2), self.sights.next()).await {
                sight
            } else {
                match self.look_again().await? {
                    None => continue,
                    event => return Ok(event),
                }
            };
            match sight.transpose()? {
                None => return Ok(None),
                Some(Sight::Gone(name)) => {
                    self.nearly.remove(&name);
                    return Ok(Some(Event::Gone(name.into())));
                }
                Some(Sight::Present(cluster)) => {
                    let name = cluster.metadata.name.clone();
                    let look = match self.api.look(cluster).await {
                        Err(error) if error.is_retryable() => {
                            self.nearly.insert(name);
                            continue;
                        }
                        look => look?,
                    };
                    if look.nearly {
                        self.nearly.insert(name);
                    } else {
                        self.nearly.remove(&name);
                    }
                    return Ok(Some(Event::Present(look.cluster)));
                }
            }
        }
    }

    /// Whether one of those has become ready.
    async fn look_again(&mut self) -> Result<Option<Event<model::Cluster>>> {
        let clusters = self.api.objects::<Cluster>();
        for name in self.nearly.clone() {
            let look = async {
                match clusters.get_opt(&name).await? {
                    Some(cluster) => self.api.look(cluster).await.map(Some),
                    None => Ok(None),
                }
            };
            match look.await {
                Err(error) if error.is_retryable() => {}
                Err(error) => return Err(error),
                Ok(Some(look)) if look.nearly => {}
                Ok(look) => {
                    self.nearly.remove(&name);
                    if let Some(look) = look {
                        return Ok(Some(Event::Present(look.cluster)));
                    }
                }
            }
        }
        Ok(None)
    }
}
