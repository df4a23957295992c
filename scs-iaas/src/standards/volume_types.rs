//! SCS-0114: what volume types promise.
//!
//! The description of a type begins with what it promises: `[scs:encrypted, replicated]`, in
//! alphabetical order, each once. No type has to promise anything.
//!
//! Decisions: blanks around an aspect do not matter, and a type that promises something in a
//! wrong way still promises it.
//!
//! Where [`Mode::Reference`](scs_core::standards::Mode::Reference) differs from the text: an empty
//! list (`[scs:]`) passes, and `[SCS:`, a blank before the bracket or a list without its closing
//! bracket is overlooked, where by the text it is a list written wrongly. By the text, nothing is
//! asked of the type `__default__`, and nothing is expected.
//!
//! [Text](https://docs.scs.community/standards/scs-0114-v1-volume-type-standard)

#[cfg(feature = "conformance")]
mod check;

use std::str::FromStr;

use scs_core::{Error, ErrorKind};

#[cfg(feature = "conformance")]
pub use self::check::check;
use crate::block_storage::VolumeType;

/// Something that a volume type can promise. In alphabetical order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Aspect {
    /// Volumes are encrypted.
    Encrypted,
    /// Volumes survive the loss of a piece of hardware.
    Replicated,
}

impl Aspect {
    /// The word for it in descriptions.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Replicated => "replicated",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Encrypted, Self::Replicated].into_iter().find(|aspect| aspect.as_str() == word)
    }
}

/// What a volume type promises, as its description tells.
///
/// ```
/// use scs_iaas::standards::volume_types::{Aspect, Aspects};
///
/// let aspects: Aspects = "[scs:encrypted, replicated] for your secrets".parse()?;
/// assert!(aspects.contains(Aspect::Replicated));
/// assert_eq!(aspects.to_string(), "[scs:encrypted, replicated]");
/// assert!("for anything".parse::<Aspects>()?.is_empty());
/// # Ok::<(), scs_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Aspects(Vec<Aspect>);

impl Aspects {
    /// What this type promises; nothing if its description is wrong.
    pub fn of(volume_type: &VolumeType) -> Self {
        volume_type.description.parse().unwrap_or_default()
    }

    /// What this type promises, also in a list that is written wrongly.
    pub(super) fn promised_by(volume_type: &VolumeType) -> Self {
        let words = words(&volume_type.description).ok().flatten().unwrap_or_default();
        words.into_iter().filter_map(Aspect::parse).collect()
    }

    /// Whether this is promised.
    pub fn contains(&self, aspect: Aspect) -> bool {
        self.0.contains(&aspect)
    }

    /// Whether nothing is promised.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is promised, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = Aspect> + '_ {
        self.0.iter().copied()
    }
}

impl Aspects {
    /// Adds one.
    pub(super) fn insert(&mut self, aspect: Aspect) {
        if let Err(place) = self.0.binary_search(&aspect) {
            self.0.insert(place, aspect);
        }
    }
}

impl FromIterator<Aspect> for Aspects {
    fn from_iter<I: IntoIterator<Item = Aspect>>(aspects: I) -> Self {
        let mut these = Self::default();
        aspects.into_iter().for_each(|aspect| these.insert(aspect));
        these
    }
}

/// Writes how a description begins.
impl std::fmt::Display for Aspects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_empty() {
            return Ok(());
        }
        let words: Vec<_> = self.iter().map(Aspect::as_str).collect();
        write!(f, "[scs:{}]", words.join(", "))
    }
}

impl FromStr for Aspects {
    type Err = Error;

    /// Reads a description strictly; one without a list promises nothing.
    fn from_str(description: &str) -> Result<Self, Error> {
        let Some(words) = words(description)? else { return Ok(Self::default()) };
        let aspects: Vec<_> = words.iter().map(|word| known(word)).collect::<Result<_, _>>()?;
        if aspects.is_empty() {
            return Err(wrong("`[scs:]` names no aspect", "name one, or leave the list out"));
        }
        if !aspects.is_sorted_by(|one, next| one < next) {
            let sorted: Self = aspects.into_iter().collect();
            return Err(wrong(
                format!("the aspects `{}` are not sorted, or one stands twice", words.join(", ")),
                format!("write `{sorted}`"),
            ));
        }
        Ok(Self(aspects))
    }
}

/// The words in the list that a description begins with, if it begins with one. An empty list
/// has none.
fn words(description: &str) -> Result<Option<Vec<&str>>, Error> {
    let Some(list) = description.strip_prefix("[scs:") else { return Ok(None) };
    let (list, _) = list
        .split_once(']')
        .ok_or_else(|| wrong("the list of aspects has no end", "close it by `]`"))?;
    if list.trim().is_empty() {
        return Ok(Some(Vec::new()));
    }
    Ok(Some(list.split(',').map(str::trim).collect()))
}

fn known(word: &str) -> Result<Aspect, Error> {
    Aspect::parse(word).ok_or_else(|| {
        wrong(
            format!("the standard knows no aspect `{word}`"),
            "the aspects are `encrypted` and `replicated`; tell others behind the list",
        )
    })
}

fn wrong(message: impl Into<String>, hint: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidInput, message.into()).with_hint(hint.into())
}
