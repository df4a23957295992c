//! Whether a certificate could be given.
//!
//! ```
//! use scs_core::standards::{
//!     Finding, Mode, Results, Target, TestResult, Verdict, scope::Scope,
//! };
//!
//! let now = "2026-08-22T10:00:00Z".parse()?;
//! let findings = vec![Finding::violation("SCS-2V-4", "has 1 vCPU; give it 2")];
//! let mut results = Results::default();
//! results.add(
//!     TestResult::new("scs-0100-semantics-check", Target::Main, Mode::Reference, findings),
//!     now,
//! );
//!
//! let assessment = Scope::iaas().assess("v5.1", now, &results)?;
//! assert_eq!(assessment.verdict(Target::Main), Verdict::Fail);
//! assert_eq!(assessment.count(Target::Main, Verdict::Missing), 53);
//! let failing = assessment.scores().find(|score| score.verdict == Verdict::Fail);
//! assert_eq!(failing.map(|score| score.findings.len()), Some(1));
//! # Ok::<(), scs_core::Error>(())
//! ```
//!
//! An [`Assessment`] is shown as a summary for people, and is written as JUnit by
//! [`Assessment::to_junit`] and as SARIF by [`Assessment::to_sarif`].

mod junit;
mod sarif;
mod summary;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{
    Finding, Results, Target, Verdict,
    scope::{Module, Requirement, Scope, Validity},
};
use crate::{Result, Timestamp};

/// How a cloud or a cluster stands by a version of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assessment {
    /// The name of the scope.
    pub scope: String,
    /// The version of the scope.
    pub version: String,
    /// What the version is good for at that moment; `None` if the scope does not name it then.
    pub validity: Option<Validity>,
    /// The moment for which this was found.
    pub at: Timestamp,
    /// The modules of the version.
    pub modules: Vec<ModuleAssessment>,
}

/// How a cloud or a cluster stands by a module.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModuleAssessment {
    /// The id of the module: `scs-0102-v1`.
    pub id: String,
    /// Its name: `Image metadata`.
    pub name: String,
    /// Where its text is.
    pub url: String,
    /// Its test cases.
    pub scores: Vec<Score>,
}

/// What a test case ended with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Score {
    /// The id of the test case.
    pub testcase: String,
    /// What it asks for.
    pub description: String,
    /// Where the rule is written.
    pub url: Option<String>,
    /// What it counts for.
    pub target: Target,
    /// What it ended with; missing if there is no result, or none that still counts.
    pub verdict: Verdict,
    /// What was noticed, and what to change.
    pub findings: Vec<Finding>,
    /// When it was tested last.
    pub checked_at: Option<Timestamp>,
    /// From when on that does not count any more.
    pub expires_at: Option<Timestamp>,
}

impl Scope {
    /// How a cloud or a cluster with these results stands by a version at a moment.
    ///
    /// # Errors
    /// If there is no such version, or if it includes a module that the scope does not have.
    pub fn assess(&self, version: &str, at: Timestamp, results: &Results) -> Result<Assessment> {
        let requirements = self.requirements(version)?;
        let assess = |module: &Module| {
            let required =
                requirements.iter().filter(|required| std::ptr::eq(required.module, module));
            ModuleAssessment {
                id: module.id.clone(),
                name: module.name.clone(),
                url: module.url.clone(),
                scores: required.map(|required| score(required, at, results)).collect(),
            }
        };
        Ok(Assessment {
            scope: self.name.clone(),
            version: version.to_owned(),
            validity: self.validity(version, at).cloned(),
            at,
            modules: self.modules_of(version)?.into_iter().map(assess).collect(),
        })
    }
}

fn score(required: &Requirement<'_>, at: Timestamp, results: &Results) -> Score {
    let test_case = &*required.test_case;
    let known = results.get(&test_case.id);
    let expires_at = known.map(|known| test_case.lifetime.end(known.checked_at));
    let current = known.filter(|_| expires_at.is_some_and(|end| at < end));
    Score {
        testcase: test_case.id.clone(),
        description: test_case.description.clone(),
        url: test_case.url.clone(),
        target: required.target,
        verdict: current.map_or(Verdict::Missing, |known| known.verdict),
        findings: current.map(|known| known.findings.clone()).unwrap_or_default(),
        checked_at: known.map(|known| known.checked_at),
        expires_at,
    }
}

impl Score {
    /// What is asked for, in words, or else the id.
    fn asked(&self) -> &str {
        if self.description.is_empty() { &self.testcase } else { &self.description }
    }
}

/// What counts for several test cases: the greatest verdict, if there is any.
fn greatest<'a>(scores: impl Iterator<Item = &'a Score>, target: Target) -> Verdict {
    let verdicts = scores.filter(|score| score.target == target).map(|score| score.verdict);
    verdicts.max().unwrap_or(Verdict::Pass)
}

impl Assessment {
    /// What the test cases that count for this end with. A certificate can be given if it is
    /// [`Verdict::Pass`] for [`Target::Main`], and if the version is effective.
    pub fn verdict(&self, target: Target) -> Verdict {
        greatest(self.scores(), target)
    }

    /// All test cases, in the order of the modules.
    pub fn scores(&self) -> impl Iterator<Item = &Score> {
        self.modules.iter().flat_map(|module| &module.scores)
    }

    /// How many of the test cases that count for this end with this.
    pub fn count(&self, target: Target, verdict: Verdict) -> usize {
        let scores = self.scores().filter(|score| score.target == target);
        scores.filter(|score| score.verdict == verdict).count()
    }
}

impl ModuleAssessment {
    /// What its test cases that count for this end with; without any it passes.
    pub fn verdict(&self, target: Target) -> Verdict {
        greatest(self.scores.iter(), target)
    }
}

impl Serialize for Assessment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut s = serializer.serialize_struct("Assessment", 7)?;
        s.serialize_field("scope", &self.scope)?;
        s.serialize_field("version", &self.version)?;
        s.serialize_field("validity", &self.validity)?;
        s.serialize_field("at", &self.at)?;
        s.serialize_field("verdict", &self.verdict(Target::Main))?;
        s.serialize_field("recommended", &self.verdict(Target::Recommended))?;
        s.serialize_field("modules", &self.modules)?;
        s.end()
    }
}

impl Serialize for ModuleAssessment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut s = serializer.serialize_struct("ModuleAssessment", 6)?;
        s.serialize_field("id", &self.id)?;
        s.serialize_field("name", &self.name)?;
        s.serialize_field("url", &self.url)?;
        s.serialize_field("verdict", &self.verdict(Target::Main))?;
        s.serialize_field("recommended", &self.verdict(Target::Recommended))?;
        s.serialize_field("testcases", &self.scores)?;
        s.end()
    }
}

#[cfg(test)]
mod tests;
