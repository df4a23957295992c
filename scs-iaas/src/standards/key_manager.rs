//! SCS-0116: keeping secrets.
//!
//! A cloud should have a key manager, and if it has one, members of a project must be able to
//! keep secrets there. That the keys by which it encrypts lie apart from it is looked at by
//! people (`key-manager-docs-check`).
//!
//! [Text](https://docs.scs.community/standards/scs-0116-v1-key-manager-standard)

use scs_core::{
    ErrorKind, Result,
    standards::{Finding, Mode, Target, TestResult},
};

use crate::catalog::Catalog;

/// Checks the catalog of a cloud, and the outcome of creating, listing and deleting a secret as
/// a member of a project; `None` if that was not tried.
pub fn check(catalog: &Catalog, attempt: Option<&Result<()>>, mode: Mode) -> Vec<TestResult> {
    let is_there = catalog.entries().iter().any(|entry| entry.service_type == "key-manager");
    let absent = || Finding::violation(SUBJECT, "is not in the catalog; offer one, as Barbican");
    let presence = if is_there { Vec::new() } else { vec![absent()] };
    let permissions = match (is_there, attempt) {
        (true, attempt) => refused(attempt),
        (false, _) => vec![Finding::advice(SUBJECT, "is not in the catalog, so nothing is asked")],
    };
    vec![
        TestResult::new("scs-0116-presence", Target::Recommended, mode, presence),
        TestResult::new("scs-0116-permissions", Target::Main, mode, permissions),
    ]
}

const SUBJECT: &str = "key manager";

fn refused(attempt: Option<&Result<()>>) -> Vec<Finding> {
    let finding = match attempt {
        Some(Ok(())) => return Vec::new(),
        Some(Err(error)) if error.kind() == ErrorKind::Forbidden => Finding::violation(
            SUBJECT,
            format!("keeps no secrets of members; give the role `member` that right: {error}"),
        ),
        Some(Err(error)) => Finding::undecided(SUBJECT, format!("could not be tried: {error}")),
        None => Finding::undecided(
            SUBJECT,
            "was not tried: whether members may keep secrets shows by creating one",
        ),
    };
    vec![finding]
}

#[cfg(test)]
mod tests {
    use scs_core::{
        Error,
        standards::Verdict::{Abort, Fail, Pass},
    };

    use super::*;

    #[test]
    fn each_outcome_has_its_verdicts() {
        let with: Catalog = serde_json::from_str(r#"[{"type": "key-manager"}]"#).unwrap();
        let error = |kind| Err(Error::new(kind, "no"));
        for (catalog, attempt, presence, permissions) in [
            (&with, Some(Ok(())), Pass, Pass),
            (&with, Some(error(ErrorKind::Forbidden)), Pass, Fail),
            (&with, Some(error(ErrorKind::Unavailable)), Pass, Abort),
            (&with, None, Pass, Abort),
            (&Catalog::default(), None, Fail, Pass),
        ] {
            let results = check(catalog, attempt.as_ref(), Mode::Reference);
            let verdicts: Vec<_> = results.iter().map(|result| result.verdict).collect();
            assert_eq!(verdicts, [presence, permissions], "{attempt:?}");
        }
    }
}
