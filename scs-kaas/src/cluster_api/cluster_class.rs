use scs_core::value::nullable;
use serde::Deserialize;

use super::class_variable::{ClassVariable, is_flavor};
use crate::{Conditions, Kind, Meta, Status};

/// What clusters are made from.
///
/// [API reference](https://cluster-api.sigs.k8s.io/reference/api/crd-reference)
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct ClusterClass {
    /// The metadata.
    pub metadata: Meta,
    /// What it is.
    #[serde(default)]
    pub spec: ClusterClassSpec,
    /// What the controllers make of it.
    #[serde(default)]
    pub status: ClusterClassStatus,
}

/// What a [`ClusterClass`] is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ClusterClassSpec {
    /// The versions of Kubernetes that it is made for, oldest first; often empty.
    #[serde(deserialize_with = "nullable")]
    pub kubernetes_versions: Vec<String>,
    /// The workers that it has.
    pub workers: WorkerClasses,
    #[serde(deserialize_with = "nullable")]
    variables: Vec<ClassVariable>,
}

/// The workers that a [`ClusterClass`] has.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct WorkerClasses {
    /// Machines.
    #[serde(deserialize_with = "nullable")]
    pub machine_deployments: Vec<WorkerClass>,
}

/// One sort of worker.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct WorkerClass {
    /// Its name.
    pub class: String,
}

/// What the controllers make of a [`ClusterClass`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ClusterClassStatus {
    /// The conditions.
    pub conditions: Conditions,
    /// The generation that this was said of.
    pub observed_generation: u64,
    #[serde(deserialize_with = "nullable")]
    variables: Vec<ClassVariable>,
}

impl ClusterClass {
    /// The variables, also those that patches beside the class define.
    pub fn variables(&self) -> impl Iterator<Item = &ClassVariable> {
        let found = &self.status.variables;
        let beside = found.iter().filter(|found| {
            !self.spec.variables.iter().any(|declared| declared.name == found.name)
        });
        self.spec.variables.iter().chain(beside)
    }

    /// The variable of this name.
    pub fn variable(&self, name: &str) -> Option<&ClassVariable> {
        self.variables().find(|variable| variable.name == name)
    }

    /// The variable by which the flavor of workers is set. Cluster Stacks have different names
    /// for it: `workerFlavor`, `worker_flavor`, `workerMachineFlavor`, …
    pub fn flavor_variable(&self) -> Option<&ClassVariable> {
        self.variables().find(|variable| is_flavor(&variable.name))
    }

    /// What keeps clusters from being made of it.
    pub fn fault(&self) -> Option<String> {
        let conditions = self.status.conditions.0.iter();
        let mut bad = conditions.filter(|condition| {
            matches!(condition.name.as_str(), "VariablesReady" | "VariablesReconciled")
                && condition.status != Status::True
        });
        bad.next().map(ToString::to_string)
    }

    /// Whether the controllers have looked at it and found it good.
    pub fn is_ready(&self) -> bool {
        self.status.observed_generation >= self.metadata.generation && self.fault().is_none()
    }
}

impl Kind for ClusterClass {
    const SERVICE: &'static str = "cluster-api";
    const GROUP: &'static str = "cluster.x-k8s.io";
    const VERSIONS: &'static [&'static str] = &["v1beta2", "v1beta1"];
    const KIND: &'static str = "ClusterClass";
    const PLURAL: &'static str = "clusterclasses";
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}
