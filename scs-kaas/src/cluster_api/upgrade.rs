use scs_core::{
    Error, ErrorKind, Id, Result,
    model::{self, ClusterTemplate, Upgrade},
};
use serde_json::json;

use super::{Cluster, ClusterApi, Topology, failed, order::offered};
use crate::{
    Kind,
    version::{StackName, Version},
};

impl ClusterApi {
    /// Changes class and version in one patch: in between, neither would fit the other.
    pub(super) async fn change_version(
        &self,
        id: &Id<model::Cluster>,
        upgrade: Upgrade,
    ) -> Result<()> {
        let clusters = self.objects::<Cluster>();
        let cluster = clusters.get(id.as_str()).await?;
        let Some(topology) = &cluster.spec.topology else {
            let message = format!("cluster {id} is of no ClusterClass");
            return Err(failed(ErrorKind::Unsupported, message)
                .with_hint("change the version in the objects it is made of"));
        };
        let ours = |error: Error| error.with_service(Cluster::SERVICE);
        upgrade.check_from(&topology.version).map_err(ours)?;
        let template = match &upgrade.template {
            Some(template) => template.clone(),
            None => self.fitting(topology, &upgrade.version).await?,
        };
        let (_, known) = self.class(&template).await?;
        let mut change = json!({"version": offered(&known, &upgrade.version)?});
        let (namespace, name) = self.place(&template);
        self.set_class(&mut change, namespace, name).await?;
        let patch = json!({"spec": {"topology": change}});
        clusters.patch(id.as_str(), &patch).await.map(drop)
    }

    /// The template for this version: the present one, unless it belongs to another minor
    /// version; else the newest of the same Cluster Stack.
    async fn fitting(&self, topology: &Topology, wanted: &str) -> Result<Id<ClusterTemplate>> {
        let present = self.template_id(topology);
        let (Some(stack), Some(wanted)) =
            (StackName::parse(topology.class()), Version::parse(wanted))
        else {
            return Ok(present);
        };
        if stack.minor == wanted.minor() || self.class(&present).await?.1.versions.len() > 1 {
            return Ok(present);
        }
        let classes = self.classes().await?;
        let same = classes.iter().filter_map(|class| {
            let other = StackName::parse(&class.name)?;
            let fits = other.stack == stack.stack && other.minor == wanted.minor();
            Some((other.number().filter(|_| fits)?, class))
        });
        let newest = same.max_by_key(|(number, _)| *number);
        newest.map(|(_, class)| class.id.clone()).ok_or_else(|| {
            let message = format!(
                "there is no ClusterClass of {} for Kubernetes {}.{}",
                stack.stack, wanted.major, wanted.minor
            );
            failed(ErrorKind::NotFound, message)
                .with_hint("ask for the Cluster Stack of that version, or name a template")
        })
    }
}
