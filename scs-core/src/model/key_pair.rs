use super::{Model, Specified};
use crate::Id;

/// A public key whose owner can log in to machines. The private key stays with the owner.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyPair {
    /// The id; in many clouds the name.
    pub id: Id<KeyPair>,
    /// The name.
    pub name: String,
    /// The public key in the format of OpenSSH.
    pub public_key: String,
}

impl KeyPair {
    /// A key pair with this public half.
    pub fn new(
        id: impl Into<Id<Self>>,
        name: impl Into<String>,
        public_key: impl Into<String>,
    ) -> Self {
        Self { id: id.into(), name: name.into(), public_key: public_key.into() }
    }
}

impl Model for KeyPair {
    const KIND: &'static str = "key pair";

    fn id(&self) -> &Id<Self> {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }
}

impl Specified for KeyPair {
    type Spec = KeyPairSpec;

    fn wanted_name(spec: &KeyPairSpec) -> Option<&str> {
        Some(&spec.name)
    }
}

/// What a [`KeyPair`] is made from. Clouds do not make keys: bring your own.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct KeyPairSpec {
    /// The name.
    pub name: String,
    /// The public key in the format of OpenSSH.
    pub public_key: String,
}

impl KeyPairSpec {
    /// A key pair with this public half.
    pub fn new(name: impl Into<String>, public_key: impl Into<String>) -> Self {
        Self { name: name.into(), public_key: public_key.into() }
    }
}
