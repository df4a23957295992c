//! SCS-0117: backups of volumes.
//!
//! A cloud must offer them. Only trying it tells: a volume of 1 GiB is backed up, and the backup
//! restored ([`probe`](super::probe)).
//!
//! [Text](https://docs.scs.community/standards/scs-0117-v1-volume-backup-service)

use scs_core::standards::{Finding, Mode, Target, TestResult};

pub(super) const SUBJECT: &str = "backups of volumes";

/// Judges what [`probe`](super::probe) found; `None` if nobody tried.
pub fn check(probed: Option<Vec<Finding>>, mode: Mode) -> TestResult {
    let untried = || vec![Finding::undecided(SUBJECT, "were not tried: back up a volume to see")];
    TestResult::new("scs-0117-test-backup", Target::Main, mode, probed.unwrap_or_else(untried))
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict::{Abort, Fail, Pass};

    use super::*;

    #[test]
    fn each_outcome_has_its_verdict() {
        for (probed, verdict) in [
            (Some(Vec::new()), Pass),
            (Some(vec![Finding::advice("volume v", "is left behind")]), Pass),
            (None, Abort),
            (Some(vec![Finding::undecided(SUBJECT, "were not tried")]), Abort),
            (Some(vec![Finding::violation(SUBJECT, "do not work")]), Fail),
        ] {
            assert_eq!(check(probed.clone(), Mode::Spec).verdict, verdict, "{probed:?}");
        }
    }
}
