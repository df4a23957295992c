//! The standards of SCS for infrastructure: what a cloud promises by them, and whether it keeps
//! its word.
//!
//! What flavors, images, types of volumes and networks promise is there to be used: [`need`]
//! chooses by it.
//!
//! | module | standard |
//! |---|---|
//! | [`flavor_name`] | SCS-0100: what the names of flavors promise |
//! | [`image_metadata`] | SCS-0102: what is said of images |
//! | [`extra_specs`] | SCS-0103: how flavors say what they are |
//! | [`volume_types`] | SCS-0114: what volume types promise |
//!
//! The feature `conformance` adds what is of use only to whoever examines a cloud: whether these
//! promises are kept (`check` in the modules above, `findings` in [`extra_specs`]), and the others:
//!
//! | module | standard |
//! |---|---|
//! | `entropy` | SCS-0101: random numbers inside of servers |
//! | `standard_flavors` | SCS-0103: flavors that every cloud has |
//! | `standard_images` | SCS-0104: images that every cloud has, and where images come from |
//! | `security_groups` | SCS-0115: the rules of new security groups |
//! | `key_manager` | SCS-0116: keeping secrets |
//! | `backup` | SCS-0117: backups of volumes |
//! | `availability_zones` | SCS-0121: availability zones |
//! | `services` | SCS-0123: services that every cloud has |
//! | `secure_connections` | SCS-0125: encryption of connections |
//! | `provider_networks` | SCS-0126: ways to the outside |
//! | `domain_manager` | SCS-0302: administration of a domain by its owner |
//!
//! Checks are pure functions over what the services answer. They take the models of this crate, so
//! they check a live cloud, a recording and a plan alike, and answer with one `TestResult` for each
//! test case of the official tests, under the same id.
//!
//! ```
//! # #[cfg(feature = "conformance")] {
//! use scs_core::standards::{Mode, Verdict};
//! use scs_iaas::{block_storage::VolumeType, standards::volume_types};
//!
//! let types: Vec<VolumeType> = serde_json::from_str(
//!     r#"[{"id": "d633", "name": "luks", "description": "[scs:encrypted] LUKS on Ceph"}]"#,
//! )?;
//! for result in volume_types::check(&types, Mode::Spec) {
//!     println!("{} {}", result.verdict, result.testcase);
//! }
//! # }
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! Three more modules come with it: `probe` finds out what takes more than reading, and removes
//! what it makes; `conformance` runs all of this against a living cloud; `modules` tells how much
//! of SCS a cloud is.
//!
//! Where the text of a standard and its official test disagree, [`Mode`] chooses: `Spec` is what
//! the text says, `Reference` what the official test does. Each module says where they differ.
//! The rules were written from the texts of the standards as of 2026-08-21, commit 077174d9 of
//! `SovereignCloudStack/standards`.
//!
//! [`Mode`]: scs_core::standards::Mode

#[cfg(feature = "conformance")]
pub mod availability_zones;
#[cfg(feature = "conformance")]
pub mod backup;
#[cfg(feature = "conformance")]
pub mod conformance;
#[cfg(feature = "conformance")]
pub mod domain_manager;
#[cfg(feature = "conformance")]
pub mod entropy;
pub mod extra_specs;
pub mod flavor_name;
pub mod image_metadata;
#[cfg(feature = "conformance")]
pub mod key_manager;
#[cfg(feature = "conformance")]
pub mod modules;
pub mod need;
#[cfg(feature = "conformance")]
pub mod probe;
#[cfg(feature = "conformance")]
pub mod provider_networks;
#[cfg(feature = "conformance")]
pub mod secure_connections;
#[cfg(feature = "conformance")]
pub mod security_groups;
#[cfg(feature = "conformance")]
pub mod services;
#[cfg(feature = "conformance")]
pub mod standard_flavors;
#[cfg(feature = "conformance")]
pub mod standard_images;
pub mod volume_types;
