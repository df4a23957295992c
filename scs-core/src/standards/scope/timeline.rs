//! Which versions of a scope are valid when.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Scope, ScopeVersion, read};
use crate::{Error, Result, Timestamp, open_enum};

open_enum! {
    /// What a version of a scope is good for.
    pub enum Validity {
        /// It is being written, to be tried.
        Draft = "draft",
        /// Certificates are given by it.
        Effective = "effective",
        /// Certificates are still given by it, but it will be deprecated soon.
        Warn = "warn",
        /// No certificates are given by it any more.
        Deprecated = "deprecated",
    }
}

/// What holds from a day on, until the next period begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Period {
    /// Its first day: midnight in UTC.
    #[serde(serialize_with = "read::as_date")]
    pub date: Timestamp,
    /// The versions, and what each is good for.
    #[serde(default)]
    pub versions: BTreeMap<String, Validity>,
}

impl Scope {
    /// What holds at this moment; nothing does before the timeline begins.
    pub fn period(&self, at: Timestamp) -> Option<&Period> {
        self.timeline.iter().filter(|period| period.date <= at).max_by_key(|period| period.date)
    }

    /// What a version is good for at this moment; `None` if the timeline does not name it then.
    pub fn validity(&self, version: &str, at: Timestamp) -> Option<&Validity> {
        self.period(at)?.versions.get(version)
    }

    /// The version by which certificates are given at this moment; of several the one that was
    /// made stable last.
    ///
    /// # Errors
    /// If there is none.
    pub fn effective(&self, at: Timestamp) -> Result<&ScopeVersion> {
        let effective = self
            .versions
            .iter()
            .filter(|version| self.validity(&version.version, at) == Some(&Validity::Effective));
        effective.max_by_key(|version| version.stabilized_at).ok_or_else(|| {
            let (name, date) = (&self.name, at.date());
            Error::invalid(format!("the scope `{name}` has no effective version on {date}"))
                .with_hint("name a version")
        })
    }
}
