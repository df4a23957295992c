//! What the members of reports are written like.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serializer, de::Error};

use crate::{standards::Verdict, value::nullable};

/// Writes verdicts as numbers; what is missing is left out.
pub(super) fn as_numbers<S: Serializer>(
    results: &BTreeMap<String, Verdict>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let number = |(testcase, verdict): (_, &Verdict)| Some((testcase, verdict.number()?));
    serializer.collect_map(results.iter().filter_map(number))
}

/// Reads verdicts that are written as numbers; `null` is no result.
pub(super) fn numbers<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Verdict>, D::Error> {
    let numbers: BTreeMap<String, Option<i64>> = nullable(deserializer)?;
    let results = numbers.into_iter().filter_map(|(testcase, number)| Some((testcase, number?)));
    let verdict = |(testcase, number)| match Verdict::of_number(number) {
        Some(verdict) => Ok((testcase, verdict)),
        None => {
            let words = format!("the result {number} of {testcase} is none of 1, 0, -1");
            Err(D::Error::custom(words))
        }
    };
    results.map(verdict).collect()
}

/// Lines, as a list or as a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Lines {
    List(Vec<String>),
    Text(String),
}

/// Reads lines that are written as a list or as a text.
pub(super) fn lines<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match Option::deserialize(deserializer)? {
        Some(Lines::List(lines)) => lines,
        Some(Lines::Text(text)) => text.lines().map(str::to_owned).collect(),
        None => Vec::new(),
    })
}

/// Reads a count, or counts lines.
pub(super) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Count {
        Number(u64),
        Lines(Vec<String>),
    }
    Ok(match Option::deserialize(deserializer)? {
        Some(Count::Number(number)) => number,
        Some(Count::Lines(lines)) => lines.len() as u64,
        None => 0,
    })
}
