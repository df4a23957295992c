use async_trait::async_trait;

use super::Store;
use crate::{
    Id, Result,
    model::{Address, Machine, Volume},
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
