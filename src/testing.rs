//! A cloud for the tests of applications (feature `testing`).
//!
//! [`FakeCloud`] answers on the loopback interface as a real cloud does: log in, create,
//! wait, list page by page, run into quotas. [`Memory`] is a provider without any HTTP, for
//! code that is written against `dyn Provider`. [`conformance`] is what every provider has to
//! pass.
//!
//! ```
//! use scs_cloud::testing::{FakeCloud, Fault};
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! let fake = FakeCloud::start().await;
//! let cloud = fake.connect().await?;
//!
//! let flavor = cloud.flavors().find("SCS-2V-8").await?;
//! assert_eq!(flavor.vcpus, 2);
//!
//! fake.openstack().fail(Fault::status(403).on("GET", "/compute"));
//! assert!(cloud.flavors().get(&flavor.id).await.is_err());
//! # Ok::<(), scs_cloud::core::Error>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(all(feature = "config", feature = "iaas", feature = "kaas", feature = "iam"))]
mod fake_cloud;

#[cfg(all(feature = "config", feature = "iaas", feature = "kaas", feature = "iam"))]
pub use self::fake_cloud::FakeCloud;
pub use scs_core::testing::*;
#[cfg(feature = "iaas")]
pub use scs_iaas::testing::FakeOpenStack;
#[cfg(feature = "iam")]
pub use scs_iam::testing::FakeKeycloak;
#[cfg(feature = "kaas")]
pub use scs_kaas::testing::FakeKubernetes;
