//! The OpenStack lab: how the tests get at it.

use std::{
    fmt::Debug,
    panic::{AssertUnwindSafe, resume_unwind},
    sync::{Arc, Mutex},
};

use futures_util::{FutureExt, Stream, TryStreamExt, future::BoxFuture};
use scs_cloud::{
    core::{Api, Deletable, Id, Result},
    iaas::{OpenStack, clouds::Cloud},
};
use tokio::sync;

use crate::record::Recorder;

/// All projects see the same flavors: who makes some, or counts them, is alone with them.
pub static FLAVORS: sync::Mutex<()> = sync::Mutex::const_new(());

/// The same for types of volumes.
pub static VOLUME_TYPES: sync::Mutex<()> = sync::Mutex::const_new(());

/// The volumes of `lab-other`: a test sets how many there may be, another makes some.
pub static OTHER_VOLUMES: sync::Mutex<()> = sync::Mutex::const_new(());

/// A client of the lab as one of the users in its clouds.yaml: `lab` (admin), `lab-user`,
/// `lab-other`, `lab-reader`, `lab-manager`, `lab-system`, `lab-appcred`.
pub async fn cloud(name: &str) -> OpenStack {
    let cloud = Cloud::load(name).await.and_then(Cloud::into_builder);
    let builder = cloud.expect("the lab's clouds.yaml");
    let builder = match Recorder::is_on() {
        true => builder.transport(|transport| transport.per_attempt(Arc::new(Recorder))),
        false => builder,
    };
    OpenStack::new(builder.connect().await.expect("the lab is up"))
}

/// A name that no other test uses.
pub fn name(what: &str) -> String {
    let id = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock");
    format!("live-{what}-{:x}", id.as_nanos())
}

/// The items of a list, sorted by `key`.
pub async fn keys<T: Debug, K: Ord>(
    list: impl Stream<Item = Result<T>>,
    key: impl Fn(&T) -> K,
) -> Vec<K> {
    let items: Vec<T> = list.try_collect().await.expect("a list");
    let mut keys: Vec<K> = items.iter().map(key).collect();
    keys.sort();
    keys
}

/// What a test has made and what shall be gone after it.
#[derive(Clone, Default)]
pub struct Cleanup(Arc<Mutex<Vec<BoxFuture<'static, Result<()>>>>>);

impl Cleanup {
    /// Runs a test; afterwards, also if it has failed, undoes what it has registered, the last
    /// first.
    pub async fn after<F: Future<Output = ()>>(test: impl FnOnce(Self) -> F) {
        let cleanup = Self::default();
        let outcome = AssertUnwindSafe(test(cleanup.clone())).catch_unwind().await;
        while let Some(undo) = cleanup.next() {
            match undo.await {
                Err(error) if !error.is_not_found() => eprintln!("cleaning up: {error}"),
                _ => {}
            }
        }
        outcome.unwrap_or_else(|panic| resume_unwind(panic));
    }

    fn next(&self) -> Option<BoxFuture<'static, Result<()>>> {
        self.0.lock().unwrap().pop()
    }

    /// This one shall be deleted.
    pub fn delete<R: Deletable>(&self, api: &Api<R>, id: &Id<R>) {
        let (api, id) = (api.clone(), id.clone());
        self.undo(async move { api.delete(&id).await });
    }

    /// This shall be done.
    pub fn undo(&self, undo: impl Future<Output = Result<()>> + Send + 'static) {
        self.0.lock().unwrap().push(undo.boxed());
    }
}

/// Cleans up when it is dropped, also when the test has failed.
pub struct Finally(Option<Box<dyn FnOnce() + Send>>);

/// Runs `cleanup` as a user of the lab when the test ends, however it ends. It has a runtime
/// and a login of its own: those of the test stand still by then.
pub fn finally<F: Future<Output = Result<()>>>(
    user: &'static str,
    cleanup: impl FnOnce(OpenStack) -> F + Send + 'static,
) -> Finally {
    Finally(Some(Box::new(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            match cleanup(cloud(user).await).await {
                Err(error) if !error.is_not_found() => eprintln!("not cleaned up: {error}"),
                _ => {}
            }
        });
    })))
}

impl Drop for Finally {
    fn drop(&mut self) {
        if let Some(cleanup) = self.0.take() {
            std::thread::spawn(cleanup).join().ok();
        }
    }
}
