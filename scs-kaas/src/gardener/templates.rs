use async_trait::async_trait;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt, stream};
use scs_core::{Catalogue, ErrorKind, Id, Phase, Result, Select, model::ClusterTemplate};

use super::{CloudProfile, Gardener, failed, invalid};
use crate::version::Version;

impl Gardener {
    /// The CloudProfile, and what is known of it as a template.
    pub(super) async fn profile(
        &self,
        template: &Id<ClusterTemplate>,
    ) -> Result<(CloudProfile, ClusterTemplate)> {
        let profiles = self.kubernetes.objects::<CloudProfile>();
        if let Some(profile) = profiles.get_opt(template.as_str()).await? {
            let template = raise(&profile);
            return Ok((profile, template));
        }
        let others = profiles.list().await?;
        let others: Vec<_> = others.iter().map(|one| one.metadata.name.as_str()).collect();
        Err(failed(ErrorKind::NotFound, format!("there is no CloudProfile `{template}`"))
            .with_hint(format!("there are: {}", others.join(", "))))
    }
}

pub(super) fn raise(profile: &CloudProfile) -> ClusterTemplate {
    let name = profile.metadata.name.as_str();
    let mut template = ClusterTemplate::new(name, name, Phase::Ready);
    let offered = profile.spec.kubernetes.versions.iter().filter(|offered| offered.is_current());
    let mut versions: Vec<_> =
        offered.filter_map(|offered| Version::parse(&offered.version)).collect();
    versions.sort();
    template.versions = versions.iter().map(ToString::to_string).collect();
    template
}

/// The version, if the template has it. Of a minor version, Gardener takes the newest patch.
pub(super) fn offered(template: &ClusterTemplate, wanted: &str) -> Result<Version> {
    let wrong = |message: String| {
        Err(invalid(message).with_hint(format!("it has: {}", template.versions.join(", "))))
    };
    let Some(version) = Version::parse(wanted) else {
        return wrong(format!("`{wanted}` is no version of Kubernetes"));
    };
    let mut all = template.versions.iter().filter_map(|text| Version::parse(text));
    let fits = all.any(|one| one == version || version.patch.is_none() && one.same_minor(&version));
    if fits {
        return Ok(version);
    }
    wrong(format!("CloudProfile {} does not offer Kubernetes {version}", template.name))
}

#[async_trait]
impl Catalogue<ClusterTemplate> for Gardener {
    async fn get(&self, id: &Id<ClusterTemplate>) -> Result<ClusterTemplate> {
        Ok(self.profile(id).await?.1)
    }

    fn list(&self, select: Select) -> BoxStream<'static, Result<ClusterTemplate>> {
        let profiles = self.kubernetes.objects::<CloudProfile>();
        let profiles = async move { Ok(stream::iter(profiles.list().await?)) };
        stream::once(profiles)
            .map_ok(|profiles| profiles.map(|profile| Ok(raise(&profile))))
            .try_flatten()
            .try_filter(move |one| std::future::ready(select.matches(one)))
            .boxed()
    }
}
