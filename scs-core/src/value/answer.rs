//! How what a service answers is declared and read.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor},
};

/// Declares what is received: a resource, or a part of one.
///
/// Members in parentheses must be there. Members in braces may be missing or `null` and are then
/// their type's default, or the one given by `=`. `as "name"` gives the name on the wire,
/// `=> Type` the type that a member is read as: a tuple struct that holds the value, such as
/// [`Lenient`](crate::value::Lenient). Members that are not declared are passed over;
/// [`Full`](crate::Full) keeps them. The struct is `Debug`, `Clone` and `#[non_exhaustive]`; other
/// traits are derived as usual.
///
/// This is what `derive(Deserialize)` would do with the attribute `default` at most members. It
/// is a macro of its own because services write `null` wherever a value is missing, and because
/// it is a fifth of the code: a resource is read from maps alone, never from lists.
///
/// ```
/// use scs_core::{Timestamp, answer, value::Lenient};
///
/// answer! {
///     /// A kettle.
///     pub struct Kettle(
///         /// Capacity in litres.
///         litres: u32,
///     ) {
///         /// Where it stands.
///         place: Option<String> as "location",
///         /// What was brewed in it.
///         brews: Vec<String>,
///         /// When it was last descaled.
///         descaled: Option<Timestamp> => Lenient<_>,
///         /// Whether it may be used.
///         usable: bool = true,
///     }
/// }
/// let kettle: Kettle = serde_json::from_str(
///     r#"{"location": "kitchen", "litres": 2, "brews": null, "descaled": "never", "lid": "red"}"#,
/// )?;
/// assert_eq!((kettle.litres, kettle.place.as_deref()), (2, Some("kitchen")));
/// assert!(kettle.brews.is_empty() && kettle.descaled.is_none() && kettle.usable);
/// assert!(serde_json::from_str::<Kettle>(r#"{"location": "kitchen"}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! answer {
    ($(#[$m:meta])* $v:vis struct $name:ident $((
        $($(#[$rm:meta])* $req:ident : $rt:ty $(as $rw:literal)? $(=> $rr:ty)?),+ $(,)?
    ))? {
        $($(#[$om:meta])* $opt:ident : $ot:ty $(as $ow:literal)? $(=> $or:ty)? $(= $od:expr)?),*
        $(,)?
    }) => {
        $(#[$m])*
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        $v struct $name {
            $($($(#[$rm])* $v $req: $rt,)+)?
            $($(#[$om])* $v $opt: $ot,)*
        }
        impl $crate::value::Record for $name {
            fn read<'de, A: $crate::serde::de::MapAccess<'de>>(
                mut map: A,
            ) -> ::std::result::Result<Self, A::Error> {
                #[allow(non_camel_case_types)]
                enum __Member { $($($req,)+)? $($opt,)* }
                #[inline]
                fn __member(name: &str) -> ::std::option::Option<__Member> {
                    ::std::option::Option::Some(match name {
                        $($($crate::request!(@wire $req $($rw)?) => __Member::$req,)+)?
                        $($crate::request!(@wire $opt $($ow)?) => __Member::$opt,)*
                        _ => return ::std::option::Option::None,
                    })
                }
                $($(let mut $req: ::std::option::Option<$rt> = ::std::option::Option::None;)+)?
                $(let mut $opt: $ot = $crate::answer!(@default $($od)?);)*
                while let ::std::option::Option::Some(member) =
                    $crate::value::next_member(&mut map, __member)?
                {
                    match member {
                        $($(__Member::$req => {
                            $req = ::std::option::Option::Some($crate::answer!(@must map $($rr)?));
                        })+)?
                        $(__Member::$opt => $crate::answer!(@may map $opt $($or)?),)*
                    }
                }
                ::std::result::Result::Ok(Self {
                    $($($req: $crate::value::must($req, $crate::request!(@wire $req $($rw)?))?,)+)?
                    $($opt,)*
                })
            }
        }
        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::value::read_record(deserializer)
            }
        }
    };
    (@default) => { ::std::default::Default::default() };
    (@default $default:expr) => { $default };
    (@must $map:ident) => { $map.next_value()? };
    (@must $map:ident $read:ty) => { $map.next_value::<$read>()?.0 };
    (@may $map:ident $opt:ident) => { $crate::value::read_optional(&mut $map, &mut $opt)? };
    (@may $map:ident $opt:ident $read:ty) => {
        if let ::std::option::Option::Some(read) =
            $map.next_value::<::std::option::Option<$read>>()?
        {
            $opt = read.0;
        }
    };
}

/// What [`answer!`](crate::answer) implements.
#[doc(hidden)]
pub trait Record: Sized {
    /// Reads the members.
    fn read<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

#[doc(hidden)]
pub fn read_record<'de, R: Record, D: Deserializer<'de>>(deserializer: D) -> Result<R, D::Error> {
    struct Object<R>(PhantomData<R>);
    impl<'de, R: Record> Visitor<'de> for Object<R> {
        type Value = R;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<R, A::Error> {
            R::read(map)
        }
    }
    deserializer.deserialize_map(Object(PhantomData))
}

/// The next member that is known; others are passed over.
#[doc(hidden)]
#[inline]
pub fn next_member<'de, A: MapAccess<'de>, M>(
    map: &mut A,
    known: fn(&str) -> Option<M>,
) -> Result<Option<M>, A::Error> {
    struct Name<M>(fn(&str) -> Option<M>);
    impl<'de, M> DeserializeSeed<'de> for Name<M> {
        type Value = Option<M>;
        #[inline]
        fn deserialize<D: Deserializer<'de>>(self, names: D) -> Result<Option<M>, D::Error> {
            names.deserialize_identifier(self)
        }
    }
    impl<M> Visitor<'_> for Name<M> {
        type Value = Option<M>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the name of a member")
        }
        #[inline]
        fn visit_str<E>(self, name: &str) -> Result<Option<M>, E> {
            Ok((self.0)(name))
        }
    }
    while let Some(member) = map.next_key_seed(Name(known))? {
        if member.is_some() {
            return Ok(member);
        }
        map.next_value::<IgnoredAny>()?;
    }
    Ok(None)
}

/// Reads the value of a member, unless it is `null`.
#[doc(hidden)]
#[inline]
pub fn read_optional<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    map: &mut A,
    value: &mut T,
) -> Result<(), A::Error> {
    struct Into<'a, T>(&'a mut T);
    impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Into<'_, T> {
        type Value = ();
        #[inline]
        fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
            value.deserialize_option(self)
        }
    }
    impl<'de, T: Deserialize<'de>> Visitor<'de> for Into<'_, T> {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value or null")
        }
        #[inline]
        fn visit_none<E>(self) -> Result<(), E> {
            Ok(())
        }
        #[inline]
        fn visit_unit<E>(self) -> Result<(), E> {
            Ok(())
        }
        #[inline]
        fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
            *self.0 = T::deserialize(value)?;
            Ok(())
        }
    }
    map.next_value_seed(Into(value))
}

/// The value of a member that must be there.
#[doc(hidden)]
pub fn must<T, E: Error>(value: Option<T>, name: &'static str) -> Result<T, E> {
    value.ok_or_else(|| E::missing_field(name))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use crate::value::Lenient;

    answer! {
        #[derive(PartialEq)]
        struct Kettle(
            id: String,
            litres: u32 as "capacity:l",
            /// Read by way of another type.
            boils: Option<bool> => Lenient<_>,
        ) {
            place: Option<String> as "location",
            brews: Vec<String>,
            lid: Option<Lid>,
            age: Option<u8> => Lenient<_>,
            usable: bool = true,
        }
    }

    answer! {
        #[derive(PartialEq, Default)]
        struct Lid {
            colour: String,
        }
    }

    fn read(json: &str) -> Result<Kettle, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn what_must_be_there_is_named_if_it_is_not() {
        let least = r#"{"id": "k", "capacity:l": 2, "boils": "maybe"}"#;
        let kettle = read(least).unwrap();
        assert_eq!((kettle.id.as_str(), kettle.litres, kettle.boils), ("k", 2, None));
        assert!(kettle.place.is_none() && kettle.brews.is_empty() && kettle.lid.is_none());
        assert!(kettle.usable && kettle.age.is_none());
        for (without, words) in [
            (r#"{"id": "k", "boils": true}"#, "missing field `capacity:l`"),
            (r#"{"id": "k", "litres": 2, "boils": true}"#, "missing field `capacity:l`"),
            (r#"{"id": "k", "capacity:l": 2}"#, "missing field `boils`"),
            (r#"{"id": null, "capacity:l": 2, "boils": true}"#, "invalid type: null"),
            (r#"{"id": "k", "capacity:l": 2, "boils": true, "brews": 7}"#, "expected a sequence"),
            (r#"{"id": "k", "capacity:l": 2, "boils": true, "lid": []}"#, "expected an object"),
            (r#"["k", 2, true]"#, "expected an object"),
            (r#"{"id": "k""#, "EOF"),
        ] {
            let error = read(without).unwrap_err();
            assert!(error.contains(words), "{without}: {error}");
        }
    }

    #[test]
    fn names_may_be_escaped() {
        let kettle = read(r#"{"\u0069d": "k", "capacity\u003al": 2, "boils": 1}"#).unwrap();
        assert_eq!((kettle.id.as_str(), kettle.litres), ("k", 2));
    }

    proptest! {
        /// Whatever stands between them, and in whatever order, from a text or from a value.
        #[test]
        fn members_are_found(
            order in Just((0..12).collect::<Vec<usize>>()).prop_shuffle(),
            nulls in any::<[bool; 5]>(),
        ) {
            let may = |at: usize, value: Value| if nulls[at] { Value::Null } else { value };
            let members = [
                ("id", json!("k")),
                ("capacity:l", json!(2)),
                ("boils", json!("True")),
                ("location", may(0, json!("kitchen"))),
                ("brews", may(1, json!(["tea", "\u{fffd}\""]))),
                ("lid", may(2, json!({"handle": {"colour": 7}, "colour": "red"}))),
                ("age", may(3, json!("7"))),
                ("usable", may(4, json!(false))),
                ("litres", json!({"id": [{"id": 1}]})),
                ("place", json!(null)),
                ("Id", json!(1.5)),
                ("", json!("")),
            ];
            let text = order.iter().map(|&at| format!("{}:{}", json!(members[at].0), members[at].1));
            let text = format!("{{{}}}", text.collect::<Vec<_>>().join(","));
            let wanted = Kettle {
                id: "k".into(),
                litres: 2,
                boils: Some(true),
                place: (!nulls[0]).then(|| "kitchen".into()),
                brews: if nulls[1] { vec![] } else { vec!["tea".into(), "\u{fffd}\"".into()] },
                lid: (!nulls[2]).then(|| Lid { colour: "red".into() }),
                age: (!nulls[3]).then_some(7),
                usable: nulls[4],
            };
            prop_assert_eq!(&read(&text).unwrap(), &wanted);
            let value: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(serde_json::from_value::<Kettle>(value).unwrap(), wanted);
        }
    }
}
