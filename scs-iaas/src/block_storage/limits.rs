use scs_core::{Resource, Route, Singleton, answer};
use serde::Deserialize;

use super::route;
use crate::Session;

answer! {
    /// What the project of the login may have, and has.
    #[derive(PartialEq, Eq)]
    pub struct Limits(
        /// The limits.
        absolute: AbsoluteLimits,
    ) {}
}

/// The limits of a project; -1 stands for none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AbsoluteLimits {
    /// How many volumes it may have.
    pub max_total_volumes: i64,
    /// How many it has; `None` where the policy does not show it.
    #[serde(default)]
    pub total_volumes_used: Option<i64>,
    /// How many GiB may be in all its volumes and snapshots.
    pub max_total_volume_gigabytes: i64,
    /// How many there are.
    #[serde(default)]
    pub total_gigabytes_used: Option<i64>,
    /// How many snapshots it may have.
    pub max_total_snapshots: i64,
    /// How many it has.
    #[serde(default)]
    pub total_snapshots_used: Option<i64>,
    /// How many backups it may have.
    pub max_total_backups: i64,
    /// How many it has.
    #[serde(default)]
    pub total_backups_used: Option<i64>,
    /// How many GiB may be in all its backups.
    pub max_total_backup_gigabytes: i64,
    /// How many there are.
    #[serde(default)]
    pub total_backup_gigabytes_used: Option<i64>,
}

impl Resource for Limits {
    type Dialect = Session;
    const ROUTE: Route = route("limits").keys("limits", "");
}

impl Singleton for Limits {}
