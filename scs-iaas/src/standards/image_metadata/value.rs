//! The values of the properties, typed.

use scs_core::Timestamp;

use crate::image::Image;

/// What is said of an image by SCS-0102, typed. `None` means that it is not said, or not in a
/// way that the standard knows; `check` (feature `conformance`) tells which.
#[derive(Debug, Clone, Copy)]
pub struct ImageMetadata<'a>(&'a Image);

impl<'a> ImageMetadata<'a> {
    /// What is said of this image.
    pub fn of(image: &'a Image) -> Self {
        Self(image)
    }

    /// A property as it is written, if it is there and not empty or blank.
    pub fn text(self, property: &str) -> Option<&'a str> {
        let text = match property {
            "os_hash_algo" => self.0.hash_algorithm.as_deref(),
            "os_hash_value" => self.0.hash.as_deref(),
            _ => self.0.properties.get(property).map(String::as_str),
        };
        text.filter(|text| !text.trim().is_empty())
    }

    /// Until which moment all patches are in it.
    pub fn build_date(self) -> Option<Timestamp> {
        build_date(self.text("image_build_date")?)
    }

    /// How often it is replaced, at least.
    pub fn replace_frequency(self) -> Option<ReplaceFrequency> {
        ReplaceFrequency::parse(self.text("replace_frequency")?)
    }

    /// How long there will be an image of this name.
    pub fn provided_until(self) -> Option<ProvidedUntil> {
        ProvidedUntil::parse(self.text("provided_until")?)
    }

    /// How long it will be there under its id.
    pub fn uuid_validity(self) -> Option<UuidValidity> {
        UuidValidity::parse(self.text("uuid_validity")?)
    }

    /// What it is meant for.
    pub fn purpose(self) -> Option<Purpose> {
        Purpose::parse(self.text("os_purpose")?)
    }

    /// In how many hours a new image follows when a critical hole is closed; 0 for no promise.
    pub fn hotfix_hours(self) -> Option<u32> {
        self.text("hotfix_hours")?.parse().ok()
    }
}

/// How often an image is replaced, at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReplaceFrequency {
    /// Each year.
    Yearly,
    /// Each quarter.
    Quarterly,
    /// Each month.
    Monthly,
    /// Each week.
    Weekly,
    /// Each day.
    Daily,
    /// For critical issues only.
    CriticalBug,
    /// Not at all.
    Never,
}

impl ReplaceFrequency {
    /// Reads the value of the property.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "yearly" => Self::Yearly,
            "quarterly" => Self::Quarterly,
            "monthly" => Self::Monthly,
            "weekly" => Self::Weekly,
            "daily" => Self::Daily,
            "critical_bug" => Self::CriticalBug,
            "never" => Self::Never,
            _ => return None,
        })
    }
}

/// How long there will be an image of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProvidedUntil {
    /// Nothing is promised.
    None,
    /// Until it is said that it ends.
    Notice,
    /// Until the end of the day that begins then, in UTC.
    Day(Timestamp),
}

impl ProvidedUntil {
    /// Reads the value of the property.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "none" => Some(Self::None),
            "notice" => Some(Self::Notice),
            _ => day(text).map(Self::Day),
        }
    }
}

/// How long an image will be there under its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UuidValidity {
    /// As long as its content does not change.
    None,
    /// Until so many newer ones have come.
    Last(u32),
    /// Until the end of the day that begins then, in UTC.
    Day(Timestamp),
    /// Until it is said that it ends.
    Notice,
    /// As long as the cloud lives.
    Forever,
}

impl UuidValidity {
    /// Reads the value of the property.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "none" => Some(Self::None),
            "notice" => Some(Self::Notice),
            "forever" => Some(Self::Forever),
            _ => match text.strip_prefix("last-") {
                Some(count) if count.bytes().all(|b| b.is_ascii_digit()) => {
                    count.parse().ok().map(Self::Last)
                }
                Some(_) => None,
                None => day(text).map(Self::Day),
            },
        }
    }
}

/// What an image is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// Anything: much as its makers made it.
    Generic,
    /// Anything, but older than the generic one (v2).
    OldGeneric,
    /// Anything, with little in it.
    Minimal,
    /// Nodes of Kubernetes.
    KubernetesNode,
    /// Servers with graphics processors.
    Gpu,
    /// Firewalls, routers, load balancers.
    Network,
    /// None of these.
    Custom,
}

impl Purpose {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Generic,
        Self::OldGeneric,
        Self::Minimal,
        Self::KubernetesNode,
        Self::Gpu,
        Self::Network,
        Self::Custom,
    ];

    /// The value of the property.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Generic => "generic",
            Self::OldGeneric => "oldgeneric",
            Self::Minimal => "minimal",
            Self::KubernetesNode => "k8snode",
            Self::Gpu => "gpu",
            Self::Network => "network",
            Self::Custom => "custom",
        }
    }

    /// Reads the value of the property.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|purpose| purpose.as_str() == text)
    }
}

/// The moment a day begins that is written as `YYYY-MM-DD`.
pub(super) fn day(text: &str) -> Option<Timestamp> {
    (text.len() == 10 && fits(text, "dddd-dd-dd")).then(|| text.parse().ok())?
}

/// The moment that is written as `YYYY-MM-DD`, `YYYY-MM-DD hh:mm` or `YYYY-MM-DD hh:mm:ss`.
pub(super) fn build_date(text: &str) -> Option<Timestamp> {
    match text.len() {
        16 if fits(text, "dddd-dd-dd dd:dd") => format!("{text}:00").parse().ok(),
        19 if fits(text, "dddd-dd-dd dd:dd:dd") => text.parse().ok(),
        _ => day(text),
    }
}

/// Whether a text is made as the pattern says, where `d` stands for a digit.
fn fits(text: &str, pattern: &str) -> bool {
    let same = |(byte, expected): (u8, u8)| match expected {
        b'd' => byte.is_ascii_digit(),
        _ => byte == expected,
    };
    text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(same)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_are_read_strictly() {
        for text in ["2026-08-22", "2024-02-29"] {
            assert_eq!(day(text).unwrap().date(), text);
        }
        for text in ["2026-8-22", "2025-02-29", "2026-13-01", "22.08.2026", "2026-08-22Z", "", "ü"]
        {
            assert_eq!(day(text), None, "{text}");
        }
        for (text, time) in [
            ("2026-08-22", "2026-08-22T00:00:00Z"),
            ("2026-08-22 10:30", "2026-08-22T10:30:00Z"),
            ("2026-08-22 10:30:05", "2026-08-22T10:30:05Z"),
        ] {
            assert_eq!(build_date(text).unwrap().to_string(), time);
        }
        for text in
            ["2026-08-22T10:30:05", "2026-08-22 10", "2026-08-22 25:00", "2026-08-22 10:30:05Z"]
        {
            assert_eq!(build_date(text), None, "{text}");
        }
    }

    #[test]
    fn validities_are_read() {
        assert_eq!(UuidValidity::parse("last-3"), Some(UuidValidity::Last(3)));
        assert_eq!(UuidValidity::parse("forever"), Some(UuidValidity::Forever));
        assert!(matches!(UuidValidity::parse("2027-01-01"), Some(UuidValidity::Day(_))));
        for text in ["last-", "last-x", "last-+3", "last", "always", "2027-02-30", "None"] {
            assert_eq!(UuidValidity::parse(text), None, "{text}");
        }
        assert_eq!(ProvidedUntil::parse("notice"), Some(ProvidedUntil::Notice));
        assert_eq!(ProvidedUntil::parse("forever"), None);
    }

    proptest! {
        #[test]
        fn every_day_is_read_and_nothing_panics(
            year in 1970..2100_u32, month in 1..=12_u32, dom in 1..=28_u32, text in ".{0,24}"
        ) {
            let written = format!("{year:04}-{month:02}-{dom:02}");
            prop_assert_eq!(day(&written).unwrap().date(), written);
            let _ = (build_date(&text), UuidValidity::parse(&text), ProvidedUntil::parse(&text));
        }
    }
}
