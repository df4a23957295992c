use std::net::Ipv4Addr;

use super::world::{Fabricated, Kept, Shelved, World};
use crate::{
    Error, ErrorKind, Id, Phase, Result,
    model::{
        Address, AddressSpec, Flavor, Image, KeyPair, KeyPairSpec, Machine, MachineSpec, Network,
        NetworkSpec, SecurityGroup, SecurityGroupSpec, Volume, VolumeSpec,
    },
};

/// Where machines live.
const INSIDE: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 0);
/// Where addresses come from: a range that is kept for examples.
const OUTSIDE: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 0);

fn rejected(words: String) -> Error {
    Error::new(ErrorKind::Rejected, words)
}

impl Shelved for Machine {
    fn shelf(world: &mut World) -> &mut Vec<Kept<Self>> {
        &mut world.machines
    }

    fn show(&mut self, phase: Phase) {
        self.phase = phase;
        if phase == Phase::Pending {
            self.running = false;
            self.addresses.clear();
        }
    }

    fn gone(world: &mut World, id: &Id<Self>) {
        for volume in &mut world.volumes {
            volume.amend(|volume| volume.attached_to.retain(|machine| machine != id));
        }
        for address in &mut world.addresses {
            address.amend(|address| {
                address.machine.take_if(|machine| machine == id);
            });
        }
    }
}

impl Fabricated for Machine {
    fn fabricate(world: &mut World, spec: MachineSpec) -> Result<Self> {
        let flavor = world.meant(&spec.flavor)?.clone();
        let image = world.meant(&spec.image)?;
        let disk = spec.disk_gib.unwrap_or(flavor.disk_gib);
        if flavor.ram_mib < image.min_ram_mib || (disk > 0 && disk < image.min_disk_gib) {
            return Err(rejected(format!(
                "flavor {} is too small for image {}, which needs {} MiB of memory and {} GiB \
                 of disk",
                flavor.name, image.name, image.min_ram_mib, image.min_disk_gib
            )));
        }
        for network in &spec.networks {
            world.meant(network)?;
        }
        for group in &spec.security_groups {
            world.meant(group)?;
        }
        if let Some(key) = &spec.key {
            world.meant(key)?;
        }
        let id = world.mint();
        for network in &spec.networks {
            world.begin_use(&id, network);
        }
        for group in &spec.security_groups {
            world.begin_use(&id, group);
        }
        let mut machine = Self::new(id, spec.name, Phase::Ready);
        machine.running = true;
        machine.flavor = flavor.name;
        machine.image = Some(spec.image);
        machine.key = spec.key;
        machine.labels = spec.labels;
        for _ in 0..spec.networks.len().max(1) {
            machine.addresses.push(world.next_ip(INSIDE));
        }
        Ok(machine)
    }
}

impl Shelved for Flavor {
    fn shelf(world: &mut World) -> &mut Vec<Kept<Self>> {
        &mut world.flavors
    }
}

impl Shelved for Image {
    fn shelf(world: &mut World) -> &mut Vec<Kept<Self>> {
        &mut world.images
    }
}

impl Shelved for Network {
    fn shelf(world: &mut World) -> &mut Vec<Kept<Self>> {
        &mut world.networks
    }

    fn show(&mut self, phase: Phase) {
        self.phase = phase;
    }
}

impl Fabricated for Network {
    fn fabricate(world: &mut World, spec: NetworkSpec) -> Result<Self> {
        Ok(Self::new(world.mint::<Self>(), spec.name, Phase::Ready))
    }
}

impl Shelved for Address {
    fn shelf(world: &mut World) -> &mut Vec<Kept<Self>> {
        &mut world.addresses
    }

    fn show(&mut self, phase: Phase) {
        self.phase = phase;
    }
}

impl Fabricated for Address {
    fn fabricate(world: &mut World, spec: AddressSpec) -> Result<Self> {
        if let Some(network) = &spec.network
            && !world.meant(network)?.external
        {
            return Err(rejected(format!("network {network} is not external")));
        }
        let ip = world.next_ip(OUTSIDE);
        Ok(Self::new(world.mint::<Self>(), ip, Phase::Ready))
    }
}

impl Shelved for Volume {
    fn shelf(world: &mut World) -> &mut Vec<Kept<Self>> {
        &mut world.volumes
    }

    fn show(&mut self, phase: Phase) {
        self.phase = phase;
    }
}

impl Fabricated for Volume {
    fn fabricate(world: &mut World, spec: VolumeSpec) -> Result<Self> {
        if spec.gib == 0 {
            return Err(rejected("a volume has at least 1 GiB".into()));
        }
        let mut volume = Self::new(world.mint::<Self>(), spec.name, Phase::Ready, spec.gib);
        volume.labels = spec.labels;
        Ok(volume)
    }
}

impl Shelved for KeyPair {
    fn shelf(world: &mut World) -> &mut Vec<Kept<Self>> {
        &mut world.keys
    }
}

impl Fabricated for KeyPair {
    /// Its id is its name, so that there are no two of one name.
    fn fabricate(_: &mut World, spec: KeyPairSpec) -> Result<Self> {
        Ok(Self::new(spec.name.as_str(), spec.name.as_str(), spec.public_key))
    }
}

impl Shelved for SecurityGroup {
    fn shelf(world: &mut World) -> &mut Vec<Kept<Self>> {
        &mut world.security
    }
}

impl Fabricated for SecurityGroup {
    fn fabricate(world: &mut World, spec: SecurityGroupSpec) -> Result<Self> {
        let mut group = Self::new(world.mint::<Self>(), spec.name);
        group.rules = spec.rules;
        Ok(group)
    }
}
