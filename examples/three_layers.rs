//! One login over three layers: OpenStack, Kubernetes clusters, Keycloak.
//!
//! ```sh
//! cargo run --example three_layers                     # on the embedded fakes
//! cargo run --example three_layers -- --cloud FILE     # on real ones; see `CloudConfig`
//! ```
//!
//! It logs in once, to an OpenID provider. With that one session it lists servers and flavors
//! of OpenStack, creates a workload cluster, follows its progress, scales it, takes its
//! kubeconfig and lists its nodes, creates a user in a group and shows the roles they got, and
//! removes everything again, also after a failure or Ctrl-C. If something goes wrong, one line
//! on stderr says what and what to do, and the exit status is 1.

// A program for people talks.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::{path::PathBuf, pin::pin, process::ExitCode, sync::Arc, time::Duration};

use clap::Parser;
use futures_util::{StreamExt, TryStreamExt};
use scs_cloud::{
    Cloud, CloudConfig,
    core::{Store, model::Specified},
    iaas::{OpenStack, compute::ServerQuery},
    iam::Keycloak,
    kaas::{Kubernetes, Node},
    model::{
        Cluster, ClusterSpec, ClusterTemplate, GroupSpec, Holder, NodePoolSpec, Role, RoleSpec,
        UserSpec,
    },
    prelude::*,
    testing::FakeCloud,
};

/// One login over three layers.
#[derive(Parser)]
struct Arguments {
    /// A file that names the layers of a cloud; the embedded fakes if not given.
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
    // The fakes live as long as this variable.
    let (_fake, config) = match arguments.cloud {
        Some(file) => (None, CloudConfig::load(file)?),
        None => {
            let fake = FakeCloud::start().await;
            let config = CloudConfig::parse(&fake.cloud_yaml(), "the fake cloud")?;
            (Some(fake), config)
        }
    };
    let show = |prompt: &scs_cloud::iam::oidc::DevicePrompt| {
        println!("log in at {} with the code {}", prompt.verification_uri, prompt.user_code);
    };
    let cloud = config.prompt(show).connect().await?;
    // What is made bears a name of its own, so that it is found again whatever happens.
    let name = format!("layers-{:x}", std::process::id());
    let outcome = tokio::select! {
        outcome = job(&cloud, &name) => outcome,
        _ = tokio::signal::ctrl_c() => {
            println!("stopping: what was made is removed first");
            // A request that was cut short may still be carried out.
            tokio::time::sleep(Duration::from_secs(5)).await;
            Err(Error::new(ErrorKind::Failed, "interrupted by Ctrl-C"))
        }
    };
    println!("removing");
    let left = remove(&cloud, &name).await;
    in_one_line(outcome.err().into_iter().chain(left))
}

/// What has failed, and what is left behind.
fn in_one_line(errors: impl Iterator<Item = Error>) -> Result<()> {
    let lines: Vec<_> = errors.map(|error| error.to_string()).collect();
    if lines.is_empty() { Ok(()) } else { Err(Error::new(ErrorKind::Failed, lines.join("; "))) }
}

async fn job(cloud: &Cloud, name: &str) -> Result<()> {
    infrastructure(cloud).await?;
    cluster(cloud, name).await?;
    identity(cloud, name).await
}

/// OpenStack: who this is there, and what there is.
async fn infrastructure(cloud: &dyn Provider) -> Result<()> {
    let Some(openstack) = cloud.native::<OpenStack>() else {
        println!("OpenStack: not part of this cloud");
        return Ok(());
    };
    let access = openstack.session().access().await?;
    let place = access.project.as_ref().map_or("no project", |project| &project.name);
    println!("OpenStack: {} in project {place}", access.user.name);
    let servers: Vec<_> = openstack.servers().list(ServerQuery::new()).try_collect().await?;
    for server in &servers {
        println!("  server {} {}", server.name, server.status);
    }
    let flavors = cloud.flavors()?.all().await?;
    println!("  {} servers, {} flavors", servers.len(), flavors.len());
    Ok(())
}

/// Kubernetes: a workload cluster, from the order to its nodes.
async fn cluster(cloud: &dyn Provider, name: &str) -> Result<()> {
    let clusters = cloud.clusters()?;
    let (template, version) = oldest(cloud).await?;
    println!("Kubernetes: cluster {name} of {} with {version}", template.name);
    let spec = ClusterSpec::new(name, &template.id, version).pool(NodePoolSpec::new("workers", 1));
    let cluster = clusters.create(spec).await?;
    let cluster = until_ready(cloud, &cluster).await?;
    println!("  its API is at {}", cluster.endpoint.as_deref().unwrap_or("an unknown place"));

    clusters.scale(&cluster.id, "workers", 3).await?;
    println!("  scaling to 3 nodes");
    until_ready(cloud, &cluster).await?;

    let kubeconfig = clusters.kubeconfig(&cluster.id).await?;
    let workload = Kubernetes::from_foreign_kubeconfig(&kubeconfig).await?;
    for node in workload.objects::<Node>().list().await? {
        println!("  node {} ready: {}", node.metadata.name, node.is_ready());
    }
    Ok(())
}

/// A template that can be used, and the oldest version it offers.
async fn oldest(cloud: &dyn Provider) -> Result<(ClusterTemplate, String)> {
    let templates = cloud.templates()?.all().await?.into_iter();
    templates
        .filter(|template| template.phase == Phase::Ready)
        .find_map(|template| template.oldest().map(|version| (template, version)))
        .ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "no cluster template says which versions it offers")
        })
}

/// Waits with a line whenever something has changed.
async fn until_ready(cloud: &dyn Provider, cluster: &Cluster) -> Result<Cluster> {
    let clusters = cloud.clusters()?;
    let mut looks = pin!(clusters.wait(&cluster.id).observe());
    let mut last = String::new();
    while let Some(seen) = looks.next().await.transpose()?.flatten() {
        let ready: u32 = seen.pools.iter().map(|pool| pool.ready).sum();
        let words = seen.fault.as_deref().unwrap_or_default();
        let line = format!("  {:?}, {ready} nodes ready {words}", seen.phase);
        if line != last {
            println!("{}", line.trim_end());
            last = line;
        }
        if matches!(seen.phase, Phase::Ready | Phase::Failed) {
            break;
        }
    }
    // The wait knows how to tell a failure.
    clusters.ready(&cluster.id).await
}

/// Keycloak: a user in a group, and the roles that they have thereby.
async fn identity(cloud: &dyn Provider, name: &str) -> Result<()> {
    let Some(keycloak) = cloud.native::<Keycloak>() else {
        println!("Keycloak: not part of this cloud");
        return Ok(());
    };
    println!("Keycloak: {keycloak:?}");
    let (users, groups, roles) = (cloud.users()?, cloud.groups()?, cloud.roles()?);
    let role = roles.create(RoleSpec::new(name).description("made by an example")).await?;
    let group = groups.create(GroupSpec::new(name)).await?;
    roles.assign(&role.id, &Holder::from(&group)).await?;
    let user = users.create(UserSpec::new(name).email("layers@example.org")).await?;
    groups.add(&group.id, &user.id).await?;
    let held: Vec<Role> = roles.held(&Holder::from(&user)).try_collect().await?;
    let held: Vec<_> = held.iter().map(|role| role.name.as_str()).collect();
    println!("  user {} in group {} has the roles {}", user.name, group.name, held.join(", "));
    Ok(())
}

/// Removes what bears the name, whatever there is of it; tells what is left behind.
async fn remove(cloud: &dyn Provider, name: &str) -> Vec<Error> {
    let mut left = Vec::new();
    if cloud.native::<Keycloak>().is_some() {
        left.extend(removed(cloud.users(), name).await.err());
        left.extend(removed(cloud.groups(), name).await.err());
        left.extend(removed(cloud.roles(), name).await.err());
    }
    if let Ok(clusters) = cloud.clusters() {
        left.extend(removed(Ok(clusters), name).await.err());
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
