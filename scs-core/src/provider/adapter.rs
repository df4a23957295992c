use std::{fmt, future::Future};

use async_trait::async_trait;
use futures_core::stream::BoxStream;
use futures_util::StreamExt;

use super::{Addresses, Catalogue, Groups, Machines, Power, Roles, Select, Store, Volumes};
use crate::{
    Api, Deletable, Id, Identified, Listable, Resource, Result,
    model::{Address, Group, Holder, Machine, Model, Role, Specified, User, Volume},
};

/// A native resource that is a `T` in neutral words.
pub trait Speaks<T: Model>: Identified + Listable {
    /// The same in neutral words.
    fn raise(self) -> T;
}

/// A native resource that can be made from the neutral spec of a `T`.
pub trait Makes<T: Specified>: Speaks<T> + Deletable {
    /// Makes one. What takes several requests is undone if one of them fails.
    fn make(api: &Api<Self>, spec: T::Spec) -> impl Future<Output = Result<Self>> + Send;
}

/// The verbs of [`Machines`] for a native resource.
pub trait MachineVerbs: Makes<Machine> {
    /// [`Machines::power`]
    fn power(
        api: &Api<Self>,
        id: &Id<Self>,
        power: Power,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// The verbs of [`Volumes`] for a native resource.
pub trait VolumeVerbs: Makes<Volume> {
    /// [`Volumes::resize`]
    fn resize(api: &Api<Self>, id: &Id<Self>, gib: u32) -> impl Future<Output = Result<()>> + Send;

    /// [`Volumes::attach`]
    fn attach(
        api: &Api<Self>,
        id: &Id<Self>,
        machine: &Id<Machine>,
    ) -> impl Future<Output = Result<()>> + Send;

    /// [`Volumes::detach`]
    fn detach(
        api: &Api<Self>,
        id: &Id<Self>,
        machine: &Id<Machine>,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// The verbs of [`Addresses`] for a native resource.
pub trait AddressVerbs: Makes<Address> {
    /// [`Addresses::assign`]
    fn assign(
        api: &Api<Self>,
        id: &Id<Self>,
        machine: &Id<Machine>,
    ) -> impl Future<Output = Result<()>> + Send;

    /// [`Addresses::unassign`]
    fn unassign(api: &Api<Self>, id: &Id<Self>) -> impl Future<Output = Result<()>> + Send;
}

/// The verbs of [`Groups`] for a native resource.
pub trait GroupVerbs: Makes<Group> {
    /// [`Groups::add`]
    fn add(
        api: &Api<Self>,
        id: &Id<Self>,
        user: &Id<User>,
    ) -> impl Future<Output = Result<()>> + Send;

    /// [`Groups::remove`]
    fn remove(
        api: &Api<Self>,
        id: &Id<Self>,
        user: &Id<User>,
    ) -> impl Future<Output = Result<()>> + Send;

    /// [`Groups::members`]
    fn members(api: &Api<Self>, id: &Id<Self>) -> BoxStream<'static, Result<User>>;
}

/// The verbs of [`Roles`] for a native resource.
pub trait RoleVerbs: Makes<Role> {
    /// [`Roles::assign`]
    fn assign(
        api: &Api<Self>,
        id: &Id<Self>,
        to: &Holder,
    ) -> impl Future<Output = Result<()>> + Send;

    /// [`Roles::revoke`]
    fn revoke(
        api: &Api<Self>,
        id: &Id<Self>,
        from: &Holder,
    ) -> impl Future<Output = Result<()>> + Send;

    /// [`Roles::held`]
    fn held(api: &Api<Self>, by: &Holder) -> BoxStream<'static, Result<Role>>;
}

/// An [`Api`] as a [`Catalogue`], [`Store`] or facet of what its resource speaks.
///
/// A back end says for each resource what it is in neutral words, and is done:
///
/// ```
/// # use scs_core::{dialect::{RawPage, Target}, transport::Response, *};
/// # use serde::de::DeserializeOwned;
/// # #[derive(Debug, Clone)]
/// # struct Cloud(Transport);
/// # impl Dialect for Cloud {
/// #     fn transport(&self) -> &Transport { &self.0 }
/// #     async fn locate(&self, _: &Route, _: Option<Need>, _: Option<ApiVersion>) -> Result<Target> { loop {} }
/// #     fn page<T: DeserializeOwned>(&self, _: &Route, _: &[u8]) -> Result<RawPage<T>> { loop {} }
/// #     fn fault(&self, _: &Route, _: &Response) -> Error { loop {} }
/// # }
/// # #[derive(Debug, serde::Deserialize)]
/// # struct Disk { id: Id<Disk>, name: String, size: u32 }
/// # scs_core::request! { struct NewDisk(name: String, size: u32) {} }
/// # scs_core::request! { struct DiskQuery {} }
/// # impl Resource for Disk {
/// #     type Dialect = Cloud;
/// #     const ROUTE: Route = Route::new("storage", "disks");
/// # }
/// # impl Identified for Disk { fn id(&self) -> &Id<Self> { &self.id } }
/// # impl Listable for Disk { type Query = DiskQuery; }
/// # impl Creatable for Disk { type New = NewDisk; }
/// # impl Deletable for Disk {}
/// use scs_core::{
///     model::{Volume, VolumeSpec},
///     provider::{Adapter, Makes, Speaks},
/// };
///
/// impl Speaks<Volume> for Disk {
///     fn raise(self) -> Volume {
///         Volume::new(self.id.cast(), self.name, Phase::Ready, self.size)
///     }
/// }
///
/// impl Makes<Volume> for Disk {
///     async fn make(api: &Api<Self>, spec: VolumeSpec) -> Result<Self> {
///         api.create(NewDisk::new(spec.name, spec.gib)).await
///     }
/// }
///
/// fn volumes(disks: Api<Disk>) -> impl Store<Volume> {
///     Adapter::new(disks)
/// }
/// ```
///
/// The verbs of a facet are a trait of the resource as well ([`VolumeVerbs`]), because a back
/// end may not implement a foreign trait for a foreign `Adapter`.
pub struct Adapter<R: Resource>(Api<R>);

impl<R: Resource> Adapter<R> {
    /// `api` in neutral words.
    pub fn new(api: Api<R>) -> Self {
        Self(api)
    }
}

impl<R: Resource> fmt::Debug for Adapter<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Adapter").field(&self.0).finish()
    }
}

#[async_trait]
impl<T: Model, R: Speaks<T>> Catalogue<T> for Adapter<R> {
    async fn get(&self, id: &Id<T>) -> Result<T> {
        self.0.get(&id.cast()).await.map(R::raise)
    }

    fn list(&self, select: Select) -> BoxStream<'static, Result<T>> {
        let query = select.name.as_deref().map(R::named).unwrap_or_default();
        // Services filter loosely, or not at all.
        let selected = move |found: Result<R>| match found.map(R::raise) {
            Ok(found) if !select.matches(&found) => None,
            found => Some(found),
        };
        self.0.list(query).filter_map(move |found| std::future::ready(selected(found))).boxed()
    }
}

#[async_trait]
impl<T: Specified, R: Makes<T>> Store<T> for Adapter<R> {
    async fn create(&self, spec: T::Spec) -> Result<T> {
        R::make(&self.0, spec).await.map(R::raise)
    }

    async fn delete(&self, id: &Id<T>) -> Result<()> {
        self.0.delete(&id.cast()).await
    }
}

#[async_trait]
impl<R: MachineVerbs> Machines for Adapter<R> {
    async fn power(&self, id: &Id<Machine>, power: Power) -> Result<()> {
        R::power(&self.0, &id.cast(), power).await
    }
}

#[async_trait]
impl<R: VolumeVerbs> Volumes for Adapter<R> {
    async fn resize(&self, id: &Id<Volume>, gib: u32) -> Result<()> {
        R::resize(&self.0, &id.cast(), gib).await
    }

    async fn attach(&self, id: &Id<Volume>, machine: &Id<Machine>) -> Result<()> {
        R::attach(&self.0, &id.cast(), machine).await
    }

    async fn detach(&self, id: &Id<Volume>, machine: &Id<Machine>) -> Result<()> {
        R::detach(&self.0, &id.cast(), machine).await
    }
}

#[async_trait]
impl<R: AddressVerbs> Addresses for Adapter<R> {
    async fn assign(&self, id: &Id<Address>, machine: &Id<Machine>) -> Result<()> {
        R::assign(&self.0, &id.cast(), machine).await
    }

    async fn unassign(&self, id: &Id<Address>) -> Result<()> {
        R::unassign(&self.0, &id.cast()).await
    }
}

#[async_trait]
impl<R: GroupVerbs> Groups for Adapter<R> {
    async fn add(&self, group: &Id<Group>, user: &Id<User>) -> Result<()> {
        R::add(&self.0, &group.cast(), user).await
    }

    async fn remove(&self, group: &Id<Group>, user: &Id<User>) -> Result<()> {
        R::remove(&self.0, &group.cast(), user).await
    }

    fn members(&self, group: &Id<Group>) -> BoxStream<'static, Result<User>> {
        R::members(&self.0, &group.cast())
    }
}

#[async_trait]
impl<R: RoleVerbs> Roles for Adapter<R> {
    async fn assign(&self, role: &Id<Role>, to: &Holder) -> Result<()> {
        R::assign(&self.0, &role.cast(), to).await
    }

    async fn revoke(&self, role: &Id<Role>, from: &Holder) -> Result<()> {
        R::revoke(&self.0, &role.cast(), from).await
    }

    fn held(&self, by: &Holder) -> BoxStream<'static, Result<Role>> {
        R::held(&self.0, by)
    }
}
