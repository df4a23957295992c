#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod cloud;
#[cfg(all(feature = "config", feature = "iaas", feature = "kaas", feature = "iam"))]
mod config;
#[cfg(all(feature = "config", feature = "conformance"))]
pub mod conformance;
#[cfg(all(feature = "config", feature = "iaas", feature = "iam"))]
mod connect;
pub mod prelude;
#[cfg(all(feature = "conformance", feature = "iaas", feature = "kaas"))]
mod survey;
#[cfg(feature = "testing")]
pub mod testing;

pub use self::cloud::{Cloud, CloudBuilder};
#[cfg(all(feature = "config", feature = "iaas", feature = "kaas", feature = "iam"))]
pub use self::config::CloudConfig;
#[cfg(all(feature = "config", feature = "iaas", feature = "iam"))]
pub use self::connect::{connect, connect_with_prompt};
#[cfg(all(feature = "conformance", feature = "iaas", feature = "kaas"))]
pub use self::survey::Survey;
pub use scs_core as core;
pub use scs_core::model;
#[cfg(feature = "iaas")]
pub use scs_iaas as iaas;
#[cfg(feature = "iam")]
pub use scs_iam as iam;
#[cfg(feature = "kaas")]
pub use scs_kaas as kaas;
