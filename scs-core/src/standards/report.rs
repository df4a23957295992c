//! Reports of test runs, as the compliance monitor takes them.
//!
//! ```
//! use scs_core::standards::{
//!     Mode, Results, Target, TestResult,
//!     report::{Invocation, Report},
//!     scope::Scope,
//! };
//!
//! let scope = Scope::iaas();
//! let mut report = Report::new(&scope, "my-cloud", "2026-08-22T10:00:00Z".parse()?);
//! let results = [TestResult::new("scs-0100-syntax-check", Target::Main, Mode::Spec, vec![])];
//! report.add(Invocation::new("flavors", &results));
//!
//! let text = serde_json::to_string(&report)?;
//! assert!(text.contains(r#""results":{"scs-0100-syntax-check":1}"#));
//! let read: Report = serde_json::from_str(&text)?;
//! let assessment = scope.assess("v5.1", report.checked_at, &Results::from(&read))?;
//! println!("{assessment}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The facade `scs-cloud` writes and reads them as YAML.

mod read;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Finding, Severity, TestResult, Verdict, check,
    scope::{Scope, as_date, words},
};
use crate::{Id, Timestamp, value::nullable};

/// What a run of tests found out about a cloud or a cluster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// By which scope.
    #[serde(default)]
    pub spec: Spec,
    /// When.
    pub checked_at: Timestamp,
    /// The day by which it was judged: midnight in UTC.
    #[serde(default, serialize_with = "as_date")]
    pub reference_date: Option<Timestamp>,
    /// What the compliance monitor calls the cloud or cluster.
    pub subject: String,
    /// The run.
    pub run: Run,
}

/// The scope of a [`Report`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Spec {
    /// What the compliance monitor knows it by.
    pub uuid: String,
    /// Its name.
    pub name: String,
    /// Where its machine-readable file is.
    pub url: String,
}

/// A run of tests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Run {
    /// The id of the report.
    pub uuid: Id<Report>,
    /// The command that was run.
    #[serde(default, deserialize_with = "words")]
    pub argv: Vec<String>,
    /// The variables of the scope, and what they were.
    #[serde(default, deserialize_with = "nullable")]
    pub assignment: BTreeMap<String, serde_json::Value>,
    /// The sections of test cases that were run, if not all.
    #[serde(default)]
    pub sections: Option<Vec<String>>,
    /// The only version that was looked at, if not all that are valid.
    #[serde(default)]
    pub forced_version: Option<String>,
    /// The test cases that were run, if not those of the versions.
    #[serde(default)]
    pub forced_tests: Option<Vec<String>>,
    /// The single tests by their ids.
    #[serde(default, deserialize_with = "nullable")]
    pub invocations: BTreeMap<String, Invocation>,
}

/// A single test in a [`Run`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Invocation {
    /// Tells it from all others.
    pub id: String,
    /// What was run.
    pub cmd: String,
    /// What its test cases ended with. On the wire 1 passes, 0 could not be found out, and -1
    /// fails.
    #[serde(serialize_with = "read::as_numbers", deserialize_with = "read::numbers")]
    pub results: BTreeMap<String, Verdict>,
    /// 0 if all passed.
    pub rc: i32,
    /// The lines that it wrote: the verdicts.
    #[serde(deserialize_with = "read::lines")]
    pub stdout: Vec<String>,
    /// The lines that it wrote besides: the findings.
    #[serde(deserialize_with = "read::lines")]
    pub stderr: Vec<String>,
    /// How many of them are just to be known.
    #[serde(deserialize_with = "read::count")]
    pub info: u64,
    /// How many are advice.
    #[serde(deserialize_with = "read::count")]
    pub warning: u64,
    /// How many break a rule.
    #[serde(deserialize_with = "read::count")]
    pub error: u64,
    /// How many kept a rule from being judged.
    #[serde(deserialize_with = "read::count")]
    pub critical: u64,
}

impl Report {
    /// A report without results, with a new id; judged by the day on which it was made.
    pub fn new(scope: &Scope, subject: impl Into<String>, checked_at: Timestamp) -> Self {
        let Scope { uuid, name, url, .. } = scope;
        Self {
            spec: Spec { uuid: uuid.clone(), name: name.clone(), url: url.clone() },
            checked_at,
            reference_date: Some(Timestamp::midnight(checked_at.day())),
            subject: subject.into(),
            run: Run {
                uuid: uuid_v4().into(),
                argv: Vec::new(),
                assignment: BTreeMap::new(),
                sections: None,
                forced_version: None,
                forced_tests: None,
                invocations: BTreeMap::new(),
            },
        }
    }

    /// Adds what a single test found out.
    pub fn add(&mut self, invocation: Invocation) {
        self.run.invocations.insert(invocation.id.clone(), invocation);
    }

    /// What it says of each test case; of some more than once, maybe.
    pub fn results(&self) -> impl Iterator<Item = (&str, Verdict)> {
        let results = self.run.invocations.values().flat_map(|invocation| &invocation.results);
        results.map(|(testcase, verdict)| (testcase.as_str(), *verdict))
    }
}

impl Invocation {
    /// What a test found out, with a new id.
    pub fn new(cmd: impl Into<String>, results: &[TestResult]) -> Self {
        let mut invocation = Self { id: uuid_v4(), cmd: cmd.into(), ..Self::default() };
        for TestResult { testcase, verdict, findings, .. } in results {
            invocation.stdout.push(format!("{testcase}: {verdict}"));
            invocation.results.insert(testcase.to_string(), *verdict);
            for finding in findings {
                invocation.note(testcase, finding);
            }
        }
        invocation.rc = i32::from(results.iter().any(|result| result.verdict != Verdict::Pass));
        invocation
    }

    fn note(&mut self, testcase: &str, finding: &Finding) {
        let (count, level) = match finding.severity {
            Severity::Advice => (&mut self.warning, "WARNING"),
            Severity::Violation => (&mut self.error, "ERROR"),
            Severity::Undecided => (&mut self.critical, "CRITICAL"),
        };
        *count += 1;
        self.stderr.push(format!("{level}: {testcase}: {finding}"));
    }
}

impl From<&check::Outcome> for Invocation {
    fn from(outcome: &check::Outcome) -> Self {
        Self::new(&*outcome.name, &outcome.results)
    }
}

/// A random UUID.
fn uuid_v4() -> String {
    let random = fastrand::u128(..);
    let bits = (random & !((0xf << 76) | (0x3 << 62))) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

impl Verdict {
    /// As reports write it; what is missing is not in them.
    pub(super) fn number(self) -> Option<i64> {
        match self {
            Self::Pass => Some(1),
            Self::Abort => Some(0),
            Self::Fail => Some(-1),
            Self::Missing => None,
        }
    }

    /// What reports write as 1, 0 and -1.
    pub(super) fn of_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::Pass),
            0 => Some(Self::Abort),
            -1 => Some(Self::Fail),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
