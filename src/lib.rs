//! placeholder
pub use scs_core as core;
#[cfg(feature = "iaas")]
pub use scs_iaas as iaas;
