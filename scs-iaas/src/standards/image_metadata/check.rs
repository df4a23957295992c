//! Whether images say what they have to.

use std::collections::HashMap;

use scs_core::{
    Timestamp,
    standards::{Finding, Mode, Target, TestResult},
};

use super::{ImageMetadata, Purpose, property::Property, recency};
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
pub(in crate::standards) fn seen_by_all(images: &[Image]) -> impl Iterator<Item = &Image> {
    images.iter().filter(|i| matches!(i.visibility, Visibility::Public | Visibility::Community))
}

/// How findings call an image.
pub(in crate::standards) fn subject(image: &Image) -> String {
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
