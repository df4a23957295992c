//! SCS-0103: the extra specs by which flavors say what they are.
//!
//! | key | value |
//! |---|---|
//! | `scs:name-v1`, `scs:name-v2`, … | a name of this flavor; the number tells names apart, it is no version |
//! | `scs:cpu-type` | `crowded-core`, `shared-core`, `dedicated-thread`, `dedicated-core` |
//! | `scs:disk0-type`, … | `network`, `hdd`, `ssd`, `nvme` |
//!
//! A cloud may hide extra specs from its users, and shows them since version 2.61 of the compute
//! API.
//!
//! [Text](https://docs.scs.community/standards/scs-0103-v1-standard-flavors)

use std::collections::BTreeMap;

use scs_core::{
    Metadata,
    standards::{Finding, Mode},
};

use super::flavor_name::{CpuClass, DiskType, FlavorName, subject};
use crate::compute::Flavor;

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
/// assert_eq!(specs.names[&2], "SCS-2V-4-20s");
/// assert_eq!(specs.cpu_class, Some(CpuClass::Shared));
/// assert_eq!(specs.disk_types[&0], DiskType::Ssd);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExtraSpecs<'a> {
    /// Names of the flavor, by number; they need not be legal.
    pub names: BTreeMap<u32, &'a str>,
    /// What of a CPU a server gets.
    pub cpu_class: Option<CpuClass>,
    /// What the disks are made of, by number; 0 is the root disk.
    pub disk_types: BTreeMap<u32, DiskType>,
    /// Those of these keys whose value is not one of the standard's.
    pub unknown: BTreeMap<&'a str, &'a str>,
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
                read.names.insert(number, value);
                true
            } else if let Some(number) = number("disk", "-type") {
                let kind = DiskType::ALL.iter().find(|kind| kind.extra_spec() == value);
                kind.map(|&kind| read.disk_types.insert(number, kind)).is_some()
            } else if key_of_scs == "cpu-type" {
                let is_it = |class: &&CpuClass| class.extra_spec() == value;
                read.cpu_class = CpuClass::ALL.iter().find(is_it).copied();
                read.cpu_class.is_some()
            } else {
                true
            };
            if !known {
                read.unknown.insert(key, value);
            }
        }
        read
    }
}

/// What is wrong with the extra specs of a flavor: unknown values, names that are none, names that
/// promise more than the flavor has or than its other extra specs say.
///
/// The official test looks at the extra specs of [standard flavors](super::standard_flavors)
/// only; these rules are the text's.
pub fn findings(flavor: &Flavor) -> Vec<Finding> {
    let specs = ExtraSpecs::from(&flavor.extra_specs);
    let wrong = |message: String| Finding::violation(subject(flavor), message);
    let mut findings = Vec::new();
    for (key, value) in &specs.unknown {
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
        let kind = specs.disk_types.get(&0).copied();
        if let Some(kind) = kind.filter(|&kind| promised.is_some_and(|promised| kind < promised)) {
            let kind = kind.extra_spec();
            findings.push(wrong(format!("scs:disk0-type is {kind}, but `{text}` promises more")));
        }
    }
    findings
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
}
