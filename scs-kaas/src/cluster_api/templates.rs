use async_trait::async_trait;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt, stream};
use scs_core::{Catalogue, ErrorKind, Id, Phase, Result, Select, model::ClusterTemplate};

use super::{ClusterApi, ClusterClass, ClusterStackRelease, Topology, failed, look::is_withheld};
use crate::version::{StackName, Version};

impl ClusterApi {
    /// The id of the template that a cluster is of.
    pub(super) fn template_id(&self, topology: &Topology) -> Id<ClusterTemplate> {
        match topology.class_namespace() {
            // Without a namespace it is that of the cluster.
            None if self.namespace == self.class_namespace => topology.class().into(),
            Some(namespace) if *namespace == *self.class_namespace => topology.class().into(),
            namespace => {
                format!("{}/{}", namespace.unwrap_or(&self.namespace), topology.class()).into()
            }
        }
    }

    /// Namespace and name of a ClusterClass.
    pub(super) fn place<'a>(&'a self, template: &'a Id<ClusterTemplate>) -> (&'a str, &'a str) {
        template.as_str().split_once('/').unwrap_or((&self.class_namespace, template.as_str()))
    }

    /// The class, and what is known of it as a template.
    pub(super) async fn class(
        &self,
        template: &Id<ClusterTemplate>,
    ) -> Result<(ClusterClass, ClusterTemplate)> {
        let (namespace, name) = self.place(template);
        let classes = self.kubernetes.objects_in::<ClusterClass>(namespace);
        let Some(class) = classes.get_opt(name).await? else {
            let others = classes.list().await?;
            let others: Vec<_> = others.iter().map(|one| one.metadata.name.as_str()).collect();
            let message = format!("there is no ClusterClass `{name}` in namespace {namespace}");
            let error = failed(ErrorKind::NotFound, message);
            return Err(if others.is_empty() {
                error.with_hint("there is none at all: check the namespace")
            } else {
                error.with_hint(format!("there are: {}", others.join(", ")))
            });
        };
        let releases = self.kubernetes.objects_in::<ClusterStackRelease>(namespace);
        let release = match releases.get_opt(name).await {
            Err(error) if is_withheld(error.kind()) => None,
            release => release?,
        };
        let template = raise(template.clone(), &class, release.as_ref());
        Ok((class, template))
    }

    /// All classes of the class namespace.
    pub(super) async fn classes(&self) -> Result<Vec<ClusterTemplate>> {
        let namespace = &self.class_namespace;
        let classes = self.kubernetes.objects_in::<ClusterClass>(namespace.clone()).list().await?;
        let releases = self.kubernetes.objects_in::<ClusterStackRelease>(namespace.clone());
        let releases = match releases.list().await {
            Err(error) if is_withheld(error.kind()) => Vec::new(),
            releases => releases?,
        };
        let of = |class: &ClusterClass| {
            releases.iter().find(|release| release.metadata.name == class.metadata.name)
        };
        let raised = classes
            .iter()
            .map(|class| raise(class.metadata.name.as_str().into(), class, of(class)));
        Ok(raised.collect())
    }
}

/// The template that a class is. Its versions are those it lists; that of the release of a
/// Cluster Stack; or what its name says.
fn raise(
    id: Id<ClusterTemplate>,
    class: &ClusterClass,
    release: Option<&ClusterStackRelease>,
) -> ClusterTemplate {
    let name = &class.metadata.name;
    let phase = match class.is_ready() {
        _ if class.metadata.is_deleting() => Phase::Deleting,
        true => Phase::Ready,
        false => Phase::Pending,
    };
    let mut template = ClusterTemplate::new(id, name, phase);
    template.fault = class.fault();
    let by_release = release
        .map(|release| &release.status.kubernetes_version)
        .filter(|version| !version.is_empty());
    let mut versions: Vec<_> = match by_release {
        Some(version) => Version::parse(version).into_iter().collect(),
        None => {
            class.spec.kubernetes_versions.iter().filter_map(|text| Version::parse(text)).collect()
        }
    };
    if versions.is_empty()
        && let Some(of) = StackName::parse(name)
    {
        versions.extend(Version::parse(&format!("{}.{}", of.minor.0, of.minor.1)));
    }
    versions.sort();
    template.versions = versions.iter().map(ToString::to_string).collect();
    template
}

#[async_trait]
impl Catalogue<ClusterTemplate> for ClusterApi {
    async fn get(&self, id: &Id<ClusterTemplate>) -> Result<ClusterTemplate> {
        Ok(self.class(id).await?.1)
    }

    fn list(&self, select: Select) -> BoxStream<'static, Result<ClusterTemplate>> {
        let this = self.clone();
        let classes = async move { Ok(stream::iter(this.classes().await?).map(Ok)) };
        stream::once(classes)
            .try_flatten()
            .try_filter(move |one| std::future::ready(select.matches(one)))
            .boxed()
    }
}
