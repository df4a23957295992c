//! The scopes as of 2026-08-21, written down from the texts of the standards.

mod iaas;
mod kaas;

use jiff::civil::Date;

use super::{Include, Lifetime, Module, Period, Scope, ScopeVersion, Script, TestCase};
use crate::{Timestamp, standards::Target};

/// What the tables were written from.
const SOURCE: &str = "SovereignCloudStack/standards, commit 077174d9 of 2026-08-21";
/// Where its machine-readable files are.
const FILES: &str = "https://raw.githubusercontent.com/SovereignCloudStack/standards/main/Tests";
/// Where the texts are.
const TEXTS: &str = "https://docs.scs.community/standards";

impl Scope {
    /// SCS-compatible IaaS: versions v3, v4, v5.1 and next, as of commit 077174d9 of
    /// `SovereignCloudStack/standards` (2026-08-21).
    pub fn iaas() -> Self {
        iaas::scope()
    }

    /// SCS-compatible KaaS: version v1, as of commit 077174d9 of
    /// `SovereignCloudStack/standards` (2026-08-21).
    pub fn kaas() -> Self {
        kaas::scope()
    }

    fn shipped(uuid: &str, name: &str, file: &str) -> Self {
        Self {
            uuid: uuid.into(),
            name: name.into(),
            url: format!("{FILES}/{file}"),
            source: Some(SOURCE.into()),
            ..Self::default()
        }
    }

    /// Adds a module, whose text is on this page, and its test cases, each described once.
    fn add_module(&mut self, id: &str, name: &str, page: &str, groups: &[Group]) {
        let mut module = Module {
            id: id.into(),
            name: name.into(),
            url: format!("{TEXTS}/{page}"),
            ..Module::default()
        };
        let mut script = Script::default();
        for group in groups {
            for test_case in group.test_cases(&module.url) {
                module.targets.of_mut(group.target).push(test_case.id.clone());
                if self.test_case(&test_case.id).is_none() {
                    script.testcases.push(test_case);
                }
            }
        }
        self.scripts.push(script);
        self.modules.push(module);
    }

    /// Adds a version that is made of these modules.
    fn add_version(&mut self, version: &str, stabilized_at: Option<Date>, modules: &str) {
        let include = |module: &str| Include { module: module.into(), ..Include::default() };
        self.versions.push(ScopeVersion {
            version: version.into(),
            stabilized_at: stabilized_at.map(Timestamp::midnight),
            include: modules.split_whitespace().map(include).collect(),
        });
    }

    /// Adds what holds from this day on: `v4:warn v5.1:effective`.
    fn add_period(&mut self, day: Date, versions: &str) {
        let valid = versions.split_whitespace().filter_map(|word| word.split_once(':'));
        self.timeline.push(Period {
            date: Timestamp::midnight(day),
            versions: valid.map(|(version, validity)| (version.into(), validity.into())).collect(),
        });
    }
}

/// Test cases that differ in one word.
struct Group {
    target: Target,
    /// How the ids begin; behind it goes the word in lower case.
    prefix: &'static str,
    words: &'static str,
    /// What they ask for; `{}` stands for the word.
    description: &'static str,
    lifetime: Lifetime,
    section: Option<&'static str>,
}

impl Group {
    /// Test cases that are run every week.
    const fn new(
        target: Target,
        prefix: &'static str,
        words: &'static str,
        description: &'static str,
    ) -> Self {
        Self { target, prefix, words, description, lifetime: Lifetime::Week, section: None }
    }

    fn test_cases(&self, url: &str) -> impl Iterator<Item = TestCase> {
        self.words.split_whitespace().map(move |word| TestCase {
            id: format!("{}{}", self.prefix, word.to_lowercase()),
            description: self.description.replace("{}", word),
            lifetime: self.lifetime.clone(),
            section: self.section.map(str::to_owned),
            url: Some(url.to_owned()),
        })
    }
}
