use scs_core::{
    Change, Creatable, Deletable, Id, Identified, Listable, Phase, Phased, Resource, Route,
    Timestamp, Updatable, answer, open_enum, request, value::Lenient,
};

use super::{FixedIp, Network, NewFixedIp, StaticRoute};
use crate::{Session, identity::Project};

open_enum! {
    /// The status of a [`Router`].
    pub enum RouterStatus -> Phase {
        /// It routes.
        Active = "ACTIVE" => Ready,
        /// It is being placed.
        Allocating = "ALLOCATING" => Pending,
        /// It does not route, as it was asked to: nothing to wait for.
        Down = "DOWN" => Ready,
        /// It needs the provider's attention.
        Error = "ERROR" => Failed,
    }
}

answer! {
    /// A router's way out of the cloud.
    #[derive(PartialEq, Eq)]
    pub struct ExternalGateway(
        /// The external network.
        network_id: Id<Network>,
    ) {
        /// Its addresses there.
        external_fixed_ips: Vec<FixedIp>,
        /// Whether senders without a floating IP appear with the router's address.
        enable_snat: Option<bool>,
        /// The id of its quality-of-service policy.
        qos_policy_id: Option<String>,
    }
}

request! {
    /// The way out of the cloud that a router shall have.
    pub struct NewExternalGateway(
        /// The external network.
        network_id: Id<Network>,
    ) {
        /// Its addresses there.
        external_fixed_ips: Vec<NewFixedIp>,
        /// Whether senders without a floating IP appear with the router's address. For
        /// administrators.
        enable_snat: bool,
        /// The id of its quality-of-service policy.
        qos_policy_id: String,
    }
}

answer! {
    /// A router: what connects subnets with each other and with the world.
    pub struct Router(
        /// Its id.
        id: Id<Router>,
        /// The project it belongs to.
        project_id: Id<Project>,
        /// Its status.
        status: RouterStatus,
        /// Whether it is meant to route.
        admin_state_up: bool,
    ) {
        /// Its name; neither unique nor necessarily set.
        name: String,
        /// What it is, in words.
        description: String,
        /// Its way out of the cloud.
        external_gateway: Option<ExternalGateway> as "external_gateway_info",
        /// Routes besides those to its subnets and its gateway.
        routes: Vec<StaticRoute>,
        /// Whether every host routes for itself; for administrators.
        distributed: Option<bool>,
        /// Whether it survives the loss of a host; for administrators.
        ha: Option<bool>,
        /// The id of its flavor.
        flavor_id: Option<String>,
        /// Where it should run.
        availability_zone_hints: Vec<String>,
        /// Where it runs.
        availability_zones: Vec<String>,
        /// Its tags.
        tags: Vec<String>,
        /// When it was created.
        created_at: Option<Timestamp> => Lenient<_>,
        /// When it was last changed.
        updated_at: Option<Timestamp> => Lenient<_>,
        /// Goes up with each change.
        revision_number: Option<u64>,
    }
}

request! {
    /// What a [`Router`] is made from.
    pub struct NewRouter {
        /// Its name.
        name: String,
        /// What it is, in words.
        description: String,
        /// Whether it is meant to route; yes if not set.
        admin_state_up: bool,
        /// Its way out of the cloud.
        external_gateway: NewExternalGateway as "external_gateway_info",
        /// Whether every host routes for itself; for administrators.
        distributed: bool,
        /// Whether it survives the loss of a host; for administrators.
        ha: bool,
        /// The id of its flavor.
        flavor_id: String,
        /// Where it should run.
        availability_zone_hints: Vec<String>,
        /// Whose it is; that of the login if not set. For administrators.
        project_id: Id<Project>,
    }
}

request! {
    /// What may change about a [`Router`].
    pub struct RouterPatch {
        /// Its name.
        name: String,
        /// What it is, in words.
        description: String,
        /// Whether it is meant to route.
        admin_state_up: bool,
        /// Its way out of the cloud.
        external_gateway: Change<NewExternalGateway> as "external_gateway_info",
        /// All routes besides those to its subnets and its gateway.
        routes: Vec<StaticRoute>,
        /// Whether every host routes for itself; for administrators.
        distributed: bool,
        /// Whether it survives the loss of a host; for administrators.
        ha: bool,
    }
}

request! {
    /// Which routers to list.
    pub struct RouterQuery {
        /// Of this name.
        name: String,
        /// Of this project.
        project_id: Id<Project>,
        /// Those meant to route, or those not.
        admin_state_up: bool,
        /// With all of these tags, separated by commas.
        tags: String,
        /// With any of these tags, separated by commas.
        tags_any: String as "tags-any",
        /// Without all of these tags, separated by commas.
        not_tags: String as "not-tags",
        /// Without any of these tags, separated by commas.
        not_tags_any: String as "not-tags-any",
        /// How many a page holds; unpaged if not set.
        limit: u32,
        /// Those behind the one with this id.
        marker: Id<Router>,
        /// By which member to sort.
        sort_key: String,
        /// `asc` or `desc`.
        sort_dir: String,
    }
}

impl Resource for Router {
    type Dialect = Session;
    const ROUTE: Route = Route::new("network", "routers").keys("router", "routers");
}

impl Identified for Router {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for Router {
    type Query = RouterQuery;

    fn named(name: &str) -> RouterQuery {
        RouterQuery::new().name(name)
    }
}

impl Creatable for Router {
    type New = NewRouter;
}

impl Updatable for Router {
    type Patch = RouterPatch;
}

impl Deletable for Router {}

impl Phased for Router {
    fn phase(&self) -> Phase {
        self.status.phase()
    }
}
