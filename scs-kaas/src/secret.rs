use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use scs_core::Secret;
use serde::Deserialize;

use crate::{Kind, Meta};

/// What Kubernetes calls a Secret.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct KubeSecret {
    metadata: Meta,
    #[serde(default)]
    data: BTreeMap<String, Secret>,
}

impl KubeSecret {
    /// The text that is kept under a key.
    pub(crate) fn text(&self, key: &str) -> Option<Secret> {
        decoded(self.data.get(key)?)
    }
}

/// A text that was written in base64.
pub(crate) fn decoded(text: &Secret) -> Option<Secret> {
    let bytes = STANDARD.decode(text.expose()).ok()?;
    String::from_utf8(bytes).ok().map(Secret::from)
}

impl Kind for KubeSecret {
    const GROUP: &'static str = "";
    const VERSIONS: &'static [&'static str] = &["v1"];
    const KIND: &'static str = "Secret";
    const PLURAL: &'static str = "secrets";
    fn meta(&self) -> &Meta {
        &self.metadata
    }
}
