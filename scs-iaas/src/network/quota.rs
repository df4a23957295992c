use scs_core::{
    Deletable, Id, Listable, Readable, Resource, Route, Singleton, Updatable, answer, request,
};
use serde::Deserialize;

use crate::{Session, identity::Project};

answer! {
    /// How many of each kind a project may have; `None` where the cloud sets no quota of that
    /// kind, -1 for any number. The id of a quota is that of its project.
    pub struct QuotaSet {
        /// The project; told in lists only.
        project_id: Option<Id<Project>>,
        /// Networks.
        network: Option<i64>,
        /// Subnets.
        subnet: Option<i64>,
        /// Pools of subnets.
        subnet_pool: Option<i64> as "subnetpool",
        /// Ports.
        port: Option<i64>,
        /// Routers.
        router: Option<i64>,
        /// Routes of a router.
        router_route: Option<i64>,
        /// Floating IPs.
        floating_ip: Option<i64> as "floatingip",
        /// Security groups.
        security_group: Option<i64>,
        /// Rules of security groups.
        security_group_rule: Option<i64>,
        /// Policies that share something.
        rbac_policy: Option<i64>,
        /// Trunks.
        trunk: Option<i64>,
    }
}

request! {
    /// What may change about a [`QuotaSet`]: -1 stands for any number. For administrators.
    pub struct QuotaSetPatch {
        /// Networks.
        network: i64,
        /// Subnets.
        subnet: i64,
        /// Pools of subnets.
        subnet_pool: i64 as "subnetpool",
        /// Ports.
        port: i64,
        /// Routers.
        router: i64,
        /// Routes of a router.
        router_route: i64,
        /// Floating IPs.
        floating_ip: i64 as "floatingip",
        /// Security groups.
        security_group: i64,
        /// Rules of security groups.
        security_group_rule: i64,
        /// Policies that share something.
        rbac_policy: i64,
        /// Trunks.
        trunk: i64,
    }
}

impl Resource for QuotaSet {
    type Dialect = Session;
    const ROUTE: Route = Route::new("network", "quotas").keys("quota", "quotas");
}

impl Readable for QuotaSet {}

/// Those of projects that differ from what the cloud gives everybody; for administrators.
impl Listable for QuotaSet {
    type Query = ();
}

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
        used: u64,
    ) {
        /// How many are being made.
        reserved: u64,
    }
}

answer! {
    /// How many of each kind a project may have and has; `None` where the cloud sets no quota of
    /// that kind.
    pub struct QuotaUsage {
        /// Networks.
        network: Option<Usage>,
        /// Subnets.
        subnet: Option<Usage>,
        /// Pools of subnets.
        subnet_pool: Option<Usage> as "subnetpool",
        /// Ports.
        port: Option<Usage>,
        /// Routers.
        router: Option<Usage>,
        /// Routes of a router.
        router_route: Option<Usage>,
        /// Floating IPs.
        floating_ip: Option<Usage> as "floatingip",
        /// Security groups.
        security_group: Option<Usage>,
        /// Rules of security groups.
        security_group_rule: Option<Usage>,
        /// Policies that share something.
        rbac_policy: Option<Usage>,
        /// Trunks.
        trunk: Option<Usage>,
    }
}

impl Resource for QuotaUsage {
    type Dialect = Session;
    const ROUTE: Route = Route::new("network", "quotas/{}/details.json").keys("quota", "");
}

impl Singleton for QuotaUsage {}

/// What the cloud gives everybody; read as a [`QuotaSet`].
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct QuotaDefaults {}

impl Resource for QuotaDefaults {
    type Dialect = Session;
    const ROUTE: Route = Route::new("network", "quotas/{}/default").keys("quota", "");
}

impl Singleton for QuotaDefaults {}
