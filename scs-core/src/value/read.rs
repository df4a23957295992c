//! Readers that forgive what services get wrong.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

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
