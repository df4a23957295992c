use scs_core::{
    ErrorKind, Id, Result,
    model::{self, ClusterTemplate, Upgrade},
};
use serde_json::json;

use super::{Cluster, ClusterApi, Topology, failed, invalid, order::offered};
use crate::version::{StackName, Version};

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
        let wanted = may_follow(topology, &upgrade.version)?;
        let template = match upgrade.template {
            Some(template) => template,
            None => self.fitting(topology, &wanted).await?,
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
    async fn fitting(&self, topology: &Topology, wanted: &Version) -> Result<Id<ClusterTemplate>> {
        let present = self.template_id(topology);
        let Some(stack) = StackName::parse(topology.class()) else {
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

/// The version, if a cluster of this topology can go to it.
fn may_follow(topology: &Topology, wanted: &str) -> Result<Version> {
    let is_none = || invalid(format!("`{wanted}` is no version of Kubernetes"));
    let wanted = Version::parse(wanted).ok_or_else(is_none)?;
    let Some(present) = Version::parse(&topology.version) else {
        return Ok(wanted);
    };
    wanted.may_follow(&present).map_err(invalid)?;
    Ok(wanted)
}
