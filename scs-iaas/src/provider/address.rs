use std::net::IpAddr;

use futures_util::TryStreamExt;
use scs_core::{
    Api, Change, Error, ErrorKind, Id, Phased, Result, model,
    provider::{AddressVerbs, Makes, Speaks},
};

use crate::network::{FloatingIp, FloatingIpPatch, Network, NewFloatingIp, Port, PortQuery};

impl Speaks<model::Address> for FloatingIp {
    fn raise(self) -> model::Address {
        let mut address = model::Address::new(self.id.cast(), self.address, self.phase());
        address.machine = self
            .port
            .map(|port| port.device_id)
            .filter(|device| !device.is_empty())
            .map(Into::into);
        address
    }
}

impl Makes<model::Address> for FloatingIp {
    async fn make(api: &Api<Self>, spec: model::AddressSpec) -> Result<Self> {
        let network = match spec.network {
            Some(network) => network.cast(),
            None => Network::need_external().choose_at(api.dialect()).await?.chosen.id,
        };
        api.create(NewFloatingIp::new(network)).await
    }
}

impl AddressVerbs for FloatingIp {
    async fn assign(api: &Api<Self>, id: &Id<Self>, machine: &Id<model::Machine>) -> Result<()> {
        let query = PortQuery::new().device_id(machine.as_str());
        let ports: Vec<Port> = Api::new(api.dialect().clone()).list(query).try_collect().await?;
        let mut candidates = ports.into_iter().filter(|port| {
            port.fixed_ips.iter().any(|fixed| matches!(fixed.ip_address, IpAddr::V4(_)))
        });
        let port = match (candidates.next(), candidates.next()) {
            (Some(port), None) => port,
            (None, _) => {
                let message = format!("machine {machine} has no port with an IPv4 address");
                return Err(Error::new(ErrorKind::Conflict, message)
                    .with_service("network")
                    .with_hint("connect it to a network first"));
            }
            (Some(first), Some(second)) => {
                let message =
                    format!("machine {machine} has several ports: {}, {}, …", first.id, second.id);
                return Err(Error::new(ErrorKind::Conflict, message)
                    .with_service("network")
                    .with_hint("use the native client, and name the port"));
            }
        };
        api.update(id, FloatingIpPatch::new().port_id(&port.id)).await.map(drop)
    }

    async fn unassign(api: &Api<Self>, id: &Id<Self>) -> Result<()> {
        api.update(id, FloatingIpPatch::new().port_id(Change::Clear)).await.map(drop)
    }
}
