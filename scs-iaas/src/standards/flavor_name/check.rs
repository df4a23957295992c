//! Whether flavors are what their names promise.

use scs_core::standards::{Finding, Mode, Target, TestResult};

use super::{FlavorName, Spelling};
use crate::compute::Flavor;

/// What findings about a flavor begin with.
pub(in crate::standards) fn subject(flavor: &Flavor) -> String {
    format!("flavor `{}`", flavor.name)
}

impl FlavorName {
    /// What a flavor lacks of what this name promises: CPUs, memory, the size of the disk.
    ///
    /// Memory may be up to 51 MiB short, in either mode. Other promises cannot be seen from
    /// outside.
    pub fn shortfalls(&self, flavor: &Flavor, mode: Mode) -> Vec<Finding> {
        let mut findings = Vec::new();
        let lacks =
            |what: std::fmt::Arguments<'_>| Finding::violation(subject(flavor), what.to_string());
        if u64::from(flavor.vcpus) < self.cpu.count {
            let (is, promised) = (flavor.vcpus, self.cpu.count);
            findings.push(lacks(format_args!("has {is} CPUs, its name promises {promised}")));
        }
        // In tenths of a GiB, as the official test rounds it.
        let is = (u128::from(flavor.ram) + 51) * 10 / 1024;
        if is < u128::from(self.ram.halves) * 5 {
            let (is, promised) = (flavor.ram, self.ram.mib());
            findings.push(lacks(format_args!("has {is} MiB RAM, its name promises {promised}")));
        }
        match self.disk.map(|disk| disk.size) {
            Some(Some(promised)) if u64::from(flavor.disk) < promised => {
                let is = flavor.disk;
                findings.push(lacks(format_args!(
                    "has a disk of {is} GB, its name promises {promised}"
                )));
            }
            Some(None) if mode == Mode::Reference => findings.push(Finding::undecided(
                subject(flavor),
                "promises a disk without a size, at which the official test gives up; offer it \
                 under a name with a size, or with none of the disk",
            )),
            _ => {}
        }
        findings
    }
}

/// The test cases of scs-0100 over all flavors of a cloud.
pub fn check(flavors: &[Flavor], mode: Mode) -> Vec<TestResult> {
    let (mut syntax, mut semantics) = (Vec::new(), Vec::new());
    for flavor in flavors {
        match FlavorName::parse(&flavor.name, mode) {
            Ok(name) => {
                if Spelling::of(&flavor.name) == Spelling::V1 {
                    let advice = format!("is a deprecated spelling; offer it as `{name}`");
                    syntax.push(Finding::advice(subject(flavor), advice));
                }
                semantics.extend(name.shortfalls(flavor, mode));
            }
            Err(error) if error.is_foreign() => {}
            Err(error) => {
                let message = format!("{error}; rename it, or let it not begin with `SCS-`");
                syntax.push(Finding::violation(subject(flavor), message));
            }
        }
    }
    vec![
        TestResult::new("scs-0100-syntax-check", Target::Main, mode, syntax),
        TestResult::new("scs-0100-semantics-check", Target::Main, mode, semantics),
    ]
}
