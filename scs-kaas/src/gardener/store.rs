use std::future::ready;

use async_trait::async_trait;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt, stream};
use scs_core::{
    Catalogue, Error, ErrorKind, Id, Result, Secret, Select, Store,
    model::{self, Upgrade},
    provider::{Clusters, Event},
};
use serde_json::{Value, json};

use super::{CloudProfile, Gardener, Shoot, failed, look::raise, templates::offered};
use crate::{Kind, Sight, pools::no_pool, watch::is_meant};

#[async_trait]
impl Catalogue<model::Cluster> for Gardener {
    async fn get(&self, id: &Id<model::Cluster>) -> Result<model::Cluster> {
        Ok(raise(&self.objects::<Shoot>().get(id.as_str()).await?))
    }

    fn list(&self, select: Select) -> BoxStream<'static, Result<model::Cluster>> {
        let shoots = self.objects::<Shoot>();
        let shoots = async move {
            let mut found = shoots.list_with(&select.labels).await?;
            found.retain(|one| select.name.as_ref().is_none_or(|name| *name == one.metadata.name));
            Ok(stream::iter(found).map(|shoot| Ok(raise(&shoot))))
        };
        stream::once(shoots).try_flatten().boxed()
    }
}

#[async_trait]
impl Store<model::Cluster> for Gardener {
    async fn create(&self, spec: model::ClusterSpec) -> Result<model::Cluster> {
        let order = self.order(&spec).await?;
        Ok(raise(&self.objects::<Shoot>().create(order).await?))
    }

    /// Confirms first that it shall be deleted, as Gardener wants it.
    async fn delete(&self, id: &Id<model::Cluster>) -> Result<()> {
        let shoots = self.objects::<Shoot>();
        let annotations = json!({"confirmation.gardener.cloud/deletion": "true"});
        let patch = json!({"metadata": {"annotations": annotations}});
        shoots.patch(id.as_str(), &patch).await?;
        shoots.delete(id.as_str()).await
    }
}

#[async_trait]
impl Clusters for Gardener {
    async fn scale(&self, id: &Id<model::Cluster>, pool: &str, count: u32) -> Result<()> {
        let change = |seen: &Value| {
            let workers = seen["spec"]["provider"]["workers"].as_array();
            let mut workers = workers.cloned().unwrap_or_default();
            let Some(found) = workers.iter_mut().find(|one| one["name"] == pool) else {
                let names = workers.iter().filter_map(|one| one["name"].as_str());
                return Err(no_pool(Shoot::SERVICE, id, pool, names));
            };
            (found["minimum"], found["maximum"]) = (count.into(), count.into());
            Ok(json!({"spec": {"provider": {"workers": workers}}}))
        };
        self.objects::<Shoot>().patch_seen(id.as_str(), change).await.map(drop)
    }

    async fn upgrade(&self, id: &Id<model::Cluster>, upgrade: Upgrade) -> Result<()> {
        let shoots = self.objects::<Shoot>();
        let shoot = shoots.get(id.as_str()).await?;
        let present = shoot.profile().map(Id::from);
        let Some(template) = upgrade.template.as_ref().or(present.as_ref()) else {
            let message = format!("cluster {id} has no CloudProfile");
            return Err(failed(ErrorKind::Unsupported, message));
        };
        let (_, known) = self.profile(template).await?;
        let wanted = offered(&known, &upgrade.version)?;
        let ours = |error: Error| error.with_service(Shoot::SERVICE);
        upgrade.check_from(&shoot.spec.kubernetes.version).map_err(ours)?;
        let mut patch = json!({"spec": {"kubernetes": {"version": wanted.to_string()}}});
        if let Some(template) = &upgrade.template {
            patch["spec"]["cloudProfile"] =
                json!({"kind": CloudProfile::KIND, "name": template.as_str()});
        }
        shoots.patch(id.as_str(), &patch).await.map(drop)
    }

    async fn kubeconfig(&self, id: &Id<model::Cluster>) -> Result<Secret> {
        self.open(id).await
    }

    fn watch(&self, select: Select) -> BoxStream<'static, Result<Event<model::Cluster>>> {
        let sights = self.objects::<Shoot>().watch(select.labels.clone());
        sights
            .map_ok(|sight| match sight {
                Sight::Present(shoot) => Event::Present(raise(&shoot)),
                Sight::Gone(name) => Event::Gone(name.into()),
            })
            .try_filter(move |event| ready(is_meant(event, &select)))
            .boxed()
    }
}
