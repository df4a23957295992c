use scs_core::{
    Action, Id, Payload, Resource, Route, Singleton, answer, open_enum, request, route::Verb,
};
use serde::{Serialize, Serializer};

use super::{VolumeType, route};
use crate::Session;

open_enum! {
    /// Who encrypts.
    pub enum ControlLocation {
        /// The host that the server runs on: also the way to the storage is safe.
        FrontEnd = "front-end",
        /// The storage.
        BackEnd = "back-end",
    }
}

answer! {
    /// How the volumes of a [`VolumeType`] are encrypted; all `None` where they are not.
    #[derive(PartialEq, Eq)]
    pub struct VolumeTypeEncryption {
        /// Its id; what a change answers does not tell it.
        encryption_id: Option<Id<VolumeTypeEncryption>>,
        /// What encrypts: `luks`, `luks2`, `plain`.
        provider: Option<String>,
        /// Who encrypts.
        control_location: Option<ControlLocation>,
        /// Cipher and mode: `aes-xts-plain64`.
        cipher: Option<String>,
        /// The length of the key in bits.
        key_size: Option<u32>,
    }
}

impl Resource for VolumeTypeEncryption {
    type Dialect = Session;
    const ROUTE: Route = route("types/{}/encryption").keys("encryption", "").bare_one();
}

impl Singleton for VolumeTypeEncryption {}

request! {
    /// Has the volumes of a [`VolumeType`] encrypted from now on. Refused while it has volumes.
    pub struct AddEncryption(
        /// What encrypts: `luks`, `luks2`, `plain`.
        provider: String,
        /// Who encrypts.
        control_location: ControlLocation,
    ) {
        /// Cipher and mode: `aes-xts-plain64`.
        cipher: String,
        /// The length of the key in bits.
        key_size: u32,
    }
}

impl Action for AddEncryption {
    type Target = VolumeType;
    type Output = VolumeTypeEncryption;
    const KEY: &'static str = "encryption";
    const PATH: &'static str = "encryption";
    const ANSWER: &'static str = "encryption";
}

request! {
    /// What may change about a [`VolumeTypeEncryption`].
    pub struct EncryptionPatch {
        /// What encrypts: `luks`, `luks2`, `plain`.
        provider: String,
        /// Who encrypts.
        control_location: ControlLocation,
        /// Cipher and mode: `aes-xts-plain64`.
        cipher: String,
        /// The length of the key in bits.
        key_size: u32,
    }
}

/// Changes how the volumes of a [`VolumeType`] are encrypted; answers with what was sent.
/// Refused while it has volumes.
#[derive(Debug, Clone)]
pub struct ChangeEncryption {
    id: Id<VolumeTypeEncryption>,
    patch: EncryptionPatch,
}

impl ChangeEncryption {
    /// Changes the encryption with this id.
    pub fn new(id: impl Into<Id<VolumeTypeEncryption>>, patch: EncryptionPatch) -> Self {
        Self { id: id.into(), patch }
    }
}

impl Serialize for ChangeEncryption {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.patch.serialize(serializer)
    }
}

impl Payload for ChangeEncryption {}

impl Action for ChangeEncryption {
    type Target = VolumeType;
    type Output = VolumeTypeEncryption;
    const KEY: &'static str = "encryption";
    const PATH: &'static str = "encryption";
    const VERB: Verb = Verb::Put;
    const ANSWER: &'static str = "encryption";

    fn member(&self) -> Option<&str> {
        Some(self.id.as_str())
    }
}

/// Leaves the volumes of a [`VolumeType`] unencrypted from now on. Refused while it has
/// volumes. Cinder removes whatever encryption the type has, whichever id is given.
#[derive(Debug, Clone)]
pub struct RemoveEncryption(Id<VolumeTypeEncryption>);

impl RemoveEncryption {
    /// Removes the encryption with this id.
    pub fn new(id: impl Into<Id<VolumeTypeEncryption>>) -> Self {
        Self(id.into())
    }
}

impl Serialize for RemoveEncryption {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_none()
    }
}

impl Payload for RemoveEncryption {}

impl Action for RemoveEncryption {
    type Target = VolumeType;
    type Output = ();
    const KEY: &'static str = "";
    const PATH: &'static str = "encryption";
    const VERB: Verb = Verb::Delete;

    fn member(&self) -> Option<&str> {
        Some(self.0.as_str())
    }
}
