use scs_core::{Resource, Route, Singleton};
use serde::Deserialize;

use super::{NEWEST, OLDEST};
use crate::Session;

/// How much the project of the login may have and has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Limits {
    /// Quotas, and how much of them is taken.
    pub absolute: AbsoluteLimits,
}

/// Quotas, each with -1 for any number, and how much of them is taken.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AbsoluteLimits {
    /// How many servers there may be.
    #[serde(rename = "maxTotalInstances")]
    pub max_instances: i64,
    /// How many servers there are.
    #[serde(rename = "totalInstancesUsed")]
    pub instances: u64,
    /// How many virtual CPUs all servers may have.
    #[serde(rename = "maxTotalCores")]
    pub max_cores: i64,
    /// How many virtual CPUs all servers have.
    #[serde(rename = "totalCoresUsed")]
    pub cores: u64,
    /// How much memory all servers may have, in MiB.
    #[serde(rename = "maxTotalRAMSize")]
    pub max_ram: i64,
    /// How much memory all servers have, in MiB.
    #[serde(rename = "totalRAMUsed")]
    pub ram: u64,
    /// How many server groups there may be.
    #[serde(rename = "maxServerGroups")]
    pub max_server_groups: i64,
    /// How many server groups there are.
    #[serde(rename = "totalServerGroupsUsed")]
    pub server_groups: u64,
    /// How many servers each group may have.
    #[serde(rename = "maxServerGroupMembers")]
    pub max_server_group_members: i64,
    /// How many keypairs each user may have.
    #[serde(rename = "maxTotalKeypairs")]
    pub max_keypairs: i64,
    /// How many key-value pairs each server may have.
    #[serde(rename = "maxServerMeta")]
    pub max_metadata_items: i64,
}

impl Resource for Limits {
    type Dialect = Session;
    const ROUTE: Route =
        Route::new("compute", "limits").keys("limits", "").versions(OLDEST, NEWEST);
}

impl Singleton for Limits {}
