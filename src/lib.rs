//! placeholder
pub use scs_core as core;
#[cfg(feature = "iaas")]
pub use scs_iaas as iaas;
#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;
