//! Typed clients for OpenStack, the infrastructure layer of Sovereign Cloud Stack.
//!
//! ```no_run
//! use futures_util::TryStreamExt;
//! use scs_iaas::{OpenStack, compute::FlavorQuery};
//!
//! # async fn f() -> scs_core::Result<()> {
//! let cloud = OpenStack::from_cloud("my-cloud").await?; // of clouds.yaml
//! let mut flavors = std::pin::pin!(cloud.flavors().list(FlavorQuery::new().min_ram(4096)));
//! while let Some(flavor) = flavors.try_next().await? {
//!     println!("{} {} vCPU", flavor.name, flavor.vcpus);
//! }
//! # Ok(()) }
//! ```
//!
//! One module for each service, one file for each resource, one [`Api`] handle for all of
//! them.
//!
//! # A resource that is missing here
//! The application declares it in its own code, in the same way as the SDK does:
//!
//! ```no_run
//! use futures_util::TryStreamExt;
//! use scs_core::{ApiVersion, Id, Identified, Listable, Resource, Route, answer, request};
//! use scs_iaas::{OpenStack, Session};
//!
//! answer! {
//!     /// A host that servers run on; for administrators.
//!     struct Hypervisor(
//!         id: Id<Hypervisor>,
//!         hypervisor_hostname: String,
//!     ) {
//!         host_ip: Option<String>,
//!     }
//! }
//!
//! request! {
//!     /// Which hypervisors to list.
//!     struct HypervisorQuery {
//!         /// Those whose name holds this.
//!         pattern: String as "hypervisor_hostname_pattern" => since(2, 53),
//!     }
//! }
//!
//! impl Resource for Hypervisor {
//!     type Dialect = Session;
//!     const ROUTE: Route = Route::new("compute", "os-hypervisors")
//!         .keys("hypervisor", "hypervisors")
//!         .versions(ApiVersion::new(2, 53), ApiVersion::new(2, 88));
//! }
//! impl Identified for Hypervisor {
//!     fn id(&self) -> &Id<Self> {
//!         &self.id
//!     }
//! }
//! impl Listable for Hypervisor {
//!     type Query = HypervisorQuery;
//! }
//!
//! # async fn f(cloud: OpenStack) -> scs_core::Result<()> {
//! let hosts = cloud.api::<Hypervisor>().list(HypervisorQuery::new().pattern("rack-7"));
//! let hosts: Vec<Hypervisor> = hosts.try_collect().await?;
//! # Ok(()) }
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod auth;
pub mod block_storage;
pub mod catalog;
#[cfg(feature = "config")]
pub mod clouds;
pub mod compute;
mod discovery;
mod fault;
pub mod identity;
pub mod image;
pub mod key_manager;
pub mod network;
mod places;
mod provider;
mod session;
pub mod standards;
#[cfg(feature = "testing")]
pub mod testing;

use scs_core::{Api, Id, Resource, Result};

pub use self::session::{Session, SessionBuilder};

/// An OpenStack cloud, logged in to. Cheap to clone.
///
/// It is a [`Provider`](scs_core::Provider), too: the same cloud in words that every cloud shares.
///
/// ```no_run
/// use scs_core::provider::{Provider, StoreExt};
/// use scs_iaas::OpenStack;
///
/// # async fn f(cloud: OpenStack) -> scs_core::Result<()> {
/// let cloud: &dyn Provider = &cloud;
/// for flavor in cloud.flavors()?.all().await? {
///     println!("{} has {} vCPU", flavor.name, flavor.vcpus);
/// }
/// let native: Option<&OpenStack> = cloud.native();
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct OpenStack {
    session: Session,
}

impl OpenStack {
    /// Logs in to the cloud whose Keystone has this address.
    ///
    /// ```no_run
    /// use scs_iaas::{OpenStack, auth::{Password, Scope}};
    ///
    /// # async fn f() -> scs_core::Result<()> {
    /// let login = Password::new("ada", "swordfish")
    ///     .user_domain("Default")
    ///     .scope(Scope::project("engine"));
    /// let cloud = OpenStack::connect("https://cloud.example:5000", login).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Unauthenticated`](scs_core::ErrorKind) if the login is refused.
    pub async fn connect(
        auth_url: impl Into<String>,
        login: impl Into<auth::Login>,
    ) -> Result<Self> {
        Ok(Self::new(Self::builder(auth_url, login).connect().await?))
    }

    /// The same with region, interface, certificates, time-outs and the like still to be set.
    ///
    /// ```no_run
    /// use scs_iaas::{OpenStack, auth::ApplicationCredential};
    ///
    /// # async fn f() -> scs_core::Result<()> {
    /// let login = ApplicationCredential::by_id("8f2c…", "the secret");
    /// let session = OpenStack::builder("https://cloud.example:5000", login)
    ///     .region("eu-1")
    ///     .transport(|transport| transport.http(|http| http.user_agent("shop/2.1")))
    ///     .connect()
    ///     .await?;
    /// let cloud = OpenStack::new(session);
    /// # Ok(()) }
    /// ```
    pub fn builder(auth_url: impl Into<String>, login: impl Into<auth::Login>) -> SessionBuilder {
        SessionBuilder::new(auth_url.into(), login.into())
    }

    /// Services that run without Keystone: each needs an
    /// [`endpoint_override`](SessionBuilder::endpoint_override).
    pub fn standalone(login: auth::Standalone) -> SessionBuilder {
        SessionBuilder::standalone(login)
    }

    /// The cloud that a session is logged in to.
    pub fn new(session: Session) -> Self {
        Self { session }
    }

    /// The cloud of this name in clouds.yaml: see [`clouds`].
    ///
    /// # Errors
    /// [`ErrorKind::Config`](scs_core::ErrorKind) if there is none or it cannot be used.
    #[cfg(feature = "config")]
    pub async fn from_cloud(name: &str) -> Result<Self> {
        let cloud = clouds::Cloud::load(name).await?;
        Ok(Self::new(cloud.into_builder()?.connect().await?))
    }

    /// The cloud that the environment chooses, as the `openstack` command does: that of
    /// `OS_CLOUD`, else that of `OS_AUTH_URL` and the like, else the only one of clouds.yaml.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](scs_core::ErrorKind) if there is none or it cannot be used.
    #[cfg(feature = "config")]
    pub async fn from_env() -> Result<Self> {
        let cloud = clouds::Cloud::from_env().await?;
        Ok(Self::new(cloud.into_builder()?.connect().await?))
    }

    /// The same cloud, by the same connections, in another project of the user: see
    /// [`Session::for_project`].
    ///
    /// ```no_run
    /// # async fn f(cloud: scs_iaas::OpenStack) -> scs_core::Result<()> {
    /// let shop = cloud.projects().find("shop").await?;
    /// let servers = cloud.for_project(&shop.id).await?.servers();
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As with [`Session::for_project`].
    pub async fn for_project(&self, project: &Id<identity::Project>) -> Result<Self> {
        Ok(Self::new(self.session.for_project(project).await?))
    }

    /// The session: who is logged in, where the services are.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The resources of kind `R`, also one that the application has declared.
    pub fn api<R: Resource<Dialect = Session>>(&self) -> Api<R> {
        Api::new(self.session.clone())
    }

    /// The resources of kind `R` that belong to the parents with these ids.
    pub fn api_in<'a, R: Resource<Dialect = Session>>(
        &self,
        parents: impl IntoIterator<Item = &'a str>,
    ) -> Api<R> {
        Api::within(self.session.clone(), parents)
    }
}
