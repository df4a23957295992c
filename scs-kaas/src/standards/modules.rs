//! The module `k8s-capi` of SCS, as a management cluster shows it: see
//! [`scs_core::standards::modules`] for what counts. What the login may not see does not count, so
//! that the level may be higher than it looks; the evidence says so.

use scs_core::{
    ErrorKind, Result,
    standards::modules::{Level, Module, Standing},
};

use crate::{
    Kind, Kubernetes,
    cluster_api::{ClusterClass, ClusterStackRelease},
    gardener::CloudProfile,
};

/// What a management cluster has to make clusters from. A number is `None` where the API server
/// does not know the kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// ClusterClasses of Cluster API.
    pub classes: Option<usize>,
    /// Releases of the Cluster Stack Operator that can be used.
    pub releases: Option<usize>,
    /// CloudProfiles of Gardener.
    pub profiles: Option<usize>,
    /// What could not be seen, and why.
    pub unseen: Vec<String>,
}

impl Found {
    /// Looks in a namespace, or in all of them. Nothing is changed in the cluster.
    pub async fn by(kubernetes: &Kubernetes, namespace: Option<&str>) -> Self {
        let mut unseen = Vec::new();
        let (all, any) = (|_: &ClusterClass| true, |_: &CloudProfile| true);
        let is_ready = |release: &ClusterStackRelease| release.status.ready;
        Self {
            classes: note(&mut unseen, count(kubernetes, namespace, all).await),
            releases: note(&mut unseen, count(kubernetes, namespace, is_ready).await),
            // They belong to no namespace.
            profiles: note(&mut unseen, count(kubernetes, None, any).await),
            unseen,
        }
    }
}

async fn count<K: Kind>(
    kubernetes: &Kubernetes,
    namespace: Option<&str>,
    counts: fn(&K) -> bool,
) -> Result<Option<usize>> {
    let objects = match namespace {
        Some(namespace) => kubernetes.objects_in::<K>(namespace),
        None => kubernetes.objects::<K>(),
    };
    match objects.list().await {
        Err(error) if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::NotFound) => {
            Ok(None)
        }
        listed => Ok(Some(listed?.iter().filter(|one| counts(one)).count())),
    }
}

fn note(unseen: &mut Vec<String>, counted: Result<Option<usize>>) -> Option<usize> {
    counted.unwrap_or_else(|error| {
        unseen.push(error.to_string());
        None
    })
}

/// Looks at the module in a namespace, or in all of them.
///
/// ```
/// use scs_core::standards::modules::Level;
/// use scs_kaas::{standards::modules, testing::FakeKubernetes};
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// # runtime.block_on(async {
/// let fake = FakeKubernetes::start().await;
/// let standing = modules::look(&fake.connect().await?, None).await;
/// assert_eq!(standing.level, Level::Compatible);
/// # Ok::<(), scs_core::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub async fn look(kubernetes: &Kubernetes, namespace: Option<&str>) -> Standing {
    standing(&Found::by(kubernetes, namespace).await)
}

/// The module `k8s-capi`, from what a management cluster has.
pub fn standing(found: &Found) -> Standing {
    let Found { classes, releases, profiles, unseen } = found;
    let has = |count: &Option<usize>| count.is_some_and(|count| count > 0);
    let level = if has(classes) && has(releases) {
        Level::Implementation
    } else if has(classes) || has(profiles) {
        Level::Compatible
    } else if unseen.is_empty() {
        Level::None
    } else {
        Level::Unknown
    };
    let told = [
        (classes, "Cluster API", "ClusterClasses"),
        (releases, "the Cluster Stack Operator", "usable releases"),
        (profiles, "Gardener", "CloudProfiles"),
    ];
    let words = told.into_iter().filter_map(|(count, software, things)| {
        count.map(|count| format!("{software} is there ({things}: {count})"))
    });
    let mut evidence: Vec<String> = words.collect();
    evidence.extend(unseen.iter().map(|reason| format!("could not be seen: {reason}")));
    if evidence.is_empty() {
        evidence.push("neither Cluster API nor Gardener is there".to_owned());
    }
    Standing::new(Module::Kubernetes, level, evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clusters_are_made_from_tells_the_level() {
        for (classes, releases, profiles, level) in [
            (None, None, None, Level::None),
            (Some(0), None, None, Level::None),
            (Some(0), Some(2), None, Level::None),
            (Some(2), None, None, Level::Compatible),
            (Some(2), Some(0), None, Level::Compatible),
            (None, None, Some(1), Level::Compatible),
            (Some(2), Some(1), None, Level::Implementation),
            (Some(2), Some(1), Some(1), Level::Implementation),
        ] {
            let mut found = Found { classes, releases, profiles, unseen: Vec::new() };
            assert_eq!(standing(&found).level, level, "{found:?}");
            found.unseen.push("forbidden".to_owned());
            let level = if level == Level::None { Level::Unknown } else { level };
            assert_eq!(standing(&found).level, level, "{found:?}");
        }
        assert_eq!(
            standing(&Found::default()).evidence,
            ["neither Cluster API nor Gardener is there"]
        );
    }
}
