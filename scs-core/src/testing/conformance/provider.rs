use std::sync::Arc;

use futures_util::TryStreamExt;

use super::{Scope, Suite, check};
use crate::{
    Error, ErrorKind, Id, Phase, Result,
    model::{
        Address, AddressSpec, Cidr, Flavor, Image, KeyPairSpec, Machine, MachineSpec, Model,
        NetworkSpec, Protocol, Rule, SecurityGroup, SecurityGroupSpec, Volume, VolumeSpec,
    },
    provider::{Addresses, Catalogue, Machines, Power, Provider, Select, Store, StoreExt, Volumes},
};

/// A key whose private half nobody has.
const PUBLIC_KEY: &str = "ssh-ed25519 \
    AAAAC3NzaC1lZDI1NTE5AAAAIBiiQ5S7sPl0ByvsKQM80+RHea9y2Y1jsvlYy/qOk/m3 scs-conformance";

impl Suite {
    /// Checks every facet that a provider offers, and that it says of the others that they are
    /// [`ErrorKind::Unsupported`]. The answer names those that were checked: all but those
    /// that the login may not even read.
    ///
    /// Machines are made of the smallest flavor that the smallest image fits on.
    ///
    /// # Errors
    /// [`ErrorKind::Failed`] with what is wrong, or the error of a call that should succeed.
    /// If something could not be deleted, the hint names it.
    pub async fn provider(&self, cloud: &dyn Provider) -> Result<Vec<&'static str>> {
        let mut checked = Vec::new();
        if let Some(flavors) = offered(cloud, "flavors", cloud.flavors())? {
            self.catalogue(&*flavors).await?;
            checked.push("flavors");
        }
        if let Some(images) = offered(cloud, "images", cloud.images())? {
            self.catalogue(&*images).await?;
            checked.push("images");
        }
        if let Some(networks) = offered(cloud, "networks", cloud.networks())? {
            self.catalogue(&*networks).await?;
            self.store(&*networks, self.a_network()?).await?;
            checked.push("networks");
        }
        if let Some(keys) = offered(cloud, "keys", cloud.keys())? {
            self.store(&*keys, self.a_key()).await?;
            checked.push("keys");
        }
        if let Some(groups) = offered(cloud, "security", cloud.security())? {
            self.store(&*groups, self.a_group()).await?;
            self.rules(&*groups).await?;
            checked.push("security");
        }
        if let Some(volumes) = offered(cloud, "volumes", cloud.volumes())? {
            self.store(&*volumes, self.a_volume()).await?;
            self.resize(&*volumes).await?;
            checked.push("volumes");
        }
        if let Some(addresses) = offered(cloud, "addresses", cloud.addresses())? {
            self.store(&*addresses, an_address(cloud).await?).await?;
            checked.push("addresses");
        }
        if let Some(machines) = offered(cloud, "machines", cloud.machines())? {
            self.machines(cloud, &*machines).await?;
            checked.push("machines");
        }
        if let Some(templates) = readable(offered(cloud, "templates", cloud.templates())?).await? {
            self.catalogue(&*templates).await?;
            checked.push("templates");
        }
        if let Some(clusters) = readable(offered(cloud, "clusters", cloud.clusters())?).await? {
            self.clusters(cloud, &*clusters).await?;
            checked.push("clusters");
        }
        if let Some(users) = readable(offered(cloud, "users", cloud.users())?).await? {
            self.store(&*users, self.a_user()).await?;
            checked.push("users");
        }
        if let Some(groups) = readable(offered(cloud, "groups", cloud.groups())?).await? {
            self.store(&*groups, self.a_group_of_users()).await?;
            self.members(cloud, &*groups).await?;
            checked.push("groups");
        }
        if let Some(roles) = readable(offered(cloud, "roles", cloud.roles())?).await? {
            self.store(&*roles, self.a_role()).await?;
            self.holders(cloud, &*roles).await?;
            checked.push("roles");
        }
        if let Some(projects) = readable(offered(cloud, "projects", cloud.projects())?).await? {
            self.store(&*projects, self.a_project()).await?;
            checked.push("projects");
        }
        Ok(checked)
    }

    fn a_network(&self) -> Result<NetworkSpec> {
        Ok(NetworkSpec::new(self.named("network"), "10.42.0.0/24".parse::<Cidr>()?))
    }

    fn a_key(&self) -> KeyPairSpec {
        KeyPairSpec::new(self.named("key"), PUBLIC_KEY)
    }

    fn a_group(&self) -> SecurityGroupSpec {
        SecurityGroupSpec::new(self.named("group")).rule(ssh())
    }

    fn a_volume(&self) -> VolumeSpec {
        VolumeSpec::new(self.named("volume"), 1).label("scs-conformance", self.prefix.as_str())
    }

    async fn rules(&self, groups: &dyn Store<SecurityGroup>) -> Result<()> {
        let mut scope = Scope::new(self);
        let outcome = async {
            let group = scope.create(groups, self.a_group()).await?;
            check(
                group.rules.contains(&ssh()),
                format_args!("of {:?} a security group keeps only {:?}", ssh(), group.rules),
            )
        }
        .await;
        scope.close(outcome).await
    }

    async fn resize(&self, volumes: &dyn Volumes) -> Result<()> {
        let mut scope = Scope::new(self);
        let outcome = async {
            let volume = scope.create(volumes, self.a_volume()).await?;
            check(volume.gib == 1, format_args!("a volume of 1 GiB has {}", volume.gib))?;
            volumes.resize(&volume.id, 2).await?;
            self.reaches(volumes, &volume.id, "resized", |seen| seen.gib == 2).await?;
            let shrunk = volumes.resize(&volume.id, 1).await;
            check(shrunk.is_err(), "a volume shrinks")
        }
        .await;
        scope.close(outcome).await
    }

    async fn machines(&self, cloud: &dyn Provider, machines: &dyn Machines) -> Result<()> {
        let (flavor, image) = smallest(cloud).await?;
        let mut spec = MachineSpec::new(self.named("machine"), &flavor.id, &image.id)
            .label("scs-conformance", self.prefix.as_str());
        let (networks, keys, groups) = (cloud.networks(), cloud.keys(), cloud.security());
        let (volumes, addresses) = (cloud.volumes(), cloud.addresses());
        let mut scope = Scope::new(self);
        let outcome = async {
            if let Some(network) = &self.network {
                spec = spec.network(network);
            } else if let Ok(networks) = &networks {
                spec = spec.network(scope.create(&**networks, self.a_network()?).await?.id);
            }
            if let Ok(keys) = &keys {
                spec = spec.key(scope.create(&**keys, self.a_key()).await?.id);
            }
            if let Ok(groups) = &groups {
                spec = spec.security_group(scope.create(&**groups, self.a_group()).await?.id);
            }
            self.store(machines, spec.clone()).await?;

            // Made before the machine, so that it outlives it.
            let volume = match &volumes {
                Ok(volumes) => Some((volumes, scope.create(&**volumes, self.a_volume()).await?.id)),
                Err(_) => None,
            };
            let machine = scope.create(machines, spec).await?;
            check(
                machine.flavor == flavor.name,
                format_args!("a machine of flavor {} has `{}`", flavor.name, machine.flavor),
            )?;
            check(!machine.addresses.is_empty(), "a machine that is ready has no address")?;
            self.power(machines, &machine).await?;
            if let Some((volumes, volume)) = &volume {
                self.attach(&***volumes, volume, &machine).await?;
            }
            if let (Ok(addresses), Some(_)) = (&addresses, &self.network) {
                let address = scope.create(&**addresses, an_address(cloud).await?).await?;
                self.assign(&**addresses, &address, machines, &machine).await?;
            }
            Ok(())
        }
        .await;
        scope.close(outcome).await
    }

    async fn power(&self, machines: &dyn Machines, machine: &Machine) -> Result<()> {
        check(machine.running, "a machine that is ready is not running")?;
        for (power, running, what) in [
            (Power::Off, false, "switched off"),
            (Power::On, true, "switched on"),
            (Power::Reboot, true, "rebooted"),
        ] {
            machines.power(&machine.id, power).await?;
            self.reaches(machines, &machine.id, what, |seen| seen.running == running).await?;
        }
        Ok(())
    }

    async fn attach(
        &self,
        volumes: &dyn Volumes,
        volume: &Id<Volume>,
        machine: &Machine,
    ) -> Result<()> {
        let is_attached = |seen: &Volume| seen.attached_to.contains(&machine.id);
        volumes.attach(volume, &machine.id).await?;
        self.reaches(volumes, volume, "attached", is_attached).await?;
        let deleted = volumes.delete(volume).await;
        check(deleted.is_err(), "a volume is deleted while it is attached")?;
        volumes.detach(volume, &machine.id).await?;
        self.reaches(volumes, volume, "detached", |seen| !is_attached(seen)).await
    }

    async fn assign(
        &self,
        addresses: &dyn Addresses,
        address: &Address,
        machines: &dyn Machines,
        machine: &Machine,
    ) -> Result<()> {
        let (id, ip) = (&address.id, address.ip());
        for assigned in [true, false] {
            if assigned {
                addresses.assign(id, &machine.id).await?;
            } else {
                addresses.unassign(id).await?;
            }
            // The machine learns of it a little later in some clouds.
            let knows = |seen: &Machine| seen.addresses.contains(&ip) == assigned;
            let what = if assigned { "reachable at its address" } else { "without the address" };
            self.reaches(machines, &machine.id, what, knows).await?;
            let leads_to = addresses.get(id).await?.machine;
            let wanted = assigned.then_some(&machine.id);
            check(
                leads_to.as_ref() == wanted,
                format_args!("{ip} leads to {leads_to:?} instead of {wanted:?}"),
            )?;
        }
        Ok(())
    }
}

fn ssh() -> Rule {
    Rule::ingress().protocol(Protocol::Tcp).ports(22..=22)
}

/// The facet, unless the provider says properly that it does not offer it.
fn offered<F>(cloud: &dyn Provider, facet: &str, answer: Result<F>) -> Result<Option<F>> {
    match answer {
        Ok(facet) => Ok(Some(facet)),
        Err(error) if error.kind() == ErrorKind::Unsupported => {
            let words = error.to_string();
            let named = words.contains(facet) && words.contains(cloud.name());
            check(named, format_args!("`{words}` does not name the facet and the provider"))?;
            Ok(None)
        }
        Err(error) => Err(error.context(format_args!("facet `{facet}`"))),
    }
}

/// The facet, unless the login may not read it.
async fn readable<T: Model, F: Catalogue<T> + ?Sized>(
    facet: Option<Arc<F>>,
) -> Result<Option<Arc<F>>> {
    let Some(facet) = facet else { return Ok(None) };
    match facet.list(Select::all()).try_next().await {
        Err(error) if error.kind() == ErrorKind::Forbidden => Ok(None),
        Err(error) => Err(error),
        Ok(_) => Ok(Some(facet)),
    }
}

/// An address of the first network that leads out, if the cloud tells which ones do.
async fn an_address(cloud: &dyn Provider) -> Result<AddressSpec> {
    let Ok(networks) = cloud.networks() else {
        return Ok(AddressSpec::new());
    };
    let external = networks.all().await?.into_iter().find(|network| network.external);
    let spec = external.map(|network| AddressSpec::new().network(network.id));
    Ok(spec.unwrap_or_default())
}

/// The smallest flavor that the smallest image fits on, and that image.
async fn smallest(cloud: &dyn Provider) -> Result<(Flavor, Image)> {
    let images = cloud.images()?.all().await?;
    let ready = images.into_iter().filter(|image| image.phase == Phase::Ready);
    let image = ready.min_by_key(|image| (image.min_disk_gib, image.size));
    let image = image.ok_or_else(|| Error::new(ErrorKind::Failed, "there is no image"))?;
    let flavors = cloud.flavors()?.all().await?;
    let fitting = flavors.into_iter().filter(|flavor| {
        flavor.ram_mib >= image.min_ram_mib
            && (flavor.disk_gib == 0 || flavor.disk_gib >= image.min_disk_gib)
    });
    let flavor = fitting.min_by_key(|flavor| (flavor.ram_mib, flavor.vcpus, flavor.disk_gib));
    let flavor = flavor.ok_or_else(|| {
        Error::new(ErrorKind::Failed, format!("image {} fits on no flavor", image.name))
    })?;
    Ok((flavor, image))
}
