//! SCS-0117: backups of volumes.
//!
//! A cloud must offer them. Only trying it tells: a volume of 1 GiB is backed up, and the backup
//! restored.
//!
//! [Text](https://docs.scs.community/standards/scs-0117-v1-volume-backup-service)

use scs_core::{
    ErrorKind, Result,
    standards::{Finding, Mode, Target, TestResult},
};

/// Judges the outcome of backing up a volume and restoring it; `None` if that was not tried.
pub fn check(attempt: Option<&Result<()>>, mode: Mode) -> TestResult {
    const SUBJECT: &str = "backups of volumes";
    let finding = match attempt {
        Some(Ok(())) => None,
        None => Some(Finding::undecided(SUBJECT, "were not tried: back up a volume to see")),
        Some(Err(error)) => Some(match error.kind() {
            // Nothing of this is said by the backup service.
            ErrorKind::Unauthenticated
            | ErrorKind::Transport
            | ErrorKind::Untrusted
            | ErrorKind::Config
            | ErrorKind::InvalidInput
            | ErrorKind::QuotaExceeded
            | ErrorKind::RateLimited => {
                Finding::undecided(SUBJECT, format!("could not be tried: {error}"))
            }
            _ => Finding::violation(
                SUBJECT,
                format!("do not work; set up cinder-backup and its store: {error}"),
            ),
        }),
    };
    TestResult::new("scs-0117-test-backup", Target::Main, mode, finding.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use scs_core::{
        Error,
        standards::Verdict::{Abort, Fail, Pass},
    };

    use super::*;

    #[test]
    fn each_outcome_has_its_verdict() {
        let error = |kind| Some(Err(Error::new(kind, "no")));
        for (attempt, verdict) in [
            (Some(Ok(())), Pass),
            (None, Abort),
            (error(ErrorKind::NotFound), Fail),
            (error(ErrorKind::Failed), Fail),
            (error(ErrorKind::Timeout), Fail),
            (error(ErrorKind::Transport), Abort),
            (error(ErrorKind::QuotaExceeded), Abort),
        ] {
            assert_eq!(check(attempt.as_ref(), Mode::Spec).verdict, verdict, "{attempt:?}");
        }
    }
}
