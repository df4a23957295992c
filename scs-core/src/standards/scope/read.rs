//! What the files of scopes may be written like.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Include;
use crate::Timestamp;

/// Reads a list, or the words of a text.
pub(in crate::standards) fn words<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Words {
        List(Vec<String>),
        Text(String),
    }
    Ok(match Option::deserialize(deserializer)? {
        Some(Words::List(list)) => list,
        Some(Words::Text(text)) => text.split_whitespace().map(str::to_owned).collect(),
        None => Vec::new(),
    })
}

/// Writes the day without the time.
pub(in crate::standards) fn as_date<T, S>(time: &T, serializer: S) -> Result<S::Ok, S::Error>
where
    T: Copy + Into<Option<Timestamp>>,
    S: Serializer,
{
    (*time).into().map(Timestamp::date).serialize(serializer)
}

/// A module in a version: its id, or that and more.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Included {
    Module(String),
    With {
        #[serde(rename = "ref")]
        module: String,
        #[serde(default)]
        parameters: BTreeMap<String, serde_json::Value>,
    },
}

impl From<Included> for Include {
    fn from(included: Included) -> Self {
        match included {
            Included::Module(module) => Self { module, ..Self::default() },
            Included::With { module, parameters } => Self { module, parameters },
        }
    }
}

impl From<Include> for Included {
    fn from(include: Include) -> Self {
        match include {
            Include { module, parameters } if parameters.is_empty() => Self::Module(module),
            Include { module, parameters } => Self::With { module, parameters },
        }
    }
}
