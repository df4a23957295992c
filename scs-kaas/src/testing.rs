//! A Kubernetes API server for tests, in the process of the test (feature `testing`), with
//! Cluster API and Gardener.
//!
//! ```
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! use scs_core::{Store, StoreExt, model::{ClusterSpec, NodePoolSpec}, testing::When};
//! use scs_kaas::testing::FakeKubernetes;
//!
//! let fake = FakeKubernetes::start().await;
//! fake.pace(When::Reads(0)); // no waiting
//! let clusters = fake.cluster_api().await?;
//! let spec = ClusterSpec::new("shop", "inmemory-scs2-1-34-v1", "1.34.1")
//!     .pool(NodePoolSpec::new("workers", 2));
//! let shop = clusters.create(spec).await?;
//! clusters.ready(&shop.id).await?;
//!
//! let inside = clusters.workload(&shop.id).await?;
//! assert_eq!(inside.objects::<scs_kaas::Node>().list().await?.len(), 3);
//! # Ok::<(), scs_core::Error>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! It lists by pages and label selectors, watches, applies, refuses stale versions, waits for
//! finalizers, and reports failures as a kube-apiserver does. A Cluster of Cluster API gets a
//! control plane, machines, a kubeconfig and nodes; it scales, is upgraded machine by machine,
//! and goes. A Shoot of Gardener is created, reconciled and deleted.
//!
//! | there is | |
//! |---|---|
//! | namespaces | `lab`, `garden-lab` |
//! | ClusterClasses in `lab` | `inmemory-scs2-1-33-v1`, `…-1-34-v1`, `…-1-34-v2` |
//! | CloudProfile | `scs`, with region `RegionOne` |
//! | CredentialsBinding in `garden-lab` | `lab` |
//! | user | `lab-user`, who may do everything |
//!
//! Kept are kept in the newest version of their API and shown in all that are served.
//! Watches are short: they tell what has happened since, and end. Not imitated: JSON patches,
//! strategic merge patches, collections that are deleted at once, garbage collection, and
//! `managedFields`.

mod access;
mod api_server;
mod cluster_api;
mod controller;
mod discovery;
mod gardener;
mod kept;
mod list;
mod patch;
mod resource;
mod status;
mod verbs;
mod watch;
mod workload;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use scs_core::{
    Result, Secret,
    testing::{FakeServer, FakeService, Fault, Received, When},
};
use serde_json::json;

use crate::{ClusterApi, Gardener, Kubernetes};

use self::api_server::{Behavior, Plain};
pub use self::{
    access::{Access, User},
    kept::Kept,
    resource::Resource,
};

/// The token of the user who may do everything.
const TOKEN: &str = "lab-user-token";

/// A Kubernetes API server on the loopback interface. It stops when it is dropped.
#[derive(Debug)]
pub struct FakeKubernetes {
    server: FakeServer,
    habits: Habits,
}

impl FakeKubernetes {
    /// Starts a server.
    pub async fn start() -> Self {
        let server = FakeServer::start().await;
        let habits = Habits::new(server.url());
        discovery::serve(&server, &habits);
        workload::serve(&server, &habits);
        let fake = Self { server, habits };
        for kind in [Resource::NAMESPACE, Resource::SECRET, Resource::NODE] {
            fake.serve(kind);
        }
        fake.objects(|objects| {
            for name in [CLUSTERS, SHOOTS] {
                let namespace = json!({"metadata": {"name": name}, "status": {"phase": "Active"}});
                objects.put(&Resource::NAMESPACE, namespace);
            }
        });
        cluster_api::serve(&fake);
        gardener::serve(&fake);
        fake
    }

    /// The address, such as `http://127.0.0.1:40117`: without a slash at its end.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The bearer token of `lab-user`.
    pub fn token(&self) -> Secret {
        TOKEN.into()
    }

    /// A kubeconfig with a bearer token, and `lab` as its namespace.
    pub fn kubeconfig(&self, token: &Secret) -> Secret {
        kubeconfig("lab", &self.url(), "lab-user", token.expose(), Some(CLUSTERS)).into()
    }

    /// A connection as `lab-user`.
    ///
    /// # Errors
    /// If no client can be made on this machine.
    pub async fn connect(&self) -> Result<Kubernetes> {
        self.connect_with(&self.token()).await
    }

    /// A connection with another bearer token.
    ///
    /// # Errors
    /// If no client can be made on this machine.
    pub async fn connect_with(&self, token: &Secret) -> Result<Kubernetes> {
        Kubernetes::from_kubeconfig(&self.kubeconfig(token)).await
    }

    /// The clusters of Cluster API in namespace `lab`, as `lab-user`; new ones get a control
    /// plane of one machine.
    ///
    /// # Errors
    /// If no client can be made on this machine.
    pub async fn cluster_api(&self) -> Result<ClusterApi> {
        Ok(ClusterApi::new(self.connect().await?, CLUSTERS).control_plane(1))
    }

    /// The clusters of Gardener's project `lab`, as `lab-user`; new ones have machines of type
    /// `SCS-2V-4` if they do not say which.
    ///
    /// # Errors
    /// If no client can be made on this machine.
    pub async fn gardener(&self) -> Result<Gardener> {
        let gardener = Gardener::new(self.connect().await?, "lab").credentials_binding("lab");
        Ok(gardener.machine_type("SCS-2V-4"))
    }

    /// Makes requests fail. Paths begin as at any API server, with `/apis/cluster.x-k8s.io`; those
    /// of workload clusters with `/workload/{namespace}/{name}`. The crate `kube` repeats what is
    /// answered with 429, 503 or 504.
    pub fn fail(&self, fault: Fault) {
        self.server.fail(fault);
    }

    /// All requests so far, oldest first.
    pub fn requests(&self) -> Vec<Received> {
        self.server.requests()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.server.forget_requests();
    }

    /// The requests that the fake does not know: see [`FakeServer::unexpected`].
    pub fn unexpected(&self) -> Vec<String> {
        self.server.unexpected()
    }

    /// Looks at the objects, or changes them behind the back of clients.
    pub fn objects<T>(&self, look: impl FnOnce(&mut Kept<'_>) -> T) -> T {
        self.server.state(|state| look(&mut Kept::new(state)))
    }

    /// How long a cluster takes from each step of its life to the next. Each request that
    /// looks at anything in its namespace counts as a read of it. One read if not set;
    /// `When::Reads(0)` is at once.
    pub fn pace(&self, pace: When) {
        self.habits.settings().pace = pace;
    }

    /// Whom a bearer token stands for; `None` is answered with 401. If not set, there is
    /// `lab-user` with the token [`token`](Self::token).
    pub fn authenticate(&self, check: impl Fn(&str) -> Option<User> + Send + Sync + 'static) {
        self.habits.settings().authenticate = Arc::new(check);
    }

    /// What users may do; everything if not set. What they may not do is answered with 403.
    ///
    /// ```
    /// # use scs_kaas::testing::FakeKubernetes;
    /// # fn rights(fake: &FakeKubernetes) {
    /// fake.authorize(|user, access| user.is_in("lab-users") || access.is_read());
    /// # }
    /// ```
    pub fn authorize(&self, check: impl Fn(&User, &Access<'_>) -> bool + Send + Sync + 'static) {
        self.habits.settings().authorize = Arc::new(check);
    }

    /// The versions in which a group is served from now on; none, and the group is not there.
    pub fn versions(&self, group: &'static str, versions: &[&'static str]) {
        self.habits.settings().versions.insert(group, versions.to_vec());
    }

    /// Serves another kind, of which objects are kept and no more.
    pub fn serve(&self, kind: Resource) {
        self.add(kind, Plain);
    }

    /// Forgets all changes so far: watches and lists that go on from before get 410.
    pub fn compact(&self) {
        self.server.state(|state| Kept::new(state).compact());
    }

    fn add(&self, kind: Resource, behavior: impl Behavior + 'static) {
        self.habits.settings().kinds.push(kind);
        self.server.serve(api_server::service(kind, &self.habits, behavior));
    }
}

/// The namespace of the clusters of Cluster API.
const CLUSTERS: &str = "lab";
/// The namespace of the Shoots of Gardener.
const SHOOTS: &str = "garden-lab";

type Authenticate = Arc<dyn Fn(&str) -> Option<User> + Send + Sync>;
type Authorize = Arc<dyn Fn(&User, &Access<'_>) -> bool + Send + Sync>;

/// What a test has chosen for the server.
#[derive(Clone)]
struct Habits {
    url: Arc<str>,
    settings: Arc<Mutex<Settings>>,
}

struct Settings {
    pace: When,
    authenticate: Authenticate,
    authorize: Authorize,
    versions: BTreeMap<&'static str, Vec<&'static str>>,
    kinds: Vec<Resource>,
}

impl Habits {
    fn new(url: String) -> Self {
        let settings = Settings {
            pace: When::Reads(1),
            authenticate: Arc::new(|token| {
                (token == TOKEN).then(|| User::new("lab-user").group("lab-users"))
            }),
            authorize: Arc::new(|_, _| true),
            versions: BTreeMap::new(),
            kinds: Vec::new(),
        };
        Self { url: url.into(), settings: Arc::new(Mutex::new(settings)) }
    }

    fn settings(&self) -> MutexGuard<'_, Settings> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The address of the server.
    fn url(&self) -> &str {
        &self.url
    }

    fn kinds(&self) -> Vec<Resource> {
        self.settings().kinds.clone()
    }

    fn serves(&self, group: &str, version: &str) -> bool {
        let settings = self.settings();
        settings.versions.get(group).is_none_or(|versions| versions.contains(&version))
    }
}

impl fmt::Debug for Habits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Habits").field("pace", &self.settings().pace).finish_non_exhaustive()
    }
}

/// With the failures of an API server, for those who are known to it.
fn guarded(service: FakeService, habits: &Habits) -> FakeService {
    let habits = habits.clone();
    service.failures(status::plain).gate(move |call| access::authenticate(&habits, call))
}

/// A kubeconfig with one context.
fn kubeconfig(
    cluster: &str,
    url: &str,
    user: &str,
    token: &str,
    namespace: Option<&str>,
) -> String {
    let namespace = namespace.map(|name| format!("\n    namespace: {name}")).unwrap_or_default();
    format!(
        "apiVersion: v1
kind: Config
clusters:
- name: {cluster}
  cluster:
    server: {url}
contexts:
- name: {user}@{cluster}
  context:
    cluster: {cluster}
    user: {user}{namespace}
current-context: {user}@{cluster}
users:
- name: {user}
  user:
    token: \"{token}\"
"
    )
}

#[cfg(test)]
mod tests;
