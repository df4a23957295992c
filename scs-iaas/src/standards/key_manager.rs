//! SCS-0116: keeping secrets.
//!
//! A cloud should have a key manager, and if it has one, members of a project must be able to
//! keep secrets there. That the keys by which it encrypts lie apart from it is looked at by
//! people (`key-manager-docs-check`).
//!
//! What members may do shows only by doing it, as a member who has no other role: [`probe`].
//!
//! [Text](https://docs.scs.community/standards/scs-0116-v1-key-manager-standard)

use futures_util::TryStreamExt;
use scs_core::{
    Error, ErrorKind, Listable, Result,
    standards::{Finding, Mode, Target, TestResult},
};

use super::probe::Cleanup;
use crate::{
    OpenStack,
    catalog::Catalog,
    key_manager::{NewSecret, Secret},
};

const SUBJECT: &str = "key manager";

/// Checks the catalog of a cloud, and what [`probe`] found; `None` if nobody tried.
pub fn check(catalog: &Catalog, probed: Option<Vec<Finding>>, mode: Mode) -> Vec<TestResult> {
    let absent = || Finding::violation(SUBJECT, "is not in the catalog; offer one, as Barbican");
    let presence = if is_offered(catalog) { Vec::new() } else { vec![absent()] };
    let permissions = match (is_offered(catalog), probed) {
        (false, _) => vec![Finding::advice(SUBJECT, "is not in the catalog, so nothing is asked")],
        (true, Some(findings)) => findings,
        (true, None) => vec![Finding::undecided(
            SUBJECT,
            "was not tried: whether members may keep secrets shows by creating one",
        )],
    };
    vec![
        TestResult::new("scs-0116-presence", Target::Recommended, mode, presence),
        TestResult::new("scs-0116-permissions", Target::Main, mode, permissions),
    ]
}

/// Whether a cloud has a key manager that [`probe`] could try.
pub fn is_offered(catalog: &Catalog) -> bool {
    catalog.entries().iter().any(|entry| entry.service_type == "key-manager")
}

/// Creates an opaque secret, looks for it in the list, and deletes it. The findings say what of
/// that is refused, and what could not be removed again.
pub async fn probe(cloud: &OpenStack) -> Vec<Finding> {
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
    use scs_core::standards::Verdict::{Abort, Fail, Pass};

    use super::*;

    #[test]
    fn each_outcome_has_its_verdicts() {
        let with: Catalog = serde_json::from_str(r#"[{"type": "key-manager"}]"#).unwrap();
        let found = |kind| Some(vec![refused(&Error::new(kind, "no"))]);
        let left = Some(vec![Finding::advice("secret s", "is left behind")]);
        for (catalog, probed, presence, permissions) in [
            (&with, Some(Vec::new()), Pass, Pass),
            (&with, left, Pass, Pass),
            (&with, found(ErrorKind::Forbidden), Pass, Fail),
            (&with, found(ErrorKind::Failed), Pass, Fail),
            (&with, found(ErrorKind::Unavailable), Pass, Abort),
            (&with, found(ErrorKind::QuotaExceeded), Pass, Abort),
            (&with, None, Pass, Abort),
            (&Catalog::default(), None, Fail, Pass),
        ] {
            let results = check(catalog, probed.clone(), Mode::Reference);
            let verdicts: Vec<_> = results.iter().map(|result| result.verdict).collect();
            assert_eq!(verdicts, [presence, permissions], "{probed:?}");
        }
    }
}
