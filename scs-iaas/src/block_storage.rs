//! Volumes, their snapshots and backups (Cinder).
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

mod availability_zone;
mod backup;
mod limits;
mod metadata;
mod quota;
mod snapshot;
#[cfg(test)]
mod tests;
mod volume;
mod volume_action;
mod volume_type;
mod volume_type_encryption;

use scs_core::{Api, ApiVersion, Id, Route};

pub use self::{
    availability_zone::*, backup::*, limits::*, metadata::*, quota::*, snapshot::*, volume::*,
    volume_action::*, volume_type::*, volume_type_encryption::*,
};
use crate::{OpenStack, identity::Project};

/// A route of Cinder, with the versions that the types of this module are written for.
const fn route(path: &'static str) -> Route {
    Route::new("block-storage", path).versions(ApiVersion::new(3, 0), ApiVersion::new(3, 71))
}

impl OpenStack {
    /// The volumes.
    pub fn volumes(&self) -> Api<Volume> {
        self.api()
    }

    /// The snapshots of volumes.
    pub fn volume_snapshots(&self) -> Api<Snapshot> {
        self.api()
    }

    /// The backups of volumes.
    pub fn volume_backups(&self) -> Api<Backup> {
        self.api()
    }

    /// The types of volumes.
    pub fn volume_types(&self) -> Api<VolumeType> {
        self.api()
    }

    /// The projects that may use a type of volumes that is not public; for administrators.
    pub fn volume_type_access(&self, id: &Id<VolumeType>) -> Api<VolumeTypeAccess> {
        self.api_in([id.as_str()])
    }

    /// How the volumes of a type are encrypted; for administrators.
    pub fn volume_type_encryption(&self, id: &Id<VolumeType>) -> Api<VolumeTypeEncryption> {
        self.api_in([id.as_str()])
    }

    /// How many volumes and the like projects may have.
    pub fn volume_quotas(&self) -> Api<QuotaSet> {
        self.api()
    }

    /// How many volumes and the like a project may have, and has.
    pub fn volume_quota_usage(&self, project: &Id<Project>) -> Api<QuotaUsage> {
        self.api_in([project.as_str()])
    }

    /// How many volumes and the like a project may have as long as nobody has said otherwise.
    pub fn volume_quota_defaults(&self, project: &Id<Project>) -> Api<QuotaDefaults, QuotaSet> {
        self.api_in::<QuotaDefaults>([project.as_str()]).view()
    }

    /// How many volumes and the like the project of the login may have, and has.
    pub fn volume_limits(&self) -> Api<Limits> {
        self.api()
    }

    /// The zones that volumes can lie in.
    pub fn volume_availability_zones(&self) -> Api<AvailabilityZone> {
        self.api()
    }
}
