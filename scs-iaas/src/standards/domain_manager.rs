//! SCS-0302: administration of a domain by its owner.
//!
//! Who has the role `manager` on a domain administers users, groups, projects and the
//! assignment of roles inside of it, and nothing else. That shows by trying, with two domains;
//! the scopes leave it to people (`domain-manager-check`).
//!
//! [Text](https://docs.scs.community/standards/scs-0302-v1-domain-manager-role)

use scs_core::standards::{Finding, Mode, Target, TestResult};

/// Something that a domain manager tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Deed {
    /// Create, change and delete a user of the own domain.
    ManageUsers,
    /// Create, change and delete a group of the own domain.
    ManageGroups,
    /// Create, change and delete a project of the own domain.
    ManageProjects,
    /// Give and take the role `member` inside of the own domain.
    AssignMember,
    /// Give the role `admin` inside of the own domain.
    AssignAdmin,
    /// Create a role.
    CreateRole,
    /// Read users, groups or projects of another domain.
    ReadElsewhere,
    /// Change users, groups or projects of another domain.
    ChangeElsewhere,
    /// Give a role in another domain, or to one of its users.
    AssignElsewhere,
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::ManageUsers,
        Self::ManageGroups,
        Self::ManageProjects,
        Self::AssignMember,
        Self::AssignAdmin,
        Self::CreateRole,
        Self::ReadElsewhere,
        Self::ChangeElsewhere,
        Self::AssignElsewhere,
    ];

    /// Whether a domain manager must be able to do it; else it must be refused.
    pub fn is_right(self) -> bool {
        matches!(
            self,
            Self::ManageUsers | Self::ManageGroups | Self::ManageProjects | Self::AssignMember
        )
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::ManageUsers => "manage users of the domain",
            Self::ManageGroups => "manage groups of the domain",
            Self::ManageProjects => "manage projects of the domain",
            Self::AssignMember => "give the role `member` in the domain",
            Self::AssignAdmin => "give the role `admin`",
            Self::CreateRole => "create roles",
            Self::ReadElsewhere => "read what belongs to another domain",
            Self::ChangeElsewhere => "change what belongs to another domain",
            Self::AssignElsewhere => "give roles in another domain",
        }
    }
}

/// Judges what a domain manager could do: each deed that was tried, and whether it was done.
pub fn check(tried: &[(Deed, bool)], mode: Mode) -> TestResult {
    const SUBJECT: &str = "domain manager";
    let finding = |deed: Deed| {
        let words = deed.in_words();
        match tried.iter().find(|(done, _)| *done == deed) {
            Some((_, done)) if *done == deed.is_right() => None,
            Some((_, true)) => Some(Finding::violation(
                SUBJECT,
                format!("can {words}; refuse it in Keystone's policy"),
            )),
            Some((_, false)) => Some(Finding::violation(
                SUBJECT,
                format!(
                    "cannot {words}; use Keystone 2024.2 or later with enforce_scope and \
                     enforce_new_defaults, or the policy of the standard"
                ),
            )),
            None => Some(Finding::undecided(SUBJECT, format!("did not try to {words}"))),
        }
    };
    let findings = Deed::ALL.into_iter().filter_map(finding).collect();
    TestResult::new("domain-manager-check", Target::Preview, mode, findings)
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict::{Abort, Fail, Pass};

    use super::*;

    #[test]
    fn rights_and_limits_are_both_looked_at() {
        let right: Vec<_> = Deed::ALL.map(|deed| (deed, deed.is_right())).into();
        assert_eq!(check(&right, Mode::Spec).verdict, Pass);
        assert_eq!(check(&right[1..], Mode::Spec).verdict, Abort);
        for at in 0..right.len() {
            let mut wrong = right.clone();
            wrong[at].1 = !wrong[at].1;
            let result = check(&wrong, Mode::Spec);
            assert_eq!((result.verdict, result.findings.len()), (Fail, 1), "{:?}", wrong[at]);
        }
    }
}
