//! What all objects of Kubernetes have in common.

use std::fmt;

use scs_core::{Metadata, Timestamp, open_enum, value::nullable};
use serde::{Deserialize, de::DeserializeOwned};

/// A kind of object, as this SDK reads it: a small view that knows what it needs. Members that
/// the view does not have stay on the server untouched: changes are sent as patches.
///
/// An application may declare its own:
///
/// ```
/// use scs_kaas::{Kind, Meta};
///
/// #[derive(Debug, Clone, serde::Deserialize)]
/// struct Widget {
///     metadata: Meta,
/// }
///
/// impl Kind for Widget {
///     const GROUP: &'static str = "example.com";
///     const VERSIONS: &'static [&'static str] = &["v2", "v1"];
///     const KIND: &'static str = "Widget";
///     const PLURAL: &'static str = "widgets";
///     fn meta(&self) -> &Meta {
///         &self.metadata
///     }
/// }
/// ```
pub trait Kind: DeserializeOwned + Clone + fmt::Debug + Send + Sync + 'static {
    /// The API it belongs to, as errors name it.
    const SERVICE: &'static str = "kubernetes";
    /// The API group; empty for the core of Kubernetes.
    const GROUP: &'static str;
    /// The versions that the view reads, the preferred one first.
    const VERSIONS: &'static [&'static str];
    /// The kind: `Cluster`.
    const KIND: &'static str;
    /// The name in paths: `clusters`.
    const PLURAL: &'static str;

    /// The metadata.
    fn meta(&self) -> &Meta;
}

/// The metadata of an object.
///
/// [API reference](https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/)
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Meta {
    /// The name, unique for its kind in its namespace.
    pub name: String,
    /// The namespace; empty for kinds that have none.
    pub namespace: String,
    /// Unique in space and time.
    pub uid: String,
    /// Changes with every change of the object.
    pub resource_version: String,
    /// Rises with every change of what is asked for.
    pub generation: u64,
    /// The labels.
    #[serde(deserialize_with = "nullable")]
    pub labels: Metadata,
    /// The annotations.
    #[serde(deserialize_with = "nullable")]
    pub annotations: Metadata,
    /// Who has to agree before the object can go.
    #[serde(deserialize_with = "nullable")]
    pub finalizers: Vec<String>,
    /// Since when it is being deleted.
    pub deletion_timestamp: Option<Timestamp>,
}

impl Meta {
    /// Whether it is being deleted.
    pub fn is_deleting(&self) -> bool {
        self.deletion_timestamp.is_some()
    }

    /// The labels that users gave it: those without the ones by which Kubernetes, Cluster API
    /// and Gardener find things.
    pub(crate) fn own_labels(&self) -> Metadata {
        let machinery = ["k8s.io", "kubernetes.io", "x-k8s.io", "gardener.cloud"];
        let is_own = |key: &str| {
            let domain = key.split_once('/').map_or("", |(domain, _)| domain);
            !machinery.iter().any(|of| {
                domain.strip_suffix(of).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            })
        };
        let own = self.labels.iter().filter(|(key, _)| is_own(key));
        own.map(|(key, value)| (key.clone(), value.clone())).collect()
    }
}

open_enum! {
    /// Whether a condition holds.
    #[derive(Default)]
    pub enum Status {
        /// It does.
        True = "True",
        /// It does not.
        False = "False",
        /// Nobody knows.
        #[default]
        Unknown = "Unknown",
        /// It soon will (Gardener).
        Progressing = "Progressing",
    }
}

/// Something that holds for an object or does not.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Condition {
    /// What: `Available`.
    #[serde(rename = "type")]
    pub name: String,
    /// Whether it holds.
    pub status: Status,
    /// Why, in one word.
    pub reason: String,
    /// Why, in words for people.
    pub message: String,
    /// The [generation](Meta::generation) that this was said of, if it was said.
    pub observed_generation: Option<u64>,
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = if self.message.is_empty() { &self.reason } else { &self.message };
        write!(f, "{}: {words}", self.name)
    }
}

/// The conditions of an object.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Conditions(#[serde(deserialize_with = "nullable")] pub Vec<Condition>);

impl Conditions {
    /// The condition of this name.
    pub fn get(&self, name: &str) -> Option<&Condition> {
        self.0.iter().find(|condition| condition.name == name)
    }

    /// Whether the condition is there and has this status.
    pub fn is(&self, name: &str, status: &Status) -> bool {
        self.get(name).is_some_and(|condition| condition.status == *status)
    }

    /// Whether it is said and holds.
    pub fn holds(&self, name: &str) -> bool {
        self.is(name, &Status::True)
    }

    /// Whether it is not said, or does not hold.
    pub fn lacks(&self, name: &str) -> bool {
        self.get(name).is_none_or(|condition| condition.status == Status::False)
    }
}
