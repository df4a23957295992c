//! Actions on the metadata of a server. Its tags are those of
//! [`Taggable`](crate::network::Taggable) things.

use scs_core::{Action, Metadata, Payload, route::Verb};
use serde::{Serialize, Serializer};

use super::Server;
use crate::network::Taggable;

impl Taggable for Server {}

/// Adds key-value pairs to those of a server, or changes them; answers with all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SetMetadata(pub Metadata);

impl Payload for SetMetadata {}

impl Action for SetMetadata {
    type Target = Server;
    type Output = Metadata;
    const KEY: &'static str = "metadata";
    const PATH: &'static str = "metadata";
    const ANSWER: &'static str = "metadata";
    const IDEMPOTENT: bool = true;
}

/// Gives a server exactly these key-value pairs; answers with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ReplaceMetadata(pub Metadata);

impl Payload for ReplaceMetadata {}

impl Action for ReplaceMetadata {
    type Target = Server;
    type Output = Metadata;
    const KEY: &'static str = "metadata";
    const PATH: &'static str = "metadata";
    const VERB: Verb = Verb::Put;
    const ANSWER: &'static str = "metadata";
}

/// Takes the key-value pair with this key from a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoveMetadata(pub String);

impl Serialize for RemoveMetadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl Payload for RemoveMetadata {}

impl Action for RemoveMetadata {
    type Target = Server;
    type Output = ();
    const KEY: &'static str = "";
    const PATH: &'static str = "metadata";
    const VERB: Verb = Verb::Delete;

    fn member(&self) -> Option<&str> {
        Some(&self.0)
    }
}
