//! The Kubernetes lab: Cluster API, the Cluster Stack Operator and Gardener.

mod cluster_api;
mod cluster_stack;
mod errors;
mod gardener;
mod modules;
mod standards;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Output,
    time::Duration,
};

use futures_util::{TryStreamExt, stream::BoxStream};
use scs_cloud::{
    core::provider::{Clusters, Event},
    kaas::Kubernetes,
    model::Cluster,
    prelude::*,
};
use tokio::{
    process::Command,
    sync::{Semaphore, SemaphorePermit},
    task::JoinHandle,
};

use crate::lab::Cleanup;

/// No wait takes longer.
const LIMIT: Duration = Duration::from_secs(600);

/// The lab's machine carries so many workload clusters at once.
static ROOM: Semaphore = Semaphore::const_new(2);

/// Waits until there is room for one more workload cluster.
async fn room() -> SemaphorePermit<'static> {
    ROOM.acquire().await.expect("room in the lab")
}

fn folder() -> PathBuf {
    std::env::var_os("KUBERNETES_LAB_DIR").unwrap_or("/tmp/kubernetes-lab".into()).into()
}

/// The lab as one of its users.
async fn kubernetes(user: &str) -> Kubernetes {
    let file = folder().join(format!("{user}.kubeconfig"));
    Kubernetes::from_kubeconfig_file(file).await.expect("a lab that is up")
}

/// Runs one of the lab's own commands.
async fn lab(command: &[&str]) {
    let done = lab_may_fail(command).await;
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

async fn lab_may_fail(command: &[&str]) -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("labs/kubernetes");
    Command::new(folder.join(command[0])).args(&command[1..]).output().await.unwrap()
}

async fn ready(clusters: &dyn Clusters, id: &Id<Cluster>) -> Cluster {
    clusters.wait(id).timeout(LIMIT).ready().await.unwrap()
}

async fn gone(clusters: &dyn Clusters, id: &Id<Cluster>) {
    clusters.delete(id).await.unwrap();
    clusters.wait(id).timeout(LIMIT).gone().await.unwrap();
}

/// The phases that a watch shows of a cluster, until it is gone. The stream is read while the
/// test goes on.
fn phases(
    mut events: BoxStream<'static, Result<Event<Cluster>>>,
    id: &Id<Cluster>,
) -> JoinHandle<Result<BTreeSet<String>>> {
    let id = id.clone();
    tokio::spawn(async move {
        let mut seen = BTreeSet::new();
        while let Some(event) = events.try_next().await? {
            match event {
                Event::Present(one) if one.id == id => {
                    seen.insert(format!("{:?}", one.phase));
                }
                Event::Gone(one) if one == id => break,
                _ => {}
            }
        }
        Ok(seen)
    })
}

/// This cluster shall be gone after the test.
fn clean_up(cleanup: &Cleanup, clusters: std::sync::Arc<dyn Clusters>, id: &Id<Cluster>) {
    let id = id.clone();
    cleanup.undo(async move { clusters.delete(&id).await });
}
