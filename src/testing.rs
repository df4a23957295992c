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

pub use scs_core::testing::*;
#[cfg(feature = "iam")]
pub use scs_iam::testing::FakeKeycloak;
#[cfg(feature = "iaas")]
pub use {self::cloud::FakeCloud, scs_iaas::testing::FakeOpenStack};

#[cfg(feature = "iaas")]
mod cloud {
    use scs_core::Result;
    use scs_iaas::{OpenStack, testing::FakeOpenStack};

    /// All layers of a cloud, each a fake. It stops when it is dropped.
    #[derive(Debug)]
    pub struct FakeCloud {
        openstack: FakeOpenStack,
    }

    impl FakeCloud {
        /// Starts a cloud.
        pub async fn start() -> Self {
            Self { openstack: FakeOpenStack::start().await }
        }

        /// Its OpenStack: what went wrong, what was asked, how long things take.
        pub fn openstack(&self) -> &FakeOpenStack {
            &self.openstack
        }

        /// The cloud, logged in to as an ordinary user of a project.
        ///
        /// # Errors
        /// If the login fails, as a [`Fault`](super::Fault) may cause.
        pub async fn connect(&self) -> Result<OpenStack> {
            self.openstack.connect().await
        }
    }
}
