//! What configuration is made of: values that know where they come from.

use std::{collections::BTreeMap, fmt, sync::Arc};

use scs_core::{Error, Result, Secret};

/// Where a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// A line of a file.
    File {
        /// The path of the file.
        path: Arc<str>,
        /// The line, from 1.
        line: usize,
    },
    /// An environment variable.
    Variable(String),
    /// The description of a provider: built in, or fetched from an address.
    Vendor(String),
    /// Nobody has said anything else.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line } => write!(f, "{path}:{line}"),
            Self::Variable(name) => write!(f, "variable {name}"),
            Self::Vendor(name) => write!(f, "profile {name}"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A value, and where it comes from.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) data: Data,
    pub(super) origin: Origin,
}

#[derive(Debug, Clone)]
pub(super) enum Data {
    /// A text as it is written. It may be a password, so it is kept like one.
    Text {
        text: Secret,
        /// Whether a reader of YAML 1.1 would see something else than this text.
        ambiguous: bool,
    },
    List(Vec<Value>),
    Map(Settings),
}

impl Value {
    pub(super) fn text(text: impl Into<Secret>, origin: Origin) -> Self {
        Self { data: Data::Text { text: text.into(), ambiguous: false }, origin }
    }

    /// The text, if it is one.
    pub(super) fn as_text(&self) -> Option<&str> {
        match &self.data {
            Data::Text { text, .. } => Some(text.expose()),
            Data::List(_) | Data::Map(_) => None,
        }
    }

    pub(super) fn as_map(&self) -> Option<&Settings> {
        match &self.data {
            Data::Map(settings) => Some(settings),
            Data::Text { .. } | Data::List(_) => None,
        }
    }

    /// An empty text says nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.as_text().is_some_and(str::is_empty)
    }

    /// The text of the setting with this name.
    pub(super) fn need_text(&self, name: &str) -> Result<&str> {
        self.as_text().ok_or_else(|| self.wrong(name, "has to be a text"))
    }

    /// The settings below the one with this name.
    pub(super) fn need_map(&self, name: &str) -> Result<&Settings> {
        self.as_map().ok_or_else(|| self.wrong(name, "has to hold settings, `name: value`"))
    }

    fn underscore(&mut self) {
        match &mut self.data {
            Data::Map(settings) => *settings = std::mem::take(settings).underscored(),
            Data::List(items) => items.iter_mut().for_each(Self::underscore),
            Data::Text { .. } => {}
        }
    }

    fn wrong(&self, name: &str, what: &str) -> Error {
        Error::config(format!("{}: `{name}` {what}", self.origin))
            .with_hint("check indentation and quotes there")
    }
}

/// Settings by their names.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings(BTreeMap<String, Value>);

impl Settings {
    /// The setting, unless it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_empty())
    }

    /// The setting, even if it is empty.
    pub(super) fn given(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&str>> {
        self.get(name).map(|value| value.need_text(name)).transpose()
    }

    pub(super) fn insert(&mut self, name: impl Into<String>, value: Value) {
        self.0.insert(name.into(), value);
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    /// With `_` in all names, those of lists included, where `-` is written; not in their own.
    pub(super) fn underscored_below(mut self) -> Self {
        for value in self.0.values_mut() {
            value.underscore();
        }
        self
    }

    /// With `_` in names where `-` is written.
    pub(super) fn underscored(self) -> Self {
        let mut settings = Self::default();
        let (dashed, plain) =
            self.0.into_iter().partition::<Vec<_>, _>(|(name, _)| name.contains('-'));
        for (name, mut value) in plain.into_iter().chain(dashed) {
            value.underscore();
            // The command knows these two by their proper names only.
            let is_unknown = name.ends_with("endpoint-type")
                || name == "auth-type" && settings.given("auth_type").is_some();
            let name = if is_unknown { name } else { name.replace('-', "_") };
            settings.insert(name, value);
        }
        settings
    }

    /// Lays `other` over these settings: what is in it counts. Settings within settings are
    /// laid over each other, too, down to this depth.
    pub(super) fn lay_over(&mut self, other: Self, depth: usize) {
        for (name, value) in other.0 {
            match (self.0.get_mut(&name), value) {
                (
                    Some(Value { data: Data::Map(below), .. }),
                    Value { data: Data::Map(above), .. },
                ) if depth > 0 => below.lay_over(above, depth - 1),
                (_, value) => {
                    self.0.insert(name, value);
                }
            }
        }
    }

    /// Like the entries of a YAML merge: what is there already stays.
    pub(super) fn fill_from(&mut self, other: &Self) {
        for (name, value) in &other.0 {
            self.0.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
}
