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

use std::fmt;

use futures_util::TryStreamExt;
use scs_core::{
    ErrorKind, Metadata, Result,
    standards::{Finding, Mode},
};

use super::{
    flavor_name::{CpuClass, DiskType, FlavorName, subject},
    standard_flavors::StandardFlavor,
};
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

/// What to say of `scs:required` if it is set, and not to what the standard says of the flavor.
/// It is advice, since v1.3 is a draft.
pub(super) fn misstated(flavor: &Flavor, standard: Option<&StandardFlavor>) -> Option<Finding> {
    const KEY: &str = "scs:required";
    let is = flavor.extra_specs.get(KEY)?;
    let has_to_be = standard.map_or(Required::Optional, StandardFlavor::required).to_string();
    let message = || format!("says {KEY}={is}; by the draft of v1.3 set it to {has_to_be}");
    (*is != has_to_be).then(|| Finding::advice(subject(flavor), message()))
}

/// What is wrong with the extra specs of a flavor: unknown values, names that are none, names that
/// promise more than the flavor has or than its other extra specs say, and a `scs:required` that
/// is not that of the [standard flavors](super::standard_flavors).
///
/// The official test looks at the extra specs of [standard flavors](super::standard_flavors)
/// only; these rules are the text's.
pub fn findings(flavor: &Flavor) -> Vec<Finding> {
    let specs = ExtraSpecs::from(&flavor.extra_specs);
    let wrong = |message: String| Finding::violation(subject(flavor), message);
    let mut findings = Vec::new();
    findings.extend(misstated(flavor, StandardFlavor::of(flavor)));
    for (key, value) in specs.unknown.iter().filter(|(key, _)| *key != "scs:required") {
        findings.push(wrong(format!("`{value}` is no value of {key}")));
    }
    for (number, text) in &specs.names {
        let name = match FlavorName::parse(text, Mode::Spec) {
            Ok(name) => name,
            Err(error) => {
                findings.push(wrong(format!("scs:name-v{number}, `{text}`, is no name: {error}")));
                continue;
            }
        };
        findings.extend(name.shortfalls(flavor, Mode::Spec));
        if let Some(class) = specs.cpu_class.filter(|&class| class < name.cpu.class) {
            let class = class.extra_spec();
            findings.push(wrong(format!("scs:cpu-type is {class}, but `{text}` promises more")));
        }
        let promised = name.disk.and_then(|disk| disk.kind);
        let kind = specs.disk_type(0);
        if let Some(kind) = kind.filter(|&kind| promised.is_some_and(|promised| kind < promised)) {
            let kind = kind.extra_spec();
            findings.push(wrong(format!("scs:disk0-type is {kind}, but `{text}` promises more")));
        }
    }
    findings
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

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(disk: u32, specs: &[(&str, &str)]) -> Vec<String> {
        let specs: Metadata =
            specs.iter().map(|&(key, value)| (key.into(), value.into())).collect();
        let json = serde_json::json!({
            "id": "1", "name": "small", "vcpus": 2, "ram": 4096, "disk": disk,
            "extra_specs": specs,
        });
        let flavor = serde_json::from_value(json).unwrap();
        findings(&flavor).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn all_names_are_promises() {
        let good = [
            ("scs:name-v1", "SCS-2V:4:20s"),
            ("scs:name-v2", "SCS-2V-4-20s"),
            ("scs:name-v17", "SCS-1L-2-10"),
            ("scs:cpu-type", "dedicated-thread"),
            ("scs:disk0-type", "nvme"),
            ("scs:required", "mandatoryv1"),
            ("quota:cpu", "1"),
        ];
        assert_eq!(messages(20, &good), [""; 0]);
        assert_eq!(
            messages(10, &[("scs:name-v2", "SCS-2V-4-20s"), ("scs:disk0-type", "network")]),
            [
                "has a disk of 10 GB, its name promises 20",
                "scs:disk0-type is network, but `SCS-2V-4-20s` promises more",
            ]
        );
        assert_eq!(
            messages(0, &[("scs:name-v1", "SCS-2V-4"), ("scs:cpu-type", "crowded-core")]),
            ["scs:cpu-type is crowded-core, but `SCS-2V-4` promises more"]
        );
        assert_eq!(
            messages(0, &[("scs:name-v3", "m1.tiny"), ("scs:cpu-type", "fast")]),
            [
                "`fast` is no value of scs:cpu-type",
                "scs:name-v3, `m1.tiny`, is no name: expected `SCS-` at position 0, found `m`",
            ]
        );
        assert_eq!(
            messages(0, &[("scs:disk1-type", "SSD")]),
            ["`SSD` is no value of scs:disk1-type"]
        );
    }

    #[test]
    fn what_is_required_is_said_as_the_table_has_it() {
        for (text, required) in [
            ("mandatoryv1", Some(Required::Mandatory(1))),
            ("recommendedv12", Some(Required::Recommended(12))),
            ("optional", Some(Required::Optional)),
        ] {
            assert_eq!(Required::parse(text), required);
            assert_eq!(required.unwrap().to_string(), text);
        }
        for text in ["", "mandatory", "mandatoryv", "mandatoryv0", "Optional", "recommendedv+1"] {
            assert_eq!(Required::parse(text), None, "{text}");
        }
        for (name, value, expected) in [
            ("SCS-2V-4", "mandatoryv1", None),
            ("SCS-2V-4", "optional", Some("mandatoryv1")),
            ("SCS-2V-4-10", "mandatoryv1", Some("recommendedv1")),
            ("SCS-2T-4", "recommendedv1", Some("optional")),
            ("SCS-2T-4", "sure", Some("optional")),
        ] {
            let messages = messages(10, &[("scs:name-v2", name), ("scs:required", value)]);
            let wanted = expected.map(|expected| {
                format!("says scs:required={value}; by the draft of v1.3 set it to {expected}")
            });
            assert_eq!(messages, wanted.as_slice(), "{name} {value}");
        }
    }
}
