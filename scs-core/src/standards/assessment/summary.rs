//! An assessment for people.

use std::{cmp::Reverse, fmt};

use super::{Assessment, ModuleAssessment, Score};
use crate::standards::{Target, Verdict};

const WORST_FIRST: [Verdict; 4] = [Verdict::Fail, Verdict::Missing, Verdict::Abort, Verdict::Pass];

/// Module by module, the worst first; the last line says how it ends.
impl fmt::Display for Assessment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut modules: Vec<_> = self.modules.iter().collect();
        modules.sort_by_key(|module| Reverse(module.verdict(Target::Main)));
        for module in modules {
            writeln!(f, "{module}")?;
        }
        for target in Target::ALL {
            self.write_counts(f, target)?;
        }
        let Self { scope, version, at, .. } = self;
        let verdict = self.verdict(Target::Main);
        let validity = match &self.validity {
            Some(validity) => validity.as_str(),
            None => "not valid",
        };
        write!(f, "{scope} {version} ({validity}) on {}: {verdict}", at.date())
    }
}

impl Assessment {
    /// One line: `recommended: 5 FAIL, 1 ABORT, 20 PASS`; none if nothing counts for it.
    fn write_counts(&self, f: &mut fmt::Formatter<'_>, target: Target) -> fmt::Result {
        let counts = WORST_FIRST.map(|verdict| (self.count(target, verdict), verdict));
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts: Vec<_> = counts.map(|(count, verdict)| format!("{count} {verdict}")).collect();
        if counts.is_empty() {
            return Ok(());
        }
        writeln!(f, "{target}: {}", counts.join(", "))
    }
}

/// A heading, and a line for each test case, the worst first, with its findings below.
impl fmt::Display for ModuleAssessment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.id, self.name)?;
        match self.scores.iter().map(|score| score.target).min() {
            Some(target) => writeln!(f, "{}", self.verdict(target))?,
            None => writeln!(f, "nothing to test")?,
        }
        let mut scores: Vec<_> = self.scores.iter().collect();
        scores.sort_by_key(|score| (Reverse(score.verdict), score.target));
        scores.into_iter().try_for_each(|score| write!(f, "{score}"))
    }
}

/// Whole lines.
impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  {:<7} {}", self.verdict, self.testcase)?;
        if self.target != Target::Main {
            write!(f, " ({})", self.target)?;
        }
        writeln!(f)?;
        if let (Verdict::Missing, Some(end)) = (self.verdict, self.expires_at) {
            writeln!(f, "          its last result has expired on {}", end.date())?;
        }
        self.findings.iter().try_for_each(|finding| writeln!(f, "          {finding}"))
    }
}
