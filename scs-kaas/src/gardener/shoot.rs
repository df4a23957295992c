use scs_core::value::nullable;
use serde::Deserialize;

use super::{Failure, Operation};
use crate::{Conditions, Kind, Meta};

/// A Kubernetes cluster, as Gardener has it.
///
/// [API reference](https://gardener.cloud/docs/gardener/api-reference/core/#core.gardener.cloud/v1beta1.Shoot)
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Shoot {
    /// The metadata.
    pub metadata: Meta,
    /// What is asked for.
    #[serde(default)]
    pub spec: ShootSpec,
    /// What there is.
    #[serde(default)]
    pub status: ShootStatus,
}

/// What is asked for of a [`Shoot`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ShootSpec {
    /// What it is made from.
    pub cloud_profile: Option<ProfileRef>,
    /// The same by name alone, as older Shoots have it.
    pub cloud_profile_name: Option<String>,
    /// The region of the cloud.
    pub region: String,
    /// Kubernetes.
    pub kubernetes: ShootKubernetes,
    /// The cloud.
    pub provider: ShootProvider,
}

/// What a [`Shoot`] is made from.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct ProfileRef {
    /// The name of the CloudProfile.
    pub name: String,
}

/// Kubernetes of a [`Shoot`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ShootKubernetes {
    /// The version: `1.34.1`.
    pub version: String,
}

/// The cloud that a [`Shoot`] is in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ShootProvider {
    /// Which one: `openstack`.
    #[serde(rename = "type")]
    pub name: String,
    /// Pools of machines.
    #[serde(deserialize_with = "nullable")]
    pub workers: Vec<Worker>,
}

/// A pool of machines.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Worker {
    /// The name, unique in its Shoot.
    pub name: String,
    /// What each machine is like.
    pub machine: WorkerMachine,
    /// The least number of machines.
    pub minimum: u32,
    /// The greatest number of machines.
    pub maximum: u32,
}

/// What each machine of a pool is like.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct WorkerMachine {
    /// The flavor.
    #[serde(rename = "type")]
    pub flavor: String,
}

/// What there is of a [`Shoot`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ShootStatus {
    /// The conditions.
    pub conditions: Conditions,
    /// The generation that this was said of.
    pub observed_generation: u64,
    /// What was done last, or is being done.
    pub last_operation: Option<Operation>,
    /// Why it did not work.
    #[serde(deserialize_with = "nullable")]
    pub last_errors: Vec<Failure>,
    /// Where the API server is.
    #[serde(deserialize_with = "nullable")]
    pub advertised_addresses: Vec<Advertised>,
}

/// An address of an API server.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Advertised {
    /// For whom: `external`.
    pub name: String,
    /// The address.
    pub url: String,
}

impl Shoot {
    /// The name of the CloudProfile it is made from.
    pub fn profile(&self) -> Option<&str> {
        let by_ref = self.spec.cloud_profile.as_ref().map(|profile| profile.name.as_str());
        by_ref.or(self.spec.cloud_profile_name.as_deref())
    }
}

impl Kind for Shoot {
    const SERVICE: &'static str = "gardener";
    const GROUP: &'static str = "core.gardener.cloud";
    const VERSIONS: &'static [&'static str] = &["v1beta1"];
    const KIND: &'static str = "Shoot";
    const PLURAL: &'static str = "shoots";
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}
