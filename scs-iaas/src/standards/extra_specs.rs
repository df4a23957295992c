//! SCS-0103: the extra specs by which flavors say what they are.
//!
//! | key | value |
//! |---|---|
//! | `scs:name-v1`, `scs:name-v2`, … | a name of this flavor; the number tells names apart, it is no version |
//! | `scs:cpu-type` | `crowded-core`, `shared-core`, `dedicated-thread`, `dedicated-core` |
//! | `scs:disk0-type`, … | `network`, `hdd`, `ssd`, `nvme` |
//! | `scs:required` | `mandatoryv1`, `recommendedv1`, `optional`: how far other clouds have it (draft of v1.3) |
//!
//! A cloud may hide extra specs from its users, and shows them since version 2.61 of the compute
//! API.
//!
//! [Text](https://docs.scs.community/standards/scs-0103-v1-standard-flavors)

#[cfg(feature = "conformance")]
mod check;

use std::fmt;

use futures_util::TryStreamExt;
use scs_core::{ErrorKind, Metadata, Result};

#[cfg(feature = "conformance")]
pub use self::check::findings;
#[cfg(feature = "conformance")]
pub(super) use self::check::misstated;
use super::flavor_name::{CpuClass, DiskType};
use crate::{
    OpenStack,
    compute::{Flavor, FlavorQuery},
};

/// The extra specs of a flavor that the standard gives a meaning to.
///
/// ```
/// use scs_core::Metadata;
/// use scs_iaas::standards::{extra_specs::ExtraSpecs, flavor_name::{CpuClass, DiskType}};
///
/// let specs: Metadata = [
///     ("scs:name-v2", "SCS-2V-4-20s"),
///     ("scs:cpu-type", "shared-core"),
///     ("scs:disk0-type", "ssd"),
///     ("hw:mem_page_size", "large"),
/// ]
/// .map(|(key, value)| (key.into(), value.into()))
/// .into();
/// let specs = ExtraSpecs::from(&specs);
/// assert_eq!(specs.names, [(2, "SCS-2V-4-20s")]);
/// assert_eq!(specs.cpu_class, Some(CpuClass::Shared));
/// assert_eq!(specs.disk_type(0), Some(DiskType::Ssd));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExtraSpecs<'a> {
    /// Names of the flavor, each with its number, in the order of their keys; they need not be
    /// legal.
    pub names: Vec<(u32, &'a str)>,
    /// What of a CPU a server gets.
    pub cpu_class: Option<CpuClass>,
    /// What the disks are made of, each with its number; 0 is the root disk.
    pub disk_types: Vec<(u32, DiskType)>,
    /// How far users may count on it on other clouds.
    pub required: Option<Required>,
    /// Those of these keys, with their values, whose value is not one of the standard's.
    pub unknown: Vec<(&'a str, &'a str)>,
}

impl ExtraSpecs<'_> {
    /// What the disk with this number is made of; 0 is the root disk.
    pub fn disk_type(&self, number: u32) -> Option<DiskType> {
        self.disk_types.iter().find(|(disk, _)| *disk == number).map(|(_, kind)| *kind)
    }
}

impl<'a> From<&'a Metadata> for ExtraSpecs<'a> {
    fn from(specs: &'a Metadata) -> Self {
        let mut read = Self::default();
        for (key, value) in specs {
            let Some(key_of_scs) = key.strip_prefix("scs:") else { continue };
            let number = |before, behind| -> Option<u32> {
                key_of_scs.strip_prefix(before)?.strip_suffix(behind)?.parse().ok()
            };
            let known = if let Some(number) = number("name-v", "") {
                read.names.push((number, value));
                true
            } else if let Some(number) = number("disk", "-type") {
                let kind = DiskType::ALL.iter().find(|kind| kind.extra_spec() == value);
                kind.map(|&kind| read.disk_types.push((number, kind))).is_some()
            } else if key_of_scs == "cpu-type" {
                let is_it = |class: &&CpuClass| class.extra_spec() == value;
                read.cpu_class = CpuClass::ALL.iter().find(is_it).copied();
                read.cpu_class.is_some()
            } else if key_of_scs == "required" {
                read.required = Required::parse(value);
                read.required.is_some()
            } else {
                true
            };
            if !known {
                read.unknown.push((key, value));
            }
        }
        read
    }
}

/// How far users may count on a flavor on other clouds, by the draft of v1.3. A flavor that does
/// not say it is optional.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Required {
    /// Every cloud has it that complies with this version of SCS-0103.
    Mandatory(u32),
    /// Every cloud should have it, by this version.
    Recommended(u32),
    /// Others need not have it.
    Optional,
}

impl Required {
    /// Reads the value of `scs:required`.
    pub fn parse(text: &str) -> Option<Self> {
        let version = |text: &str| match text.as_bytes() {
            [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => text.parse().ok(),
            _ => None,
        };
        if text == "optional" {
            Some(Self::Optional)
        } else if let Some(number) = text.strip_prefix("mandatoryv") {
            version(number).map(Self::Mandatory)
        } else {
            version(text.strip_prefix("recommendedv")?).map(Self::Recommended)
        }
    }
}

/// Writes the value of `scs:required`.
impl fmt::Display for Required {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mandatory(version) => write!(f, "mandatoryv{version}"),
            Self::Recommended(version) => write!(f, "recommendedv{version}"),
            Self::Optional => f.write_str("optional"),
        }
    }
}

/// The flavors of a cloud with their extra specs. Nova before 2.61 tells them of one flavor at a
/// time: it is asked for those that are `wanted`, as long as the login may see them.
///
/// # Errors
/// If the flavors cannot be listed.
pub(super) async fn flavors(
    cloud: &OpenStack,
    wanted: impl Fn(&Flavor) -> bool,
) -> Result<Vec<Flavor>> {
    let all = FlavorQuery::new();
    let mut flavors: Vec<Flavor> =
        match cloud.flavors().at(2, 61).list(all.clone()).try_collect().await {
            Err(error) if error.kind() == ErrorKind::Unsupported => {
                cloud.flavors().list(all).try_collect().await?
            }
            listed => return listed,
        };
    for flavor in flavors.iter_mut().filter(|flavor| wanted(flavor)) {
        match cloud.flavor_extra_specs(&flavor.id).read().await {
            Ok(specs) => flavor.extra_specs = specs.0,
            // Names have to do.
            Err(error) if error.kind() == ErrorKind::Forbidden => break,
            Err(error) => return Err(error),
        }
    }
    Ok(flavors)
}
