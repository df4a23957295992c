//! SCS-0116: keeping secrets.
//!
//! A cloud should have a key manager, and if it has one, members of a project must be able to
//! keep secrets there. That the keys by which it encrypts lie apart from it is looked at by
//! people (`key-manager-docs-check`).
//!
//! What members may do shows only by doing it, as a member who has no other role:
//! [`probe`](super::probe).
//!
//! [Text](https://docs.scs.community/standards/scs-0116-v1-key-manager-standard)

use scs_core::standards::{Finding, Mode, Target, TestResult};

use crate::catalog::Catalog;

pub(super) const SUBJECT: &str = "key manager";

/// Checks the catalog of a cloud, and what [`probe`](super::probe) found; `None` if nobody tried.
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

/// Whether a cloud has a key manager that [`probe`](super::probe) could try.
pub fn is_offered(catalog: &Catalog) -> bool {
    catalog.entries().iter().any(|entry| entry.service_type == "key-manager")
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict::{Abort, Fail, Pass};

    use super::*;

    #[test]
    fn each_outcome_has_its_verdicts() {
        let with: Catalog = serde_json::from_str(r#"[{"type": "key-manager"}]"#).unwrap();
        let refused = Finding::violation(SUBJECT, "keeps no secrets of members");
        let untried = Finding::undecided(SUBJECT, "could not be tried");
        let left = Some(vec![Finding::advice("secret s", "is left behind")]);
        for (catalog, probed, presence, permissions) in [
            (&with, Some(Vec::new()), Pass, Pass),
            (&with, left, Pass, Pass),
            (&with, Some(vec![refused]), Pass, Fail),
            (&with, Some(vec![untried]), Pass, Abort),
            (&with, None, Pass, Abort),
            (&Catalog::default(), None, Fail, Pass),
        ] {
            let results = check(catalog, probed.clone(), Mode::Reference);
            let verdicts: Vec<_> = results.iter().map(|result| result.verdict).collect();
            assert_eq!(verdicts, [presence, permissions], "{probed:?}");
        }
    }
}
