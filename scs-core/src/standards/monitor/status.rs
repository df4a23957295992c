use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::Error as _};

use super::{Monitor, SERVICE};
use crate::{Resource, Route, Singleton, request, standards::Verdict};

request! {
    /// Of what the status is asked for; of everything, if nothing is set.
    pub struct StatusQuery {
        /// Of this cloud or cluster.
        subject: String,
        /// Of the scope with this UUID.
        scope: String as "scopeuuid",
    }
}

/// What the monitor says now: of each subject, scope (by its UUID) and version a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Status(BTreeMap<String, BTreeMap<String, BTreeMap<String, Latest>>>);

impl Status {
    /// Whether the monitor says anything of a subject.
    pub fn knows(&self, subject: &str) -> bool {
        self.0.contains_key(subject)
    }

    /// The verdict on a version of a scope: [`Verdict::Missing`] also of what the monitor does not
    /// know.
    pub fn verdict(&self, subject: &str, scope: &str, version: &str) -> Verdict {
        let latest = || self.0.get(subject)?.get(scope)?.get(version);
        latest().map_or(Verdict::Missing, |latest| latest.0)
    }

    /// All of it: subject, UUID of the scope, version and verdict.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &str, Verdict)> {
        self.0.iter().flat_map(|(subject, scopes)| {
            scopes.iter().flat_map(move |(scope, versions)| {
                versions.iter().map(move |(version, latest)| {
                    (subject.as_str(), scope.as_str(), version.as_str(), latest.0)
                })
            })
        })
    }
}

impl Resource for Status {
    type Dialect = Monitor;
    const ROUTE: Route = Route::new(SERVICE, "status");
}
impl Singleton for Status {}

/// A verdict: as a number, as a word, or `null` if there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Latest(Verdict);

impl<'de> Deserialize<'de> for Latest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Wire {
            Number(i64),
            Word(String),
        }
        let verdict = match Option::deserialize(deserializer)? {
            None => Some(Verdict::Missing),
            Some(Wire::Number(number)) => Verdict::of_number(number),
            Some(Wire::Word(word)) => match word.to_ascii_uppercase().as_str() {
                "PASS" => Some(Verdict::Pass),
                "ABORT" | "DNF" => Some(Verdict::Abort),
                "FAIL" => Some(Verdict::Fail),
                "MISSING" | "MISS" | "" => Some(Verdict::Missing),
                _ => None,
            },
        };
        verdict.map(Self).ok_or_else(|| D::Error::custom("a verdict is none of 1, 0, -1"))
    }
}
