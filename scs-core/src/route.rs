//! The whole wire description of a resource in one constant.

use std::{fmt, str::FromStr};

use crate::{Error, ErrorKind, Need, Result};

/// A version of an API: `2.96`, `3.71`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    /// The part before the dot.
    pub major: u16,
    /// The part behind it.
    pub minor: u16,
}

impl ApiVersion {
    /// `major.minor`
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for ApiVersion {
    type Err = Error;

    /// Reads `2.96`, `v2.96`, `v3`.
    fn from_str(text: &str) -> Result<Self> {
        let number = |part: &str| part.parse().ok();
        let digits = text.strip_prefix('v').unwrap_or(text);
        match digits.split_once('.') {
            Some((major, minor)) => number(major).zip(number(minor)),
            None => number(digits).map(|major| (major, 0)),
        }
        .map(|(major, minor)| Self { major, minor })
        .ok_or_else(|| Error::invalid(format!("`{text}` is not a version such as `2.96`")))
    }
}

/// Versions from the lowest to the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionRange {
    /// The lowest.
    pub min: ApiVersion,
    /// The highest.
    pub max: ApiVersion,
}

impl VersionRange {
    /// From `min` to `max`, both included.
    pub const fn new(min: ApiVersion, max: ApiVersion) -> Self {
        Self { min, max }
    }

    /// Whether `version` lies within.
    pub fn contains(self, version: ApiVersion) -> bool {
        self.min <= version && version <= self.max
    }

    /// The version to speak when this is what the SDK was written against and `cloud` is
    /// what the service offers: the highest of both, the `pinned` one if the caller chose.
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`], naming both ranges, if they do not overlap, if the pinned
    /// version lies outside of the service's, or if the request `need`s more.
    pub fn negotiate(
        self,
        cloud: Self,
        pinned: Option<ApiVersion>,
        need: Option<Need>,
    ) -> Result<ApiVersion> {
        let ranges = format!("this cloud offers {cloud}, this SDK speaks {self}");
        let version = pinned.unwrap_or(self.max.min(cloud.max));
        if !cloud.contains(version) || (pinned.is_none() && version < self.min) {
            let what = match pinned {
                Some(pinned) => format!("version {pinned} was asked for, but {ranges}"),
                None => format!("no version in common: {ranges}"),
            };
            return Err(Error::new(ErrorKind::Unsupported, what)
                .with_hint("use a release of the SDK or a version that fits the cloud"));
        }
        match need {
            Some(need) if need.version > version => Err(Error::new(
                ErrorKind::Unsupported,
                format!(
                    "`{}` needs version {}, but version {version} is spoken: {ranges}",
                    need.because, need.version
                ),
            )
            .with_hint(format!("leave `{}` out or use a newer cloud", need.because))),
            _ => Ok(version),
        }
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.min, self.max)
    }
}

/// The verb of an update or of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verb {
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Verb {
    /// Whether doing it twice is as good as doing it once, unless the service has its own mind.
    pub const fn is_idempotent(self) -> bool {
        matches!(self, Self::Put | Self::Delete)
    }
}

impl From<Verb> for http::Method {
    fn from(verb: Verb) -> Self {
        match verb {
            Verb::Post => Self::POST,
            Verb::Put => Self::PUT,
            Verb::Patch => Self::PATCH,
            Verb::Delete => Self::DELETE,
        }
    }
}

/// How a list goes on after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Paging {
    /// The answer holds a link to the next page, and the last page holds none.
    Links,
    /// No links: a full page is followed by `marker=<last id>`.
    Marker,
    /// No links: a full page is followed by `offset=<items so far>`.
    Offset,
    /// No links: each request says in the parameter `from` where its page begins and in `size`
    /// how many items it asks for, `default` if the query does not say; an empty page is the
    /// last. A short one is not, because servers hide what a login may not see. What is deleted
    /// meanwhile moves those behind it to the front, past the place where the list goes on.
    Range {
        /// The parameter that says where a page begins, counted from 0.
        from: &'static str,
        /// The parameter that says how many items a page holds at most.
        size: &'static str,
        /// How many a page holds if the query does not say.
        default: u32,
    },
    /// All at once.
    Whole,
}

/// What the answer to a creation holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Created {
    /// The resource.
    Whole,
    /// A part of it with its id, by which it is read.
    Partly,
    /// Nothing: the last segment of the header `Location` names it, and it is read there.
    Located,
}

/// Where a resource lives and how it looks on the wire.
///
/// ```
/// use scs_core::{ApiVersion, Route};
/// const SERVERS: Route = Route::new("compute", "servers")
///     .keys("server", "servers")
///     .listed_at("servers/detail")
///     .versions(ApiVersion::new(2, 1), ApiVersion::new(2, 96));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Route {
    /// The service type.
    pub service: &'static str,
    /// The path of the collection; each `{}` stands for the id of a parent. That of the only
    /// one there is may end in a query: `quotas/{}?usage=true`.
    pub path: &'static str,
    /// The path of the list, where it differs. It may end in a query that all lists need.
    pub list_path: &'static str,
    /// What the id of one follows in its path, where that is not the path of the collection.
    pub item_path: &'static str,
    /// The key around one resource; empty where there is none.
    pub one: &'static str,
    /// The key around a list; empty where there is none.
    pub many: &'static str,
    /// Whether each item of a list is wrapped in the key of one resource.
    pub wrapped_items: bool,
    /// Whether one resource comes bare although the list has a key.
    pub bare_one: bool,
    /// The verb of an update.
    pub update: Verb,
    /// Whether an update replaces the whole, so that members it does not hold are lost.
    pub replaced: bool,
    /// How lists go on.
    pub paging: Paging,
    /// The lowest version the types accept and the highest they were written against.
    pub versions: Option<VersionRange>,
    /// What the answer to a creation holds.
    pub created: Created,
    /// Whether a 409 to a DELETE may pass by itself, so that it is repeated.
    pub retry_conflicts: bool,
}

impl Route {
    /// A resource of `service` at `path`.
    pub const fn new(service: &'static str, path: &'static str) -> Self {
        Self {
            service,
            path,
            list_path: path,
            item_path: path,
            one: "",
            many: "",
            wrapped_items: false,
            bare_one: false,
            update: Verb::Put,
            replaced: false,
            paging: Paging::Links,
            versions: None,
            created: Created::Whole,
            retry_conflicts: false,
        }
    }

    /// What messages and traces call a resource: `server`.
    pub const fn kind(&self) -> &'static str {
        if self.one.is_empty() { self.path } else { self.one }
    }

    /// The keys around one resource and around a list.
    #[must_use]
    pub const fn keys(mut self, one: &'static str, many: &'static str) -> Self {
        self.one = one;
        self.many = many;
        self
    }

    /// The path of the list, where it differs from that of the collection.
    #[must_use]
    pub const fn listed_at(mut self, path: &'static str) -> Self {
        self.list_path = path;
        self
    }

    /// What the id of one follows in its path, where that is not the path of the collection.
    #[must_use]
    pub const fn one_at(mut self, path: &'static str) -> Self {
        self.item_path = path;
        self
    }

    /// Each item of a list is wrapped in the key of one resource.
    #[must_use]
    pub const fn wrapped_items(mut self) -> Self {
        self.wrapped_items = true;
        self
    }

    /// One resource comes without a key although lists have one.
    #[must_use]
    pub const fn bare_one(mut self) -> Self {
        self.bare_one = true;
        self
    }

    /// The verb of an update, if it is not `PUT`.
    #[must_use]
    pub const fn updated_by(mut self, verb: Verb) -> Self {
        self.update = verb;
        self
    }

    /// An update replaces the whole: [`Api::update`](crate::Api::update) then reads what is
    /// there and writes it back with the changes.
    #[must_use]
    pub const fn replaced_whole(mut self) -> Self {
        self.replaced = true;
        self
    }

    /// How lists go on, if not by links.
    #[must_use]
    pub const fn paged_by(mut self, paging: Paging) -> Self {
        self.paging = paging;
        self
    }

    /// The lowest version that the types accept and the highest they were written against.
    #[must_use]
    pub const fn versions(mut self, min: ApiVersion, max: ApiVersion) -> Self {
        self.versions = Some(VersionRange::new(min, max));
        self
    }

    /// The answer to a creation holds only a part of the resource.
    #[must_use]
    pub const fn created_partly(mut self) -> Self {
        self.created = Created::Partly;
        self
    }

    /// The answer to a creation holds nothing but the address of the resource.
    #[must_use]
    pub const fn created_at_location(mut self) -> Self {
        self.created = Created::Located;
        self
    }

    /// A 409 to a DELETE may pass by itself and is repeated.
    #[must_use]
    pub const fn retry_conflicts(mut self) -> Self {
        self.retry_conflicts = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn v(minor: u16) -> ApiVersion {
        ApiVersion::new(2, minor)
    }

    #[test]
    fn versions_are_negotiated() {
        let ours = VersionRange::new(v(1), v(96));
        let speak = |max, pinned, need: Option<u16>| {
            ours.negotiate(
                VersionRange::new(v(1), v(max)),
                pinned,
                need.map(|minor| Need::new(v(minor), "hostname")),
            )
        };
        assert_eq!(speak(104, None, None).unwrap(), v(96));
        assert_eq!(speak(79, None, Some(79)).unwrap(), v(79));
        assert_eq!(speak(104, Some(v(100)), None).unwrap(), v(100));
        let error = speak(79, None, Some(90)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert_eq!(
            error.to_string(),
            "`hostname` needs version 2.90, but version 2.79 is spoken: this cloud offers \
             2.1 to 2.79, this SDK speaks 2.1 to 2.96; leave `hostname` out or use a newer cloud"
        );
        assert!(speak(79, Some(v(90)), None).is_err());
        let old = VersionRange::new(ApiVersion::new(1, 0), ApiVersion::new(1, 9));
        assert!(ours.negotiate(old, None, None).is_err());
    }

    #[test]
    fn versions_are_read() {
        assert_eq!("v3".parse::<ApiVersion>().unwrap(), ApiVersion::new(3, 0));
        assert_eq!("2.104".parse::<ApiVersion>().unwrap(), v(104));
        for text in ["", "v", "latest", "2.", ".1", "2.1.3", "-1"] {
            assert!(text.parse::<ApiVersion>().is_err(), "{text}");
        }
    }
}
