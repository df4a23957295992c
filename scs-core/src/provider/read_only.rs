use std::sync::Arc;

use async_trait::async_trait;
use futures_core::stream::BoxStream;

use super::{Addresses, Catalogue, Machines, Power, Provider, Select, Store, Volumes};
use crate::{
    Error, ErrorKind, Id, Result,
    error::Delivery,
    model::{
        Address, Flavor, Image, KeyPair, Machine, Model, Network, SecurityGroup, Specified, Volume,
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
