use scs_core::{
    ApiVersion, Creatable, Deletable, Id, Identified, Listable, Resource, Route, answer, open_enum,
    request, route::Paging,
};

use super::{NEWEST, Server};
use crate::{
    Session,
    identity::{Project, User},
};

answer! {
    /// A group of servers of which the scheduler keeps the hosts together or apart. A server joins
    /// when it is made: [`SchedulerHints::group`](super::SchedulerHints::group).
    pub struct ServerGroup(
        /// Its id.
        id: Id<ServerGroup>,
        /// Its name.
        name: String,
        /// What it is for.
        policy: ServerGroupPolicy,
    ) {
        /// The particulars of the policy.
        rules: ServerGroupRules,
        /// The servers in it.
        members: Vec<Id<Server>>,
        /// The project it belongs to.
        project_id: Option<Id<Project>>,
        /// The user who made it.
        user_id: Option<Id<User>>,
    }
}

open_enum! {
    /// What a [`ServerGroup`] is for.
    pub enum ServerGroupPolicy {
        /// Each server on a host of its own; refused if that cannot be.
        AntiAffinity = "anti-affinity",
        /// All servers on one host; refused if that cannot be.
        Affinity = "affinity",
        /// Each server on a host of its own, if that can be.
        SoftAntiAffinity = "soft-anti-affinity",
        /// All servers on one host, if that can be.
        SoftAffinity = "soft-affinity",
    }
}

answer! {
    /// The particulars of a policy.
    #[derive(Default, PartialEq, Eq)]
    pub struct ServerGroupRules {
        /// How many servers of an `anti-affinity` group may share a host.
        max_server_per_host: Option<u32>,
    }
}

request! {
    /// What a [`ServerGroup`] is made from.
    pub struct NewServerGroup(
        /// Its name.
        name: String,
        /// What it is for.
        policy: ServerGroupPolicy,
    ) {
        /// The particulars of the policy.
        rules: NewServerGroupRules,
    }
}

request! {
    /// The particulars of a new group's policy.
    pub struct NewServerGroupRules {
        /// How many servers of an `anti-affinity` group may share a host.
        max_server_per_host: u32,
    }
}

request! {
    /// Which server groups to list.
    pub struct ServerGroupQuery {
        /// Those of all projects; for administrators.
        all_projects: bool,
        /// How many a page holds.
        limit: u32,
        /// How many to leave out at the beginning.
        offset: u32,
    }
}

impl Resource for ServerGroup {
    type Dialect = Session;
    // Before 2.64 a group has a list of policies and metadata instead of policy and rules.
    const ROUTE: Route = Route::new("compute", "os-server-groups")
        .keys("server_group", "server_groups")
        .paged_by(Paging::Offset)
        .versions(ApiVersion::new(2, 64), NEWEST);
}

impl Identified for ServerGroup {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for ServerGroup {
    type Query = ServerGroupQuery;
}

impl Creatable for ServerGroup {
    type New = NewServerGroup;
}

impl Deletable for ServerGroup {}
