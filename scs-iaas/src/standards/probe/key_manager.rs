use futures_util::TryStreamExt;
use scs_core::{Error, ErrorKind, Listable, Result, standards::Finding};

use super::Cleanup;
use crate::{
    OpenStack,
    key_manager::{NewSecret, Secret},
    standards::key_manager::SUBJECT,
};

/// Creates an opaque secret, looks for it in the list, and deletes it. The findings say what of
/// that is refused, and what could not be removed again.
pub async fn key_manager(cloud: &OpenStack) -> Vec<Finding> {
    let mut cleanup = Cleanup::new("scs-probe-secret");
    let attempt = keep(cloud, &mut cleanup).await;
    let mut findings: Vec<_> = attempt.err().map(|error| refused(&error)).into_iter().collect();
    findings.extend(cleanup.finish().await);
    findings
}

async fn keep(cloud: &OpenStack, cleanup: &mut Cleanup) -> Result<()> {
    let secrets = cloud.secrets();
    cleanup.remove(secrets.clone());
    let new = NewSecret::text("nobody needs to know").name(cleanup.name());
    let made = secrets.create(new).await?;
    let listed: Vec<Secret> = secrets.list(Secret::named(cleanup.name())).try_collect().await?;
    if !listed.iter().any(|listed| listed.id == made.id) {
        let words = format!("secret {} was made, but is not in the list", made.id);
        return Err(Error::new(ErrorKind::Failed, words));
    }
    secrets.delete(&made.id).await
}

fn refused(error: &Error) -> Finding {
    match error.kind() {
        ErrorKind::Forbidden => Finding::violation(
            SUBJECT,
            format!("keeps no secrets of members; give the role `member` that right: {error}"),
        ),
        ErrorKind::Failed => {
            Finding::violation(SUBJECT, format!("does not keep what it was given: {error}"))
        }
        _ => Finding::undecided(SUBJECT, format!("could not be tried: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Severity::{Undecided, Violation};

    use super::*;

    #[test]
    fn each_refusal_has_its_weight() {
        for (kind, severity) in [
            (ErrorKind::Forbidden, Violation),
            (ErrorKind::Failed, Violation),
            (ErrorKind::Unavailable, Undecided),
            (ErrorKind::QuotaExceeded, Undecided),
        ] {
            assert_eq!(refused(&Error::new(kind, "no")).severity, severity, "{kind:?}");
        }
    }
}
