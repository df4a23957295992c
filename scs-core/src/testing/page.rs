use std::{borrow::Cow, cmp::Ordering};

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::{Answer, Answered, Call, Collection, Received};
use crate::route::Paging;

/// Parameters that shape a list instead of choosing from it.
const SHAPE: [&str; 9] = [
    "limit",
    "marker",
    "offset",
    "sort",
    "sort_key",
    "sort_dir",
    "fields",
    "all_tenants",
    "page_reverse",
];

/// How the lists of a service point to the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Links {
    /// `"servers_links": [{"rel": "next", "href": URL}]` behind each full page, even if nothing
    /// follows.
    Relations,
    /// `"next": PATH` behind each full page, even if nothing follows.
    Next,
    /// `"links": {"next": URL or null, …}`, always.
    Object,
}

/// Answers a list. `summary` is empty for whole items.
pub(super) fn list(
    call: &mut Call<'_>,
    collection: &Collection,
    summary: &[&'static str],
) -> Answered {
    collection.readable(call, None)?;
    let route = &collection.route;
    let paged = route.paging != Paging::Whole;
    let (limit, offset) = match route.paging {
        Paging::Range { from, size, .. } => (size, from),
        _ => ("limit", "offset"),
    };
    let limit = match call.request.parameter(limit).filter(|_| paged) {
        Some(text) => Some(text.parse::<usize>().map_err(|_| {
            call.failure(400, "BadRequest", &format!("limit must be a number, not {text}"))
        })?),
        None => None,
    };
    let size = match limit {
        _ if !paged => usize::MAX,
        Some(limit) if limit > 0 => limit.min(call.service.page_size),
        _ => call.service.page_size,
    };
    let parents = collection.parents(&call.ids);
    let marker = call.request.parameter("marker").map(|marker| format!("{parents}{marker}"));
    if let Some(marker) = &marker
        && call.state.get(route, marker).is_none()
    {
        let text = format!("marker [{}] not found", &marker[parents.len()..]);
        return Err(call.failure(400, "MarkerNotFound", &text));
    }
    let offset = call.request.parameter(offset).and_then(|text| text.parse().ok()).unwrap_or(0);

    let fits = |key: &str, item: &Value| {
        key.strip_prefix(&parents).is_some_and(|id| !id.contains('/'))
            && call.sees(item)
            && chosen(collection, call.request, item)
    };
    let mut items: Vec<_> = match sorting(&call.request.query) {
        None => {
            let items = call.state.after(route, marker.as_deref());
            items
                .filter(|(key, item)| fits(key, item))
                .skip(offset)
                .take(size.saturating_add(1))
                .collect()
        }
        Some(order) => {
            let mut items: Vec<_> =
                call.state.list(route).filter(|(key, item)| fits(key, item)).collect();
            items.sort_by(|(_, a), (_, b)| order(a, b));
            let from = marker.and_then(|m| items.iter().position(|(key, _)| *key == m));
            items.into_iter().skip(from.map_or(offset, |at| at + 1)).collect()
        }
    };
    let more = items.len() > size;
    items.truncate(size);

    let last = items.last().map(|(key, _)| key[parents.len()..].to_owned());
    let footer = match route.paging {
        Paging::Links => footer(call, route.many, last, items.len() == size, more),
        _ => Map::new(),
    };
    let wrap = if route.wrapped_items { route.one } else { "" };
    let shown: Vec<_> = items
        .iter()
        .map(|(_, item)| Shown { item: collection.view(call, item), only: summary, wrap })
        .collect();
    let body = write(route.many, &shown, &footer).unwrap_or_default();
    let keys: Vec<_> = items.iter().map(|(key, _)| (*key).to_owned()).collect();
    for key in keys {
        call.shown(route, key);
    }
    Ok(Answer::bytes(200, body))
}

/// Whether an item is one of those that the query asks for: a parameter that is given several
/// times means any of its values.
fn chosen(collection: &Collection, request: &Received, item: &Value) -> bool {
    if let Some(choice) = collection.choice() {
        return choice(item, request);
    }
    let query = &request.query;
    let shapes = |name: &str| match collection.route.paging {
        Paging::Range { from, size, .. } => name == from || name == size,
        _ => SHAPE.contains(&name),
    };
    query.iter().filter(|(name, _)| !shapes(name)).all(|(name, _)| {
        query.iter().filter(|(other, _)| other == name).any(|(_, wanted)| {
            match collection.filter_of(name) {
                Some(filter) => filter(item, wanted),
                None => item.get(name).is_some_and(|value| equal(value, wanted)),
            }
        })
    })
}

fn equal(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) => text == wanted,
        Value::Bool(true) => matches!(wanted, "true" | "True" | "1"),
        Value::Bool(false) => matches!(wanted, "false" | "False" | "0"),
        Value::Array(values) => {
            wanted.split(',').all(|wanted| values.iter().any(|value| equal(value, wanted)))
        }
        Value::Null => wanted.is_empty(),
        Value::Number(number) => number.to_string() == wanted,
        Value::Object(_) => false,
    }
}

/// The order that the query asks for: `sort_key=name&sort_dir=desc` or `sort=name:desc`.
fn sorting(query: &[(String, String)]) -> Option<impl Fn(&Value, &Value) -> Ordering> {
    let parameter = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, v)| v.as_str());
    let (key, direction) = match parameter("sort") {
        Some(sort) => {
            let first = sort.split(',').next().unwrap_or(sort);
            first.split_once(':').unwrap_or((first, "asc"))
        }
        None => (parameter("sort_key")?, parameter("sort_dir").unwrap_or("asc")),
    };
    let (key, descending) = (key.to_owned(), direction == "desc");
    Some(move |a: &Value, b: &Value| {
        let (a, b) = (&a[&key], &b[&key]);
        let order = match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => a.as_str().cmp(&b.as_str()),
        };
        if descending { order.reverse() } else { order }
    })
}

/// The members beside the list.
fn footer(
    call: &Call<'_>,
    many: &str,
    last: Option<String>,
    full: bool,
    more: bool,
) -> Map<String, Value> {
    let path = &call.request.path;
    let next = last.map(|marker| {
        let kept = call.request.query.iter().filter(|(name, _)| name != "marker");
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept)
            .append_pair("marker", &marker)
            .finish();
        format!("{path}?{query}")
    });
    let url = |path: &str| format!("{}{path}", call.root());
    let footer = match (call.service.links, next) {
        (Links::Relations, Some(next)) if full => {
            json!({(format!("{many}_links")): [{"rel": "next", "href": url(&next)}]})
        }
        (Links::Next, Some(next)) if full => json!({"next": next, "first": path}),
        (Links::Next, _) => json!({"first": path}),
        (Links::Object, next) => {
            let next = next.filter(|_| more).map(|next| url(&next));
            json!({"links": {"next": next, "self": url(path), "previous": null}})
        }
        (Links::Relations, _) => Value::Null,
    };
    match footer {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn write(
    many: &str,
    items: &[Shown<'_>],
    footer: &Map<String, Value>,
) -> serde_json::Result<Vec<u8>> {
    let mut body = Vec::new();
    let mut json = serde_json::Serializer::new(&mut body);
    if many.is_empty() {
        items.serialize(&mut json)?;
        return Ok(body);
    }
    let mut map = json.serialize_map(None)?;
    map.serialize_entry(many, items)?;
    for (name, value) in footer {
        map.serialize_entry(name, value)?;
    }
    map.end()?;
    Ok(body)
}

/// An item as a list shows it: some of its members, and perhaps wrapped in a key.
struct Shown<'a> {
    item: Cow<'a, Value>,
    only: &'a [&'static str],
    wrap: &'a str,
}

struct Part<'a>(&'a Value, &'a [&'static str]);

impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.1.is_empty() {
            return self.0.serialize(serializer);
        }
        let members = self.1.iter().filter_map(|name| Some((name, self.0.get(name)?)));
        serializer.collect_map(members)
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let part = Part(&self.item, self.only);
        if self.wrap.is_empty() {
            part.serialize(serializer)
        } else {
            serializer.collect_map([(self.wrap, part)])
        }
    }
}
