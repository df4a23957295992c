use std::sync::Arc;

use async_trait::async_trait;
use futures_core::stream::BoxStream;

use super::{
    Addresses, Catalogue, Clusters, Event, Groups, Machines, Power, Provider, Roles, Select, Store,
    Volumes,
};
use crate::{
    Error, ErrorKind, Id, Result, Secret,
    error::Delivery,
    model::{
        Address, Cluster, ClusterTemplate, Flavor, Group, Holder, Image, KeyPair, Machine, Model,
        Network, Project, Role, SecurityGroup, Specified, Upgrade, User, Volume,
    },
};

/// A provider, or one facet of it, of which nothing can be changed: for dashboards, dry runs
/// and reports.
///
/// Whatever would change something is [`ErrorKind::Forbidden`], and nothing is sent. The
/// native client stays hidden, too.
///
/// ```
/// # use scs_core::{Provider, ErrorKind, provider::ReadOnly};
/// # async fn f(cloud: std::sync::Arc<dyn Provider>) -> scs_core::Result<()> {
/// let cloud = ReadOnly::new(cloud);
/// let error = cloud.volumes()?.delete(&"8a6e".into()).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Forbidden);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct ReadOnly<S: ?Sized>(Arc<S>);

impl<S: ?Sized> ReadOnly<S> {
    /// The same, for reading only.
    pub fn new(inner: Arc<S>) -> Self {
        Self(inner)
    }
}

fn refuse<T: Model>(verb: &str, on: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Forbidden, format!("{verb} {} {on}: this handle only reads", T::KIND))
        .with_delivery(Delivery::NotSent)
}

impl<P: Provider + ?Sized> Provider for ReadOnly<P> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn machines(&self) -> Result<Arc<dyn Machines>> {
        Ok(Arc::new(ReadOnly(self.0.machines()?)))
    }

    fn flavors(&self) -> Result<Arc<dyn Catalogue<Flavor>>> {
        self.0.flavors()
    }

    fn images(&self) -> Result<Arc<dyn Catalogue<Image>>> {
        self.0.images()
    }

    fn networks(&self) -> Result<Arc<dyn Store<Network>>> {
        Ok(Arc::new(ReadOnly(self.0.networks()?)))
    }

    fn addresses(&self) -> Result<Arc<dyn Addresses>> {
        Ok(Arc::new(ReadOnly(self.0.addresses()?)))
    }

    fn volumes(&self) -> Result<Arc<dyn Volumes>> {
        Ok(Arc::new(ReadOnly(self.0.volumes()?)))
    }

    fn keys(&self) -> Result<Arc<dyn Store<KeyPair>>> {
        Ok(Arc::new(ReadOnly(self.0.keys()?)))
    }

    fn security(&self) -> Result<Arc<dyn Store<SecurityGroup>>> {
        Ok(Arc::new(ReadOnly(self.0.security()?)))
    }

    fn clusters(&self) -> Result<Arc<dyn Clusters>> {
        Ok(Arc::new(ReadOnly(self.0.clusters()?)))
    }

    fn templates(&self) -> Result<Arc<dyn Catalogue<ClusterTemplate>>> {
        self.0.templates()
    }

    fn users(&self) -> Result<Arc<dyn Store<User>>> {
        Ok(Arc::new(ReadOnly(self.0.users()?)))
    }

    fn groups(&self) -> Result<Arc<dyn Groups>> {
        Ok(Arc::new(ReadOnly(self.0.groups()?)))
    }

    fn roles(&self) -> Result<Arc<dyn Roles>> {
        Ok(Arc::new(ReadOnly(self.0.roles()?)))
    }

    fn projects(&self) -> Result<Arc<dyn Store<Project>>> {
        Ok(Arc::new(ReadOnly(self.0.projects()?)))
    }
}

#[async_trait]
impl<T: Model, S: Catalogue<T> + ?Sized> Catalogue<T> for ReadOnly<S> {
    async fn get(&self, id: &Id<T>) -> Result<T> {
        self.0.get(id).await
    }

    fn list(&self, select: Select) -> BoxStream<'static, Result<T>> {
        self.0.list(select)
    }
}

#[async_trait]
impl<T: Specified, S: Store<T> + ?Sized> Store<T> for ReadOnly<S> {
    async fn create(&self, spec: T::Spec) -> Result<T> {
        Err(refuse::<T>("create", T::wanted_name(&spec).unwrap_or_default()))
    }

    async fn delete(&self, id: &Id<T>) -> Result<()> {
        Err(refuse::<T>("delete", id))
    }
}

#[async_trait]
impl<S: Machines + ?Sized> Machines for ReadOnly<S> {
    async fn power(&self, id: &Id<Machine>, _: Power) -> Result<()> {
        Err(refuse::<Machine>("switch", id))
    }
}

#[async_trait]
impl<S: Volumes + ?Sized> Volumes for ReadOnly<S> {
    async fn resize(&self, id: &Id<Volume>, _: u32) -> Result<()> {
        Err(refuse::<Volume>("resize", id))
    }

    async fn attach(&self, id: &Id<Volume>, _: &Id<Machine>) -> Result<()> {
        Err(refuse::<Volume>("attach", id))
    }

    async fn detach(&self, id: &Id<Volume>, _: &Id<Machine>) -> Result<()> {
        Err(refuse::<Volume>("detach", id))
    }
}

#[async_trait]
impl<S: Addresses + ?Sized> Addresses for ReadOnly<S> {
    async fn assign(&self, id: &Id<Address>, _: &Id<Machine>) -> Result<()> {
        Err(refuse::<Address>("assign", id))
    }

    async fn unassign(&self, id: &Id<Address>) -> Result<()> {
        Err(refuse::<Address>("unassign", id))
    }
}

#[async_trait]
impl<S: Clusters + ?Sized> Clusters for ReadOnly<S> {
    async fn scale(&self, id: &Id<Cluster>, _: &str, _: u32) -> Result<()> {
        Err(refuse::<Cluster>("scale", id))
    }

    async fn upgrade(&self, id: &Id<Cluster>, _: Upgrade) -> Result<()> {
        Err(refuse::<Cluster>("upgrade", id))
    }

    /// Refused, too: what it opens can be changed.
    async fn kubeconfig(&self, id: &Id<Cluster>) -> Result<Secret> {
        Err(refuse::<Cluster>("open", id))
    }

    fn watch(&self, select: Select) -> BoxStream<'static, Result<Event<Cluster>>> {
        self.0.watch(select)
    }
}

#[async_trait]
impl<S: Groups + ?Sized> Groups for ReadOnly<S> {
    async fn add(&self, group: &Id<Group>, _: &Id<User>) -> Result<()> {
        Err(refuse::<Group>("add to", group))
    }

    async fn remove(&self, group: &Id<Group>, _: &Id<User>) -> Result<()> {
        Err(refuse::<Group>("remove from", group))
    }

    fn members(&self, group: &Id<Group>) -> BoxStream<'static, Result<User>> {
        self.0.members(group)
    }
}

#[async_trait]
impl<S: Roles + ?Sized> Roles for ReadOnly<S> {
    async fn assign(&self, role: &Id<Role>, _: &Holder) -> Result<()> {
        Err(refuse::<Role>("assign", role))
    }

    async fn revoke(&self, role: &Id<Role>, _: &Holder) -> Result<()> {
        Err(refuse::<Role>("revoke", role))
    }

    fn held(&self, by: &Holder) -> BoxStream<'static, Result<Role>> {
        self.0.held(by)
    }
}
