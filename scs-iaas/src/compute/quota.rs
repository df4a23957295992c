use scs_core::{Deletable, Readable, Resource, Route, Singleton, Updatable, answer, request};
use serde::Deserialize;

use super::{NEWEST, OLDEST};
use crate::Session;

answer! {
    /// How much of each kind a project may have; -1 for any number. Its id is that of the project.
    #[derive(PartialEq, Eq)]
    pub struct QuotaSet(
        /// Servers.
        instances: i64,
        /// Virtual CPUs of all servers.
        cores: i64,
        /// Memory of all servers, in MiB.
        ram: i64,
        /// Keypairs of each user.
        key_pairs: i64,
        /// Key-value pairs of each server.
        metadata_items: i64,
        /// Server groups.
        server_groups: i64,
        /// Servers in each server group.
        server_group_members: i64,
    ) {}
}

request! {
    /// What may change about a [`QuotaSet`]: -1 stands for any number. For administrators.
    pub struct QuotaSetPatch {
        /// Servers.
        instances: i64,
        /// Virtual CPUs of all servers.
        cores: i64,
        /// Memory of all servers, in MiB.
        ram: i64,
        /// Keypairs of each user.
        key_pairs: i64,
        /// Key-value pairs of each server.
        metadata_items: i64,
        /// Server groups.
        server_groups: i64,
        /// Servers in each server group.
        server_group_members: i64,
        /// Whether a quota may be set below what is used.
        force: bool,
    }
}

impl Resource for QuotaSet {
    type Dialect = Session;
    const ROUTE: Route =
        Route::new("compute", "os-quota-sets").keys("quota_set", "").versions(OLDEST, NEWEST);
}

impl Readable for QuotaSet {}

impl Updatable for QuotaSet {
    type Patch = QuotaSetPatch;
}

/// Gives a project what the cloud gives everybody; for administrators.
impl Deletable for QuotaSet {}

answer! {
    /// A quota and how much of it is taken.
    #[derive(Copy, PartialEq, Eq)]
    pub struct Usage(
        /// How many there may be; -1 for any number.
        limit: i64,
        /// How many there are.
        used: u64 as "in_use",
    ) {
        /// How many are being made.
        reserved: u64,
    }
}

answer! {
    /// How much of each kind a project may have and has.
    #[derive(PartialEq, Eq)]
    pub struct QuotaUsage(
        /// Servers.
        instances: Usage,
        /// Virtual CPUs of all servers.
        cores: Usage,
        /// Memory of all servers, in MiB.
        ram: Usage,
        /// Keypairs of each user; what is used is not told.
        key_pairs: Usage,
        /// Key-value pairs of each server; what is used is not told.
        metadata_items: Usage,
        /// Server groups.
        server_groups: Usage,
        /// Servers in each server group; what is used is not told.
        server_group_members: Usage,
    ) {}
}

impl Resource for QuotaUsage {
    type Dialect = Session;
    const ROUTE: Route = Route::new("compute", "os-quota-sets/{}/detail")
        .keys("quota_set", "")
        .versions(OLDEST, NEWEST);
}

impl Singleton for QuotaUsage {}

/// What the cloud gives everybody; read as a [`QuotaSet`].
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct QuotaDefaults {}

impl Resource for QuotaDefaults {
    type Dialect = Session;
    const ROUTE: Route = Route::new("compute", "os-quota-sets/{}/defaults")
        .keys("quota_set", "")
        .versions(OLDEST, NEWEST);
}

impl Singleton for QuotaDefaults {}
