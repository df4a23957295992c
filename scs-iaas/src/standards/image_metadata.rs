//! SCS-0102: what is said of images.
//!
//! Checked are the images that everybody sees: `public` ones, and `community` ones, which the
//! official test counts too. A property that is empty is as good as none, and so is a `min_disk`
//! or `min_ram` of 0, which is what Glance says when nobody has set it.
//!
//! Where [`Mode::Reference`] differs from the text:
//! - `uuid_validity` and `hw_disk_bus` may be missing, `hotfix_hours` should not, and any
//!   `provided_until` will do;
//! - `hypervisor_type` is of another list, see [`Property`];
//! - an image is outdated after 1.1 times its period, a period being 25 hours, 7 times 25 hours,
//!   31, 92 or 365 days; by the text it is after that period of the calendar and 3 days more;
//! - `provided_until=notice` frees an image from being renewed, and the end of the promise frees
//!   it only if there is one that can be read;
//! - hidden images have to be renewed, too, and v1 knows `os_purpose=oldgeneric`;
//! - among generic images, `community` ones count like `public` ones.
//!
//! Decisions:
//! - a recommended property that is missing fails its test case, which is recommended as well;
//! - processors, disk buses and hypervisors are those that Glance and Nova know; an `os_distro`
//!   that libosinfo does not know passes, since its list grows;
//! - an image without a frequency that can be read promises none and is never outdated; one with
//!   a frequency and no build date that can be read is undecided.
//!
//! [Text of v1](https://docs.scs.community/standards/scs-0102-v1-image-metadata),
//! [of v2](https://docs.scs.community/standards/scs-0102-v2-image-metadata)

mod property;
mod recency;
mod value;

use std::collections::HashMap;

use scs_core::{
    Timestamp,
    standards::{Finding, Mode, Target, TestResult},
};

pub use self::{
    property::Property,
    value::{ImageMetadata, ProvidedUntil, Purpose, ReplaceFrequency, UuidValidity},
};
use crate::image::{Image, Visibility};

/// The editions of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Edition {
    /// Of the scopes up to v5.1.
    V1,
    /// Of the next scope: `os_purpose` is mandatory, and generic images are unique.
    V2,
}

/// Checks the images that everybody sees, as of a moment.
pub fn check(images: &[Image], edition: Edition, mode: Mode, now: Timestamp) -> Vec<TestResult> {
    let images: Vec<_> = seen_by_all(images).collect();
    let mut results: Vec<_> = Property::ALL
        .iter()
        .map(|property| {
            let findings = images.iter().filter_map(|image| property.look(image, edition, mode));
            TestResult::new(property.testcase, property.target(edition), mode, findings.collect())
        })
        .collect();
    let findings = images.iter().filter_map(|image| recency::look(image, mode, now)).collect();
    results.push(TestResult::new("scs-0102-image-recency", Target::Main, mode, findings));
    if edition == Edition::V2 {
        let findings = twice_generic(&images, mode);
        results.push(TestResult::new(
            "scs-0102-os_purpose-uniqueness",
            Target::Main,
            mode,
            findings,
        ));
    }
    results
}

/// The images that the standards on images are about.
pub(super) fn seen_by_all(images: &[Image]) -> impl Iterator<Item = &Image> {
    images.iter().filter(|i| matches!(i.visibility, Visibility::Public | Visibility::Community))
}

/// How findings call an image.
pub(super) fn subject(image: &Image) -> String {
    let name = if image.name.is_empty() { image.id.as_str() } else { &image.name };
    format!("image `{name}`")
}

/// Of images that are not hidden, those that cannot be told apart by distribution, version and
/// architecture, although each is the generic one.
fn twice_generic(images: &[&Image], mode: Mode) -> Vec<Finding> {
    let mut first = HashMap::new();
    let generic = images.iter().filter(|image| {
        let is_public = mode == Mode::Reference || image.visibility == Visibility::Public;
        let purpose = ImageMetadata::of(image).purpose();
        is_public && !image.hidden && purpose == Some(Purpose::Generic)
    });
    generic
        .filter_map(|image| {
            let key = (image.os_distro(), image.os_version(), image.architecture());
            let other = *first.entry(key).or_insert(image);
            (!std::ptr::eq(other, image)).then(|| {
                Finding::violation(
                    subject(image),
                    format!(
                        "is the generic one of the same distribution, version and architecture as \
                         {}; hide the older one (os_hidden=true) or change its os_purpose",
                        subject(other)
                    ),
                )
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
