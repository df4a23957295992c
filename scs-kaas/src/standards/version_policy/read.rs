//! How [`Upstream`] is read: the lists come from many places, each with names of its own.

use std::collections::BTreeMap;

use scs_core::{Timestamp, value::nullable};
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::Value;

use super::{Hole, Range, Upstream};
use crate::version::Version;

type Object = BTreeMap<String, Value>;

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    releases: Option<Dates>,
    #[serde(default)]
    eol: Option<Dates>,
    #[serde(default, deserialize_with = "nullable")]
    cves: Vec<Object>,
}

/// Versions and what is said of each.
#[derive(Deserialize)]
#[serde(untagged)]
enum Dates {
    List(Vec<Object>),
    Map(Object),
}

impl<'de> Deserialize<'de> for Upstream {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = Document::deserialize(deserializer)?;
        let mut upstream = Self::new();
        if let Some(releases) = document.releases {
            let releases = releases.read(&["date", "published_at", "released", "release_date"]);
            upstream.releases = releases.map_err(D::Error::custom)?;
            let is_final = |version: &Version| version.patch.is_some() && !version.has_suffix();
            upstream.releases.retain(|(version, _)| is_final(version));
        }
        if let Some(ends) = document.eol {
            let ends = ends.read(&["eol", "end_of_life", "end-of-life", "endOfLife", "date"]);
            upstream.ends = ends.map_err(D::Error::custom)?;
        }
        let holes = document.cves.iter().map(hole).collect::<Result<_, _>>();
        upstream.holes = holes.map_err(D::Error::custom)?;
        Ok(upstream)
    }
}

impl Dates {
    /// Reads the versions, and the date under one of these names.
    fn read(self, names: &[&str]) -> Result<Vec<(Version, Timestamp)>, String> {
        match self {
            Self::List(list) => list
                .iter()
                .map(|object| {
                    let names_of_version = &["version", "tag_name", "branch", "cycle", "name"];
                    dated(text(object, names_of_version), text(object, names))
                        .ok_or_else(|| missing(object, names))?
                })
                .collect(),
            Self::Map(map) => map
                .iter()
                .map(|(version, value)| {
                    let date = match value {
                        Value::Object(members) => names.iter().find_map(|n| members.get(*n)),
                        value => Some(value),
                    };
                    dated(Some(version), date.and_then(Value::as_str))
                        .ok_or_else(|| format!("`{value}` is not the date of {version}"))?
                })
                .collect(),
        }
    }
}

/// A version and a date, if both are said.
fn dated(
    version: Option<&str>,
    date: Option<&str>,
) -> Option<Result<(Version, Timestamp), String>> {
    let (text, date) = (version?, date?);
    let read = || Ok((self::version(text)?, date.parse().map_err(|e| format!("{e}"))?));
    Some(read())
}

fn missing(object: &Object, names: &[&str]) -> String {
    let there: Vec<_> = object.keys().map(String::as_str).collect();
    format!("an object with {} lacks `version` or `{}`", there.join(", "), names[0])
}

fn version(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| format!("`{text}` is not a version of Kubernetes"))
}

/// The text under the first of these names that is there.
fn text<'a>(object: &'a Object, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| object.get(*name)?.as_str())
}

fn hole(object: &Object) -> Result<Hole, String> {
    let id = text(object, &["id", "cve", "name"]).unwrap_or("a hole").to_owned();
    let score = ["score", "base_score", "baseScore", "cvss"].iter().find_map(|name| {
        match object.get(*name)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    });
    let score = score.ok_or_else(|| format!("{id} has no `score`"))?;
    let affected = ["affected", "affected_versions", "ranges", "versions"];
    let affected: Vec<Object> = match affected.iter().find_map(|name| object.get(*name)) {
        Some(value) => serde_json::from_value(value.clone()).map_err(|e| format!("{id}: {e}"))?,
        None => vec![object.clone()],
    };
    let affected = affected.iter().map(range).collect::<Result<_, _>>()?;
    Ok(Hole { id, score, affected })
}

fn range(object: &Object) -> Result<Range, String> {
    let bound = |names: &[&str]| match text(object, names) {
        // How CVE records write that there is no bound.
        None | Some("" | "0" | "*" | "n/a" | "unspecified") => Ok(None),
        Some(bound) => version(bound).map(Some),
    };
    let range = Range {
        from: bound(&["from", "introduced", "lower", "version"])?,
        before: bound(&["before", "fixed", "lessThan", "less_than"])?,
        until: bound(&["until", "upper", "lessThanOrEqual", "less_than_or_equal"])?,
    };
    // A single version.
    let is_single = range.before.is_none() && range.until.is_none();
    let until = if is_single { range.from.clone() } else { range.until };
    Ok(Range { until, ..range })
}
