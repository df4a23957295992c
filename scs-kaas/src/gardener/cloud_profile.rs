use scs_core::{Timestamp, open_enum, value::nullable};
use serde::Deserialize;

use crate::{Kind, Meta};

/// What a cloud has for Shoots.
///
/// [API reference](https://gardener.cloud/docs/gardener/api-reference/core/#core.gardener.cloud/v1beta1.CloudProfile)
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct CloudProfile {
    /// The metadata.
    pub metadata: Meta,
    /// What there is.
    #[serde(default)]
    pub spec: CloudProfileSpec,
}

/// What there is in a [`CloudProfile`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct CloudProfileSpec {
    /// The sort of cloud: `openstack`.
    #[serde(rename = "type")]
    pub provider: String,
    /// Kubernetes.
    pub kubernetes: Offer,
    /// Images.
    #[serde(deserialize_with = "nullable")]
    pub machine_images: Vec<Named>,
    /// Flavors.
    #[serde(deserialize_with = "nullable")]
    pub machine_types: Vec<MachineType>,
    /// Types of volumes.
    #[serde(deserialize_with = "nullable")]
    pub volume_types: Vec<Named>,
    /// Regions.
    #[serde(deserialize_with = "nullable")]
    pub regions: Vec<Region>,
}

/// Versions on offer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Offer {
    /// Those.
    #[serde(deserialize_with = "nullable")]
    pub versions: Vec<Offered>,
}

/// A version on offer.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Offered {
    /// The version.
    pub version: String,
    /// What it is good for.
    #[serde(default = "supported")]
    pub classification: Classification,
    /// When the offer ends.
    pub expiration_date: Option<Timestamp>,
}

fn supported() -> Classification {
    Classification::Supported
}

open_enum! {
    /// What a version is good for.
    pub enum Classification {
        /// To be tried.
        Preview = "preview",
        /// To be used.
        Supported = "supported",
        /// To be left.
        Deprecated = "deprecated",
        /// No more for new clusters.
        Expired = "expired",
    }
}

/// Something with a name.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Named {
    /// The name.
    pub name: String,
}

/// A flavor.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct MachineType {
    /// The name.
    pub name: String,
    /// Whether Shoots can have it.
    pub usable: Option<bool>,
}

/// A region of the cloud.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Region {
    /// The name.
    pub name: String,
    /// The availability zones.
    #[serde(default, deserialize_with = "nullable")]
    pub zones: Vec<Named>,
}

impl Offered {
    /// Whether new clusters should be of this version, or existing ones go to it: it is neither
    /// deprecated nor expired.
    pub fn is_current(&self) -> bool {
        let good =
            matches!(self.classification, Classification::Supported | Classification::Preview);
        good && self.expiration_date.is_none_or(|end| !end.remaining().is_zero())
    }
}

impl CloudProfile {
    /// The region of this name.
    pub fn region(&self, name: &str) -> Option<&Region> {
        self.spec.regions.iter().find(|region| region.name == name)
    }

    /// The names of the flavors that Shoots can have.
    pub fn flavors(&self) -> impl Iterator<Item = &str> {
        let usable = self.spec.machine_types.iter().filter(|flavor| flavor.usable != Some(false));
        usable.map(|flavor| flavor.name.as_str())
    }
}

impl Kind for CloudProfile {
    const SERVICE: &'static str = "gardener";
    const GROUP: &'static str = "core.gardener.cloud";
    const VERSIONS: &'static [&'static str] = &["v1beta1"];
    const KIND: &'static str = "CloudProfile";
    const PLURAL: &'static str = "cloudprofiles";
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}
