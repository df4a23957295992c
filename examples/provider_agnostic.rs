//! One application, written once against `dyn Provider`, on several clouds.
//!
//! ```sh
//! cargo run --example provider_agnostic                        # in memory, then on the embedded fakes
//! cargo run --example provider_agnostic -- --os-cloud NAME     # on a cloud of clouds.yaml
//! cargo run --example provider_agnostic -- --cloud FILE        # on several layers, see three_layers
//! ```
//!
//! The application rolls out a shop: a network with a machine, a Kubernetes cluster with two
//! nodes, and a group with its first user. What a cloud does not offer, or does not let this
//! login do, is left out and said so. All of it is removed again, also after a failure; then
//! one line on stderr says what went wrong, and the exit status is 1.

// A program for people talks.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use clap::Parser;
use futures_util::TryStreamExt;
use scs_cloud::{
    CloudConfig,
    core::{Store, StoreExt, model::Specified},
    iaas::OpenStack,
    model::{
        Cidr, ClusterSpec, ClusterTemplate, Flavor, GroupSpec, Image, MachineSpec, NetworkSpec,
        NodePoolSpec, UserSpec,
    },
    prelude::*,
    testing::{FakeCloud, Memory},
};

/// Rolls out the same application on whatever cloud there is.
#[derive(Parser)]
struct Arguments {
    /// A cloud of clouds.yaml.
    #[arg(long, value_name = "NAME", conflicts_with = "cloud")]
    os_cloud: Option<String>,
    /// A file that names the layers of a cloud.
    #[arg(long, value_name = "FILE")]
    cloud: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<()> {
    if let Some(name) = arguments.os_cloud {
        return on(&OpenStack::from_cloud(&name).await?).await;
    }
    if let Some(file) = arguments.cloud {
        return on(&CloudConfig::load(file)?.connect().await?).await;
    }
    on(&Memory::new()).await?;
    let fake = FakeCloud::start().await;
    on(&fake.cloud().await?).await
}

async fn on(cloud: &dyn Provider) -> Result<()> {
    println!("on {}", cloud.name());
    // What is made bears a name of its own, so that it is found again whatever happens.
    let name = format!("shop-{:x}", std::process::id());
    let outcome = shop(cloud, &name).await;
    let left = remove(cloud, &name).await;
    let lines: Vec<_> =
        outcome.err().into_iter().chain(left).map(|error| error.to_string()).collect();
    if lines.is_empty() { Ok(()) } else { Err(Error::new(ErrorKind::Failed, lines.join("; "))) }
}

/// The application. It knows no cloud, only what a provider is.
async fn shop(cloud: &dyn Provider, name: &str) -> Result<()> {
    if let Some(machines) = offered(cloud.machines())? {
        let (flavor, image) = smallest(cloud).await?;
        let network = NetworkSpec::new(name, "10.20.30.0/24".parse::<Cidr>()?);
        let network = cloud.networks()?.create(network).await?;
        let spec = MachineSpec::new(name, &flavor.id, &image.id).network(&network.id);
        let machine = machines.create(spec).await?;
        let machine = machines.ready(&machine.id).await?;
        println!("  machine {} of {} at {:?}", machine.name, machine.flavor, machine.addresses);
    }
    if let Some(clusters) = offered(cloud.clusters())? {
        let (template, version) = newest(cloud).await?;
        let spec = ClusterSpec::new(name, &template.id, version);
        let cluster = clusters.create(spec.pool(NodePoolSpec::new("workers", 1))).await?;
        clusters.ready(&cluster.id).await?;
        clusters.scale(&cluster.id, "workers", 2).await?;
        let cluster = clusters.ready(&cluster.id).await?;
        println!("  cluster {} {} with {:?}", cluster.name, cluster.version, cluster.pools);
    }
    if let (Some(users), Some(groups)) = (offered(cloud.users())?, offered(cloud.groups())?) {
        let user = users.create(UserSpec::new(name).email("shop@example.org")).await?;
        let group = groups.create(GroupSpec::new(name)).await?;
        groups.add(&group.id, &user.id).await?;
        let members: Vec<_> = groups.members(&group.id).try_collect().await?;
        println!("  group {} with {} member", group.name, members.len());
    }
    Ok(())
}

/// Removes what bears the name, whatever there is of it; tells what is left behind.
async fn remove(cloud: &dyn Provider, name: &str) -> Vec<Error> {
    let mut left = Vec::new();
    if let Ok(users) = cloud.users() {
        left.extend(removed(Ok(users), name).await.err());
        left.extend(removed(cloud.groups(), name).await.err());
    }
    if let Ok(clusters) = cloud.clusters() {
        left.extend(removed(Ok(clusters), name).await.err());
    }
    if let Ok(machines) = cloud.machines() {
        left.extend(removed(Ok(machines), name).await.err());
        left.extend(removed(cloud.networks(), name).await.err());
    }
    left
}

async fn removed<T: Specified>(
    store: Result<Arc<impl Store<T> + ?Sized>>,
    name: &str,
) -> Result<()> {
    let left = |error: Error| error.context(format_args!("{} {name} is left behind", T::KIND));
    if store?.remove(name).await.map_err(left)? {
        println!("  removed {} {name}", T::KIND);
    }
    Ok(())
}

/// A facet, if the cloud has it.
fn offered<F>(facet: Result<F>) -> Result<Option<F>> {
    match facet {
        Ok(facet) => Ok(Some(facet)),
        Err(error) if error.kind() == ErrorKind::Unsupported => {
            println!("  {error}");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The smallest image, and the smallest flavor that it fits on.
async fn smallest(cloud: &dyn Provider) -> Result<(Flavor, Image)> {
    let images = cloud.images()?.all().await?.into_iter();
    let image = images
        .filter(|image| image.phase == Phase::Ready)
        .min_by_key(|image| (image.min_disk_gib, image.size))
        .ok_or_else(|| Error::new(ErrorKind::NotFound, "the cloud offers no image"))?;
    let flavors = cloud.flavors()?.all().await?.into_iter();
    let flavor = flavors
        .filter(|flavor| flavor.ram_mib >= image.min_ram_mib)
        .filter(|flavor| flavor.disk_gib == 0 || flavor.disk_gib >= image.min_disk_gib)
        .min_by_key(|flavor| (flavor.ram_mib, flavor.vcpus, flavor.disk_gib))
        .ok_or_else(|| Error::new(ErrorKind::NotFound, "no flavor is large enough"))?;
    Ok((flavor, image))
}

/// A template that can be used, and the newest version it offers.
async fn newest(cloud: &dyn Provider) -> Result<(ClusterTemplate, String)> {
    let templates = cloud.templates()?.all().await?.into_iter();
    templates
        .filter(|template| template.phase == Phase::Ready)
        .find_map(|template| template.newest().map(|version| (template, version)))
        .ok_or_else(|| Error::new(ErrorKind::NotFound, "the cloud offers no cluster template"))
}
