use scs_core::Route;

/// A kind of objects that a [`FakeKubernetes`](super::FakeKubernetes) serves.
///
/// ```
/// use scs_kaas::testing::Resource;
/// const STACKS: Resource =
///     Resource::new("clusterstack.x-k8s.io", &["v1alpha1"], "ClusterStack", "clusterstacks");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resource {
    /// The API group; empty for that of Kubernetes' core.
    pub group: &'static str,
    /// The versions it is served in. The first is the one that is kept.
    pub versions: &'static [&'static str],
    /// The name of the kind, such as `Cluster`.
    pub name: &'static str,
    /// Its name in paths, such as `clusters`.
    pub plural: &'static str,
    /// Whether its objects belong to namespaces.
    pub namespaced: bool,
    /// Whether its objects have a status, which is written separately, and count the
    /// generations of the rest.
    pub status: bool,
}

const CAPI: &[&str] = &["v1beta2", "v1beta1"];
const GARDEN: &str = "core.gardener.cloud";

impl Resource {
    /// `Namespace`
    pub const NAMESPACE: Self = Self::new("", &["v1"], "Namespace", "namespaces").global().plain();
    /// `Secret`
    pub const SECRET: Self = Self::new("", &["v1"], "Secret", "secrets").plain();
    /// `Node`
    pub const NODE: Self = Self::new("", &["v1"], "Node", "nodes").global().plain();
    /// `Cluster` of Cluster API
    pub const CLUSTER: Self = Self::new("cluster.x-k8s.io", CAPI, "Cluster", "clusters");
    /// `ClusterClass` of Cluster API
    pub const CLUSTER_CLASS: Self =
        Self::new("cluster.x-k8s.io", CAPI, "ClusterClass", "clusterclasses");
    /// `MachineDeployment` of Cluster API
    pub const MACHINE_DEPLOYMENT: Self =
        Self::new("cluster.x-k8s.io", CAPI, "MachineDeployment", "machinedeployments");
    /// `MachineSet` of Cluster API
    pub const MACHINE_SET: Self = Self::new("cluster.x-k8s.io", CAPI, "MachineSet", "machinesets");
    /// `Machine` of Cluster API
    pub const MACHINE: Self = Self::new("cluster.x-k8s.io", CAPI, "Machine", "machines");
    /// `KubeadmControlPlane` of Cluster API
    pub const CONTROL_PLANE: Self = Self::new(
        "controlplane.cluster.x-k8s.io",
        CAPI,
        "KubeadmControlPlane",
        "kubeadmcontrolplanes",
    );
    /// `CloudProfile` of Gardener
    pub const CLOUD_PROFILE: Self =
        Self::new(GARDEN, &["v1beta1"], "CloudProfile", "cloudprofiles").global();
    /// `Shoot` of Gardener
    pub const SHOOT: Self = Self::new(GARDEN, &["v1beta1"], "Shoot", "shoots");

    /// A kind of objects with a status, in namespaces.
    pub const fn new(
        group: &'static str,
        versions: &'static [&'static str],
        name: &'static str,
        plural: &'static str,
    ) -> Self {
        Self { group, versions, name, plural, namespaced: true, status: true }
    }

    /// Its objects do not belong to namespaces.
    #[must_use]
    pub const fn global(mut self) -> Self {
        self.namespaced = false;
        self
    }

    /// Its objects have neither status nor generation.
    #[must_use]
    pub const fn plain(mut self) -> Self {
        self.status = false;
        self
    }

    /// Where the engine keeps its objects.
    pub(super) const fn route(&self) -> Route {
        Route::new(self.group, self.plural)
    }

    /// What `apiVersion` says in the version that is kept.
    pub(super) fn api_version(&self) -> String {
        group_version(self.group, self.versions.first().copied().unwrap_or_default())
    }

    /// `clusters.cluster.x-k8s.io`
    pub(super) fn resource(&self) -> String {
        qualified(self.plural, self.group)
    }

    /// `Cluster.cluster.x-k8s.io`
    pub(super) fn qualified(&self) -> String {
        qualified(self.name, self.group)
    }
}

fn qualified(name: &str, group: &str) -> String {
    if group.is_empty() { name.to_owned() } else { format!("{name}.{group}") }
}

/// `cluster.x-k8s.io/v1beta2`, or `v1` of the core.
pub(super) fn group_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}
