//! How long results count.

use jiff::{ToSpan, civil::Date};

use crate::{Timestamp, open_enum};

open_enum! {
    /// How long the result of a test case counts: for the rest of the period that it falls into,
    /// and for the whole one after that. All in UTC; weeks begin on Mondays.
    ///
    /// ```
    /// use scs_core::{Timestamp, standards::scope::Lifetime};
    /// let thursday: Timestamp = "2026-08-20T15:00:00Z".parse()?;
    /// assert_eq!(Lifetime::Day.end(thursday).date(), "2026-08-22");
    /// assert_eq!(Lifetime::Week.end(thursday).date(), "2026-08-31");
    /// # Ok::<(), scs_core::Error>(())
    /// ```
    #[derive(Default)]
    pub enum Lifetime {
        /// A day.
        Day = "day",
        /// A week; this holds for what says nothing, or nothing that is known, too.
        #[default]
        Week = "week",
        /// A month.
        Month = "month",
        /// Three months; the first begin with January.
        Quarter = "quarter",
        /// A year.
        Year = "year",
    }
}

impl Lifetime {
    /// The moment from which on a result does not count any more.
    pub fn end(&self, checked_at: Timestamp) -> Timestamp {
        let day = checked_at.day();
        let two = match self {
            Self::Day => 2.days(),
            Self::Month => 2.months(),
            Self::Quarter => 6.months(),
            Self::Year => 2.years(),
            Self::Week | Self::_Other(_) => 2.weeks(),
        };
        Timestamp::midnight(self.first(day).saturating_add(two))
    }

    /// The day on which the period began that this day is in.
    fn first(&self, day: Date) -> Date {
        let since = match self {
            Self::Day => 0,
            Self::Month => day.day() - 1,
            Self::Quarter => return quarter(day),
            Self::Year => return day.first_of_year(),
            Self::Week | Self::_Other(_) => day.weekday().to_monday_zero_offset(),
        };
        day.saturating_sub(since.days())
    }
}

/// The first day of the quarter that a day is in.
fn quarter(day: Date) -> Date {
    day.first_of_month().saturating_sub(((day.month() - 1) % 3).months())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_counts_until_the_next_period_ends() {
        let table = [
            ("day", "2026-08-20T00:00:00Z", "2026-08-22"),
            ("day", "2026-08-20T23:59:59Z", "2026-08-22"),
            ("day", "2024-02-28T12:00:00Z", "2024-03-01"),
            ("day", "2026-12-31T12:00:00Z", "2027-01-02"),
            // Offsets count: it is still the day before in UTC.
            ("day", "2026-08-20T01:30:00+02:00", "2026-08-21"),
            ("week", "2026-08-16T23:59:59Z", "2026-08-24"),
            ("week", "2026-08-17T00:00:00Z", "2026-08-31"),
            ("week", "2026-08-20T15:00:00Z", "2026-08-31"),
            ("week", "2026-08-23T23:59:59Z", "2026-08-31"),
            ("week", "2026-12-31T12:00:00Z", "2027-01-11"),
            ("week", "2024-02-26T00:00:00Z", "2024-03-11"),
            ("fortnight", "2026-08-20T15:00:00Z", "2026-08-31"),
            ("month", "2026-01-31T12:00:00Z", "2026-03-01"),
            ("month", "2024-01-01T00:00:00Z", "2024-03-01"),
            ("month", "2026-11-30T23:59:59Z", "2027-01-01"),
            ("month", "2026-12-01T00:00:00Z", "2027-02-01"),
            ("quarter", "2026-03-31T23:59:59Z", "2026-07-01"),
            ("quarter", "2026-04-01T00:00:00Z", "2026-10-01"),
            ("quarter", "2026-09-30T00:00:00Z", "2027-01-01"),
            ("quarter", "2026-12-31T12:00:00Z", "2027-04-01"),
            ("quarter", "2024-02-29T12:00:00Z", "2024-07-01"),
            ("year", "2024-02-29T12:00:00Z", "2026-01-01"),
            ("year", "2026-12-31T23:59:59Z", "2028-01-01"),
            ("year", "2027-01-01T00:00:00Z", "2029-01-01"),
        ];
        for (lifetime, checked_at, end) in table {
            let ends = Lifetime::from(lifetime).end(checked_at.parse().unwrap());
            assert_eq!(ends.to_string(), format!("{end}T00:00:00Z"), "{lifetime} {checked_at}");
        }
    }
}
