//! Secrets that others keep (Barbican).
//!
//! ```no_run
//! use scs_iaas::{OpenStack, key_manager::NewSecret};
//!
//! # async fn f(cloud: OpenStack) -> scs_core::Result<()> {
//! let secret = cloud.secrets().create(NewSecret::text("swordfish").name("database")).await?;
//! let payload = cloud.secret_payload(&secret.id).await?;
//! assert_eq!(payload.text(), Some("swordfish"));
//! # Ok(()) }
//! ```
//!
//! Follows <https://docs.openstack.org/barbican/latest/api/>.

mod secret;
#[cfg(test)]
mod tests;

use http::HeaderValue;
use scs_core::{Api, Id, Result};

pub use self::secret::*;
use crate::OpenStack;

impl OpenStack {
    /// The secrets.
    pub fn secrets(&self) -> Api<Secret> {
        self.api()
    }

    /// What a secret hides.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](scs_core::ErrorKind) if there is no such secret or it was made
    /// without a payload, `Forbidden` if this login may not read it.
    pub async fn secret_payload(&self, id: &Id<Secret>) -> Result<SecretPayload> {
        // In this form Barbican gives all payloads, also those that are texts.
        const BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");
        let payload = self.secrets().content(id, "payload", BYTES).await?;
        Ok(SecretPayload::new(payload.into()))
    }
}
