//! SCS-0121: availability zones.
//!
//! Zones of compute must lie in different fire zones, with power, lines and core routers of
//! which there are two; nobody sees that by API, so people look at it. What can be seen is
//! given to them as advice.
//!
//! [Text](https://docs.scs.community/standards/scs-0121-v1-Availability-Zones-Standard)

use scs_core::standards::{Finding, Mode, Target, TestResult};

/// The zones of a cloud, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Zones {
    /// Of servers.
    pub compute: Vec<String>,
    /// Of volumes.
    pub block_storage: Vec<String>,
    /// Of networks.
    pub network: Vec<String>,
    /// Whether a server can use a volume of another zone, if that is known.
    pub cross_attach: Option<bool>,
}

/// Says what can be said of zones from outside.
pub fn check(zones: &Zones, mode: Mode) -> TestResult {
    let mut findings = Vec::new();
    if zones.compute.len() < 2 {
        findings.push(Finding::advice(
            "compute",
            "has one zone: nothing is asked, and servers cannot be spread",
        ));
    } else {
        findings.push(Finding::undecided(
            "compute",
            format!(
                "has the zones {}; show that they lie in different fire zones, each with power, \
                 lines and core routers twice",
                zones.compute.join(", ")
            ),
        ));
    }
    if zones.compute.len() > 1 && zones.cross_attach == Some(true) {
        findings.push(Finding::advice(
            "block storage",
            "lets servers use volumes of another zone, which then fail with that zone, too",
        ));
    }
    let foreign = zones.block_storage.iter().filter(|zone| !zones.compute.contains(zone));
    findings.extend(foreign.filter(|_| zones.block_storage.len() > 1).map(|zone| {
        Finding::advice(format!("zone `{zone}`"), "has volumes and no servers; name zones alike")
    }));
    TestResult::new("availability-zones-check", Target::Preview, mode, findings)
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict::{Abort, Pass};

    use super::*;

    #[test]
    fn several_zones_have_to_be_looked_at() {
        let zones = |compute: &[&str]| Zones {
            compute: compute.iter().map(|&zone| zone.into()).collect(),
            block_storage: vec!["a".into(), "c".into()],
            cross_attach: Some(true),
            ..Zones::default()
        };
        let one = check(&zones(&["nova"]), Mode::Spec);
        assert_eq!((one.verdict, one.findings.len()), (Pass, 3));
        let two = check(&zones(&["a", "b"]), Mode::Spec);
        assert_eq!((two.verdict, two.findings.len()), (Abort, 3));
    }
}
