use scs_core::{
    Api, Id, Phased, Result, model,
    provider::{MachineVerbs, Makes, Power, Speaks},
};

use crate::compute::{
    BlockDevice, Flavor, Keypair, Networks, NewKeypair, NewServer, PowerState, Reboot, RebootType,
    Server, Start, Stop,
};
use crate::network::Network;

impl Speaks<model::Machine> for Server {
    fn raise(self) -> model::Machine {
        let mut machine = model::Machine::new(self.id.cast(), &self.name, self.phase());
        machine.fault = self.fault();
        machine.running = self.power_state == PowerState::Running;
        machine.flavor = self.flavor.name.unwrap_or_default();
        machine.image = self.image.map(|image| image.cast());
        let addresses = self.addresses.into_values().flatten();
        machine.addresses = addresses.map(|address| address.addr).collect();
        machine.key = self.key_name.map(|key| key.cast());
        machine.labels = self.metadata;
        machine
    }
}

impl Makes<model::Machine> for Server {
    async fn make(api: &Api<Self>, spec: model::MachineSpec) -> Result<Self> {
        let networks = if spec.networks.is_empty() {
            Networks::Auto
        } else {
            Networks::of(spec.networks.iter().map(Id::cast::<Network>))
        };
        let flavor: Id<Flavor> = spec.flavor.cast();
        let mut new = NewServer::new(spec.name, flavor, networks).metadata(spec.labels);
        new = match spec.disk_gib {
            Some(gib) => new.block_devices([BlockDevice::boot_image(&spec.image.cast(), gib)]),
            None => new.image(spec.image.cast()),
        };
        if let Some(key) = spec.key {
            new = new.key_name(key.cast::<Keypair>());
        }
        if !spec.security_groups.is_empty() {
            let groups = spec.security_groups.iter().map(|group| group.as_str().to_owned());
            new = new.security_groups(groups.collect::<Vec<_>>());
        }
        if let Some(data) = spec.user_data {
            new = new.user_data(data.expose());
        }
        api.create(new).await
    }
}

impl MachineVerbs for Server {
    async fn power(api: &Api<Self>, id: &Id<Self>, power: Power) -> Result<()> {
        match power {
            Power::On => api.act(id, Start).await,
            Power::Off => api.act(id, Stop).await,
            _ => api.act(id, Reboot::new(RebootType::Soft)).await,
        }
    }
}

impl Speaks<model::Flavor> for Flavor {
    fn raise(self) -> model::Flavor {
        let mut flavor = model::Flavor::new(self.id.cast(), self.name, self.vcpus, self.ram.into());
        flavor.disk_gib = self.disk;
        flavor
    }
}

impl Speaks<model::KeyPair> for Keypair {
    fn raise(self) -> model::KeyPair {
        model::KeyPair::new(self.name.cast(), self.name.as_str(), self.public_key)
    }
}

impl Makes<model::KeyPair> for Keypair {
    async fn make(api: &Api<Self>, spec: model::KeyPairSpec) -> Result<Self> {
        api.create(NewKeypair::new(spec.name).public_key(spec.public_key)).await
    }
}
