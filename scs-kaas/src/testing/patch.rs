//! Changes to objects.

use serde_json::{Map, Value};

/// Merges `patch` into `value`: members replace, `null` removes, objects merge.
pub(super) fn merge(value: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *value = patch.clone();
        return;
    };
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    let Some(members) = value.as_object_mut() else { return };
    for (name, patch) in patch {
        if patch.is_null() {
            members.remove(name);
        } else {
            merge(members.entry(name).or_insert(Value::Null), patch);
        }
    }
}

/// Applies what a manager wants to have: its members are set, and those that it had `last`
/// time and does not have now are removed. Items of lists are told apart by `name`, where they
/// have one.
pub(super) fn apply(value: &mut Value, last: &Value, wanted: &Value) {
    match wanted {
        Value::Object(wanted) => {
            if !value.is_object() {
                *value = Value::Object(Map::new());
            }
            let Some(members) = value.as_object_mut() else { return };
            for name in last.as_object().into_iter().flat_map(Map::keys) {
                if !wanted.contains_key(name) {
                    members.remove(name);
                }
            }
            for (name, wanted) in wanted {
                apply(members.entry(name).or_insert(Value::Null), &last[name], wanted);
            }
        }
        Value::Array(wanted) if is_map(wanted) => {
            let mut items = match value.take() {
                Value::Array(items) if is_map(&items) => items,
                _ => Vec::new(),
            };
            let none = Vec::new();
            let last = last.as_array().unwrap_or(&none);
            items.retain(|item| find(last, item).is_none() || find(wanted, item).is_some());
            for item in wanted {
                let before = find(last, item).map_or(&Value::Null, |at| &last[at]);
                match find(&items, item) {
                    Some(at) => apply(&mut items[at], before, item),
                    None => items.push(item.clone()),
                }
            }
            *value = Value::Array(items);
        }
        _ => *value = wanted.clone(),
    }
}

fn is_map(items: &[Value]) -> bool {
    items.iter().all(|item| item["name"].is_string())
}

fn find(items: &[Value], like: &Value) -> Option<usize> {
    items.iter().position(|item| item["name"] == like["name"])
}

/// The first place in which two managers want different values.
pub(super) fn conflict(one: &Value, other: &Value, path: &str) -> Option<String> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => one
            .iter()
            .find_map(|(name, one)| conflict(one, other.get(name)?, &format!("{path}.{name}"))),
        (Value::Array(one), Value::Array(other)) if is_map(one) && is_map(other) => {
            one.iter().find_map(|item| {
                let name = &item["name"];
                conflict(item, &other[find(other, item)?], &format!("{path}[name={name}]"))
            })
        }
        _ => (one != other).then(|| path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn merging_replaces_and_removes() {
        let mut value = json!({"a": {"b": 1, "c": 2}, "d": [1]});
        merge(&mut value, &json!({"a": {"b": null, "e": {"f": null, "g": 3}}, "d": [2]}));
        assert_eq!(value, json!({"a": {"c": 2, "e": {"g": 3}}, "d": [2]}));
    }

    #[test]
    fn applying_removes_only_what_was_applied() {
        let last = json!({"a": 1, "items": [{"name": "x"}, {"name": "y"}]});
        let mut value = json!({"a": 1, "b": 2, "items": [
            {"name": "x", "set": "elsewhere"}, {"name": "y"}, {"name": "z"}]});
        apply(&mut value, &last, &json!({"items": [{"name": "x", "size": 1}]}));
        let expected = json!({"b": 2, "items": [
            {"name": "x", "set": "elsewhere", "size": 1}, {"name": "z"}]});
        assert_eq!(value, expected);
    }

    #[test]
    fn conflicts_are_located() {
        let one = json!({"spec": {"size": 1, "items": [{"name": "x", "on": true}]}});
        assert_eq!(conflict(&one, &one, ""), None);
        let other = json!({"spec": {"items": [{"name": "y"}, {"name": "x", "on": false}]}});
        assert_eq!(conflict(&one, &other, "").unwrap(), ".spec.items[name=\"x\"].on");
    }
}
