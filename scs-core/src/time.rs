//! Points in time, as the services write them.

use std::{borrow::Cow, fmt, str::FromStr, time::SystemTime};

use jiff::{
    ToSpan,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Error, Result};

/// A point in time.
///
/// Reads every form that OpenStack, Keycloak and Kubernetes write: with and without zone
/// (none means UTC), with and without fraction, with `T` or a space. Writes RFC 3339 in UTC.
/// The last day of the calendar, 9999-12-31, by which they mean "never", is the last moment there
/// is: `9999-12-30T22:00:00.999999999Z`.
///
/// ```
/// use scs_core::Timestamp;
/// let with_zone: Timestamp = "2026-08-22T10:00:00Z".parse()?;
/// assert_eq!("2026-08-22 10:00:00.000000".parse::<Timestamp>()?, with_zone);
/// # Ok::<(), scs_core::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// The present moment.
    pub fn now() -> Self {
        Self(jiff::Timestamp::now())
    }

    /// Seconds since 1970-01-01T00:00:00Z; negative before.
    pub fn as_second(self) -> i64 {
        self.0.as_second()
    }

    /// How long it is from now until then; zero if that has passed.
    pub fn remaining(self) -> std::time::Duration {
        self.since(Self::now())
    }

    /// How long it is from an earlier moment until this one; zero if it is not earlier.
    pub fn since(self, earlier: Self) -> std::time::Duration {
        let passed = self.0.duration_since(earlier.0);
        std::time::Duration::try_from(passed).unwrap_or_default()
    }

    /// The day it falls on, in UTC: `2026-08-22`.
    pub fn date(self) -> String {
        self.day().to_string()
    }

    /// The same, to calculate with.
    pub(crate) fn day(self) -> Date {
        self.0.to_zoned(TimeZone::UTC).date()
    }

    /// When a day begins, in UTC; the last moment there is, if it never does.
    #[cfg(feature = "conformance")]
    pub(crate) fn midnight(day: Date) -> Self {
        let midnight = day.to_zoned(TimeZone::UTC);
        Self(midnight.map_or(jiff::Timestamp::MAX, |midnight| midnight.timestamp()))
    }

    /// The same time of day so many months later, or on the last day of a month that has no such
    /// day; the last moment there is, if that is beyond it.
    #[must_use]
    pub fn after_months(self, months: i32) -> Self {
        let later = self.0.to_zoned(TimeZone::UTC).checked_add(months.months());
        Self(later.map_or(jiff::Timestamp::MAX, |later| later.timestamp()))
    }

    /// This moment plus a duration; the last moment there is, if that is beyond it.
    #[must_use]
    pub fn after(self, duration: std::time::Duration) -> Self {
        Self(self.0.checked_add(duration).unwrap_or(jiff::Timestamp::MAX))
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if let Ok(time) = text.parse() {
            return Ok(Self(time));
        }
        let invalid = |_| Error::invalid(format!("`{text}` is not a date and time"));
        let written = text.strip_suffix('Z').unwrap_or(text);
        let time: DateTime = written.parse().map_err(invalid)?;
        match time.to_zoned(TimeZone::UTC) {
            Ok(zoned) => Ok(Self(zoned.timestamp())),
            Err(_) if time.year() == DateTime::MAX.year() => Ok(Self(jiff::Timestamp::MAX)),
            Err(error) => Err(invalid(error)),
        }
    }
}

impl From<Timestamp> for SystemTime {
    fn from(time: Timestamp) -> Self {
        time.0.into()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <Cow<'de, str>>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_services_write() {
        for text in [
            "2026-08-22T10:00:00Z",
            "2026-08-22T10:00:00",
            "2026-08-22T10:00:00.000000",
            "2026-08-22T10:00:00.000000Z",
            "2026-08-22T10:00:00-00:00",
            "2026-08-22T12:00:00+02:00",
            "2026-08-22 10:00:00",
        ] {
            let time: Timestamp = text.parse().unwrap();
            assert_eq!(time.to_string(), "2026-08-22T10:00:00Z", "{text}");
        }
        let day: Timestamp = "2026-08-22".parse().unwrap();
        assert_eq!(day.to_string(), "2026-08-22T00:00:00Z");
        for text in ["", "Z", "soon", "2026-13-01T00:00:00Z", "9999-12-32", "-009999-01-01"] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
        let never = Timestamp(jiff::Timestamp::MAX);
        for text in ["9999-12-31", "9999-12-31T23:59:59.000000", "9999-12-31T23:59:59Z"] {
            assert_eq!(text.parse::<Timestamp>().unwrap(), never, "{text}");
        }
    }

    #[test]
    fn months_are_those_of_the_calendar() {
        let later =
            |day: &str, months| day.parse::<Timestamp>().unwrap().after_months(months).date();
        assert_eq!(later("2021-04-14", 1), "2021-05-14");
        assert_eq!(later("2026-01-31", 1), "2026-02-28");
        assert_eq!(later("2026-11-30", 3), "2027-02-28");
        assert_eq!(later("2024-02-29", 12), "2025-02-28");
    }
}
