//! Certification scopes: which test cases a certificate asks for, and since when.
//!
//! ```
//! use scs_core::{Timestamp, standards::{Target, scope::{Scope, Validity}}};
//!
//! let scope = Scope::iaas();
//! let date: Timestamp = "2026-08-22".parse()?;
//! let version = scope.effective(date)?;
//! assert_eq!(version.version, "v5.1");
//! assert_eq!(scope.validity("next", date), Some(&Validity::Draft));
//!
//! let requirements = scope.requirements("v5.1")?;
//! let main = requirements.iter().filter(|required| required.target == Target::Main);
//! assert_eq!(main.count(), 54);
//! assert_eq!(requirements[0].test_case.id, "scs-0100-syntax-check");
//! # Ok::<(), scs_core::Error>(())
//! ```
//!
//! [`Scope::iaas`] and [`Scope::kaas`] are shipped. A [`Scope`] is also read from the
//! machine-readable files of SCS, so that a newer one can take their place: it implements
//! `Deserialize`, leaves out members that it does not know, and takes lists of test cases as
//! lists or as words in a text.

mod lifetime;
mod read;
mod shipped;
mod timeline;

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize};

pub(super) use self::read::{as_date, words};
pub use self::{
    lifetime::Lifetime,
    timeline::{Period, Validity},
};
use super::Target;
use crate::{Error, Result, Timestamp};

/// A certification scope with all its versions.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Scope {
    /// What the compliance monitor knows it by.
    pub uuid: String,
    /// Its name: `SCS-compatible IaaS`.
    pub name: String,
    /// Where its machine-readable file is.
    pub url: String,
    /// From what it was written down, for a shipped scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The names of what a run of its tests has to be told, such as the name of a cloud.
    #[serde(deserialize_with = "read::words")]
    pub variables: Vec<String>,
    /// The official tests, and the test cases that each of them answers.
    pub scripts: Vec<Script>,
    /// The standards, and what each asks for.
    pub modules: Vec<Module>,
    /// Which versions have been valid when.
    pub timeline: Vec<Period>,
    /// Which modules are in which version.
    pub versions: Vec<ScopeVersion>,
}

/// An official test.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Script {
    /// The file that is run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub executable: Option<String>,
    /// The arguments, with `{variables}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub args: Option<String>,
    /// What it answers.
    pub testcases: Vec<TestCase>,
}

/// A rule that is judged on its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TestCase {
    /// Its id: `scs-0102-prop-architecture`.
    pub id: String,
    /// What it asks for.
    #[serde(default)]
    pub description: String,
    /// How long a result counts.
    #[serde(default)]
    pub lifetime: Lifetime,
    /// What it is run together with: `light`, `heavy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Where the rule is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl TestCase {
    /// A test case of which no more is known.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }
}

/// A standard in one of its versions, or what else is asked for together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Module {
    /// Its id: `scs-0102-v1`.
    pub id: String,
    /// Its name: `Image metadata`.
    #[serde(default)]
    pub name: String,
    /// Where its text is.
    #[serde(default)]
    pub url: String,
    /// The ids of its test cases.
    #[serde(default)]
    pub targets: Targets,
}

impl Module {
    /// The standard that it is about, if its id tells: `scs-0102`.
    pub fn standard(&self) -> Option<&str> {
        let number = self.id.strip_prefix("scs-")?.split('-').next()?;
        let is_number = number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| &self.id[..8])
    }
}

/// The ids of the test cases of a module, by what they count for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Targets {
    /// The certificate depends on them.
    #[serde(deserialize_with = "read::words", skip_serializing_if = "Vec::is_empty")]
    pub main: Vec<String>,
    /// They are good to have.
    #[serde(deserialize_with = "read::words", skip_serializing_if = "Vec::is_empty")]
    pub recommended: Vec<String>,
    /// They are looked at by people, or will count later.
    #[serde(deserialize_with = "read::words", skip_serializing_if = "Vec::is_empty")]
    pub preview: Vec<String>,
}

impl Targets {
    /// The ids of the test cases that count for this.
    pub fn of(&self, target: Target) -> &[String] {
        match target {
            Target::Main => &self.main,
            Target::Recommended => &self.recommended,
            Target::Preview => &self.preview,
        }
    }

    fn of_mut(&mut self, target: Target) -> &mut Vec<String> {
        match target {
            Target::Main => &mut self.main,
            Target::Recommended => &mut self.recommended,
            Target::Preview => &mut self.preview,
        }
    }
}

/// A version of a scope.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ScopeVersion {
    /// Its name: `v5.1`.
    pub version: String,
    /// The day since which it has not been changed, if that has come.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "read::as_date")]
    pub stabilized_at: Option<Timestamp>,
    /// What is in it.
    #[serde(default)]
    pub include: Vec<Include>,
}

/// A module in a version.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "read::Included", into = "read::Included")]
#[non_exhaustive]
pub struct Include {
    /// The id of the module.
    pub module: String,
    /// What its tests are told in this version.
    pub parameters: BTreeMap<String, serde_json::Value>,
}

/// A test case that a version asks for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Requirement<'a> {
    /// The module that asks for it.
    pub module: &'a Module,
    /// What it counts for.
    pub target: Target,
    /// What is asked for; just the id, if the scope does not describe it.
    pub test_case: Cow<'a, TestCase>,
}

impl Scope {
    /// A version by its name.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind), with the names that there are.
    pub fn version(&self, name: &str) -> Result<&ScopeVersion> {
        self.versions.iter().find(|version| version.version == name).ok_or_else(|| {
            let names: Vec<_> = self.versions.iter().map(|known| known.version.as_str()).collect();
            Error::invalid(format!("the scope `{}` has no version `{name}`", self.name))
                .with_hint(format!("the versions are: {}", names.join(", ")))
        })
    }

    /// What a test case asks for, if the scope describes it.
    pub fn test_case(&self, id: &str) -> Option<&TestCase> {
        self.scripts.iter().flat_map(|script| &script.testcases).find(|known| known.id == id)
    }

    /// Every test case that a version asks for, in the order of its modules.
    ///
    /// What several modules ask for is there once, for the weightiest target.
    ///
    /// # Errors
    /// If there is no such version, or if it includes a module that the scope does not have.
    pub fn requirements(&self, version: &str) -> Result<Vec<Requirement<'_>>> {
        let mut requirements: Vec<Requirement<'_>> = Vec::new();
        for module in self.modules_of(version)? {
            for target in Target::ALL {
                for id in module.targets.of(target) {
                    let known = requirements.iter_mut().find(|known| known.test_case.id == *id);
                    match known {
                        Some(known) if known.target <= target => {}
                        Some(known) => (known.module, known.target) = (module, target),
                        None => {
                            let test_case = match self.test_case(id) {
                                Some(described) => Cow::Borrowed(described),
                                None => Cow::Owned(TestCase::new(id)),
                            };
                            requirements.push(Requirement { module, target, test_case });
                        }
                    }
                }
            }
        }
        Ok(requirements)
    }

    /// The modules of a version, in its order.
    ///
    /// # Errors
    /// If there is no such version, or if it includes a module that the scope does not have.
    pub fn modules_of(&self, version: &str) -> Result<Vec<&Module>> {
        let included = self.version(version)?.include.iter().map(|include| &include.module);
        let module = |id: &String| {
            self.modules.iter().find(|module| module.id == *id).ok_or_else(|| {
                let name = &self.name;
                Error::invalid(format!(
                    "version `{version}` of the scope `{name}` includes `{id}`, which is no module"
                ))
            })
        };
        included.map(module).collect()
    }
}

#[cfg(test)]
mod tests;
