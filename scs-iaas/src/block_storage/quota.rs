use scs_core::{Deletable, Readable, Resource, Route, Singleton, Updatable, answer, request};
use serde::Deserialize;

use super::route;
use crate::Session;

answer! {
    /// How much a project may have; -1 stands for as much as it likes. There are quotas for each
    /// type of volumes too, `volumes_TYPE` and the like: [`Full`](scs_core::Full) shows them. The id
    /// of a quota is that of its project.
    #[derive(PartialEq, Eq)]
    pub struct QuotaSet(
        /// Volumes.
        volumes: i64,
        /// Snapshots.
        snapshots: i64,
        /// GiB in all volumes and snapshots.
        gigabytes: i64,
        /// GiB in one volume.
        per_volume_gigabytes: i64,
        /// Backups.
        backups: i64,
        /// GiB in all backups.
        backup_gigabytes: i64,
        /// Groups of volumes.
        groups: i64,
    ) {}
}

request! {
    /// What may change about a [`QuotaSet`]; for administrators. Quotas for a type of volumes
    /// are set by [`with`](Self::with).
    pub struct QuotaSetPatch {
        /// Volumes.
        volumes: i64,
        /// Snapshots.
        snapshots: i64,
        /// GiB in all volumes and snapshots.
        gigabytes: i64,
        /// GiB in one volume.
        per_volume_gigabytes: i64,
        /// Backups.
        backups: i64,
        /// GiB in all backups.
        backup_gigabytes: i64,
        /// Groups of volumes.
        groups: i64,
    }
}

impl Resource for QuotaSet {
    type Dialect = Session;
    const ROUTE: Route = route("os-quota-sets").keys("quota_set", "");
}

impl Readable for QuotaSet {}

impl Updatable for QuotaSet {
    type Patch = QuotaSetPatch;
}

/// Gives a project what the cloud gives everybody; for administrators.
impl Deletable for QuotaSet {}

answer! {
    /// How much a project may have, and how much it has.
    #[derive(PartialEq, Eq)]
    pub struct QuotaUsage(
        /// Volumes.
        volumes: Usage,
        /// Snapshots.
        snapshots: Usage,
        /// GiB in all volumes and snapshots.
        gigabytes: Usage,
        /// Backups.
        backups: Usage,
        /// GiB in all backups.
        backup_gigabytes: Usage,
        /// Groups of volumes.
        groups: Usage,
    ) {}
}

answer! {
    /// How much of something a project may have, and how much it has.
    #[derive(Copy, PartialEq, Eq)]
    pub struct Usage(
        /// As much as this; -1 for as much as it likes.
        limit: i64,
        /// What it has.
        in_use: i64,
        /// What is being made.
        reserved: i64,
    ) {}
}

impl Resource for QuotaUsage {
    type Dialect = Session;
    const ROUTE: Route = route("os-quota-sets/{}?usage=true").keys("quota_set", "");
}

impl Singleton for QuotaUsage {}

/// What the cloud gives everybody; read as a [`QuotaSet`].
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct QuotaDefaults {}

impl Resource for QuotaDefaults {
    type Dialect = Session;
    const ROUTE: Route = route("os-quota-sets/{}/defaults").keys("quota_set", "");
}

impl Singleton for QuotaDefaults {}
