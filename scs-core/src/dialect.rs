//! What a family of REST APIs has in common: where things are, how lists go on, how errors
//! look.

use std::{any::type_name, borrow::Cow, fmt, future::Future, marker::PhantomData};

use http::HeaderMap;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, DeserializeSeed, IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use url::Url;

use crate::{
    ApiVersion, Error, ErrorKind, Need, Result, Route,
    transport::{Response, Transport},
};

/// A family of REST APIs, and at the same time a session with one installation of it: cheap
/// to clone, and all that an [`Api`](crate::Api) needs.
pub trait Dialect: Clone + fmt::Debug + Send + Sync + 'static {
    /// What carries the requests.
    fn transport(&self) -> &Transport;

    /// Where the service of `route` is, and the headers that select a version which the
    /// request `need`s or the caller has `pinned`.
    ///
    /// # Errors
    /// If the installation does not have the service, or not in that version.
    fn locate(
        &self,
        route: &Route,
        need: Option<Need>,
        pinned: Option<ApiVersion>,
    ) -> impl Future<Output = Result<Target>> + Send;

    /// Reads a page of a list: the bare items, without a link to the next page, unless the dialect
    /// knows another form.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] if it is none.
    fn page<T: DeserializeOwned>(&self, _route: &Route, body: &[u8]) -> Result<RawPage<T>> {
        Ok(RawPage::new(decode(body)?, None))
    }

    /// The error that an answer without success stands for.
    fn fault(&self, route: &Route, answer: &Response) -> Error;
}

/// Where a request goes.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Target {
    /// What comes before a route's path.
    pub base: Url,
    /// Headers for this route.
    pub headers: HeaderMap,
}

impl Target {
    /// A target without headers.
    pub fn new(base: Url) -> Self {
        Self { base, headers: HeaderMap::new() }
    }
}

/// A page as a dialect reads it.
#[derive(Debug)]
#[non_exhaustive]
pub struct RawPage<T> {
    /// Its items.
    pub items: Vec<T>,
    /// The link to the next page, as the server wrote it.
    pub next: Option<String>,
}

impl<T> RawPage<T> {
    /// A page and the link to the next one.
    pub fn new(items: Vec<T>, next: Option<String>) -> Self {
        Self { items, next }
    }
}

/// Reads `body` as a `T`. On failure the error names the place.
///
/// # Errors
/// [`ErrorKind::Decode`]
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    // No body is how JSON's `null` travels.
    let body = if body.is_empty() { b"null" } else { body };
    serde_json::from_slice(body).map_err(|error| explain(body, type_name::<T>(), &error))
}

/// Reads the member `key` of the object in `body`; the whole of it where `key` is empty.
///
/// # Errors
/// [`ErrorKind::Decode`]
pub fn decode_member<T: DeserializeOwned>(body: &[u8], key: &str) -> Result<T> {
    if key.is_empty() {
        return decode(body);
    }
    let (value, _) = decode_members(body, key, &[])?;
    value.ok_or_else(|| Error::new(ErrorKind::Decode, format!("the answer has no member `{key}`")))
}

/// Members of an object as they came, in the order asked for.
pub type RawMembers = Vec<Option<Box<RawValue>>>;

/// Reads the member `key` as a `T`, and of the other members those that are named, raw.
///
/// # Errors
/// [`ErrorKind::Decode`] if the body is not an object, or the member not a `T`.
pub fn decode_members<T: DeserializeOwned>(
    body: &[u8],
    key: &str,
    others: &[&str],
) -> Result<(Option<T>, RawMembers)> {
    let mut json = serde_json::Deserializer::from_slice(body);
    Members { key, others, of: PhantomData }
        .deserialize(&mut json)
        .and_then(|members| json.end().map(|()| members))
        .map_err(|error| explain(body, type_name::<T>(), &error))
}

/// Says what in the body is not as a `wanted` should be, and where.
fn explain(body: &[u8], wanted: &str, error: &serde_json::Error) -> Error {
    let reason = if error.is_data() {
        format!("at `{}`: {}", path_to(body, error), without_texts(&error.to_string()))
    } else if matches!(body.first(), Some(b'{' | b'[' | b'"')) {
        error.to_string()
    } else {
        // JSON may hold secrets; a page of HTML is there to be seen.
        let start: String = String::from_utf8_lossy(body).chars().take(40).collect();
        format!("{error}; it begins with `{start}`")
    };
    Error::new(ErrorKind::Decode, format!("the answer cannot be read as {wanted}: {reason}"))
        .with_hint("check that the address is that of the API; if it is, report this as a bug")
}

/// The path in the JSON to the place of the error: what a second, untyped reading is at when
/// the text is cut off there. A typed one would be compiled anew for each resource.
fn path_to(body: &[u8], error: &serde_json::Error) -> String {
    let lines = body.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1));
    let end = lines.map(<[u8]>::len).sum::<usize>() + error.column();
    let path_at = |end: usize| {
        let mut json = serde_json::Deserializer::from_slice(&body[..end.min(body.len())]);
        let mut track = serde_path_to_error::Track::new();
        let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
        let _ = serde_json::Value::deserialize(tracked);
        // `?` stands for a member that had not begun.
        track.path().to_string().trim_end_matches(".?").to_owned()
    };
    // The place is that before an object or a list, but the last one of a number or a text.
    let (before, at) = (path_at(end.saturating_sub(1)), path_at(end));
    if at.len() > before.len() { at } else { before }
}

/// serde quotes a text where it expected something else: it may be a secret.
fn without_texts(message: &str) -> String {
    let mut pieces = message.split('"');
    let first = pieces.next().unwrap_or_default();
    match pieces.next_back() {
        Some(last) => format!("{first}\"…\"{last}"),
        None => first.to_owned(),
    }
}

struct Members<'a, T> {
    key: &'a str,
    others: &'a [&'a str],
    of: PhantomData<T>,
}

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Members<'_, T> {
    type Value = (Option<T>, RawMembers);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Members<'_, T> {
    type Value = (Option<T>, RawMembers);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", self.key)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut value = None;
        let mut others = vec![None; self.others.len()];
        while next_key(&mut map, self.key, self.others, &mut others)? {
            value = Some(map.next_value()?);
        }
        Ok((value, others))
    }
}

/// Reads up to the value of the member `key`; whether there is one. What is done for all types of
/// values alike.
fn next_key<'de, A: MapAccess<'de>>(
    map: &mut A,
    key: &str,
    names: &[&str],
    others: &mut RawMembers,
) -> Result<bool, A::Error> {
    while let Some(found) = map.next_key::<Cow<'de, str>>()? {
        if found == key {
            return Ok(true);
        }
        match names.iter().position(|name| found == *name) {
            Some(at) => others[at] = map.next_value()?,
            None => drop(map.next_value::<IgnoredAny>()?),
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Server {
        name: String,
    }

    #[test]
    fn members_are_read_in_any_order() {
        let body = br#"{"x":[1,{}],"links":{"next":"n"},"servers":[{"name":"a"}]}"#;
        let (servers, others) =
            decode_members::<Vec<Server>>(body, "servers", &["links", "next"]).unwrap();
        assert_eq!(servers.unwrap()[0].name, "a");
        assert_eq!(others[0].as_ref().unwrap().get(), r#"{"next":"n"}"#);
        assert!(others[1].is_none());
    }

    #[test]
    fn errors_name_the_place() {
        let error =
            decode_member::<Vec<Server>>(br#"{"servers":[{"name":"a"},{"name":7}]}"#, "servers")
                .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(
            error.message().contains("at `servers[1].name`: invalid type: integer `7`"),
            "{error}"
        );
        let error = decode_member::<Vec<Server>>(
            b"{\n  \"servers\": [\n    {\"name\": \"a\"},\n    {\"id\": 1}\n  ]\n}",
            "servers",
        )
        .unwrap_err();
        assert!(error.message().contains("at `servers[1]`: missing field"), "{error}");
        let error = decode::<Vec<Server>>(br#"[{"name":{"a":1}}]"#).unwrap_err();
        assert!(error.message().contains("at `[0].name`: invalid type: map"), "{error}");
        let error = decode::<Vec<u8>>(br#"["canary \" canary"]"#).unwrap_err();
        assert!(!error.to_string().contains("canary"), "{error}");
        let error = decode::<Vec<String>>(br#"["canary"#).unwrap_err();
        assert!(!error.to_string().contains("canary"), "{error}");
        let error = decode_member::<Server>(b"<html>oops</html>", "server").unwrap_err();
        assert!(error.message().contains("<html>oops"), "{error}");
        let error = decode_member::<Server>(b"{}", "server").unwrap_err();
        assert!(error.message().contains("no member `server`"), "{error}");
        assert!(decode::<Server>(br#"{"name":"a"} trailing"#).is_err());
        decode::<()>(b"").unwrap();
    }
}
