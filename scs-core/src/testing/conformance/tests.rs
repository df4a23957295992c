use std::sync::Arc;

use async_trait::async_trait;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, stream};

use super::*;
use crate::{
    model::{MachineSpec, NetworkSpec, Volume, VolumeSpec},
    provider::{Machines, Power, Provider, ReadOnly, Volumes},
    testing::Memory,
};

const ALL: [&str; 14] = [
    "flavors",
    "images",
    "networks",
    "keys",
    "security",
    "volumes",
    "addresses",
    "machines",
    "templates",
    "clusters",
    "users",
    "groups",
    "roles",
    "projects",
];

#[tokio::test(start_paused = true)]
async fn memory_conforms_however_slow_it_is() {
    for reads in 0..4 {
        let cloud = Memory::with_reads(reads);
        let suite = Suite::new("x").network("public");
        assert_eq!(suite.provider(&cloud).await.unwrap(), ALL);
        assert_eq!(Suite::new("y").provider(&cloud).await.unwrap(), ALL);
        assert_empty(&cloud).await;
    }
}

async fn assert_empty(cloud: &Memory) {
    assert!(cloud.machines().unwrap().all().await.unwrap().is_empty());
    assert!(cloud.volumes().unwrap().all().await.unwrap().is_empty());
    assert!(cloud.addresses().unwrap().all().await.unwrap().is_empty());
    assert!(cloud.keys().unwrap().all().await.unwrap().is_empty());
    assert!(cloud.security().unwrap().all().await.unwrap().is_empty());
    assert!(cloud.clusters().unwrap().all().await.unwrap().is_empty());
    assert!(cloud.users().unwrap().all().await.unwrap().is_empty());
    assert!(cloud.groups().unwrap().all().await.unwrap().is_empty());
    assert!(cloud.roles().unwrap().all().await.unwrap().is_empty());
    assert!(cloud.projects().unwrap().all().await.unwrap().is_empty());
    assert_eq!(cloud.networks().unwrap().all().await.unwrap().len(), 1);
}

/// What can be wrong with a store.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Flaw {
    RepeatsItself,
    MissesSome,
    IgnoresTheName,
    IgnoresLabels,
    AcceptsEmptyIds,
    DeletesWhatIsNotThere,
    NeverDeletes,
    Renames,
    IsNeverReady,
    ShrinksVolumes,
    DoesNotGrow,
    LosesAttachments,
    VanishesWhenResized,
}

#[derive(Debug)]
struct Flawed(Memory, Flaw);

impl Flawed {
    fn has(&self, flaw: Flaw) -> bool {
        self.1 == flaw
    }
}

#[async_trait]
impl Catalogue<Volume> for Flawed {
    async fn get(&self, id: &Id<Volume>) -> Result<Volume> {
        if self.has(Flaw::AcceptsEmptyIds) && id.as_str().is_empty() {
            return Ok(Volume::new("", "", Phase::Ready, 1));
        }
        let mut volume: Volume = Catalogue::<Volume>::get(&self.0, id).await?;
        if self.has(Flaw::IsNeverReady) {
            volume.phase = Phase::Pending;
        }
        Ok(volume)
    }

    fn list(&self, mut select: Select) -> BoxStream<'static, Result<Volume>> {
        if self.has(Flaw::IgnoresTheName) {
            select.name = None;
        }
        if self.has(Flaw::IgnoresLabels) {
            select.labels.clear();
        }
        let all = || Catalogue::<Volume>::list(&self.0, select.clone());
        match self.1 {
            Flaw::RepeatsItself => all().chain(all()).boxed(),
            Flaw::MissesSome => stream::empty().boxed(),
            _ => all(),
        }
    }
}

#[async_trait]
impl Store<Volume> for Flawed {
    async fn create(&self, mut spec: VolumeSpec) -> Result<Volume> {
        if self.has(Flaw::Renames) {
            spec.name.make_ascii_uppercase();
        }
        Store::<Volume>::create(&self.0, spec).await
    }

    async fn delete(&self, id: &Id<Volume>) -> Result<()> {
        match Store::<Volume>::delete(&self.0, id).await {
            Err(error) if error.is_not_found() && self.has(Flaw::DeletesWhatIsNotThere) => Ok(()),
            Ok(()) if self.has(Flaw::NeverDeletes) => {
                Err(Error::new(ErrorKind::Unavailable, "not today"))
            }
            outcome => outcome,
        }
    }
}

#[async_trait]
impl Volumes for Flawed {
    async fn resize(&self, id: &Id<Volume>, gib: u32) -> Result<()> {
        match self.1 {
            Flaw::DoesNotGrow => Ok(()),
            Flaw::VanishesWhenResized => Store::<Volume>::delete(&self.0, id).await,
            Flaw::ShrinksVolumes => Volumes::resize(&self.0, id, gib.max(2)).await,
            _ => Volumes::resize(&self.0, id, gib).await,
        }
    }

    async fn attach(&self, id: &Id<Volume>, machine: &Id<crate::model::Machine>) -> Result<()> {
        if self.has(Flaw::LosesAttachments) {
            return Ok(());
        }
        self.0.attach(id, machine).await
    }

    async fn detach(&self, id: &Id<Volume>, machine: &Id<crate::model::Machine>) -> Result<()> {
        self.0.detach(id, machine).await
    }
}

/// A memory whose volumes are flawed.
#[derive(Debug)]
struct FlawedCloud(Memory, Flaw);

impl Provider for FlawedCloud {
    fn name(&self) -> &'static str {
        "flawed"
    }

    fn flavors(&self) -> Result<Arc<dyn Catalogue<crate::model::Flavor>>> {
        self.0.flavors()
    }

    fn images(&self) -> Result<Arc<dyn Catalogue<crate::model::Image>>> {
        self.0.images()
    }

    fn volumes(&self) -> Result<Arc<dyn Volumes>> {
        Ok(Arc::new(Flawed(self.0.clone(), self.1)))
    }

    fn machines(&self) -> Result<Arc<dyn Machines>> {
        self.0.machines()
    }
}

#[tokio::test(start_paused = true)]
async fn every_flaw_is_found_and_nothing_is_left() {
    for (flaw, words) in [
        (Flaw::RepeatsItself, "list has"),
        (Flaw::MissesSome, "list misses volume-"),
        (Flaw::IgnoresTheName, "list by a name"),
        (Flaw::IgnoresLabels, "list by a label that nothing has"),
        (Flaw::AcceptsEmptyIds, "get with an empty id gives"),
        (Flaw::DeletesWhatIsNotThere, "delete of what does not exist gives"),
        (Flaw::Renames, "`x-volume` is called `X-VOLUME`"),
        (Flaw::IsNeverReady, "did not get there"),
        (Flaw::ShrinksVolumes, "a volume shrinks"),
        (Flaw::DoesNotGrow, "not resized: volume volume-"),
        (Flaw::LosesAttachments, "not attached: volume volume-"),
        (Flaw::VanishesWhenResized, "vanishes instead of being resized"),
    ] {
        let cloud = FlawedCloud(Memory::new(), flaw);
        // Something to confuse it with.
        let other = VolumeSpec::new("other", 1);
        let other = cloud.0.volumes().unwrap().create(other).await.unwrap();
        let error = Suite::new("x").provider(&cloud).await.expect_err(&format!("{flaw:?}"));
        assert!(error.to_string().contains(words), "{flaw:?}: {error}");
        cloud.0.volumes().unwrap().delete(&other.id).await.unwrap();
        assert_empty(&cloud.0).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_left_behind_is_named() {
    let cloud = Flawed(Memory::new(), Flaw::NeverDeletes);
    let error = Suite::new("x").store(&cloud, VolumeSpec::new("x", 1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    let hint = error.hint().unwrap();
    assert!(hint.contains("volume volume-1 is left behind: not today"), "{hint}");
}

#[derive(Debug)]
struct Bare;

impl Provider for Bare {
    fn name(&self) -> &'static str {
        "bare"
    }
}

#[tokio::test]
async fn what_is_not_offered_is_unsupported() {
    assert!(Suite::new("x").provider(&Bare).await.unwrap().is_empty());
    let error = Bare.keys().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(error.to_string(), "bare: this provider does not offer `keys`");
    let cloud: &dyn Provider = &Bare;
    assert!(cloud.native::<Bare>().is_some() && cloud.native::<Memory>().is_none());
}

#[tokio::test]
async fn read_only_reads_only() {
    let memory = Memory::new();
    let volume = memory.volumes().unwrap().create(VolumeSpec::new("v", 1)).await.unwrap();
    let cloud: Arc<dyn Provider> = Arc::new(memory);
    let cloud = ReadOnly::new(cloud);
    let suite = Suite::new("x");
    suite.catalogue(&*cloud.flavors().unwrap()).await.unwrap();
    let volumes = cloud.volumes().unwrap();
    suite.catalogue(&*volumes).await.unwrap();
    let error = suite.store(&*volumes, VolumeSpec::new("x", 1)).await.unwrap_err();
    assert!(error.to_string().contains("delete with an empty id is Forbidden"), "{error}");
    for refused in [
        volumes.delete(&volume.id).await,
        volumes.resize(&volume.id, 2).await,
        volumes.create(VolumeSpec::new("x", 1)).await.map(drop),
        cloud.machines().unwrap().power(&"m".into(), Power::Off).await,
    ] {
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Forbidden);
    }
    assert!((&cloud as &dyn Provider).native::<Memory>().is_none());
}

#[tokio::test(start_paused = true)]
async fn memory_behaves_like_a_cloud() {
    let cloud = Memory::with_reads(2);
    let (machines, networks) = (cloud.machines().unwrap(), cloud.networks().unwrap());
    let range = "10.1.0.0/24".parse().unwrap();
    let network = networks.create(NetworkSpec::new("n", range)).await.unwrap();
    let network = networks.ready(&network.id).await.unwrap();
    let spec = MachineSpec::new("m", "SCS-1V-4", "debian-12").network(&network.id);

    let kind = |outcome: Result<_>| outcome.map(drop).unwrap_err().kind();
    let absent = MachineSpec::new("m", "huge", "debian-12");
    assert_eq!(kind(machines.create(absent).await), ErrorKind::Rejected);
    let small = spec.clone().disk_gib(1);
    assert_eq!(kind(machines.create(small).await), ErrorKind::Rejected);

    let machine = machines.ensure(spec.clone()).await.unwrap();
    assert_eq!((machine.phase, machine.running), (Phase::Pending, false));
    let early = machines.power(&machine.id, Power::Off).await.unwrap_err();
    assert_eq!(early.kind(), ErrorKind::Conflict);
    let machine = machines.ready(&machine.id).await.unwrap();
    assert_eq!(machine.addresses.len(), 1);

    let in_use = networks.delete(&network.id).await.unwrap_err();
    assert!(in_use.message().contains("in use by machine machine-2"), "{in_use}");
    machines.delete(&machine.id).await.unwrap();
    assert_eq!(machines.get(&machine.id).await.unwrap().phase, Phase::Deleting);
    machines.gone(&machine.id).await.unwrap();
    networks.delete(&network.id).await.unwrap();
}

/// A facet is a store of its noun, and moves into tasks.
#[tokio::test]
async fn facets_are_stores() {
    let volumes: Arc<dyn Volumes> = Memory::new().volumes().unwrap();
    let by_reference: &dyn Store<Volume> = &*volumes;
    assert!(by_reference.all().await.unwrap().is_empty());
    let store: Arc<dyn Store<Volume>> = volumes;
    let spec = VolumeSpec::new("v", 1);
    let made = tokio::spawn(async move { store.ensure(spec).await }).await.unwrap().unwrap();
    assert_eq!(made.name, "v");
}
