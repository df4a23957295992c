use async_trait::async_trait;
use futures_core::stream::BoxStream;

use super::{Select, Store};
use crate::{
    Id, Result, Secret,
    model::{Address, Cluster, Group, Holder, Machine, Model, Role, Upgrade, User, Volume},
};

/// What is done to the power of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Power {
    /// Switched on.
    On,
    /// Switched off, after the operating system was asked to shut down.
    Off,
    /// Started anew, after the operating system was asked to shut down.
    Reboot,
}

/// Machines, and what can be done to them. Each verb answers as soon as the cloud has
/// accepted it.
#[async_trait]
pub trait Machines: Store<Machine> {
    /// Switches one on or off, or starts it anew.
    async fn power(&self, id: &Id<Machine>, power: Power) -> Result<()>;
}

/// Volumes, and what can be done to them. Each verb answers as soon as the cloud has accepted
/// it.
#[async_trait]
pub trait Volumes: Store<Volume> {
    /// Grows one to this size in GiB.
    ///
    /// # Errors
    /// If it is not smaller than that now: volumes do not shrink.
    async fn resize(&self, id: &Id<Volume>, gib: u32) -> Result<()>;

    /// Attaches one to a machine.
    ///
    /// # Errors
    /// If it is attached already, or is not ready.
    async fn attach(&self, id: &Id<Volume>, machine: &Id<Machine>) -> Result<()>;

    /// Detaches one from a machine.
    ///
    /// # Errors
    /// If it is not attached to that machine.
    async fn detach(&self, id: &Id<Volume>, machine: &Id<Machine>) -> Result<()>;
}

/// Addresses, and which machine they lead to.
#[async_trait]
pub trait Addresses: Store<Address> {
    /// Lets one lead to a machine, wherever it led before.
    ///
    /// # Errors
    /// If no network of the machine is connected to that of the address.
    async fn assign(&self, id: &Id<Address>, machine: &Id<Machine>) -> Result<()>;

    /// Lets one lead nowhere. It is kept.
    async fn unassign(&self, id: &Id<Address>) -> Result<()>;
}

/// What a watch shows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<T: Model> {
    /// One is there, as it is now.
    Present(T),
    /// The one with this id is gone.
    Gone(Id<T>),
}

/// Kubernetes clusters, and what can be done to them. Each verb answers as soon as the cloud
/// has accepted it; the cluster is then not [ready](crate::Phase::Ready) until it is done.
#[async_trait]
pub trait Clusters: Store<Cluster> {
    /// Gives a pool this many nodes.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such pool; the
    /// message names those there are.
    async fn scale(&self, id: &Id<Cluster>, pool: &str, count: u32) -> Result<()>;

    /// Brings one to another version of Kubernetes.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the version is not on
    /// offer, older than the present one, or more than one minor version ahead.
    async fn upgrade(&self, id: &Id<Cluster>, upgrade: Upgrade) -> Result<()>;

    /// What opens the API server of one: a kubeconfig file. It may end or be renewed by the
    /// cloud: ask again rather than keep it.
    ///
    /// # Errors
    /// If the cluster does not have one yet.
    async fn kubeconfig(&self, id: &Id<Cluster>) -> Result<Secret>;

    /// All that are meant as they are now, then again each that changes, and which are gone.
    ///
    /// The stream goes on across lost connections until it is dropped; states in between may
    /// be skipped then, the last one never. It ends with an error that waiting does not cure.
    fn watch(&self, select: Select) -> BoxStream<'static, Result<Event<Cluster>>>;
}

/// Groups of users, and who is in them.
#[async_trait]
pub trait Groups: Store<Group> {
    /// Puts a user into a group. It is no error if they are there already.
    async fn add(&self, group: &Id<Group>, user: &Id<User>) -> Result<()>;

    /// Takes a user out of a group. It is no error if they are not there.
    async fn remove(&self, group: &Id<Group>, user: &Id<User>) -> Result<()>;

    /// The users in a group.
    fn members(&self, group: &Id<Group>) -> BoxStream<'static, Result<User>>;
}

/// Roles, and who holds them.
#[async_trait]
pub trait Roles: Store<Role> {
    /// Gives a role to somebody. It is no error if they have it already.
    async fn assign(&self, role: &Id<Role>, to: &Holder) -> Result<()>;

    /// Takes a role from somebody who was given it. It is no error if they were not.
    async fn revoke(&self, role: &Id<Role>, from: &Holder) -> Result<()>;

    /// The roles that somebody has: given to them, to a group they are in, or contained in
    /// another role.
    fn held(&self, by: &Holder) -> BoxStream<'static, Result<Role>>;
}
