use std::net::IpAddr;

use scs_core::{
    Arg, Creatable, Deletable, Id, Identified, Listable, Phase, Phased, Resource, Route, answer,
    request, route::Paging,
};
use serde::Serialize;

use super::{NEWEST, OLDEST};
use crate::{
    Session,
    network::{FixedIp, Network, Port, PortStatus},
};

answer! {
    /// A port of a server. Its id is that of the port.
    pub struct Interface(
        /// Its id: that of the port.
        id: Id<Interface> as "port_id",
        /// The network.
        network_id: Id<Network> as "net_id",
        /// The status of the port.
        status: PortStatus as "port_state",
        /// The hardware address.
        mac_address: String as "mac_addr",
    ) {
        /// The addresses.
        fixed_ips: Vec<FixedIp>,
        /// The tag of the device (since 2.70).
        tag: Option<String>,
    }
}

impl Interface {
    /// The port.
    pub fn port_id(&self) -> Id<Port> {
        self.id.cast()
    }
}

request! {
    /// What an [`Interface`] is made from: a network, on which a port is made, or a port. With
    /// neither, the only network of the project.
    pub struct NewInterface {
        /// The network on which a port is made.
        network: Id<Network> as "net_id",
        /// The address of that port; any if not set.
        fixed_ip: InterfaceAddress as "fixed_ips",
        /// The port that is used.
        port: Id<Port> as "port_id",
        /// A tag by which the server can tell its devices apart.
        tag: String => since(2, 49),
    }
}

/// The address of a new interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(into = "[NewFixedIp; 1]")]
pub struct InterfaceAddress(pub IpAddr);

#[derive(Serialize)]
struct NewFixedIp {
    ip_address: IpAddr,
}

impl From<InterfaceAddress> for [NewFixedIp; 1] {
    fn from(address: InterfaceAddress) -> Self {
        [NewFixedIp { ip_address: address.0 }]
    }
}

impl Arg<InterfaceAddress> for IpAddr {
    fn arg(self) -> InterfaceAddress {
        InterfaceAddress(self)
    }
}

impl Resource for Interface {
    type Dialect = Session;
    const ROUTE: Route = Route::new("compute", "servers/{}/os-interface")
        .keys("interfaceAttachment", "interfaceAttachments")
        .paged_by(Paging::Whole)
        .versions(OLDEST, NEWEST);
}

impl Identified for Interface {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for Interface {
    type Query = ();
}

impl Creatable for Interface {
    type New = NewInterface;
}

/// Detaches the port; one that was made for the server is deleted.
impl Deletable for Interface {}

impl Phased for Interface {
    fn phase(&self) -> Phase {
        match self.status {
            PortStatus::Build => Phase::Pending,
            PortStatus::Error => Phase::Failed,
            _ => Phase::Ready,
        }
    }
}
