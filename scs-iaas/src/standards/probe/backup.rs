use scs_core::{Error, ErrorKind, Result, standards::Finding};

use super::Cleanup;
use crate::{
    OpenStack,
    block_storage::{NewBackup, NewVolume, Restore, Volume},
    standards::backup::SUBJECT,
};

/// Backs up an empty volume of 1 GiB, and restores the backup to another one. The findings say
/// what of that does not work, and what could not be removed again.
///
/// It takes as long as the cloud does, a quarter of an hour for each step at most, and some of
/// the project's quota: two volumes and a backup, of 1 GiB each.
pub async fn backup(cloud: &OpenStack) -> Vec<Finding> {
    let mut cleanup = Cleanup::new("scs-probe-backup");
    cleanup.remove(cloud.volumes());
    let new = NewVolume::new(1).name(cleanup.name());
    let attempt = match cloud.volumes().create(new).ready().await {
        Ok(volume) => there_and_back(cloud, &volume, &mut cleanup).await.map_err(broken),
        Err(error) => Err(untried(&error)),
    };
    let mut findings: Vec<_> = attempt.err().into_iter().collect();
    findings.extend(cleanup.finish().await);
    findings
}

async fn there_and_back(cloud: &OpenStack, volume: &Volume, cleanup: &mut Cleanup) -> Result<()> {
    let backups = cloud.volume_backups();
    cleanup.remove(backups.clone());
    let new = NewBackup::new(&volume.id).name(cleanup.name());
    let backup = backups.create(new).ready().await?;
    let restored = backups.act(&backup.id, Restore::new().name(cleanup.name())).await?;
    cloud.volumes().wait(restored.volume_id).ready().await.map(drop)
}

/// There was no volume to back up.
fn untried(error: &Error) -> Finding {
    Finding::undecided(SUBJECT, format!("were not tried, for want of a volume: {error}"))
}

fn broken(error: Error) -> Finding {
    match error.kind() {
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
    }
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Severity::{Undecided, Violation};

    use super::*;

    #[test]
    fn each_failure_has_its_weight() {
        for (kind, severity) in [
            (ErrorKind::NotFound, Violation),
            (ErrorKind::Failed, Violation),
            (ErrorKind::Timeout, Violation),
            (ErrorKind::Transport, Undecided),
            (ErrorKind::QuotaExceeded, Undecided),
        ] {
            assert_eq!(broken(Error::new(kind, "no")).severity, severity, "{kind:?}");
        }
        assert_eq!(untried(&Error::invalid("no")).severity, Undecided);
    }
}
