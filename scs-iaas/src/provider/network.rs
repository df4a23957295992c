use scs_core::{
    Api, Phased, Result, model,
    provider::{Makes, Speaks},
};

use crate::network::{Network, NewNetwork, NewSubnet, Subnet};

impl Speaks<model::Network> for Network {
    fn raise(self) -> model::Network {
        let mut network = model::Network::new(self.id.cast(), &self.name, self.phase());
        network.external = self.is_external;
        network
    }
}

impl Makes<model::Network> for Network {
    async fn make(api: &Api<Self>, spec: model::NetworkSpec) -> Result<Self> {
        let network = api.create(NewNetwork::new().name(&spec.name)).await?;
        let subnet = NewSubnet::of(&network.id, spec.range.to_string()).name(spec.name);
        match Api::<Subnet>::new(api.dialect().clone()).create(subnet).await {
            Ok(_) => Ok(network),
            Err(error) => {
                super::undo(api.delete(&network.id).await, &network.id);
                Err(error)
            }
        }
    }
}
