//! SCS-0114: what volume types promise.
//!
//! The description of a type begins with what it promises: `[scs:encrypted, replicated]`, in
//! alphabetical order, each once. No type has to promise anything.
//!
//! Decisions: blanks around an aspect do not matter, and a type that promises something in a
//! wrong way still promises it.
//!
//! Where [`Mode::Reference`] differs from the text: an empty list (`[scs:]`) passes, and
//! `[SCS:`, a blank before the bracket or a list without its closing bracket is overlooked, where
//! by the text it is a list written wrongly. By the text, nothing is asked of the type
//! `__default__`, and nothing is expected.
//!
//! [Text](https://docs.scs.community/standards/scs-0114-v1-volume-type-standard)

use std::str::FromStr;

use scs_core::{
    Error, ErrorKind,
    standards::{Finding, Mode, Target, TestResult},
};

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

/// Checks the volume types of a cloud.
pub fn check(types: &[VolumeType], mode: Mode) -> Vec<TestResult> {
    let bound = || types.iter().filter(|t| mode == Mode::Reference || t.name != "__default__");
    let findings = bound().filter_map(|volume_type| syntax(volume_type, mode)).collect();
    let promised = |aspect: Aspect| {
        let promises = |t: &VolumeType| Aspects::promised_by(t).contains(aspect);
        let missing = (!bound().any(promises)).then(|| {
            let description = Aspects(vec![aspect]);
            Finding::violation(
                "volume types",
                format!(
                    "none promises to be {}; let the description of one that is begin with \
                     `{description}`",
                    aspect.as_str()
                ),
            )
        });
        missing.into_iter().collect()
    };
    let recommended = |id, aspect| TestResult::new(id, Target::Recommended, mode, promised(aspect));
    vec![
        TestResult::new("scs-0114-syntax-check", Target::Main, mode, findings),
        recommended("scs-0114-encrypted-type", Aspect::Encrypted),
        recommended("scs-0114-replicated-type", Aspect::Replicated),
    ]
}

/// What is wrong with the list of this type, if anything.
fn syntax(volume_type: &VolumeType, mode: Mode) -> Option<Finding> {
    let VolumeType { name, description, .. } = volume_type;
    let subject = format!("volume type `{name}`");
    if let Err(error) = description.parse::<Aspects>() {
        let is_list = matches!(words(description), Ok(Some(words)) if !words.is_empty());
        let message = format!("{error}");
        return Some(match mode {
            Mode::Reference if !is_list => Finding::advice(subject, message),
            _ => Finding::violation(subject, message),
        });
    }
    let start = description.trim_start().get(..5)?;
    if start.eq_ignore_ascii_case("[scs:") && !description.starts_with("[scs:") {
        let message = "begins with a list of aspects in another way than `[scs:`, so nobody finds \
                       it; write `[scs:` in lower case and put nothing before it";
        return Some(match mode {
            Mode::Spec => Finding::violation(subject, message),
            Mode::Reference => Finding::advice(subject, message),
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use scs_core::standards::Verdict::{self, Fail, Pass};

    use super::*;

    fn volume_type(name: &str, description: Option<&str>) -> VolumeType {
        let json = serde_json::json!({"id": name, "name": name, "description": description});
        serde_json::from_value(json).unwrap()
    }

    fn verdicts(types: &[VolumeType], mode: Mode) -> [Verdict; 3] {
        let verdicts: Vec<_> = check(types, mode).iter().map(|result| result.verdict).collect();
        verdicts.try_into().unwrap()
    }

    #[test]
    fn descriptions_are_judged() {
        // Description, by the text, by the test.
        for (description, spec, reference) in [
            ("", Pass, Pass),
            ("fast", Pass, Pass),
            ("[scs:encrypted]", Pass, Pass),
            ("[scs:encrypted] by LUKS", Pass, Pass),
            ("[scs:encrypted, replicated]", Pass, Pass),
            ("[scs:encrypted,replicated]...", Pass, Pass),
            ("[scs:replicated, encrypted]", Fail, Fail),
            ("[scs:encrypted, encrypted]", Fail, Fail),
            ("[scs:encrypted, fast]", Fail, Fail),
            ("[scs:Encrypted]", Fail, Fail),
            ("[scs:encrypted,]", Fail, Fail),
            ("[scs:encrypted, scs:replicated]", Fail, Fail),
            ("[scs:encrypted", Fail, Pass),
            ("[scs:fast and cheap", Fail, Pass),
            ("[scs:]", Fail, Pass),
            ("[SCS:encrypted]", Fail, Pass),
            (" [scs:encrypted]", Fail, Pass),
            ("see [scs:nothing]", Pass, Pass),
            ("[ssd]", Pass, Pass),
            ("[größe", Pass, Pass),
        ] {
            let types = [volume_type("a", Some(description))];
            assert_eq!(verdicts(&types, Mode::Spec)[0], spec, "{description}");
            assert_eq!(verdicts(&types, Mode::Reference)[0], reference, "{description}");
        }
        assert_eq!(verdicts(&[volume_type("a", None)], Mode::Reference)[0], Pass);
    }

    #[test]
    fn promises_are_found() {
        for (description, encrypted, replicated) in [
            ("[scs:encrypted]", Pass, Fail),
            ("[scs:encrypted, replicated]", Pass, Pass),
            ("[scs:replicated, encrypted]", Pass, Pass),
            ("[SCS:encrypted]", Fail, Fail),
            ("encrypted", Fail, Fail),
        ] {
            let types = [volume_type("x", None), volume_type("a", Some(description))];
            for mode in [Mode::Spec, Mode::Reference] {
                assert_eq!(verdicts(&types, mode)[1..], [encrypted, replicated], "{description}");
            }
        }
        assert_eq!(verdicts(&[], Mode::Reference), [Pass, Fail, Fail]);
    }

    #[test]
    fn nothing_is_asked_of_the_default_type() {
        let types = [volume_type("__default__", Some("[scs:fast, encrypted]"))];
        assert_eq!(verdicts(&types, Mode::Spec), [Pass, Fail, Fail]);
        assert_eq!(verdicts(&types, Mode::Reference), [Fail, Pass, Fail]);
    }

    #[test]
    fn findings_say_what_to_write() {
        let findings = |description| {
            let results = check(&[volume_type("luks", Some(description))], Mode::Spec);
            results[0].findings[0].to_string()
        };
        assert_eq!(
            findings("[scs:replicated, encrypted]"),
            "volume type `luks`: the aspects `replicated, encrypted` are not sorted, or one stands \
             twice; write `[scs:encrypted, replicated]`"
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(encrypted: bool, replicated: bool, rest in "[^\\[].{0,20}") {
            let aspects = [(encrypted, Aspect::Encrypted), (replicated, Aspect::Replicated)];
            let aspects: Aspects =
                aspects.into_iter().filter(|(yes, _)| *yes).map(|(_, aspect)| aspect).collect();
            prop_assert_eq!(format!("{aspects}{rest}").parse::<Aspects>().unwrap(), aspects);
        }

        #[test]
        fn no_description_panics(description in "( ?\\[[sScC]{3}:)?.{0,20}") {
            for mode in [Mode::Spec, Mode::Reference] {
                check(&[volume_type("a", Some(&description))], mode);
            }
        }
    }
}
