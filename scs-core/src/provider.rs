//! One set of traits for every cloud.
//!
//! A [`Provider`] is a cloud in neutral words. Each of its facets is a [`Store`] of one
//! [noun](crate::model), some with verbs beyond creating and deleting; a facet that a cloud
//! does not have answers [`Unsupported`](crate::ErrorKind::Unsupported). Code that is written
//! against `&dyn Provider` runs on every cloud, and in a test without any:
//!
#![cfg_attr(feature = "testing", doc = "```")]
#![cfg_attr(not(feature = "testing"), doc = "```ignore")]
//! use scs_core::{Provider, Result, StoreExt, model::MachineSpec, testing::Memory};
//!
//! async fn rollout(cloud: &dyn Provider) -> Result<String> {
//!     let flavor = cloud.flavors()?.find("SCS-2V-4").await?;
//!     let image = cloud.images()?.find("Ubuntu 24.04").await?;
//!     let machines = cloud.machines()?;
//!     let machine = machines.create(MachineSpec::new("shop", flavor.id, image.id)).await?;
//!     let machine = machines.ready(&machine.id).await?;
//!     Ok(format!("{} at {}", machine.name, machine.addresses[0]))
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
//! assert_eq!(rollout(&Memory::new()).await?, "shop at 10.0.0.1");
//! # Ok::<(), Box<dyn std::error::Error>>(()) })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What only one cloud knows is reached with [`native`](trait.Provider.html#method.native):
//! `cloud.native::<OpenStack>()` is the native client, if that is what is behind it.
//!
//! # Why facets come in an `Arc`
//! A facet is cheap to clone and owns what it needs, like an [`Api`](crate::Api): it can move
//! into a task, and a decorator such as [`ReadOnly`] can wrap it without being borrowed from.
//! A provider need not keep its facets; it makes them from its client when asked.

mod adapter;
mod ext;
mod facets;
mod read_only;

use std::{any::Any, fmt::Debug, sync::Arc};

use async_trait::async_trait;
use futures_core::stream::BoxStream;

pub use self::{
    adapter::{
        Adapter, AddressVerbs, GroupVerbs, MachineVerbs, Makes, RoleVerbs, Speaks, VolumeVerbs,
    },
    ext::StoreExt,
    facets::{Addresses, Clusters, Event, Groups, Machines, Power, Roles, Volumes},
    read_only::ReadOnly,
};
use crate::{
    Error, ErrorKind, Id, Metadata, Result,
    error::Delivery,
    model::{
        ClusterTemplate, Flavor, Image, KeyPair, Model, Network, Project, SecurityGroup, Specified,
        User,
    },
};

/// The things of one kind that a cloud has. [`StoreExt`] adds what follows from it.
#[async_trait]
pub trait Catalogue<T: Model>: Debug + Send + Sync {
    /// The one with this id.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if there is none, [`ErrorKind::InvalidInput`] if the id is
    /// empty.
    async fn get(&self, id: &Id<T>) -> Result<T>;

    /// All that are meant, one after the other, each exactly once.
    fn list(&self, select: Select) -> BoxStream<'static, Result<T>>;
}

/// A catalogue in which things can be made and deleted.
#[async_trait]
pub trait Store<T: Specified>: Catalogue<T> {
    /// Makes one and answers as soon as the cloud has accepted that; [`StoreExt::ready`]
    /// waits until it can be used.
    async fn create(&self, spec: T::Spec) -> Result<T>;

    /// Deletes one; [`StoreExt::gone`] waits until that is done.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if there is none, [`ErrorKind::Conflict`] if it is in use.
    async fn delete(&self, id: &Id<T>) -> Result<()>;
}

/// Which ones of a catalogue are meant: those that meet all of the conditions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Select {
    /// The name.
    pub name: Option<String>,
    /// Labels, each with its value. What cannot have labels does not meet this.
    pub labels: Metadata,
}

impl Select {
    /// All there are.
    pub fn all() -> Self {
        Self::default()
    }

    /// Those with exactly this name.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::default() }
    }

    /// Only those with this label.
    #[must_use]
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }

    /// Whether this one is meant.
    pub fn matches<T: Model>(&self, model: &T) -> bool {
        self.name.as_deref().is_none_or(|name| name == model.name())
            && self.labels.iter().all(|(key, value)| {
                model.labels().and_then(|labels| labels.get(key)) == Some(value)
            })
    }
}

/// A cloud in neutral words.
///
/// Every facet is [`ErrorKind::Unsupported`] until a provider says otherwise, so that new
/// facets do not break providers.
pub trait Provider: Any + Debug + Send + Sync {
    /// What the provider is called in messages: `openstack`.
    fn name(&self) -> &'static str;

    /// Machines.
    fn machines(&self) -> Result<Arc<dyn Machines>> {
        Err(unsupported(self.name(), "machines"))
    }

    /// The sizes machines come in.
    fn flavors(&self) -> Result<Arc<dyn Catalogue<Flavor>>> {
        Err(unsupported(self.name(), "flavors"))
    }

    /// What disks are made from.
    fn images(&self) -> Result<Arc<dyn Catalogue<Image>>> {
        Err(unsupported(self.name(), "images"))
    }

    /// Networks.
    fn networks(&self) -> Result<Arc<dyn Store<Network>>> {
        Err(unsupported(self.name(), "networks"))
    }

    /// Addresses that can be moved from machine to machine.
    fn addresses(&self) -> Result<Arc<dyn Addresses>> {
        Err(unsupported(self.name(), "addresses"))
    }

    /// Disks with a life of their own.
    fn volumes(&self) -> Result<Arc<dyn Volumes>> {
        Err(unsupported(self.name(), "volumes"))
    }

    /// Public keys.
    fn keys(&self) -> Result<Arc<dyn Store<KeyPair>>> {
        Err(unsupported(self.name(), "keys"))
    }

    /// Groups of rules that say which traffic may pass.
    fn security(&self) -> Result<Arc<dyn Store<SecurityGroup>>> {
        Err(unsupported(self.name(), "security"))
    }

    /// Kubernetes clusters.
    fn clusters(&self) -> Result<Arc<dyn Clusters>> {
        Err(unsupported(self.name(), "clusters"))
    }

    /// What clusters are made from.
    fn templates(&self) -> Result<Arc<dyn Catalogue<ClusterTemplate>>> {
        Err(unsupported(self.name(), "templates"))
    }

    /// Those who can log in.
    fn users(&self) -> Result<Arc<dyn Store<User>>> {
        Err(unsupported(self.name(), "users"))
    }

    /// Groups of users.
    fn groups(&self) -> Result<Arc<dyn Groups>> {
        Err(unsupported(self.name(), "groups"))
    }

    /// Roles, and who holds them.
    fn roles(&self) -> Result<Arc<dyn Roles>> {
        Err(unsupported(self.name(), "roles"))
    }

    /// Projects.
    fn projects(&self) -> Result<Arc<dyn Store<Project>>> {
        Err(unsupported(self.name(), "projects"))
    }

    /// What it is composed of, if it is several clouds in one.
    fn parts(&self) -> &[Arc<dyn Provider>] {
        &[]
    }
}

impl dyn Provider {
    /// The provider itself, or the first of its parts, that is an `N`: the way to what only one
    /// cloud knows.
    pub fn native<N: Any>(&self) -> Option<&N> {
        let this = (self as &dyn Any).downcast_ref();
        this.or_else(|| self.parts().iter().find_map(|part| part.native()))
    }
}

fn unsupported(provider: &'static str, facet: &str) -> Error {
    Error::new(ErrorKind::Unsupported, format!("this provider does not offer `{facet}`"))
        .with_service(provider)
        .with_delivery(Delivery::NotSent)
}
