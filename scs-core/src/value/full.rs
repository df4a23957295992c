use std::{borrow::Cow, collections::BTreeMap, ops::Deref};

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::value::RawValue;

/// A resource together with the very JSON it came from.
///
/// ```
/// # #[derive(serde::Deserialize)] struct Server { name: String }
/// use scs_core::Full;
/// let full: Full<Server> = serde_json::from_str(r#"{"name":"a","host":"h1"}"#)?;
/// assert_eq!(full.name, "a");
/// assert_eq!(full.member::<String>("host")?.as_deref(), Some("h1"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Full<R> {
    inner: R,
    raw: Box<RawValue>,
}

impl<R> Full<R> {
    /// The JSON as the server wrote it.
    pub fn raw(&self) -> &str {
        self.raw.get()
    }

    /// One member of the JSON by its name on the wire; `None` if there is none or it is null.
    ///
    /// # Errors
    /// If the member is not a `V`.
    pub fn member<V: DeserializeOwned>(&self, name: &str) -> serde_json::Result<Option<V>> {
        let members: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(self.raw())?;
        members.get(name).map_or(Ok(None), |value| serde_json::from_str(value.get()))
    }

    /// The resource alone.
    pub fn into_inner(self) -> R {
        self.inner
    }
}

impl<R> Deref for Full<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.inner
    }
}

impl<'de, R: DeserializeOwned> Deserialize<'de> for Full<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let inner = serde_json::from_str(raw.get()).map_err(serde::de::Error::custom)?;
        Ok(Self { inner, raw })
    }
}
