//! How words and what is sent are declared.

use std::fmt;

use serde::{Deserializer, de::Visitor};

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
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
/// API that knows the member, or `=> since(value)` if its value, a [`Payload`](crate::Payload),
/// says so itself; `=> beside("name")` puts it next to the payload in the body instead of inside.
/// Unknown members are added by `with`.
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
        $($(#[$rm:meta])* $req:ident : $rt:ty $(as $rw:literal)?
            $(=> since($rvalue:ident))?),+ $(,)?
    ))? {
        $($(#[$om:meta])* $opt:ident : $ot:ty $(as $ow:literal)?
            $(=> since($major:literal, $minor:literal))? $(=> since($ovalue:ident))?
            $(=> beside($beside:literal))?),* $(,)?
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
                let mut map =
                    $crate::serde::Serializer::serialize_map(serializer, ::std::option::Option::None)?;
                $($($crate::value::write_member(
                    &mut map, $crate::request!(@wire $req $($rw)?), &self.$req)?;)+)?
                $($crate::request!(
                    @inside map, &self.$opt, $crate::request!(@wire $opt $($ow)?) $(, $beside)?);)*
                $crate::value::write_extra(map, &self.extra)
            }
        }
        impl $crate::Payload for $name {
            fn needs(&self) -> ::std::option::Option<$crate::Need> {
                $crate::value::most(&[
                    $($($({ let $rvalue = &self.$req; $crate::Payload::needs($rvalue) },)?)+)?
                    $($($crate::value::since(
                        self.$opt.is_some(), $major, $minor, stringify!($opt)),)?)*
                    $($(self.$opt.as_ref().and_then(|$ovalue| $crate::Payload::needs($ovalue)),)?)*
                ])
            }
            #[allow(unused_variables)]
            fn write_beside<M: $crate::serde::ser::SerializeMap>(
                &self,
                body: &mut M,
            ) -> ::std::result::Result<(), M::Error> {
                $($($crate::value::write_optional(body, $beside, &self.$opt)?;)?)*
                ::std::result::Result::Ok(())
            }
        }
    };
    (@inside $map:ident, $member:expr, $wire:expr) => {
        $crate::value::write_optional(&mut $map, $wire, $member)?
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
