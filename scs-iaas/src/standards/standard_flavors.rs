//! SCS-0103: flavors that every cloud has, or should have.
//!
//! ```
//! use scs_iaas::standards::standard_flavors::StandardFlavor;
//!
//! let flavor = StandardFlavor::ALL[0];
//! assert_eq!(flavor.name().to_string(), "SCS-1V-4");
//! assert_eq!(flavor.extra_specs()["scs:cpu-type"], "shared-core");
//! ```
//!
//! CPUs, memory and disk of a standard flavor are exactly those of its name, and its extra specs
//! say so. Of a flavor, the extra spec `scs:name-v2` counts more than the name that Nova shows.
//!
//! Where [`Mode::Reference`] differs from the text:
//!
//! | `scs:disk0-type` of a flavor | by the text | in the official test |
//! |---|---|---|
//! | with a disk of any type | set to one of the four types | `network` |
//! | with an SSD | `ssd`, or `nvme`, which is better | `ssd` |
//! | without a disk | not set | does not matter |
//!
//! [Text](https://docs.scs.community/standards/scs-0103-v1-standard-flavors)

use scs_core::{
    Metadata,
    standards::{Finding, Mode, Target, TestResult},
};

use super::{
    extra_specs::{ExtraSpecs, Required, misstated},
    flavor_name::{Cpu, CpuClass, Disk, DiskType, FlavorName, Ram, subject},
};
use crate::compute::{Flavor, NewFlavor};

const NAME_V1: &str = "scs:name-v1";
const NAME_V2: &str = "scs:name-v2";
const CPU_TYPE: &str = "scs:cpu-type";
const DISK_TYPE: &str = "scs:disk0-type";

/// A flavor that every cloud has or should have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct StandardFlavor {
    /// Whether every cloud has it ([`Target::Main`]) or should have it.
    pub target: Target,
    /// Virtual CPUs.
    pub vcpus: u32,
    /// What of a CPU a server gets.
    pub class: CpuClass,
    /// Memory in GiB.
    pub ram_gib: u32,
    /// Root disk in GB; 0 if a server has to boot from a volume.
    pub disk: u32,
    /// What the disk has to be made of.
    pub disk_type: Option<DiskType>,
}

impl StandardFlavor {
    /// All of them: 15 that are mandatory, 16 that are recommended.
    pub const ALL: &[Self] = &[
        Self::mandatory(1, 4),
        Self::mandatory(2, 8),
        Self::mandatory(4, 16),
        Self { disk: 100, disk_type: Some(DiskType::Ssd), ..Self::mandatory(4, 16) },
        Self::mandatory(8, 32),
        Self::mandatory(1, 2),
        Self::mandatory(2, 4),
        Self { disk: 20, disk_type: Some(DiskType::Ssd), ..Self::mandatory(2, 4) },
        Self::mandatory(4, 8),
        Self::mandatory(8, 16),
        Self::mandatory(16, 32),
        Self::mandatory(1, 8),
        Self::mandatory(2, 16),
        Self::mandatory(4, 32),
        Self { class: CpuClass::Crowded, ..Self::mandatory(1, 1) },
        Self::recommended(1, 4, 10),
        Self::recommended(2, 8, 20),
        Self::recommended(4, 16, 50),
        Self::recommended(8, 32, 100),
        Self::recommended(1, 2, 5),
        Self::recommended(2, 4, 10),
        Self::recommended(4, 8, 20),
        Self::recommended(8, 16, 50),
        Self::recommended(16, 32, 100),
        Self::recommended(1, 8, 20),
        Self::recommended(2, 16, 50),
        Self::recommended(4, 32, 100),
        Self { class: CpuClass::Crowded, ..Self::recommended(1, 1, 5) },
        Self::recommended(16, 64, 0),
        Self::recommended(8, 64, 0),
        Self::recommended(16, 128, 0),
    ];

    const fn mandatory(vcpus: u32, ram_gib: u32) -> Self {
        let class = CpuClass::Shared;
        Self { target: Target::Main, vcpus, class, ram_gib, disk: 0, disk_type: None }
    }

    const fn recommended(vcpus: u32, ram_gib: u32, disk: u32) -> Self {
        Self { target: Target::Recommended, disk, ..Self::mandatory(vcpus, ram_gib) }
    }

    /// Its name.
    pub fn name(&self) -> FlavorName {
        let cpu = Cpu { count: self.vcpus.into(), class: self.class, insecure: false };
        let mut name = FlavorName::new(cpu, Ram::of_gib(self.ram_gib));
        if self.disk > 0 {
            name.disk = Some(Disk { count: 1, size: Some(self.disk.into()), kind: self.disk_type });
        }
        name
    }

    /// The extra specs to set on it, with which it passes by the text and in the official test.
    pub fn extra_specs(&self) -> Metadata {
        let name = self.name();
        let disk_type = (self.disk > 0).then(|| self.disk_type.unwrap_or(DiskType::Network));
        let all = [
            (NAME_V1, name.v1()),
            (NAME_V2, Some(name.to_string())),
            (CPU_TYPE, Some(self.class.extra_spec().to_owned())),
            (DISK_TYPE, disk_type.map(|kind| kind.extra_spec().to_owned())),
        ];
        let mut specs = Metadata::new();
        for (key, value) in all {
            specs.extend(value.map(|value| (key.to_owned(), value)));
        }
        specs
    }

    /// What an administrator creates it from; its [extra specs](Self::extra_specs) are set
    /// [afterwards](crate::compute::SetExtraSpecs).
    pub fn request(&self) -> NewFlavor {
        let ram = self.ram_gib.saturating_mul(1024);
        NewFlavor::new(self.name().to_string(), self.vcpus, ram, self.disk)
    }

    /// What its extra spec `scs:required` has to say by the draft of v1.3.
    pub fn required(&self) -> Required {
        match self.target {
            Target::Main => Required::Mandatory(1),
            _ => Required::Recommended(1),
        }
    }

    /// The one that a flavor is by its extra spec `scs:name-v2`, or else by its name.
    pub fn of(flavor: &Flavor) -> Option<&'static Self> {
        let name = flavor.extra_specs.get(NAME_V2).unwrap_or(&flavor.name);
        Self::ALL.iter().find(|standard| standard.name().to_string() == *name)
    }

    /// The one among the flavors of a cloud.
    pub fn find<'a>(&self, flavors: &'a [Flavor]) -> Option<&'a Flavor> {
        let name = self.name().to_string();
        let last = |is_it: &dyn Fn(&Flavor) -> bool| flavors.iter().rfind(|&flavor| is_it(flavor));
        last(&|flavor| flavor.extra_specs.get(NAME_V2) == Some(&name))
            .or_else(|| last(&|flavor| flavor.name == name))
    }

    /// The test case of the standard for this flavor.
    pub fn check(&self, flavors: &[Flavor], mode: Mode) -> TestResult {
        let name = self.name().to_string();
        let short = name.trim_start_matches("SCS-").to_lowercase();
        let findings = match self.find(flavors) {
            Some(flavor) => self.deviations(flavor, mode),
            None => {
                let message = format!("is missing; create it with {}", listed(&self.extra_specs()));
                vec![Finding::violation(format!("flavor `{name}`"), message)]
            }
        };
        TestResult::new(format!("scs-0103-flavor-{short}"), self.target, mode, findings)
    }

    /// What about a flavor is not as this one has to be.
    fn deviations(&self, flavor: &Flavor, mode: Mode) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut wrong = |message: String| {
            findings.push(Finding::violation(subject(flavor), message));
        };
        for (what, is, has_to_be) in [
            ("vCPUs", flavor.vcpus, self.vcpus),
            ("MiB RAM", flavor.ram, self.ram_gib.saturating_mul(1024)),
            ("GB disk", flavor.disk, self.disk),
        ] {
            if is != has_to_be {
                wrong(format!("has {is} {what}, a standard flavor of this name {has_to_be}"));
            }
        }
        let mut specs = self.extra_specs();
        match (ExtraSpecs::from(&flavor.extra_specs).disk_type(0), self.disk) {
            // By the text a better type will do.
            (Some(kind), 1..) if mode == Mode::Spec && Some(kind) >= self.disk_type => {
                specs.remove(DISK_TYPE);
            }
            (_, 0) if mode == Mode::Spec && flavor.extra_specs.contains_key(DISK_TYPE) => {
                wrong(format!("has no disk; take its extra spec {DISK_TYPE} away"));
            }
            _ => {}
        }
        for (key, has_to_be) in specs {
            match flavor.extra_specs.get(&key) {
                Some(is) if *is == has_to_be => {}
                Some(is) => wrong(format!("says {key}={is}; set it to {has_to_be}")),
                None => wrong(format!("does not say {key}; set it to {has_to_be}")),
            }
        }
        findings.extend(misstated(flavor, Some(self)));
        findings
    }
}

/// The test cases of the standard over all flavors of a cloud.
pub fn check(flavors: &[Flavor], mode: Mode) -> Vec<TestResult> {
    StandardFlavor::ALL.iter().map(|standard| standard.check(flavors, mode)).collect()
}

fn listed(specs: &Metadata) -> String {
    let words: Vec<_> = specs.iter().map(|(key, value)| format!("{key}={value}")).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict;
    use serde_json::json;

    use super::*;

    const MANDATORY: &str = "1V-4 2V-8 4V-16 4V-16-100s 8V-32 1V-2 2V-4 2V-4-20s 4V-8 8V-16 \
                             16V-32 1V-8 2V-16 4V-32 1L-1";
    const RECOMMENDED: &str = "1V-4-10 2V-8-20 4V-16-50 8V-32-100 1V-2-5 2V-4-10 4V-8-20 8V-16-50 \
                               16V-32-100 1V-8-20 2V-16-50 4V-32-100 1L-1-5 16V-64 8V-64 16V-128";

    fn standard(name: &str) -> &'static StandardFlavor {
        let is_it = |flavor: &&StandardFlavor| flavor.name().to_string() == name;
        StandardFlavor::ALL.iter().find(is_it).unwrap()
    }

    fn flavor(standard: &StandardFlavor) -> Flavor {
        serde_json::from_value(json!({
            "id": "1",
            "name": standard.name().to_string(),
            "vcpus": standard.vcpus,
            "ram": standard.ram_gib * 1024,
            "disk": standard.disk,
            "extra_specs": standard.extra_specs(),
        }))
        .unwrap()
    }

    fn verdicts(name: &str, change: impl Fn(&mut Flavor)) -> [Verdict; 2] {
        let mut flavor = flavor(standard(name));
        change(&mut flavor);
        [Mode::Spec, Mode::Reference]
            .map(|mode| standard(name).check(std::slice::from_ref(&flavor), mode).verdict)
    }

    #[test]
    fn the_names_of_the_standard() {
        let of = |target| {
            let flavors = StandardFlavor::ALL.iter().filter(move |flavor| flavor.target == target);
            flavors.map(|flavor| flavor.name().to_string()[4..].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(of(Target::Main), MANDATORY.split_whitespace().collect::<Vec<_>>());
        assert_eq!(of(Target::Recommended), RECOMMENDED.split_whitespace().collect::<Vec<_>>());
        for standard in StandardFlavor::ALL {
            let name: FlavorName = standard.name().to_string().parse().unwrap();
            assert_eq!(name, standard.name());
        }
    }

    #[test]
    fn a_cloud_with_all_of_them_passes() {
        let flavors: Vec<_> = StandardFlavor::ALL.iter().map(flavor).collect();
        for mode in [Mode::Spec, Mode::Reference] {
            let results = check(&flavors, mode);
            assert_eq!(results.len(), 31);
            assert!(results.iter().all(|result| result.verdict == Verdict::Pass), "{results:?}");
        }
        let missing = standard("SCS-2V-4-20s").check(&flavors[..3], Mode::Spec);
        assert_eq!(missing.testcase, "scs-0103-flavor-2v-4-20s");
        assert_eq!(missing.verdict, Verdict::Fail);
        assert_eq!(
            missing.findings[0].to_string(),
            "flavor `SCS-2V-4-20s`: is missing; create it with scs:cpu-type=shared-core, \
             scs:disk0-type=ssd, scs:name-v1=SCS-2V:4:20s, scs:name-v2=SCS-2V-4-20s"
        );
    }

    #[test]
    fn each_deviation_is_noticed() {
        use Verdict::{Fail, Pass};
        let set = |key: &'static str, value: &'static str| {
            move |flavor: &mut Flavor| {
                flavor.extra_specs.insert(key.into(), value.into());
            }
        };
        assert_eq!(verdicts("SCS-2V-4", |flavor| flavor.vcpus = 4), [Fail, Fail]);
        assert_eq!(verdicts("SCS-2V-4", |flavor| flavor.ram = 4097), [Fail, Fail]);
        assert_eq!(verdicts("SCS-2V-4", |flavor| flavor.disk = 20), [Fail, Fail]);
        assert_eq!(verdicts("SCS-2V-4", set(CPU_TYPE, "dedicated-core")), [Fail, Fail]);
        assert_eq!(verdicts("SCS-2V-4", set(NAME_V1, "SCS-2V-4")), [Fail, Fail]);
        assert_eq!(verdicts("SCS-2V-4", |flavor| flavor.extra_specs.clear()), [Fail, Fail]);
        // Found by its extra spec, whatever its name is.
        assert_eq!(verdicts("SCS-2V-4", |flavor| flavor.name = "small".into()), [Pass, Pass]);
        // The disagreements of text and test.
        assert_eq!(verdicts("SCS-2V-4", set(DISK_TYPE, "ssd")), [Fail, Pass]);
        assert_eq!(verdicts("SCS-2V-4-10", set(DISK_TYPE, "ssd")), [Pass, Fail]);
        assert_eq!(verdicts("SCS-2V-4-10", set(DISK_TYPE, "tape")), [Fail, Fail]);
        assert_eq!(verdicts("SCS-2V-4-20s", set(DISK_TYPE, "nvme")), [Pass, Fail]);
        assert_eq!(verdicts("SCS-2V-4-20s", set(DISK_TYPE, "hdd")), [Fail, Fail]);
    }
}
