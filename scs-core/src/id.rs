//! Typed ids.

use std::{
    borrow::Cow,
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
    sync::Arc,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The id of a `T`: an opaque text that cannot be mixed up with the id of anything else.
///
/// Cloning is cheap. An id from a configuration or a command line is made by `from` or
/// `parse`; whether the server knows it shows when it is used.
///
/// ```
/// use scs_core::Id;
/// struct Server;
/// let id: Id<Server> = "8a6e".into();
/// assert_eq!(id.as_str(), "8a6e");
/// ```
pub struct Id<T: ?Sized>(Arc<str>, PhantomData<fn() -> Box<T>>);

impl<T: ?Sized> Id<T> {
    /// An id by its text.
    pub fn new(id: impl Into<Arc<str>>) -> Self {
        Self(id.into(), PhantomData)
    }

    /// The text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same text as the id of something else, where two types name one thing
    /// (a native resource and its neutral model).
    pub fn cast<U: ?Sized>(&self) -> Id<U> {
        Id(self.0.clone(), PhantomData)
    }
}

impl<T: ?Sized> Clone for Id<T> {
    fn clone(&self) -> Self {
        self.cast()
    }
}

impl<T: ?Sized> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T: ?Sized> Eq for Id<T> {}

impl<T: ?Sized> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: ?Sized> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T: ?Sized> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T: ?Sized> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<T: ?Sized> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<T: ?Sized> From<&str> for Id<T> {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

impl<T: ?Sized> From<String> for Id<T> {
    fn from(id: String) -> Self {
        Self::new(id)
    }
}

impl<T: ?Sized> From<&Id<T>> for Id<T> {
    fn from(id: &Id<T>) -> Self {
        id.clone()
    }
}

impl<T: ?Sized> std::str::FromStr for Id<T> {
    type Err = std::convert::Infallible;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        Ok(id.into())
    }
}

impl<T: ?Sized> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de, T: ?Sized> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(&*<Cow<'de, str>>::deserialize(deserializer)?))
    }
}
