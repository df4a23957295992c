//! Volumes and their snapshots (Cinder).
//!
//! ```no_run
//! use scs_iaas::{OpenStack, block_storage::{Extend, NewVolume}};
//!
//! # async fn f(cloud: OpenStack) -> scs_core::Result<()> {
//! let volume = cloud.volumes().create(NewVolume::new(10).name("data")).ready().await?;
//! cloud.volumes().act(&volume.id, Extend::new(20)).await?;
//! let volume = cloud.volumes().wait(&volume.id).ready().await?;
//! assert_eq!(volume.size, 20);
//! # Ok(()) }
//! ```
//!
//! Follows <https://docs.openstack.org/api-ref/block-storage/v3/>.

mod volume;
mod volume_action;

use scs_core::{Api, ApiVersion, Route};

pub use self::{volume::*, volume_action::*};
use crate::OpenStack;

/// A route of Cinder, with the versions that the types of this module are written for.
const fn route(path: &'static str) -> Route {
    Route::new("block-storage", path).versions(ApiVersion::new(3, 0), ApiVersion::new(3, 71))
}

impl OpenStack {
    /// The volumes.
    pub fn volumes(&self) -> Api<Volume> {
        self.api()
    }
}
