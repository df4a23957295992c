//! The main job: from a login to a running server, and back to nothing.
//!
//! ```sh
//! cargo run --example quickstart                          # on the embedded fake cloud
//! cargo run --example quickstart -- --os-cloud NAME       # on a cloud of clouds.yaml
//! ```
//!
//! It chooses an image and a flavor by need, makes a network with a subnet, a security group,
//! a key, a volume from the image and a server that boots from it, waits until the server is
//! ACTIVE, shows it, and removes all of it again, also after a failure or Ctrl-C. If something
//! goes wrong, one line on stderr says what and what to do, and the exit status is 1.

// A program for people talks.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::{fmt::Write as _, process::ExitCode};

use clap::Parser;
use futures_util::StreamExt;
use scs_cloud::{
    core::{Api, Error, ErrorKind, Phase, Phased, Result, error::Delivery},
    iaas::{
        OpenStack,
        block_storage::NewVolume,
        compute::{BlockDevice, Flavor, Networks, NewKeypair, NewServer, Server},
        image::Image,
        network::{Direction, NewNetwork, NewSecurityGroup, NewSecurityGroupRule, NewSubnet},
        standards::probe::Cleanup,
    },
    testing::FakeCloud,
};
use tokio::sync::watch;

/// From a login to a running server, and back to nothing.
#[derive(Parser)]
struct Arguments {
    /// A cloud of clouds.yaml; the embedded fake cloud if not given.
    #[arg(long, value_name = "NAME")]
    os_cloud: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            println!("stopping: what was made is removed first");
            let _ = stop.send(true);
        }
    });
    match job(arguments.os_cloud.as_deref(), stopped).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn job(os_cloud: Option<&str>, stopped: watch::Receiver<bool>) -> Result<()> {
    // The fake lives as long as this variable.
    let (_fake, cloud) = match os_cloud {
        Some(name) => (None, OpenStack::from_cloud(name).await?),
        None => {
            let fake = FakeCloud::start().await;
            let cloud = fake.connect().await?;
            (Some(fake), cloud)
        }
    };
    let access = cloud.session().access().await?;
    let place = access.project.as_ref().map_or("no project", |project| &project.name);
    println!("logged in as {} in {place}", access.user.name);

    // What is made bears a name of its own, so that it can be found again whatever happens.
    let cleanup = Cleanup::new("quickstart");
    let mut stand = Stand { cloud, cleanup, stopped };
    let built = stand.build().await;
    println!("removing what was made");
    let left = stand.cleanup.finish().await;
    match (built, left.is_empty()) {
        (Ok(()), true) => {
            println!("done: nothing is left behind");
            Ok(())
        }
        (Err(error), true) => Err(error),
        (built, false) => {
            let first = built.err().map(|error| format!("{error}; ")).unwrap_or_default();
            let left: Vec<_> = left.iter().map(ToString::to_string).collect();
            Err(Error::new(ErrorKind::Failed, format!("{first}{}", left.join("; "))))
        }
    }
}

/// All that the example makes.
struct Stand {
    cloud: OpenStack,
    cleanup: Cleanup,
    stopped: watch::Receiver<bool>,
}

impl Stand {
    async fn build(&mut self) -> Result<()> {
        let image = self.choose_image().await?;
        let flavor = self.choose_flavor(&image).await?;

        let (cloud, name) = (self.cloud.clone(), self.cleanup.name().to_owned());
        let name = name.as_str();
        self.cleanup.remove(cloud.networks());
        let network = cloud.networks().create(NewNetwork::new().name(name)).await?;
        let subnet = NewSubnet::of(&network.id, "10.20.30.0/24").name(name);
        let subnet = cloud.subnets().create(subnet).await?;
        println!("network {name} with subnet {}", subnet.cidr);
        self.go_on()?;

        self.cleanup.remove(cloud.security_groups());
        let group = cloud.security_groups().create(NewSecurityGroup::new(name)).await?;
        let ssh = NewSecurityGroupRule::new(&group.id, Direction::Ingress).tcp(22);
        cloud.security_group_rules().create(ssh).await?;
        println!("security group {name} lets SSH in");
        self.go_on()?;

        self.cleanup.remove(cloud.keypairs());
        cloud.keypairs().create(NewKeypair::new(name).public_key(PUBLIC_KEY)).await?;
        println!("key {name}");
        self.go_on()?;

        self.cleanup.remove(cloud.volumes());
        let size = disk_gib(&image);
        let volume = NewVolume::new(size).name(name).image(&image.id);
        let volume = cloud.volumes().create(volume).await?;
        println!("volume {name}, {size} GiB from image {}", image.name);
        self.until_ready(cloud.volumes(), &volume).await?;

        self.cleanup.remove(cloud.servers());
        let server = NewServer::new(name, &flavor.id, Networks::of([&network.id]))
            .block_devices([BlockDevice::boot_volume(&volume.id)])
            .key_name(name)
            .security_groups([name]);
        let server = cloud.servers().create(server).await?;
        println!("server {name}");
        let server = self.until_ready(cloud.servers(), &server).await?;
        show(&server, &flavor);
        Ok(())
    }

    /// The newest image of Ubuntu; of whatever there is, if there is none.
    async fn choose_image(&self) -> Result<Image> {
        let choice = match Image::need().distribution("ubuntu").choose_in(&self.cloud).await {
            Err(error) if error.is_not_found() => Image::need().choose_in(&self.cloud).await?,
            choice => choice?,
        };
        println!("image {choice}");
        Ok(choice.chosen)
    }

    /// The smallest flavor with 1 GiB of memory, or with what the image needs.
    async fn choose_flavor(&self, image: &Image) -> Result<Flavor> {
        let need = Flavor::need().ram(1024).image(image);
        let choice = need.choose_in(&self.cloud).await?;
        println!("flavor {choice}");
        Ok(choice.chosen)
    }

    /// Waits for a resource, with a line whenever it has changed. Ends early on Ctrl-C.
    async fn until_ready<R: Phased + std::fmt::Debug>(&self, api: Api<R>, made: &R) -> Result<R> {
        let mut looks = std::pin::pin!(api.wait(made.id()).observe());
        let mut last = None;
        loop {
            let seen = tokio::select! {
                seen = looks.next() => seen,
                () = self.stop() => return Err(interrupted()),
            };
            let gone = || Error::new(ErrorKind::NotFound, "it was deleted meanwhile");
            let seen = seen.transpose()?.flatten().ok_or_else(gone)?;
            let phase = seen.phase();
            if last.replace(phase) != Some(phase) {
                println!("  {phase:?}");
            }
            match phase {
                Phase::Ready => return Ok(seen),
                // The wait knows how to tell a failure.
                Phase::Failed => return api.wait(made.id()).ready().await,
                _ => {}
            }
        }
    }

    async fn stop(&self) {
        let mut stopped = self.stopped.clone();
        let signalled = stopped.wait_for(|stopped| *stopped).await;
        if signalled.is_err() {
            // Nobody can press Ctrl-C any more.
            std::future::pending::<()>().await;
        }
    }

    /// Requests that make something are never cut short, so that nothing is made unseen; in
    /// between, Ctrl-C counts.
    fn go_on(&self) -> Result<()> {
        if *self.stopped.borrow() { Err(interrupted()) } else { Ok(()) }
    }
}

fn interrupted() -> Error {
    Error::new(ErrorKind::Failed, "interrupted by Ctrl-C")
        .with_delivery(Delivery::NotSent)
        .with_hint("run it again")
}

/// The disk that the image needs, in GiB.
fn disk_gib(image: &Image) -> u32 {
    let bytes = image.virtual_size.or(image.size).unwrap_or_default();
    let gib = u32::try_from(bytes.div_ceil(1 << 30)).unwrap_or(u32::MAX);
    gib.max(image.min_disk).max(1)
}

fn show(server: &Server, flavor: &Flavor) {
    let mut addresses = String::new();
    for (network, on_it) in &server.addresses {
        for address in on_it {
            let _ = write!(addresses, " {} on {network}", address.addr);
        }
    }
    println!(
        "{} {} is {}:{addresses}, flavor {}",
        server.name, server.id, server.status, flavor.name
    );
}

/// Nobody has its other half.
const PUBLIC_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIJzmaSLGFSUcUEtGHLJLgqFPQvXjcSQm2i6pDVZbIsa quickstart";
