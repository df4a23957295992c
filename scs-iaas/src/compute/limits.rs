use scs_core::{Resource, Route, Singleton, answer};

use super::{NEWEST, OLDEST};
use crate::Session;

answer! {
    /// How much the project of the login may have and has.
    #[derive(PartialEq, Eq)]
    pub struct Limits(
        /// Quotas, and how much of them is taken.
        absolute: AbsoluteLimits,
    ) {}
}

answer! {
    /// Quotas, each with -1 for any number, and how much of them is taken.
    #[derive(PartialEq, Eq)]
    pub struct AbsoluteLimits(
        /// How many servers there may be.
        max_instances: i64 as "maxTotalInstances",
        /// How many servers there are.
        instances: u64 as "totalInstancesUsed",
        /// How many virtual CPUs all servers may have.
        max_cores: i64 as "maxTotalCores",
        /// How many virtual CPUs all servers have.
        cores: u64 as "totalCoresUsed",
        /// How much memory all servers may have, in MiB.
        max_ram: i64 as "maxTotalRAMSize",
        /// How much memory all servers have, in MiB.
        ram: u64 as "totalRAMUsed",
        /// How many server groups there may be.
        max_server_groups: i64 as "maxServerGroups",
        /// How many server groups there are.
        server_groups: u64 as "totalServerGroupsUsed",
        /// How many servers each group may have.
        max_server_group_members: i64 as "maxServerGroupMembers",
        /// How many keypairs each user may have.
        max_keypairs: i64 as "maxTotalKeypairs",
        /// How many key-value pairs each server may have.
        max_metadata_items: i64 as "maxServerMeta",
    ) {}
}

impl Resource for Limits {
    type Dialect = Session;
    const ROUTE: Route =
        Route::new("compute", "limits").keys("limits", "").versions(OLDEST, NEWEST);
}

impl Singleton for Limits {}
