use std::marker::PhantomData;

use scs_core::{Action, Arg, Identified, Payload, Resource, route::Verb};
use serde::{Serialize, Serializer};

use super::{FloatingIp, Network, Port, Router, SecurityGroup, Subnet};
use crate::Session;

/// It can have tags.
pub trait Taggable: Identified + Resource<Dialect = Session> {}

impl Taggable for FloatingIp {}
impl Taggable for Network {}
impl Taggable for Port {}
impl Taggable for Router {}
impl Taggable for SecurityGroup {}
impl Taggable for Subnet {}

/// Gives something exactly these tags; answers with them.
///
/// ```no_run
/// # use scs_iaas::{OpenStack, network::{Network, SetTags}};
/// # async fn f(cloud: OpenStack, network: Network) -> scs_core::Result<()> {
/// cloud.networks().act(&network.id, SetTags::new(["blue", "test"])).await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Serialize)]
pub struct SetTags<R> {
    tags: Vec<String>,
    #[serde(skip)]
    target: PhantomData<fn(R)>,
}

impl<R> SetTags<R> {
    /// These tags; none to take all away.
    pub fn new(tags: impl Arg<Vec<String>>) -> Self {
        Self { tags: tags.arg(), target: PhantomData }
    }
}

impl<R> Payload for SetTags<R> {}

impl<R: Taggable> Action for SetTags<R> {
    type Target = R;
    type Output = Vec<String>;
    const KEY: &'static str = "";
    const PATH: &'static str = "tags";
    const VERB: Verb = Verb::Put;
    const ANSWER: &'static str = "tags";
}

/// Gives something one more tag; one that it has already changes nothing.
#[derive(Debug, Clone)]
pub struct AddTag<R> {
    tag: String,
    target: PhantomData<fn(R)>,
}

impl<R> AddTag<R> {
    /// This tag. It must not hold a slash.
    pub fn new(tag: impl Into<String>) -> Self {
        Self { tag: tag.into(), target: PhantomData }
    }
}

impl<R> Serialize for AddTag<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<R> Payload for AddTag<R> {}

impl<R: Taggable> Action for AddTag<R> {
    type Target = R;
    type Output = ();
    const KEY: &'static str = "";
    const PATH: &'static str = "tags";
    const VERB: Verb = Verb::Put;

    fn member(&self) -> Option<&str> {
        Some(&self.tag)
    }
}

/// Takes a tag away. Without the tag it fails with
/// [`ErrorKind::NotFound`](scs_core::ErrorKind).
#[derive(Debug, Clone)]
pub struct RemoveTag<R> {
    tag: String,
    target: PhantomData<fn(R)>,
}

impl<R> RemoveTag<R> {
    /// This tag.
    pub fn new(tag: impl Into<String>) -> Self {
        Self { tag: tag.into(), target: PhantomData }
    }
}

impl<R> Serialize for RemoveTag<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<R> Payload for RemoveTag<R> {}

impl<R: Taggable> Action for RemoveTag<R> {
    type Target = R;
    type Output = ();
    const KEY: &'static str = "";
    const PATH: &'static str = "tags";
    const VERB: Verb = Verb::Delete;

    fn member(&self) -> Option<&str> {
        Some(&self.tag)
    }
}
