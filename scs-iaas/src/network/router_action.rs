use scs_core::{Action, Id, answer, request, route::Verb};

use super::{Network, Port, Router, StaticRoute, Subnet};

answer! {
    /// What connects a router with a subnet.
    #[derive(PartialEq, Eq)]
    pub struct RouterInterface(
        /// The port.
        port_id: Id<Port>,
        /// The network of the subnet.
        network_id: Id<Network>,
        /// The subnets of the port.
        subnet_ids: Vec<Id<Subnet>>,
    ) {}
}

request! {
    /// Connects a router with a subnet, by its gateway address, or with a port.
    ///
    /// The service refuses to do it twice; it is therefore not repeated when it is not clear
    /// whether it was done.
    pub struct AddRouterInterface {
        /// The subnet.
        subnet_id: Id<Subnet>,
        /// The port; it then belongs to the router.
        port_id: Id<Port>,
    }
}

impl Action for AddRouterInterface {
    type Target = Router;
    type Output = RouterInterface;
    const KEY: &'static str = "";
    const PATH: &'static str = "add_router_interface";
    const VERB: Verb = Verb::Put;
    const IDEMPOTENT: bool = false;
}

request! {
    /// Disconnects a router from a subnet or a port. The port is deleted.
    ///
    /// Refused while floating IPs or extra routes need it. It is not repeated when it is not
    /// clear whether it was done.
    pub struct RemoveRouterInterface {
        /// The subnet.
        subnet_id: Id<Subnet>,
        /// The port.
        port_id: Id<Port>,
    }
}

impl Action for RemoveRouterInterface {
    type Target = Router;
    type Output = RouterInterface;
    const KEY: &'static str = "";
    const PATH: &'static str = "remove_router_interface";
    const VERB: Verb = Verb::Put;
    const IDEMPOTENT: bool = false;
}

request! {
    /// Adds routes to those that a router has; one that it has already changes nothing.
    pub struct AddRoutes(
        /// The routes.
        routes: Vec<StaticRoute>,
    ) {}
}

impl Action for AddRoutes {
    type Target = Router;
    type Output = Router;
    const KEY: &'static str = "router";
    const PATH: &'static str = "add_extraroutes";
    const VERB: Verb = Verb::Put;
    const ANSWER: &'static str = "router";
}

request! {
    /// Takes routes from those that a router has; one that it does not have changes nothing.
    pub struct RemoveRoutes(
        /// The routes.
        routes: Vec<StaticRoute>,
    ) {}
}

impl Action for RemoveRoutes {
    type Target = Router;
    type Output = Router;
    const KEY: &'static str = "router";
    const PATH: &'static str = "remove_extraroutes";
    const VERB: Verb = Verb::Put;
    const ANSWER: &'static str = "router";
}
