//! A cloud that is a few lists in memory.

mod clusters;
mod identity;
mod nouns;
mod world;

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, stream};

use self::world::{Fabricated, Kept, Shelved, World, conflict};
use crate::{
    Error, ErrorKind, Id, Phase, Result,
    model::{
        Address, ClusterTemplate, Flavor, Image, KeyPair, Machine, Network, Project, SecurityGroup,
        User, Volume,
    },
    provider::{
        Addresses, Catalogue, Clusters, Groups, Machines, Power, Provider, Roles, Select, Store,
        Volumes,
    },
};

/// A cloud in the memory of the test: a [`Provider`] without sockets.
///
/// It offers some flavors and images with names of the SCS standards, an external network
/// called `public` and templates for clusters, and behaves as clouds do: what is created or changed takes a while, which
/// is counted in reads; what refers to nothing is refused; what is in use cannot be deleted.
/// Clones are the same cloud.
///
/// ```
/// use scs_core::{ErrorKind, Phase, Provider, StoreExt, model::VolumeSpec, testing::Memory};
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let cloud = Memory::new();
/// let volumes = cloud.volumes()?;
/// let volume = volumes.create(VolumeSpec::new("data", 10)).await?;
/// assert_eq!(volume.phase, Phase::Pending);
/// let volume = volumes.ready(&volume.id).await?;
/// assert_eq!((volume.phase, volume.gib), (Phase::Ready, 10));
///
/// volumes.delete(&volume.id).await?;
/// volumes.gone(&volume.id).await?;
/// assert_eq!(volumes.find("data").await.unwrap_err().kind(), ErrorKind::NotFound);
/// # Ok::<(), scs_core::Error>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Memory(Arc<Mutex<World>>);

impl Memory {
    /// A cloud in which the first read after a change shows the result.
    pub fn new() -> Self {
        Self::with_reads(1)
    }

    /// A cloud in which the `reads`-th read after a change shows the result, and those before
    /// it that the change is under way. Let the test run on paused time, or it waits in
    /// earnest between reads.
    pub fn with_reads(reads: u32) -> Self {
        let cloud = Self(Arc::new(Mutex::new(World::new(reads))));
        for (name, vcpus, gib, disk_gib) in [
            ("SCS-1V-2", 1, 2, 0),
            ("SCS-1V-4", 1, 4, 0),
            ("SCS-2V-4", 2, 4, 0),
            ("SCS-2V-4-20s", 2, 4, 20),
            ("SCS-4V-16", 4, 16, 0),
            ("SCS-4V-16-100s", 4, 16, 100),
        ] {
            let mut flavor = Flavor::new(name, name, vcpus, gib * 1024);
            flavor.disk_gib = disk_gib;
            cloud.put(flavor);
        }
        for (distro, version, name) in
            [("ubuntu", "24.04", "Ubuntu 24.04"), ("debian", "12", "Debian 12")]
        {
            let mut image = Image::new(format!("{distro}-{version}"), name, Phase::Ready);
            (image.min_disk_gib, image.min_ram_mib) = (8, 512);
            image.size = Some(600_000_000);
            image.os_distro = Some(distro.into());
            image.os_version = Some(version.into());
            image.architecture = Some("x86_64".into());
            cloud.put(image);
        }
        let mut public = Network::new("public", "public", Phase::Ready);
        public.external = true;
        cloud.put(public);
        let mut template = ClusterTemplate::new("scs2", "scs2", Phase::Ready);
        template.versions = ["1.33.7", "1.34.1", "1.34.2"].map(Into::into).into();
        cloud.put(template);
        cloud
    }

    /// Adds something that is there without having been ordered, such as a flavor.
    pub fn put<T: Shelved>(&self, model: T) {
        self.open(|world| T::shelf(world).push(Kept::settled(model)));
    }

    fn open<T>(&self, work: impl FnOnce(&mut World) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn attempt<T>(&self, work: impl FnOnce(&mut World) -> Result<T>) -> Result<T> {
        self.open(work).map_err(|error| error.with_service("memory"))
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl Provider for Memory {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn machines(&self) -> Result<Arc<dyn Machines>> {
        Ok(Arc::new(self.clone()))
    }

    fn flavors(&self) -> Result<Arc<dyn Catalogue<Flavor>>> {
        Ok(Arc::new(self.clone()))
    }

    fn images(&self) -> Result<Arc<dyn Catalogue<Image>>> {
        Ok(Arc::new(self.clone()))
    }

    fn networks(&self) -> Result<Arc<dyn Store<Network>>> {
        Ok(Arc::new(self.clone()))
    }

    fn addresses(&self) -> Result<Arc<dyn Addresses>> {
        Ok(Arc::new(self.clone()))
    }

    fn volumes(&self) -> Result<Arc<dyn Volumes>> {
        Ok(Arc::new(self.clone()))
    }

    fn keys(&self) -> Result<Arc<dyn Store<KeyPair>>> {
        Ok(Arc::new(self.clone()))
    }

    fn security(&self) -> Result<Arc<dyn Store<SecurityGroup>>> {
        Ok(Arc::new(self.clone()))
    }

    fn clusters(&self) -> Result<Arc<dyn Clusters>> {
        Ok(Arc::new(self.clone()))
    }

    fn templates(&self) -> Result<Arc<dyn Catalogue<ClusterTemplate>>> {
        Ok(Arc::new(self.clone()))
    }

    fn users(&self) -> Result<Arc<dyn Store<User>>> {
        Ok(Arc::new(self.clone()))
    }

    fn groups(&self) -> Result<Arc<dyn Groups>> {
        Ok(Arc::new(self.clone()))
    }

    fn roles(&self) -> Result<Arc<dyn Roles>> {
        Ok(Arc::new(self.clone()))
    }

    fn projects(&self) -> Result<Arc<dyn Store<Project>>> {
        Ok(Arc::new(self.clone()))
    }
}

#[async_trait]
impl<T: Shelved> Catalogue<T> for Memory {
    async fn get(&self, id: &Id<T>) -> Result<T> {
        self.attempt(|world| {
            world.pass::<T>(|kept| kept.now.id() == id);
            world.known(id).map(|kept| kept.now.clone())
        })
    }

    fn list(&self, select: Select) -> BoxStream<'static, Result<T>> {
        let meant: Vec<_> = self.open(|world| {
            world.pass::<T>(|kept| select.matches(&kept.now));
            let all = T::shelf(world).iter().map(|kept| &kept.now);
            all.filter(|model| select.matches(*model)).cloned().map(Ok).collect()
        });
        stream::iter(meant).boxed()
    }
}

#[async_trait]
impl<T: Fabricated> Store<T> for Memory {
    async fn create(&self, spec: T::Spec) -> Result<T> {
        self.attempt(|world| {
            let made = T::fabricate(world, spec)?;
            if T::shelf(world).iter().any(|kept| kept.now.id() == made.id()) {
                return Err(conflict(made.id(), "exists already"));
            }
            let reads = world.reads;
            let kept = Kept::under_way(made, Phase::Pending, reads);
            let accepted = kept.now.clone();
            T::shelf(world).push(kept);
            Ok(accepted)
        })
    }

    async fn delete(&self, id: &Id<T>) -> Result<()> {
        self.attempt(|world| world.remove(id))
    }
}

#[async_trait]
impl Machines for Memory {
    async fn power(&self, id: &Id<Machine>, power: Power) -> Result<()> {
        self.attempt(|world| {
            world.change(id, |machine| {
                machine.running = power != Power::Off;
                Ok(())
            })
        })
    }
}

#[async_trait]
impl Volumes for Memory {
    async fn resize(&self, id: &Id<Volume>, gib: u32) -> Result<()> {
        self.attempt(|world| {
            world.change(id, |volume| {
                if gib < volume.gib {
                    let words = format!("volume {id} has {} GiB and does not shrink", volume.gib);
                    return Err(Error::new(ErrorKind::Rejected, words));
                }
                volume.gib = gib;
                Ok(())
            })
        })
    }

    async fn attach(&self, id: &Id<Volume>, machine: &Id<Machine>) -> Result<()> {
        self.attempt(|world| {
            world.ready(machine)?;
            world.change(id, |volume| {
                if let [other, ..] = &volume.attached_to[..] {
                    return Err(conflict(id, format_args!("is attached to {other} already")));
                }
                volume.attached_to.push(machine.clone());
                Ok(())
            })?;
            world.begin_use(machine, id);
            Ok(())
        })
    }

    async fn detach(&self, id: &Id<Volume>, machine: &Id<Machine>) -> Result<()> {
        self.attempt(|world| {
            world.change(id, |volume| {
                if !volume.attached_to.contains(machine) {
                    return Err(conflict(id, format_args!("is not attached to {machine}")));
                }
                volume.attached_to.clear();
                Ok(())
            })?;
            world.end_use(machine, id);
            Ok(())
        })
    }
}

#[async_trait]
impl Addresses for Memory {
    async fn assign(&self, id: &Id<Address>, machine: &Id<Machine>) -> Result<()> {
        self.attempt(|world| {
            world.ready(machine)?;
            world.lead(id, Some(machine))
        })
    }

    async fn unassign(&self, id: &Id<Address>) -> Result<()> {
        self.attempt(|world| world.lead(id, None))
    }
}
