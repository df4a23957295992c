//! What is known of test cases.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{Finding, TestResult, Verdict, report::Report};
use crate::Timestamp;

/// The newest result of each test case, from one run or from many.
///
/// ```
/// use scs_core::{Timestamp, standards::{Mode, Results, Target, TestResult, Verdict}};
///
/// let mut results = Results::default();
/// let passed = TestResult::new("scs-0100-syntax-check", Target::Main, Mode::Spec, vec![]);
/// results.add(passed, Timestamp::now());
/// assert_eq!(results.get("scs-0100-syntax-check").map(|known| known.verdict), Some(Verdict::Pass));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Results(BTreeMap<String, Known>);

/// The newest result of a test case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Known {
    /// What it ended with.
    pub verdict: Verdict,
    /// What was noticed; a [`Report`] does not tell.
    pub findings: Vec<Finding>,
    /// When that was.
    pub checked_at: Timestamp,
}

impl Results {
    /// Adds a result. A newer one of the same test case is kept instead; of two of the same
    /// moment the greater verdict counts, and the findings of both.
    pub fn add(&mut self, result: TestResult, checked_at: Timestamp) {
        let TestResult { testcase, verdict, findings, .. } = result;
        self.insert(testcase.into_owned(), Known { verdict, findings, checked_at });
    }

    /// Adds the results of a report.
    pub fn add_report(&mut self, report: &Report) {
        for (testcase, verdict) in report.results() {
            let known = Known { verdict, findings: Vec::new(), checked_at: report.checked_at };
            self.insert(testcase.to_owned(), known);
        }
    }

    /// The newest result of a test case.
    pub fn get(&self, testcase: &str) -> Option<&Known> {
        self.0.get(testcase)
    }

    fn insert(&mut self, testcase: String, new: Known) {
        match self.0.entry(testcase) {
            Entry::Vacant(entry) => {
                entry.insert(new);
            }
            Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                if new.checked_at > known.checked_at {
                    *known = new;
                } else if new.checked_at == known.checked_at {
                    known.verdict = known.verdict.max(new.verdict);
                    known.findings.extend(new.findings);
                }
            }
        }
    }
}

impl From<&Report> for Results {
    fn from(report: &Report) -> Self {
        let mut results = Self::default();
        results.add_report(report);
        results
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standards::{Mode, Target};

    #[test]
    fn the_newest_result_counts() {
        let mut results = Results::default();
        let mut add = |day: &str, findings| {
            let result = TestResult::new("t", Target::Main, Mode::Spec, findings);
            results.add(result, day.parse().unwrap());
            results.get("t").unwrap().clone()
        };
        assert_eq!(add("2026-08-02", vec![]).verdict, Verdict::Pass);
        let older = add("2026-08-01", vec![Finding::violation("x", "y")]);
        assert_eq!((older.verdict, older.findings.len()), (Verdict::Pass, 0));
        let same = add("2026-08-02", vec![Finding::undecided("x", "y")]);
        assert_eq!((same.verdict, same.findings.len()), (Verdict::Abort, 1));
        assert_eq!(add("2026-08-02", vec![]), same);
        let newer = add("2026-08-03", vec![]);
        assert_eq!((newer.verdict, newer.findings.len()), (Verdict::Pass, 0));
    }
}
