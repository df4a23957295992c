//! What the end-to-end tests of Kubernetes have shown of a cluster: SCS-0201 (it is a
//! Kubernetes as the CNCF certifies it), and the part of SCS-0219 that its API does not show
//! (network policies are enforced).
//!
//! This SDK does not run them, which takes two hours; it reads what Sonobuoy has gathered.
//!
//! ```
//! use scs_core::standards::{Mode, Verdict};
//! use scs_kaas::standards::end_to_end::{Results, check};
//!
//! // sonobuoy run --mode=certified-conformance --wait
//! // sonobuoy results "$(sonobuoy retrieve)" --mode=dump
//! let results: Results = serde_json::from_str(
//!     r#"{"name": "e2e", "status": "passed", "items": [{"name": "junit_01.xml", "items": [
//!         {"name": "[It] Pods should start [Conformance]", "status": "passed"},
//!         {"name": "[It] NetworkPolicy should deny ingress", "status": "skipped"}]}]}"#,
//! )?;
//! let [conformance, policies] = check(&results, Mode::Spec);
//! assert_eq!(conformance.verdict, Verdict::Pass);
//! assert_eq!(policies.verdict, Verdict::Abort); // none has run
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! Decision: a run without any test of a sort tells nothing of it, so the test case is undecided.
//!
//! [Text](https://docs.scs.community/standards/scs-0201-v1-cncf-conformance),
//! [form of results](https://sonobuoy.io/docs/main/results/)

use scs_core::{
    standards::{Finding, Mode, Target, TestResult},
    value::nullable,
};
use serde::Deserialize;

/// How many tests that failed are named.
const NAMED: usize = 10;

/// A tree of results: a plugin, a file of it, or a single test, which has nothing below it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Results {
    /// Its name.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
    /// `passed`, `failed`, `skipped`, or what the plugin says.
    #[serde(deserialize_with = "nullable")]
    pub status: String,
    /// What lies below it.
    #[serde(deserialize_with = "nullable")]
    pub items: Vec<Results>,
}

impl Results {
    /// The single tests.
    fn tests(&self) -> Vec<&Self> {
        let mut open = vec![self];
        let mut tests = Vec::new();
        while let Some(one) = open.pop() {
            if one.items.is_empty() {
                tests.push(one);
            }
            open.extend(one.items.iter().rev());
        }
        tests
    }
}

/// What they show: `cncf-k8s-conformance` and `kaas-networking-check`.
pub fn check(results: &Results, mode: Mode) -> [TestResult; 2] {
    let tests = results.tests();
    [("cncf-k8s-conformance", "[Conformance]"), ("kaas-networking-check", "NetworkPolicy")].map(
        |(testcase, sort)| {
            let of_sort = tests.iter().copied().filter(|test| test.name.contains(sort));
            TestResult::new(testcase, Target::Main, mode, failures(sort, of_sort))
        },
    )
}

fn failures<'a>(sort: &str, tests: impl Iterator<Item = &'a Results>) -> Vec<Finding> {
    let ran: Vec<_> = tests.filter(|test| test.status != "skipped").collect();
    if ran.is_empty() {
        let words = format!("no test called `{sort}` has run; run them with Sonobuoy");
        return vec![Finding::undecided("end-to-end tests", words)];
    }
    let failed: Vec<_> = ran.iter().filter(|test| test.status != "passed").collect();
    let mut findings: Vec<_> = failed
        .iter()
        .take(NAMED)
        .map(|test| Finding::violation(&test.name, format!("{}; see its log", test.status)))
        .collect();
    if failed.len() > NAMED {
        let words = format!("{} more of {} tests failed", failed.len() - NAMED, ran.len());
        findings.push(Finding::violation("end-to-end tests", words));
    }
    findings
}

#[cfg(test)]
mod tests {
    use scs_core::standards::Verdict::{self, Abort, Fail, Pass};

    use super::*;

    fn verdicts(tests: &[(&str, &str)]) -> [Verdict; 2] {
        let test = |(name, status): &(&str, &str)| Results {
            name: (*name).to_owned(),
            status: (*status).to_owned(),
            items: Vec::new(),
        };
        let file = Results { items: tests.iter().map(test).collect(), ..Results::default() };
        let results = Results { items: vec![file, Results::default()], ..Results::default() };
        check(&results, Mode::Reference).map(|result| result.verdict)
    }

    #[test]
    fn each_sort_of_test_counts_for_its_test_case() {
        let (pods, policy) = ("Pods [Conformance]", "[sig-network] NetworkPolicy denies");
        assert_eq!(verdicts(&[]), [Abort, Abort]);
        assert_eq!(verdicts(&[(pods, "skipped"), (policy, "skipped")]), [Abort, Abort]);
        assert_eq!(verdicts(&[(pods, "passed"), (policy, "passed")]), [Pass, Pass]);
        assert_eq!(verdicts(&[(pods, "passed"), (policy, "failed")]), [Pass, Fail]);
        assert_eq!(verdicts(&[(pods, "timeout"), (pods, "passed")]), [Fail, Abort]);
    }

    #[test]
    fn many_failures_are_counted() {
        let tests = vec![("x [Conformance]", "failed"); 25];
        let file = tests.iter().map(|(name, status)| Results {
            name: (*name).to_owned(),
            status: (*status).to_owned(),
            items: Vec::new(),
        });
        let results = Results { items: file.collect(), ..Results::default() };
        let [conformance, _] = check(&results, Mode::Spec);
        assert_eq!(conformance.findings.len(), NAMED + 1);
        assert!(conformance.findings[NAMED].message.starts_with("15 more of 25"));
    }
}
