//! Whether flavors are what their extra specs promise.

use scs_core::standards::{Finding, Mode};

use super::{ExtraSpecs, Required};
use crate::{
    compute::Flavor,
    standards::{
        flavor_name::{FlavorName, subject},
        standard_flavors::StandardFlavor,
    },
};

/// What to say of `scs:required` if it is set, and not to what the standard says of the flavor.
/// It is advice, since v1.3 is a draft.
pub(in crate::standards) fn misstated(
    flavor: &Flavor,
    standard: Option<&StandardFlavor>,
) -> Option<Finding> {
    const KEY: &str = "scs:required";
    let is = flavor.extra_specs.get(KEY)?;
    let has_to_be = standard.map_or(Required::Optional, StandardFlavor::required).to_string();
    let message = || format!("says {KEY}={is}; by the draft of v1.3 set it to {has_to_be}");
    (*is != has_to_be).then(|| Finding::advice(subject(flavor), message()))
}

/// What is wrong with the extra specs of a flavor: unknown values, names that are none, names that
/// promise more than the flavor has or than its other extra specs say, and a `scs:required` that
/// is not that of the [standard flavors](crate::standards::standard_flavors).
///
/// The official test looks at the extra specs of [standard flavors](crate::standards::standard_flavors)
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

#[cfg(test)]
mod tests {
    use scs_core::Metadata;

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
