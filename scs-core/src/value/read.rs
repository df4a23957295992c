//! Readers that forgive what services get wrong.

use std::{fmt, str::FromStr};

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// Reads `null` as the empty value: for collections that a service may null.
pub fn nullable<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// An optional value, read leniently: what cannot be read is `None` with a warning in the
/// log, instead of an error that would take the whole object with it.
#[derive(Debug)]
pub struct Lenient<T>(pub Option<T>);

impl<T: FromStr> Lenient<T> {
    fn read(text: &str) -> Self {
        if text.is_empty() {
            return Self(None);
        }
        // `"True"` and `"False"` are how Python writes a boolean.
        let value = text.parse().or_else(|_| text.to_ascii_lowercase().parse()).ok();
        if value.is_none() {
            tracing::warn!(
                wanted = std::any::type_name::<T>(),
                "an answer holds an unreadable value; it is left out"
            );
        }
        Self(value)
    }
}

impl<'de, T: FromStr> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut value = Self(None);
        deserializer.deserialize_any(Text(&mut |text| value = Self::read(text)))?;
        Ok(value)
    }
}

/// Hands any value but `null` on as a text.
struct Text<'a>(&'a mut dyn FnMut(&str));

impl<'de> Visitor<'de> for Text<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        (self.0)(text);
        Ok(())
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.visit_str(if value { "true" } else { "false" })
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.visit_str(&value.to_string())
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.visit_str(&value.to_string())
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.visit_str(&value.to_string())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        self.visit_str("[…]")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.visit_str("{…}")
    }
}

/// [`Lenient`] for serde's attribute `deserialize_with`.
pub fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr,
{
    Lenient::deserialize(deserializer).map(|read| read.0)
}
