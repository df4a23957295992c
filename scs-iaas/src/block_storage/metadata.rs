use std::marker::PhantomData;

use scs_core::{Action, Identified, Metadata, Payload, route::Verb};
use serde::{Serialize, Serializer};

use super::{Snapshot, Volume};

/// Volumes and snapshots: what carries key-value pairs of its users.
pub trait Described: Identified {}

impl Described for Volume {}
impl Described for Snapshot {}

/// Adds key-value pairs to a [`Volume`] or [`Snapshot`], or changes them. Answers with all.
///
/// ```no_run
/// # use scs_iaas::{OpenStack, block_storage::{AddMetadata, Volume}};
/// # async fn f(cloud: OpenStack, volume: Volume) -> scs_core::Result<()> {
/// let pairs = [("owner".to_owned(), "ada".to_owned())].into();
/// let all = cloud.volumes().act(&volume.id, AddMetadata::new(pairs)).await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct AddMetadata<R>(Metadata, PhantomData<fn() -> R>);

/// Gives a [`Volume`] or [`Snapshot`] these key-value pairs and no others. Answers with all.
#[derive(Debug, Clone)]
pub struct ReplaceMetadata<R>(Metadata, PhantomData<fn() -> R>);

/// Removes one key-value pair of a [`Volume`] or [`Snapshot`].
#[derive(Debug, Clone)]
pub struct RemoveMetadata<R>(String, PhantomData<fn() -> R>);

impl<R: Described> RemoveMetadata<R> {
    /// Removes the one with this key.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into(), PhantomData)
    }
}

impl<R: Described> AddMetadata<R> {
    /// Adds these.
    pub fn new(metadata: Metadata) -> Self {
        Self(metadata, PhantomData)
    }
}

impl<R: Described> ReplaceMetadata<R> {
    /// Leaves these.
    pub fn new(metadata: Metadata) -> Self {
        Self(metadata, PhantomData)
    }
}

impl<R> Serialize for AddMetadata<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<R> Serialize for ReplaceMetadata<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<R> Serialize for RemoveMetadata<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_none()
    }
}

impl<R> Payload for AddMetadata<R> {}
impl<R> Payload for ReplaceMetadata<R> {}
impl<R> Payload for RemoveMetadata<R> {}

impl<R: Described> Action for AddMetadata<R> {
    type Target = R;
    type Output = Metadata;
    const KEY: &'static str = "metadata";
    const PATH: &'static str = "metadata";
    const ANSWER: &'static str = "metadata";
    const IDEMPOTENT: bool = true;
}

impl<R: Described> Action for ReplaceMetadata<R> {
    type Target = R;
    type Output = Metadata;
    const KEY: &'static str = "metadata";
    const PATH: &'static str = "metadata";
    const VERB: Verb = Verb::Put;
    const ANSWER: &'static str = "metadata";
}

impl<R: Described> Action for RemoveMetadata<R> {
    type Target = R;
    type Output = ();
    const KEY: &'static str = "";
    const PATH: &'static str = "metadata";
    const VERB: Verb = Verb::Delete;

    fn member(&self) -> Option<&str> {
        Some(&self.0)
    }
}
