//! SCS-0210: how new Kubernetes is.
//!
//! A cluster runs the newest patch of its minor version, or a patch that was the newest until a
//! month ago; until two weeks ago if a newer one closes a critical hole (a base score of 8 or
//! more) that this one has. Minor versions are offered until their end of life, and the newest
//! one 4 months after it came out.
//!
//! ```
//! use scs_core::standards::{Mode, Verdict};
//! use scs_kaas::standards::version_policy::{Upstream, check};
//!
//! let upstream: Upstream = serde_json::from_str(
//!     r#"{"releases": {"1.34.1": "2026-05-12", "1.34.2": "2026-06-09"},
//!         "eol": {"1.34": "2026-10-27"}, "cves": []}"#,
//! )?;
//! let verdict = |at: &str| {
//!     let at = at.parse().unwrap();
//!     check("v1.34.1", &upstream, Mode::Spec, at).verdict
//! };
//! assert_eq!(verdict("2026-07-09"), Verdict::Pass);
//! assert_eq!(verdict("2026-07-10"), Verdict::Fail);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! Where [`Mode::Reference`] differs from the text: a month has 31 days and 4 months 120, to the
//! second; a version beyond its end of life fails, where the text only recommends not to use
//! it; and a version with something behind the patch (`v1.33.5-gke.1`) cannot be read.
//!
//! Decisions: of a version that no list of releases names the text says nothing, so it is
//! undecided; the official test looks for it among those that are new enough, and it fails. A
//! version is never too new.
//!
//! [Text](https://docs.scs.community/standards/scs-0210-v2-k8s-version-policy)

mod read;
#[cfg(test)]
mod tests;

use std::time::Duration;

use scs_core::{
    Error, Result, Timestamp,
    standards::{Finding, Mode, Target, TestResult},
};

use crate::version::Version;

const TESTCASE: &str = "version-policy-check";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The base score (CVSS) from which on a hole is critical.
const CRITICAL: f64 = 8.0;

/// Ends of life, from the table of the official test as of 2026-08-21.
const ENDS: [(&str, &str); 3] =
    [("1.34", "2026-10-27"), ("1.35", "2027-02-28"), ("1.36", "2027-06-28")];

/// What is known of Kubernetes itself: releases, ends of life, holes.
///
/// Reads a JSON object with these members, each of which may be missing:
/// - `releases`: an object of versions and dates, or a list of objects with `version` (or
///   `tag_name`) and `date` (or `published_at`), as GitHub lists them; what is not a final
///   release is left out;
/// - `eol`: an object of minor versions and dates, or a list of objects with `branch` (or
///   `version`) and `eol` (or `end_of_life`, `date`); the table of this SDK if it is missing;
/// - `cves`: a list of objects with `id`, `score`, and `affected`, a list of objects with `from`
///   (the first version that has it) and either `before` (the first that has it no more) or
///   `until` (the last that has it).
#[derive(Debug, Clone)]
pub struct Upstream {
    releases: Vec<(Version, Timestamp)>,
    ends: Vec<(Version, Timestamp)>,
    holes: Vec<Hole>,
}

/// A hole in Kubernetes that has been published.
#[derive(Debug, Clone)]
struct Hole {
    id: String,
    score: f64,
    affected: Vec<Range>,
}

/// Versions that have a hole.
#[derive(Debug, Clone, Default)]
struct Range {
    from: Option<Version>,
    before: Option<Version>,
    until: Option<Version>,
}

impl Default for Upstream {
    fn default() -> Self {
        let ends = ENDS
            .iter()
            .filter_map(|(branch, end)| Some((Version::parse(branch)?, end.parse().ok()?)));
        Self { releases: Vec::new(), ends: ends.collect(), holes: Vec::new() }
    }
}

impl Upstream {
    /// Knows ends of life only: 1.34 to 1.36.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a release: `1.34.2`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](scs_core::ErrorKind) if the version cannot be read.
    pub fn release(mut self, version: &str, at: Timestamp) -> Result<Self> {
        self.releases.push((version_of(version)?, at));
        Ok(self)
    }

    /// Adds the end of life of a minor version, or changes it: `1.34`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](scs_core::ErrorKind) if the version cannot be read.
    pub fn end_of_life(mut self, branch: &str, at: Timestamp) -> Result<Self> {
        let branch = version_of(branch)?;
        self.ends.retain(|(known, _)| !known.same_minor(&branch));
        self.ends.push((branch, at));
        Ok(self)
    }

    /// Adds a hole that versions have from one on until before another one, with its base score.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](scs_core::ErrorKind) if a version cannot be read.
    pub fn hole(mut self, id: &str, score: f64, from: &str, before: &str) -> Result<Self> {
        let (from, before) = (Some(version_of(from)?), Some(version_of(before)?));
        let affected = vec![Range { from, before, until: None }];
        self.holes.push(Hole { id: id.into(), score, affected });
        Ok(self)
    }

    /// The critical hole that one version has and another one has not.
    fn closed(&self, by: &Version, of: &Version) -> Option<&Hole> {
        let critical = self.holes.iter().filter(|hole| hole.score >= CRITICAL);
        critical.into_iter().find(|hole| hole.is_in(of) && !hole.is_in(by))
    }
}

fn version_of(text: &str) -> Result<Version> {
    Version::parse(text)
        .ok_or_else(|| Error::invalid(format!("`{text}` is not a version of Kubernetes")))
}

impl Hole {
    fn is_in(&self, version: &Version) -> bool {
        let at = version.numbers();
        self.affected.iter().any(|range| {
            range.from.as_ref().is_none_or(|from| from.numbers() <= at)
                && range.before.as_ref().is_none_or(|before| at < before.numbers())
                && range.until.as_ref().is_none_or(|until| at <= until.numbers())
        })
    }
}

/// Judges the version of a cluster at a moment.
pub fn check(version: &str, upstream: &Upstream, mode: Mode, now: Timestamp) -> TestResult {
    TestResult::new(TESTCASE, Target::Main, mode, of_cluster(version, upstream, mode, now))
}

/// Judges all versions that are offered at a moment: each by itself, and whether those are there
/// that have to be.
pub fn check_offer(
    versions: &[String],
    upstream: &Upstream,
    mode: Mode,
    now: Timestamp,
) -> TestResult {
    let each = versions.iter().flat_map(|version| of_cluster(version, upstream, mode, now));
    let mut findings: Vec<_> = each.collect();
    let offered: Vec<_> = versions.iter().filter_map(|version| Version::parse(version)).collect();
    for (branch, end) in &upstream.ends {
        let first = upstream
            .releases
            .iter()
            .find(|(release, _)| release.same_minor(branch) && release.patch == Some(0));
        let Some((_, since)) = first else { continue };
        let is_due = match mode {
            Mode::Spec => now.date() > since.after_months(4).date(),
            Mode::Reference => now > since.after(DAY * 120),
        };
        let is_offered = offered.iter().any(|version| version.same_minor(branch));
        if is_due && now.date() <= end.date() && !is_offered {
            let (since, end) = (since.date(), end.date());
            findings.push(Finding::violation(
                format!("Kubernetes {branch}"),
                format!("is there since {since} and until {end}, and is not offered; offer it"),
            ));
        }
    }
    TestResult::new(TESTCASE, Target::Main, mode, findings)
}

fn of_cluster(text: &str, upstream: &Upstream, mode: Mode, now: Timestamp) -> Vec<Finding> {
    let subject = format!("Kubernetes {text}");
    let version = match Version::parse(text) {
        Some(version) if version.patch.is_some() => version,
        _ => return vec![Finding::undecided(subject, "is not a version such as v1.34.2")],
    };
    if version.has_suffix() && mode == Mode::Reference {
        let message = "has something behind its patch, at which the official test gives up";
        return vec![Finding::undecided(subject, message)];
    }
    let mut findings = Vec::new();
    findings.extend(too_old(&subject, &version, upstream, mode, now));
    findings.extend(behind(&subject, &version, upstream, mode, now));
    findings
}

/// What to say of the age of the minor version.
fn too_old(
    subject: &str,
    version: &Version,
    upstream: &Upstream,
    mode: Mode,
    now: Timestamp,
) -> Option<Finding> {
    let end = upstream.ends.iter().find(|(branch, _)| branch.same_minor(version));
    let message = match end {
        Some((_, end)) if now.date() <= end.date() => return None,
        Some((branch, end)) => {
            format!(
                "is of {branch}, which ended on {}; upgrade to the next minor version",
                end.date()
            )
        }
        None => "is of a minor version whose end of life is not known; is the table up to date, \
                 or the version too old?"
            .to_owned(),
    };
    Some(match mode {
        Mode::Spec => Finding::advice(subject, message),
        Mode::Reference => Finding::violation(subject, message),
    })
}

/// What to say of the patch.
fn behind(
    subject: &str,
    version: &Version,
    upstream: &Upstream,
    mode: Mode,
    now: Timestamp,
) -> Option<Finding> {
    if upstream.releases.is_empty() {
        let message = "cannot be compared: no releases are given";
        return Some(Finding::undecided(subject, message));
    }
    let of_branch = || upstream.releases.iter().filter(|(other, _)| other.same_minor(version));
    let newer = || of_branch().filter(|(other, _)| other.numbers() > version.numbers());
    let late = newer().find_map(|(patch, at)| {
        let is_beyond = |term: Timestamp| match mode {
            Mode::Spec => now.date() > term.date(),
            Mode::Reference => now > term,
        };
        // The shorter term first: of most patches nobody needs to know what they close.
        if !is_beyond(at.after(DAY * 14)) {
            return None;
        }
        let hole = upstream.closed(patch, version);
        let month = match mode {
            Mode::Spec => at.after_months(1),
            Mode::Reference => at.after(DAY * 31),
        };
        (hole.is_some() || is_beyond(month)).then_some((patch, at, hole))
    });
    if let Some((patch, at, hole)) = late {
        let out = newer().filter(|(_, at)| *at <= now).map(|(patch, _)| patch);
        let (at, newest) = (at.date(), out.max().unwrap_or(patch));
        let why = match hole {
            Some(hole) => format!("closes {} of base score {}", hole.id, hole.score),
            None => "replaces it".to_owned(),
        };
        let message = format!("{patch} of {at} {why}; upgrade to {newest}");
        return Some(Finding::violation(subject, message));
    }
    if of_branch().any(|(release, _)| release.numbers() == version.numbers()) {
        return None;
    }
    let message = "is not in the list of releases; is the list up to date?";
    Some(match mode {
        Mode::Spec => Finding::undecided(subject, message),
        Mode::Reference => Finding::violation(subject, message),
    })
}

impl Version {
    /// Major and minor version and patch; a minor version comes before its patches.
    fn numbers(&self) -> (u32, u32, Option<u32>) {
        (self.major, self.minor, self.patch)
    }

    /// Whether something follows the patch.
    fn has_suffix(&self) -> bool {
        !self.rest.is_empty()
    }
}
