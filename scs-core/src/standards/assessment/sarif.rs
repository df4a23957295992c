//! An assessment as SARIF, which code scanners show.

use serde_json::{Value, json};

use super::{Assessment, ModuleAssessment, Score};
use crate::standards::{Finding, Severity, Target, Verdict};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

impl Assessment {
    /// As a log of [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html):
    /// a rule for each test case, a result for each finding.
    ///
    /// What breaks a rule is an error if the certificate depends on it, or else a warning; what
    /// could not be judged is a warning, and advice a note. Test cases without a result are
    /// notifications of the run.
    ///
    /// ```
    /// # use scs_core::{Timestamp, standards::{Results, Scope}};
    /// # let assessment = Scope::kaas().assess("v1", Timestamp::now(), &Results::default())?;
    /// let log = format!("{:#}", assessment.to_sarif());
    /// # assert!(log.contains(r#""version": "2.1.0""#));
    /// # Ok::<(), scs_core::Error>(())
    /// ```
    pub fn to_sarif(&self) -> Value {
        let scores = || {
            let with_module = |module| move |score| (module, score);
            self.modules
                .iter()
                .flat_map(move |module| module.scores.iter().map(with_module(module)))
        };
        let rules: Vec<_> = scores().map(|(module, score)| rule(module, score)).collect();
        let results: Vec<_> =
            self.scores().enumerate().flat_map(|(index, score)| results(index, score)).collect();
        let missing = self.scores().filter(|score| score.verdict == Verdict::Missing);
        let missing: Vec<_> = missing.map(notification).collect();
        json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {
                    "name": "scs-cloud",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": rules,
                }},
                "automationDetails": {"id": format!("{}/{}", self.scope, self.version)},
                "invocations": [{
                    "executionSuccessful": true,
                    "toolExecutionNotifications": missing,
                }],
                "results": results,
            }],
        })
    }
}

fn rule(module: &ModuleAssessment, score: &Score) -> Value {
    let mut rule = json!({
        "id": score.testcase,
        "shortDescription": {"text": score.asked()},
        "defaultConfiguration": {"level": level(Severity::Violation, score.target)},
        "properties": {"module": module.id, "target": score.target},
    });
    let url = score.url.as_ref().unwrap_or(&module.url);
    if !url.is_empty() {
        rule["helpUri"] = url.as_str().into();
    }
    rule
}

fn level(severity: Severity, target: Target) -> &'static str {
    match (severity, target) {
        (Severity::Violation, Target::Main) => "error",
        (Severity::Violation | Severity::Undecided, _) => "warning",
        (Severity::Advice, _) => "note",
    }
}

/// A result for each finding, or one if all that is known is that it does not pass.
fn results(index: usize, score: &Score) -> Vec<Value> {
    let result = |severity, message: &str, subject: &str| {
        json!({
            "ruleId": score.testcase,
            "ruleIndex": index,
            "level": level(severity, score.target),
            "message": {"text": message},
            "locations": [{"logicalLocations": [{"name": subject, "kind": "resource"}]}],
        })
    };
    let findings =
        |finding: &Finding| result(finding.severity, &finding.to_string(), &finding.subject);
    match score.verdict {
        _ if !score.findings.is_empty() => score.findings.iter().map(findings).collect(),
        Verdict::Fail => vec![result(Severity::Violation, "fails", &score.testcase)],
        Verdict::Abort => {
            vec![result(Severity::Undecided, "could not be judged", &score.testcase)]
        }
        Verdict::Pass | Verdict::Missing => Vec::new(),
    }
}

fn notification(score: &Score) -> Value {
    json!({
        "level": "warning",
        "message": {"text": format!("{} has no result that still counts", score.testcase)},
        "associatedRule": {"id": score.testcase},
    })
}
