//! Whether an image is replaced as often as it promises.

use std::time::Duration;

use scs_core::{
    Timestamp,
    standards::{Finding, Mode},
};

use super::{ImageMetadata, ProvidedUntil, ReplaceFrequency, subject};
use crate::image::Image;

const HOUR: u64 = 60 * 60;
const DAY: u64 = 24 * HOUR;

/// By how much a replacement may be late by the text.
const GRACE: Duration = Duration::from_secs(3 * DAY);

/// What is wrong with the age of this image, if anything.
///
/// An image that promises no period, or nothing at all (`provided_until=none`), may be of any
/// age. So may one whose promise has ended. An image that promises a period and does not say
/// when it was built cannot be judged.
pub(super) fn look(image: &Image, mode: Mode, now: Timestamp) -> Option<Finding> {
    let metadata = ImageMetadata::of(image);
    let frequency = metadata.replace_frequency()?;
    let (period, until) = (period(frequency)?, metadata.provided_until());
    match (mode, until) {
        (_, Some(ProvidedUntil::None)) | (Mode::Reference, Some(ProvidedUntil::Notice)) => {
            return None;
        }
        // By the text, users who look for the name do not find it.
        (Mode::Spec, _) if image.hidden => return None,
        _ => {}
    }
    let Some(built) = metadata.build_date() else {
        return Some(Finding::undecided(
            subject(image),
            "says no image_build_date that can be read, so its age is unknown; make it \
             `YYYY-MM-DD`",
        ));
    };
    let is_outdated = match mode {
        Mode::Spec => now.date() > due(frequency, built)?.after(GRACE).date(),
        Mode::Reference => now > built.after(period * 11 / 10),
    };
    if !is_outdated {
        return None;
    }
    let promise = metadata.text("replace_frequency").unwrap_or_default();
    let late = format!("is of {} and promises to be replaced {promise}", built.date());
    let finding = match (until, mode) {
        (Some(ProvidedUntil::Day(end)), Mode::Spec) if end.date() < now.date() => return None,
        (Some(ProvidedUntil::Day(end)), Mode::Reference) if end < now => return None,
        (None, Mode::Reference) => Finding::undecided(
            subject(image),
            format!(
                "{late}, and says no provided_until that can be read; replace it, or make \
                 provided_until the `YYYY-MM-DD` that the promise ended"
            ),
        ),
        _ => Finding::violation(
            subject(image),
            format!("{late}; replace it, or make provided_until the day that the promise ended"),
        ),
    };
    Some(finding)
}

/// The period as the official test counts it; `None` if there is none.
fn period(frequency: ReplaceFrequency) -> Option<Duration> {
    let seconds = match frequency {
        ReplaceFrequency::Yearly => 365 * DAY,
        ReplaceFrequency::Quarterly => 92 * DAY,
        ReplaceFrequency::Monthly => 31 * DAY,
        ReplaceFrequency::Weekly => 7 * 25 * HOUR,
        ReplaceFrequency::Daily => 25 * HOUR,
        ReplaceFrequency::CriticalBug | ReplaceFrequency::Never => return None,
    };
    Some(Duration::from_secs(seconds))
}

/// When the next image is due by the calendar; `None` if never.
fn due(frequency: ReplaceFrequency, built: Timestamp) -> Option<Timestamp> {
    let days = |days| built.after(Duration::from_secs(days * DAY));
    Some(match frequency {
        ReplaceFrequency::Yearly => built.after_months(12),
        ReplaceFrequency::Quarterly => built.after_months(3),
        ReplaceFrequency::Monthly => built.after_months(1),
        ReplaceFrequency::Weekly => days(7),
        ReplaceFrequency::Daily => days(1),
        ReplaceFrequency::CriticalBug | ReplaceFrequency::Never => return None,
    })
}
