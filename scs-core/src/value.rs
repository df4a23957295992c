//! What resource files are written with: [`open_enum!`](crate::open_enum),
//! [`request!`](crate::request), [`Change`], [`Full`] and tolerant readers.

use std::{borrow::Cow, collections::BTreeMap, fmt, marker::PhantomData, ops::Deref, str::FromStr};

use http::HeaderValue;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::value::RawValue;

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

    /// The least version of the API that understands this very value.
    fn need(&self) -> Option<Need> {
        None
    }
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

/// Declares an enum that survives values it does not know.
///
/// The enum reads and writes the service's words (case-blind when reading), keeps an unknown
/// word as it is, and cannot be matched exhaustively. With `-> Phase` behind the name each
/// variant may say what it means in [`Phase`](crate::Phase)s.
///
/// ```
/// scs_core::open_enum! {
///     /// Where a kettle is in its life.
///     pub enum KettleStatus -> Phase {
///         /// Cold.
///         Off = "off",
///         /// On its way.
///         Heating = "heating" => Pending,
///         /// Tea time.
///         Boiling = "boiling" => Ready,
///     }
/// }
/// assert_eq!(KettleStatus::from("BOILING"), KettleStatus::Boiling);
/// assert_eq!(KettleStatus::Boiling.phase(), scs_core::Phase::Ready);
/// assert_eq!(KettleStatus::from("descaling").as_str(), "descaling");
/// ```
#[macro_export]
macro_rules! open_enum {
    ($(#[$m:meta])* $v:vis enum $name:ident -> Phase {
        $($(#[$vm:meta])* $var:ident = $s:literal $(=> $phase:ident)?),+ $(,)?
    }) => {
        $crate::open_enum! { $(#[$m])* $v enum $name { $($(#[$vm])* $var = $s),+ } }
        impl $name {
            /// The same in words that every service shares.
            #[allow(unreachable_patterns)]
            $v fn phase(&self) -> $crate::Phase {
                match self {
                    $($(Self::$var => $crate::Phase::$phase,)?)+
                    _ => $crate::Phase::Unknown,
                }
            }
        }
    };
    ($(#[$m:meta])* $v:vis enum $name:ident {
        $($(#[$vm:meta])* $var:ident = $s:literal),+ $(,)?
    }) => {
        $(#[$m])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        $v enum $name {
            $($(#[$vm])* $var,)+
            #[doc(hidden)]
            _Other(::std::sync::Arc<str>),
        }
        impl $name {
            /// The value as the service writes it.
            $v fn as_str(&self) -> &str {
                match self { $(Self::$var => $s,)+ Self::_Other(other) => other }
            }
        }
        impl ::std::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                $(if text.eq_ignore_ascii_case($s) { return Self::$var; })+
                Self::_Other(text.into())
            }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::value::read_text(deserializer, |text| Self::from(text))
            }
        }
    };
}

/// Reads a text without copying it; called by [`open_enum!`](crate::open_enum).
#[doc(hidden)]
pub fn read_text<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    make: fn(&str) -> T,
) -> Result<T, D::Error> {
    struct Text<T>(fn(&str) -> T);
    impl<T> Visitor<'_> for Text<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text")
        }
        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
            Ok((self.0)(text))
        }
    }
    deserializer.deserialize_str(Text(make))
}

/// Declares what is sent: a body or a query.
///
/// Members in parentheses must be there and are the arguments of `new`; members in braces are
/// optional, `None` until their setter is called, and left out of the request while `None`.
/// `as "name"` gives the name on the wire, `=> since(major, minor)` the least version of the
/// API that knows the member, `=> beside("name")` puts it next to the payload in the body
/// instead of inside. Unknown members are added by `with`.
///
/// ```
/// use scs_core::{Change, request};
///
/// request! {
///     /// What a kettle is made from.
///     pub struct NewKettle(
///         /// Capacity in litres.
///         litres: u32,
///     ) {
///         /// Display name.
///         name: String,
///         /// Where it stands.
///         place: Change<String> as "location" => since(2, 4),
///     }
/// }
/// let new = NewKettle::new(2).name("tea").place(Change::Clear).with("colour", "red");
/// assert_eq!(
///     serde_json::to_string(&new)?,
///     r#"{"litres":2,"name":"tea","location":null,"colour":"red"}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! request {
    ($(#[$m:meta])* $v:vis struct $name:ident $((
        $($(#[$rm:meta])* $req:ident : $rt:ty $(as $rw:literal)?),+ $(,)?
    ))? {
        $($(#[$om:meta])* $opt:ident : $ot:ty $(as $ow:literal)?
            $(=> since($major:literal, $minor:literal))? $(=> beside($beside:literal))?),* $(,)?
    }) => {
        $(#[$m])*
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        $v struct $name {
            $($($(#[$rm])* pub $req: $rt,)+)?
            $($(#[$om])* pub $opt: ::std::option::Option<$ot>,)*
            /// Members that this SDK does not know by name.
            pub extra: $crate::Extra,
        }
        #[allow(clippy::new_without_default, clippy::too_many_arguments)]
        impl $name {
            /// Starts from the members that must be there.
            $v fn new($($($req: impl $crate::Arg<$rt>),+)?) -> Self {
                Self {
                    $($($req: $req.arg(),)+)?
                    $($opt: ::std::option::Option::None,)*
                    extra: ::std::default::Default::default(),
                }
            }
            $($(#[$om])* #[must_use] $v fn $opt(mut self, value: impl $crate::Arg<$ot>) -> Self {
                self.$opt = ::std::option::Option::Some(value.arg());
                self
            })*
            /// Adds a member that this SDK does not know by name.
            #[must_use]
            $v fn with(
                mut self,
                key: impl ::std::convert::Into<::std::string::String>,
                value: impl ::std::convert::Into<$crate::serde_json::Value>,
            ) -> Self {
                self.extra.insert(key.into(), value.into());
                self
            }
        }
        $crate::request!(@default $name $(($($req),+))? { $($opt),* });
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                use $crate::serde::ser::SerializeMap as _;
                #[allow(unused_mut)]
                let mut map = serializer.serialize_map(::std::option::Option::None)?;
                $($($crate::value::write_member(
                    &mut map, $crate::request!(@wire $req $($rw)?), &self.$req)?;)+)?
                $($crate::request!(
                    @inside map, &self.$opt, $crate::request!(@wire $opt $($ow)?) $(, $beside)?);)*
                for (key, value) in &self.extra {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
        impl $crate::Payload for $name {
            fn needs(&self) -> ::std::option::Option<$crate::Need> {
                #[allow(unused_mut)]
                let mut need = ::std::option::Option::None;
                $($(need = $crate::Need::max(need, $crate::value::Member::need(&self.$req));)+)?
                $(if let ::std::option::Option::Some(value) = &self.$opt {
                    need = $crate::Need::max(need, $crate::value::Member::need(value));
                    $(need = $crate::Need::max(need, ::std::option::Option::Some(
                        $crate::Need::new($crate::ApiVersion::new($major, $minor), stringify!($opt)),
                    ));)?
                })*
                need
            }
            #[allow(unused_variables)]
            fn write_beside<M: $crate::serde::ser::SerializeMap>(
                &self,
                body: &mut M,
            ) -> ::std::result::Result<(), M::Error> {
                $($(if let ::std::option::Option::Some(value) = &self.$opt {
                    $crate::value::write_member(body, $beside, value)?;
                })?)*
                ::std::result::Result::Ok(())
            }
        }
    };
    (@inside $map:ident, $member:expr, $wire:expr) => {
        if let ::std::option::Option::Some(value) = $member {
            $crate::value::write_member(&mut $map, $wire, value)?;
        }
    };
    (@inside $map:ident, $member:expr, $wire:expr, $beside:literal) => {};
    (@wire $member:ident $wire:literal) => { $wire };
    (@wire $member:ident) => { stringify!($member) };
    (@default $name:ident { $($opt:ident),* }) => {
        impl ::std::default::Default for $name {
            fn default() -> Self { Self::new() }
        }
    };
    (@default $name:ident ($($req:ident),+) { $($opt:ident),* }) => {};
}

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

/// Reads `null` as the empty value: for collections that a service may null.
pub fn nullable<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads an optional value leniently: what cannot be read is `None` with a warning in the
/// log, instead of an error that would take the whole object with it.
pub fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr,
{
    struct Lenient<T>(PhantomData<T>);
    impl<T: FromStr> Lenient<T> {
        fn read(text: &str) -> Option<T> {
            if text.is_empty() {
                return None;
            }
            // `"True"` and `"False"` are how Python writes a boolean.
            let value = text.parse().or_else(|_| text.to_ascii_lowercase().parse()).ok();
            if value.is_none() {
                tracing::warn!(
                    wanted = std::any::type_name::<T>(),
                    "an answer holds an unreadable value; it is left out"
                );
            }
            value
        }
    }
    impl<'de, T: FromStr> Visitor<'de> for Lenient<T> {
        type Value = Option<T>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value")
        }
        fn visit_str<E>(self, text: &str) -> Result<Option<T>, E> {
            Ok(Self::read(text))
        }
        fn visit_bool<E>(self, value: bool) -> Result<Option<T>, E> {
            Ok(Self::read(if value { "true" } else { "false" }))
        }
        fn visit_u64<E>(self, value: u64) -> Result<Option<T>, E> {
            Ok(Self::read(&value.to_string()))
        }
        fn visit_i64<E>(self, value: i64) -> Result<Option<T>, E> {
            Ok(Self::read(&value.to_string()))
        }
        fn visit_f64<E>(self, value: f64) -> Result<Option<T>, E> {
            Ok(Self::read(&value.to_string()))
        }
        fn visit_unit<E>(self) -> Result<Option<T>, E> {
            Ok(None)
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Option<T>, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(Self::read("[…]"))
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<T>, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok(Self::read("{…}"))
        }
    }
    deserializer.deserialize_any(Lenient(PhantomData))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

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
