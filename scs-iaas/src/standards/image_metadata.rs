//! SCS-0102: what is said of images.
//!
//! Checked are the images that everybody sees: `public` ones, and `community` ones, which the
//! official test counts too. A property that is empty is as good as none, and so is a `min_disk`
//! or `min_ram` of 0, which is what Glance says when nobody has set it.
//!
//! Where [`Mode::Reference`](scs_core::standards::Mode::Reference) differs from the text:
//! - `uuid_validity` and `hw_disk_bus` may be missing, `hotfix_hours` should not, and any
//!   `provided_until` will do;
//! - `hypervisor_type` is of another list, see `Property`;
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

#[cfg(feature = "conformance")]
mod check;
#[cfg(feature = "conformance")]
mod property;
#[cfg(feature = "conformance")]
mod recency;
#[cfg(test)]
#[cfg(feature = "conformance")]
mod tests;
mod value;

#[cfg(feature = "conformance")]
pub(super) use self::check::{seen_by_all, subject};
pub use self::value::{ImageMetadata, ProvidedUntil, Purpose, ReplaceFrequency, UuidValidity};
#[cfg(feature = "conformance")]
pub use self::{
    check::{Edition, check},
    property::Property,
};
