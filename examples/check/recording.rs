//! Recordings as the checks read them, whatever tool has made them: curl, the `openstack` command,
//! openstacksdk. They differ in where things stand, what they are called, and what is a text.

use scs_cloud::core::{Error, Result};
use serde::de::DeserializeOwned;
use serde_json::{Deserializer, Map, Value, json};

type Members = Map<String, Value>;

/// The document in a text; several, one behind the other, are a list.
pub(super) fn document(text: &str) -> Result<Value> {
    let documents = Deserializer::from_str(text.trim_start_matches('\u{feff}')).into_iter();
    let mut documents: Vec<Value> = documents
        .collect::<serde_json::Result<_>>()
        .map_err(|error| Error::invalid(format!("the recording is not JSON: {error}")))?;
    match documents.pop() {
        None => Err(Error::invalid("the recording is empty")),
        Some(only) if documents.is_empty() => Ok(only),
        Some(last) => {
            documents.push(last);
            Ok(Value::Array(documents))
        }
    }
}

/// The items of a list that is bare, or stands under the plural of this key; or a single one.
pub(super) fn items(document: Value, key: &str) -> Vec<Value> {
    match document {
        Value::Array(items) => items.into_iter().flat_map(|item| wrapped(item, key)).collect(),
        Value::Null => Vec::new(),
        item => wrapped(item, key),
    }
}

fn wrapped(item: Value, key: &str) -> Vec<Value> {
    let Value::Object(mut object) = item else { return vec![item] };
    match object.remove(&format!("{key}s")).or_else(|| object.remove(key)) {
        Some(Value::Array(items)) => items,
        Some(Value::Null) => Vec::new(),
        Some(item) => vec![item],
        None => vec![Value::Object(object)],
    }
}

/// A document, or a part of one, as a model.
pub(super) fn model<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value)
        .map_err(|error| Error::invalid(format!("the recording is not what it should be: {error}")))
}

/// Objects as models: read by `read`, which leaves out what no test case asks for.
pub(super) fn models<T: DeserializeOwned>(
    items: Vec<Value>,
    read: impl Fn(Members) -> Value,
) -> Result<Vec<T>> {
    let read = |item| match item {
        Value::Object(members) => model(read(lower_case(members))),
        other => model(other),
    };
    items.into_iter().map(read).collect()
}

/// The command heads its columns with words: `Name`, `Is Public`.
fn lower_case(members: Members) -> Members {
    if !members.contains_key("Name") && !members.contains_key("Direction") {
        return members;
    }
    members.into_iter().map(|(key, value)| (key.to_lowercase().replace(' ', "_"), value)).collect()
}

/// A flavor.
pub(super) fn flavor(mut members: Members) -> Value {
    let specs = first(&mut members, &["extra_specs", "properties"]);
    json!({
        "id": "?",
        "name": text(members.remove("name")),
        "vcpus": number(members.remove("vcpus")),
        "ram": number(members.remove("ram")),
        "disk": number(members.remove("disk").or(Some(json!(0)))),
        "extra_specs": texts(specs),
    })
}

/// An image, its properties beside its other members, as Glance answers.
pub(super) fn image(mut members: Members) -> Value {
    // What Glance calls otherwise, or no test case asks for.
    const OTHERS: [&str; 13] = [
        "owner",
        "disk_format",
        "container_format",
        "size",
        "virtual_size",
        "checksum",
        "protected",
        "tags",
        "stores",
        "created_at",
        "updated_at",
        "is_protected",
        "location",
    ];
    for (key, value) in texts(members.remove("properties")) {
        if members.get(&key).is_none_or(Value::is_null) {
            members.insert(key, value);
        }
    }
    let id = text(members.remove("id"));
    let name = text(members.remove("name"));
    let status = first(&mut members, &["status"]).unwrap_or_else(|| json!("active"));
    let visibility = first(&mut members, &["visibility"]).unwrap_or_else(|| json!("public"));
    let hidden = flag(first(&mut members, &["os_hidden", "is_hidden"]));
    let algorithm = first(&mut members, &["os_hash_algo", "hash_algo"]).map(in_words);
    let hash = first(&mut members, &["os_hash_value", "hash_value"]).map(in_words);
    // What is no size is as good as none.
    let size = |value| number(value).as_u64().and_then(|size| u32::try_from(size).ok());
    let (disk, ram) = (size(members.remove("min_disk")), size(members.remove("min_ram")));
    members.retain(|key, _| !OTHERS.contains(&key.as_str()));
    for (key, value) in [
        ("id", if id == "" { json!("?") } else { id }),
        ("name", name),
        ("status", in_words(status)),
        ("visibility", in_words(visibility)),
        ("os_hidden", hidden),
        ("os_hash_algo", json!(algorithm)),
        ("os_hash_value", json!(hash)),
        ("min_disk", json!(disk)),
        ("min_ram", json!(ram)),
    ] {
        members.insert(key.to_owned(), value);
    }
    Value::Object(members)
}

/// A volume type.
pub(super) fn volume_type(mut members: Members) -> Value {
    let (name, description) = (members.remove("name"), members.remove("description"));
    json!({"id": "?", "name": text(name), "description": text(description)})
}

/// A rule of a security group, or a default rule for those to come.
pub(super) fn rule(mut members: Members) -> Value {
    let ethertype = first(&mut members, &["ethertype", "ether_type"]);
    let mut rule = json!({
        "id": "?", "security_group_id": "?", "project_id": "?",
        "direction": text(members.remove("direction")),
        "ethertype": ethertype,
        // What Neutron takes for what was not said when a rule was made.
        "used_in_default_sg": flag(members.remove("used_in_default_sg")),
        "used_in_non_default_sg":
            flag(members.remove("used_in_non_default_sg").or(Some(json!(true)))),
    });
    for key in ["protocol", "remote_ip_prefix", "remote_group_id", "remote_address_group_id"] {
        let said = first(&mut members, &[key]).map(in_words);
        rule[key] = json!(said.filter(|value| value != ""));
    }
    for key in ["port_range_min", "port_range_max"] {
        if let Some(port) = first(&mut members, &[key]) {
            rule[key] = number(Some(port));
        }
    }
    rule
}

/// The entries of a catalog, which may stand in a token or be nothing but types.
pub(super) fn entries(mut document: Value) -> Value {
    if let Some(token) = document.get_mut("token") {
        document = token.take();
    }
    let entries = match document {
        Value::Object(mut object) => first(&mut object, &["catalog", "services"]),
        other => Some(other),
    };
    let entry = |entry: &Value| match entry {
        Value::String(name) => json!({"type": name}),
        entry => {
            let endpoints = entry["endpoints"].as_array().into_iter().flatten();
            let reachable = endpoints.filter_map(|endpoint| {
                let interface = endpoint["interface"].as_str().unwrap_or("public");
                Some(json!({"interface": interface, "url": endpoint["url"].as_str()?}))
            });
            let reachable: Vec<_> = reachable.collect();
            let name = entry.get("type").or_else(|| entry.get("Type"));
            json!({"type": name, "endpoints": reachable})
        }
    };
    match entries {
        Some(Value::Array(entries)) => entries.iter().map(entry).collect(),
        Some(other) if !other.is_null() => other,
        _ => json!([]),
    }
}

/// What is under the first of these names that is there and not null; all of them are taken away.
fn first(members: &mut Members, names: &[&str]) -> Option<Value> {
    let found: Vec<_> = names.iter().filter_map(|name| members.remove(*name)).collect();
    found.into_iter().find(|value| !value.is_null())
}

/// A text, also of a number; empty of nothing.
fn text(value: Option<Value>) -> Value {
    value.filter(|value| !value.is_null()).map_or(json!(""), in_words)
}

fn in_words(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.to_string()),
        Value::Bool(flag) => json!(if flag { "True" } else { "False" }),
        other => other,
    }
}

/// A whole number, also in a text; what is none stays as it is.
fn number(value: Option<Value>) -> Value {
    let read = match &value {
        Some(Value::String(text)) if text.trim().is_empty() => Some(0),
        Some(Value::String(text)) => text.trim().parse().ok(),
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It is whole and small.
        Some(Value::Number(number)) => number.as_u64().or_else(|| {
            let float = number.as_f64().filter(|f| f.fract() == 0.0 && (0.0..1e15).contains(f));
            float.map(|float| float as u64)
        }),
        _ => None,
    };
    read.map_or_else(|| value.unwrap_or_default(), |read| json!(read))
}

/// Whether something is so, also in a text.
fn flag(value: Option<Value>) -> Value {
    json!(match value {
        Some(Value::Bool(flag)) => flag,
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => false,
    })
}

/// Names and what they are, all of it texts; without what is null.
fn texts(value: Option<Value>) -> Members {
    let Some(Value::Object(members)) = value else { return Members::new() };
    let there = members.into_iter().filter(|(_, value)| !value.is_null());
    there
        .map(|(key, value)| match in_words(value) {
            Value::String(text) => (key, json!(text)),
            other => (key, json!(other.to_string())),
        })
        .collect()
}
