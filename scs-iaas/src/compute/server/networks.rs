use std::net::IpAddr;

use scs_core::{ApiVersion, Id, Need, Payload, request};
use serde::{Serialize, Serializer};

use crate::network::{Network, Port};

/// What a new server is connected to.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Networks {
    /// The only network of the project; the service makes one if there is none (since 2.37).
    Auto,
    /// Nothing (since 2.37).
    None,
    /// These.
    Of(Vec<NewNic>),
}

impl Networks {
    /// To networks or ports, in this order.
    pub fn of<N: Into<NewNic>>(nics: impl IntoIterator<Item = N>) -> Self {
        Self::Of(nics.into_iter().map(Into::into).collect())
    }
}

impl Serialize for Networks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Auto => serializer.serialize_str("auto"),
            Self::None => serializer.serialize_str("none"),
            Self::Of(nics) => serializer.collect_seq(nics),
        }
    }
}

impl Payload for Networks {
    fn needs(&self) -> Option<Need> {
        match self {
            Self::Auto | Self::None => Some(Need::new(ApiVersion::new(2, 37), "networks")),
            Self::Of(nics) => nics.needs(),
        }
    }
}

request! {
    /// How a new server is connected to one network: by a new port, or by one that exists.
    /// An id of a network or a port converts.
    pub struct NewNic {
        /// The network on which a port is made.
        network: Id<Network> as "uuid",
        /// The address of that port; any if not set.
        fixed_ip: IpAddr,
        /// The port that is used.
        port: Id<Port>,
        /// A tag by which the server can tell its devices apart.
        tag: String => since(2, 42),
    }
}

impl From<Id<Network>> for NewNic {
    fn from(network: Id<Network>) -> Self {
        Self::new().network(network)
    }
}

impl From<&Id<Network>> for NewNic {
    fn from(network: &Id<Network>) -> Self {
        network.clone().into()
    }
}

impl From<Id<Port>> for NewNic {
    fn from(port: Id<Port>) -> Self {
        Self::new().port(port)
    }
}

impl From<&Id<Port>> for NewNic {
    fn from(port: &Id<Port>) -> Self {
        port.clone().into()
    }
}
