use scs_core::{
    BulkCreatable, Change, Creatable, Deletable, Id, Identified, Listable, Phase, Phased, Resource,
    Route, Timestamp, Updatable, answer, open_enum, request, value::Lenient,
};

use super::Subnet;
use crate::{Session, identity::Project};

open_enum! {
    /// The status of a [`Network`].
    pub enum NetworkStatus -> Phase {
        /// It carries traffic.
        Active = "ACTIVE" => Ready,
        /// It is being made.
        Build = "BUILD" => Pending,
        /// It carries no traffic, as it was asked to: nothing to wait for.
        Down = "DOWN" => Ready,
        /// It needs the provider's attention.
        Error = "ERROR" => Failed,
    }
}

answer! {
    /// A network: what ports are connected to.
    pub struct Network(
        /// Its id.
        id: Id<Network>,
        /// The project it belongs to.
        project_id: Id<Project>,
        /// Its status.
        status: NetworkStatus,
        /// Whether it is meant to carry traffic.
        admin_state_up: bool,
    ) {
        /// Its name; neither unique nor necessarily set.
        name: String,
        /// What it is, in words.
        description: String,
        /// Its subnets.
        subnets: Vec<Id<Subnet>>,
        /// Whether every project may use it.
        shared: bool,
        /// Whether it leads out of the cloud: where floating IPs and gateways of routers come from.
        is_external: bool as "router:external",
        /// Whether it is the external network to take when none is named.
        is_default: bool,
        /// The largest packet it carries, in bytes.
        mtu: Option<u32>,
        /// Whether new ports filter their traffic; `None` where the cloud does not say.
        port_security_enabled: Option<bool>,
        /// The domain of its ports' names.
        dns_domain: String,
        /// The id of its quality-of-service policy.
        qos_policy_id: Option<String>,
        /// Where it should be served.
        availability_zone_hints: Vec<String>,
        /// Where it is served.
        availability_zones: Vec<String>,
        /// How it is built (`vlan`, `vxlan`, `geneve`, …); for administrators.
        provider_network_type: Option<String> as "provider:network_type",
        /// The physical network under it; for administrators.
        provider_physical_network: Option<String> as "provider:physical_network",
        /// Its VLAN or tunnel id; for administrators.
        provider_segmentation_id: Option<u32> as "provider:segmentation_id",
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
    /// What a [`Network`] is made from.
    pub struct NewNetwork {
        /// Its name.
        name: String,
        /// What it is, in words.
        description: String,
        /// Whether it is meant to carry traffic; yes if not set.
        admin_state_up: bool,
        /// Whether every project may use it; for administrators.
        shared: bool,
        /// Whether it leads out of the cloud; for administrators.
        is_external: bool as "router:external",
        /// Whether it is the external network to take when none is named; for administrators.
        is_default: bool,
        /// The largest packet it carries, in bytes; what the cloud can do if not set.
        mtu: u32,
        /// Whether new ports filter their traffic; yes if not set.
        port_security_enabled: bool,
        /// The domain of its ports' names, ending in a dot.
        dns_domain: String,
        /// The id of its quality-of-service policy.
        qos_policy_id: String,
        /// Where it should be served.
        availability_zone_hints: Vec<String>,
        /// How it is built (`vlan`, `vxlan`, `geneve`, …); for administrators.
        provider_network_type: String as "provider:network_type",
        /// The physical network under it; for administrators.
        provider_physical_network: String as "provider:physical_network",
        /// Its VLAN or tunnel id; for administrators.
        provider_segmentation_id: u32 as "provider:segmentation_id",
        /// Whose it is; that of the login if not set. For administrators.
        project_id: Id<Project>,
    }
}

request! {
    /// What may change about a [`Network`].
    pub struct NetworkPatch {
        /// Its name.
        name: String,
        /// What it is, in words.
        description: String,
        /// Whether it is meant to carry traffic.
        admin_state_up: bool,
        /// Whether every project may use it; for administrators.
        shared: bool,
        /// Whether it leads out of the cloud; for administrators.
        is_external: bool as "router:external",
        /// Whether it is the external network to take when none is named; for administrators.
        is_default: bool,
        /// The largest packet it carries, in bytes.
        mtu: u32,
        /// Whether new ports filter their traffic.
        port_security_enabled: bool,
        /// The domain of its ports' names, ending in a dot.
        dns_domain: String,
        /// The id of its quality-of-service policy.
        qos_policy_id: Change<String>,
    }
}

request! {
    /// Which networks to list.
    pub struct NetworkQuery {
        /// Of this name.
        name: String,
        /// Of this project.
        project_id: Id<Project>,
        /// With this status.
        status: NetworkStatus,
        /// Those meant to carry traffic, or those not.
        admin_state_up: bool,
        /// Those for every project, or those not.
        shared: bool,
        /// Those that lead out of the cloud, or those within.
        is_external: bool as "router:external",
        /// The external network to take when none is named.
        is_default: bool,
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
        marker: Id<Network>,
        /// By which member to sort.
        sort_key: String,
        /// `asc` or `desc`.
        sort_dir: String,
    }
}

impl Resource for Network {
    type Dialect = Session;
    const ROUTE: Route = Route::new("network", "networks").keys("network", "networks");
}

impl Identified for Network {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for Network {
    type Query = NetworkQuery;

    fn named(name: &str) -> NetworkQuery {
        NetworkQuery::new().name(name)
    }
}

impl Creatable for Network {
    type New = NewNetwork;
}

impl BulkCreatable for Network {}

impl Updatable for Network {
    type Patch = NetworkPatch;
}

impl Deletable for Network {}

impl Phased for Network {
    fn phase(&self) -> Phase {
        self.status.phase()
    }
}
