//! What resource files are written with: [`answer!`](crate::answer), [`request!`](crate::request),
//! [`open_enum!`](crate::open_enum), [`Change`], [`Full`] and tolerant readers.

mod answer;
mod full;
mod macros;
mod read;

use std::collections::BTreeMap;

use http::HeaderValue;
use serde::{Serialize, Serializer, ser::SerializeMap};

#[doc(hidden)]
pub use self::{
    answer::{Record, must, next_member, read_optional, read_record},
    macros::read_text,
};
pub use self::{
    full::Full,
    read::{Lenient, lenient, nullable},
};
use crate::{ApiVersion, Id, Secret};

/// Key-value pairs that users attach to a resource.
pub type Metadata = BTreeMap<String, String>;

/// Members of a request that the SDK does not know by name.
pub type Extra = BTreeMap<String, serde_json::Value>;

/// What an update does with a member that can be unset. A member that is left out of the
/// update keeps its value.
///
/// A plain value converts, so that `patch.name("new")` and `patch.name(Change::Clear)` both
/// read well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change<T> {
    /// Give it this value.
    Set(T),
    /// Unset it: `null` on the wire.
    Clear,
}

/// The least version of an API that a request needs, and what in it needs that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Need {
    /// The least version that understands the request.
    pub version: ApiVersion,
    /// The member of the request that needs it.
    pub because: &'static str,
}

impl Need {
    /// `because` needs `version`.
    pub const fn new(version: ApiVersion, because: &'static str) -> Self {
        Self { version, because }
    }

    /// The greater of two needs.
    pub fn max(this: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (this, other) {
            (Some(a), Some(b)) if b.version > a.version => Some(b),
            (Some(a), _) => Some(a),
            (None, b) => b,
        }
    }
}

/// What is sent: a body or a query. [`request!`](crate::request) implements it.
pub trait Payload: Serialize + Send + Sync {
    /// The media type of a body.
    const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/json");

    /// The least version of the API that understands what is set here.
    fn needs(&self) -> Option<Need> {
        None
    }

    /// Writes the members that stand beside the payload in the body, not inside of it.
    fn write_beside<M: SerializeMap>(&self, _body: &mut M) -> Result<(), M::Error> {
        Ok(())
    }
}

/// No body at all.
impl Payload for () {}
impl Payload for Extra {}

impl<P: Payload> Payload for Vec<P> {
    fn needs(&self) -> Option<Need> {
        self.iter().fold(None, |need, one| Need::max(need, one.needs()))
    }
}

/// What a setter takes for a member of type `T`: a `T`, or something that plainly means one.
pub trait Arg<T> {
    /// The value meant.
    fn arg(self) -> T;
}

impl<T> Arg<T> for T {
    fn arg(self) -> T {
        self
    }
}
impl Arg<String> for &str {
    fn arg(self) -> String {
        self.into()
    }
}
impl Arg<String> for &String {
    fn arg(self) -> String {
        self.clone()
    }
}
impl Arg<Secret> for &str {
    fn arg(self) -> Secret {
        self.into()
    }
}
impl Arg<Secret> for String {
    fn arg(self) -> Secret {
        self.into()
    }
}
impl<T> Arg<Id<T>> for &str {
    fn arg(self) -> Id<T> {
        self.into()
    }
}
impl<T> Arg<Id<T>> for &Id<T> {
    fn arg(self) -> Id<T> {
        self.clone()
    }
}
impl<T> Arg<Change<T>> for T {
    fn arg(self) -> Change<T> {
        Change::Set(self)
    }
}
impl Arg<Change<String>> for &str {
    fn arg(self) -> Change<String> {
        Change::Set(self.into())
    }
}
impl Arg<Change<String>> for &String {
    fn arg(self) -> Change<String> {
        Change::Set(self.clone())
    }
}
impl Arg<Change<Secret>> for &str {
    fn arg(self) -> Change<Secret> {
        Change::Set(self.into())
    }
}
impl<T> Arg<Change<Id<T>>> for &Id<T> {
    fn arg(self) -> Change<Id<T>> {
        Change::Set(self.clone())
    }
}
impl Arg<Vec<String>> for &[&str] {
    fn arg(self) -> Vec<String> {
        self.iter().map(|&text| text.into()).collect()
    }
}
impl<const N: usize> Arg<Vec<String>> for [&str; N] {
    fn arg(self) -> Vec<String> {
        self.map(Into::into).into()
    }
}
impl<T, const N: usize> Arg<Vec<T>> for [T; N] {
    fn arg(self) -> Vec<T> {
        self.into()
    }
}

/// A member of a request as it goes onto the wire: the one place where a [`Secret`] is
/// written out.
pub trait Member {
    /// Writes the value.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

impl<T: Serialize + ?Sized> Member for T {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

impl Member for Secret {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<T: Member> Member for Change<T> {
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Set(value) => value.write(serializer),
            Self::Clear => serializer.serialize_none(),
        }
    }
}

/// Adds one member to a request; called by [`request!`](crate::request).
#[doc(hidden)]
pub fn write_member<M: SerializeMap, T: Member>(
    map: &mut M,
    key: &'static str,
    value: &T,
) -> Result<(), M::Error> {
    struct Written<'a, T>(&'a T);
    impl<T: Member> Serialize for Written<'_, T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.0.write(serializer)
        }
    }
    map.serialize_entry(key, &Written(value))
}

#[doc(hidden)]
pub fn write_optional<M: SerializeMap, T: Member>(
    map: &mut M,
    key: &'static str,
    value: &Option<T>,
) -> Result<(), M::Error> {
    value.as_ref().map_or(Ok(()), |value| write_member(map, key, value))
}

#[doc(hidden)]
pub fn write_extra<M: SerializeMap>(mut map: M, extra: &Extra) -> Result<M::Ok, M::Error> {
    for (key, value) in extra {
        map.serialize_entry(key, value)?;
    }
    map.end()
}

/// What a member needs, if it is set, that the API knows since a version.
#[doc(hidden)]
pub fn since(is_set: bool, major: u16, minor: u16, member: &'static str) -> Option<Need> {
    is_set.then(|| Need::new(ApiVersion::new(major, minor), member))
}

/// The most that one of these needs; of equals the first.
#[doc(hidden)]
pub fn most(needs: &[Option<Need>]) -> Option<Need> {
    needs.iter().copied().fold(None, Need::max)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::{Timestamp, open_enum, request};

    open_enum! {
        /// A size.
        enum Size -> Phase {
            /// Small.
            Small = "small" => Ready,
            /// Large.
            Large = "large",
        }
    }

    request! {
        /// A login.
        struct Login(
            /// Who.
            user: String as "username",
            /// With what.
            password: Secret,
        ) {
            /// How big.
            size: Size => since(2, 3),
            /// What for.
            purpose: Change<String> as "why" => since(2, 9),
        }
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Loose {
        #[serde(default, deserialize_with = "lenient")]
        count: Option<u64>,
        #[serde(default, deserialize_with = "lenient")]
        flag: Option<bool>,
        #[serde(default, deserialize_with = "lenient")]
        at: Option<Timestamp>,
        #[serde(default, deserialize_with = "nullable")]
        tags: Vec<String>,
    }

    #[test]
    fn unknown_words_survive() {
        for word in ["small", "Tiny", "", "ü"] {
            let size: Size = serde_json::from_value(word.into()).unwrap();
            assert_eq!(serde_json::to_value(&size).unwrap(), word);
        }
        assert_eq!(Size::from("LARGE").phase(), crate::Phase::Unknown);
    }

    #[test]
    fn members_are_kept_set_and_cleared() {
        let login = Login::new("me", "swordfish");
        assert_eq!(login.needs(), None);
        assert!(!format!("{login:?}").contains("swordfish"));
        let json = |login: &Login| serde_json::to_string(login).unwrap();
        assert_eq!(json(&login), r#"{"username":"me","password":"swordfish"}"#);
        let login = login.size(Size::Small).purpose("tea");
        assert_eq!(login.needs(), Some(Need::new(ApiVersion::new(2, 9), "purpose")));
        assert!(json(&login).ends_with(r#""size":"small","why":"tea"}"#));
        let login = login.purpose(Change::Clear).with("colour", "red");
        assert!(json(&login).ends_with(r#""why":null,"colour":"red"}"#));
    }

    #[test]
    fn a_bad_optional_value_does_not_fail_the_object() {
        let read = |json: &str| serde_json::from_str::<Loose>(json).unwrap();
        let empty = Loose { count: None, flag: None, at: None, tags: vec![] };
        assert_eq!(read("{}"), empty);
        assert_eq!(read(r#"{"count":null,"flag":"","at":"soon","tags":null}"#), empty);
        assert_eq!(read(r#"{"count":[1],"flag":{"a":1},"at":7}"#), empty);
        let full = read(r#"{"count":"10","flag":"True","at":"2026-01-01 00:00:00"}"#);
        assert_eq!((full.count, full.flag), (Some(10), Some(true)));
        assert!(full.at.is_some());
    }
}
