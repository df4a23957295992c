use scs_core::value::nullable;
use serde::Deserialize;
use serde_json::Value;

/// A cluster as a ClusterClass and what is set in it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Topology {
    /// The ClusterClass (`v1beta2`).
    class_ref: Option<ClassRef>,
    /// The same (`v1beta1`).
    class: Option<String>,
    class_namespace: Option<String>,
    /// The version of Kubernetes: `v1.34.1`.
    pub version: String,
    /// The control plane.
    pub control_plane: Replicas,
    /// The nodes that run workloads.
    pub workers: Workers,
    /// The variables of the class.
    #[serde(deserialize_with = "nullable")]
    pub variables: Vec<Variable>,
}

#[derive(Debug, Clone, Deserialize)]
struct ClassRef {
    name: String,
    namespace: Option<String>,
}

impl Topology {
    /// The name of the ClusterClass.
    pub fn class(&self) -> &str {
        let by_ref = self.class_ref.as_ref().map(|class| class.name.as_str());
        by_ref.or(self.class.as_deref()).unwrap_or_default()
    }

    /// The namespace of the ClusterClass, if it is not that of the cluster.
    pub fn class_namespace(&self) -> Option<&str> {
        let by_ref = self.class_ref.as_ref().and_then(|class| class.namespace.as_deref());
        by_ref.or(self.class_namespace.as_deref())
    }
}

/// How many.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Replicas {
    /// So many; `None` if something else decides that, such as an autoscaler.
    pub replicas: Option<u32>,
}

/// The nodes that run workloads.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Workers {
    /// Pools of machines.
    #[serde(deserialize_with = "nullable")]
    pub machine_deployments: Vec<Pool>,
}

/// A pool of machines.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Pool {
    /// The name, unique in its cluster.
    pub name: String,
    /// Which of the workers that the ClusterClass has.
    pub class: String,
    /// How many machines; `None` if an autoscaler decides.
    pub replicas: Option<u32>,
    /// Variables of the class that are different in this pool.
    pub variables: Overrides,
}

/// Variables that are different in a pool.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Overrides {
    /// Those.
    #[serde(deserialize_with = "nullable")]
    pub overrides: Vec<Variable>,
}

/// A variable of a ClusterClass that is set.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Variable {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Value,
}
