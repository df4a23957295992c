//! What checks answer with.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize, Serializer};

use super::Mode;

/// What a test case ends with. The greatest of several is what counts for all of them.
///
/// ```
/// use scs_core::standards::Verdict;
/// assert_eq!([Verdict::Pass, Verdict::Missing, Verdict::Abort].iter().max(), Some(&Verdict::Missing));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Verdict {
    /// All is as the standard asks.
    Pass,
    /// It could not be found out.
    Abort,
    /// Nobody has tried to find out, or not recently.
    Missing,
    /// Something is not as the standard asks.
    Fail,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pass => "PASS",
            Self::Abort => "ABORT",
            Self::Missing => "MISSING",
            Self::Fail => "FAIL",
        })
    }
}

/// What a test case counts for in a certification scope. The least of several counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Target {
    /// The certificate depends on it.
    Main,
    /// It is good to have.
    Recommended,
    /// It is looked at by people, or will count later.
    Preview,
}

impl Target {
    /// All of them, the weightiest first.
    pub const ALL: [Self; 3] = [Self::Main, Self::Recommended, Self::Preview];
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Main => "main",
            Self::Recommended => "recommended",
            Self::Preview => "preview",
        })
    }
}

/// How much a [`Finding`] matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Severity {
    /// It does not break the rule, but could be better.
    Advice,
    /// It keeps the rule from being judged.
    Undecided,
    /// It breaks the rule.
    Violation,
}

/// What a check noticed, and what to change.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// About what: the name of an image, of a flavor, of a service.
    pub subject: String,
    /// What is wrong and what to do about it, in words.
    pub message: String,
}

impl Finding {
    /// Something that breaks the rule.
    pub fn violation(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Violation, subject, message)
    }

    /// Something that keeps the rule from being judged.
    pub fn undecided(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Undecided, subject, message)
    }

    /// Something that could be better.
    pub fn advice(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Advice, subject, message)
    }

    /// Something of this severity.
    pub fn new(severity: Severity, subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity, subject: subject.into(), message: message.into() }
    }
}

/// As one line.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&format!("{}: {}", self.subject, self.message)))
    }
}

/// Names come from the cloud: they must not move the cursor of whoever reads them.
pub(super) fn printable(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

/// A finding is written as its words.
impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What became of a test case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TestResult {
    /// The id of the test case: `scs-0102-prop-architecture`.
    pub testcase: Cow<'static, str>,
    /// What the test case counts for.
    pub target: Target,
    /// What it ended with.
    pub verdict: Verdict,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

impl TestResult {
    /// The result that follows from what was noticed.
    ///
    /// Nothing but advice passes. By the text a violation counts more than what could not be
    /// judged; the official test stops at the first thing that it cannot judge.
    pub fn new(
        testcase: impl Into<Cow<'static, str>>,
        target: Target,
        mode: Mode,
        findings: Vec<Finding>,
    ) -> Self {
        let has = |severity| findings.iter().any(|finding| finding.severity == severity);
        let verdict = match (has(Severity::Violation), has(Severity::Undecided), mode) {
            (true, false, _) | (true, true, Mode::Spec) => Verdict::Fail,
            (_, true, _) => Verdict::Abort,
            (false, false, _) => Verdict::Pass,
        };
        Self { testcase: testcase.into(), target, verdict, findings }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_follows_from_the_findings() {
        let finding = |severity| Finding::new(severity, "x", "y");
        let verdict = |mode, severities: &[Severity]| {
            let findings = severities.iter().copied().map(finding).collect();
            TestResult::new("t", Target::Main, mode, findings).verdict
        };
        use Severity::{Advice, Undecided, Violation};
        for mode in [Mode::Spec, Mode::Reference] {
            assert_eq!(verdict(mode, &[]), Verdict::Pass);
            assert_eq!(verdict(mode, &[Advice]), Verdict::Pass);
            assert_eq!(verdict(mode, &[Advice, Violation]), Verdict::Fail);
            assert_eq!(verdict(mode, &[Advice, Undecided]), Verdict::Abort);
        }
        assert_eq!(verdict(Mode::Spec, &[Violation, Undecided]), Verdict::Fail);
        assert_eq!(verdict(Mode::Reference, &[Violation, Undecided]), Verdict::Abort);
    }

    #[test]
    fn results_are_written_in_the_words_of_the_scopes() {
        let findings = vec![Finding::advice("cloud", "has one zone")];
        let result = TestResult::new("scs-x", Target::Preview, Mode::Spec, findings);
        assert_eq!(
            serde_json::to_string(&result).unwrap(),
            r#"{"testcase":"scs-x","target":"preview","verdict":"PASS","findings":["cloud: has one zone"]}"#
        );
        assert_eq!("reference".parse::<Mode>().unwrap(), Mode::Reference);
        assert!("Spec".parse::<Mode>().is_err());
    }
}
