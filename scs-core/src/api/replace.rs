use std::collections::BTreeMap;

use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};

use super::{
    Operation,
    collection::{Answer, Collection},
};
use crate::{Dialect, Result};

/// How often a replacement is made if it stays unclear whether it was done.
const ATTEMPTS: u32 = 3;

impl<D: Dialect> Collection<D> {
    /// Writes the whole of what is there, with the changes that the operation holds.
    pub(super) async fn replace(&self, id: &str, operation: &Operation) -> Result<Answer> {
        let mut attempt = 1;
        loop {
            let present = self.read::<Box<RawValue>>(&self.get(id).await?)?;
            let operation = operation
                .rewritten(|patch| whole(&present, self.one(), patch))?
                // Later it would undo what others have changed meanwhile.
                .idempotent(false);
            match self.send(operation).await {
                Err(error) if error.is_retryable() && attempt < ATTEMPTS => attempt += 1,
                answer => return self.changed(id, answer?).await,
            }
        }
    }
}

/// The body that holds what is there, with the patch that `body` holds under `key` applied to it.
fn whole(present: &RawValue, key: &str, body: &[u8]) -> serde_json::Result<Vec<u8>> {
    if key.is_empty() {
        let whole = merge(Some(present), serde_json::from_slice(body)?)?;
        return Ok(Box::<str>::from(whole).into_string().into());
    }
    let mut members: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(body)?;
    if let Some(patch) = members.get_mut(key) {
        *patch = merge(Some(present), serde_json::from_str(patch.get())?)?;
    }
    serde_json::to_vec(&members)
}

/// Applies a patch as RFC 7396 says: objects are merged, `null` takes a member away, anything
/// else replaces. What the patch does not name stays as it was written, to the byte.
fn merge(present: Option<&RawValue>, patch: Value) -> serde_json::Result<Box<RawValue>> {
    let Value::Object(patch) = patch else { return to_raw_value(&patch) };
    let mut members: BTreeMap<String, Box<RawValue>> = match present {
        Some(raw) if raw.get().starts_with('{') => serde_json::from_str(raw.get())?,
        _ => BTreeMap::new(),
    };
    for (name, value) in patch {
        if value.is_null() {
            members.remove(&name);
        } else {
            let merged = merge(members.get(&name).map(|raw| &**raw), value)?;
            members.insert(name, merged);
        }
    }
    to_raw_value(&members)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn merged(present: &str, patch: Value) -> String {
        let present: Box<RawValue> = serde_json::from_str(present).unwrap();
        merge(Some(&present), patch).unwrap().get().to_owned()
    }

    #[test]
    fn what_is_not_named_stays_to_the_byte() {
        let present = r#"{"a":1.10,"b":{"x":[1, 2],"y":123456789012345678901},"c":"\u0041"}"#;
        let patch = json!({"b": {"z": [true]}, "c": null, "d": {"e": null}});
        assert_eq!(
            merged(present, patch),
            r#"{"a":1.10,"b":{"x":[1, 2],"y":123456789012345678901,"z":[true]},"d":{}}"#
        );
        assert_eq!(merged(r#"{"a":{"b":1}}"#, json!({"a": [1]})), r#"{"a":[1]}"#);
    }

    #[test]
    fn the_patch_alone_is_rewritten_where_a_body_has_more() {
        let present: Box<RawValue> = serde_json::from_str(r#"{"a":1.10,"b":2}"#).unwrap();
        let whole = |key, body: &str| {
            String::from_utf8(whole(&present, key, body.as_bytes()).unwrap()).unwrap()
        };
        assert_eq!(whole("", r#"{"b":null}"#), r#"{"a":1.10}"#);
        assert_eq!(
            whole("cup", r#"{"cup":{"b":3},"os:place":"shelf"}"#),
            r#"{"cup":{"a":1.10,"b":3},"os:place":"shelf"}"#
        );
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::hash_map("[a-d]", inner, 0..4)
                    .prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    /// RFC 7396, section 2, word by word.
    fn reference(target: &Value, patch: &Value) -> Value {
        let Value::Object(patch) = patch else { return patch.clone() };
        let mut target = target.as_object().cloned().unwrap_or_default();
        for (name, value) in patch {
            if value.is_null() {
                target.remove(name);
            } else {
                let present = target.get(name).cloned().unwrap_or_default();
                target.insert(name.clone(), reference(&present, value));
            }
        }
        target.into()
    }

    proptest! {
        #[test]
        fn merges_as_the_standard_says(present in value(), patch in value()) {
            let merged: Value =
                serde_json::from_str(&merged(&present.to_string(), patch.clone())).unwrap();
            prop_assert_eq!(merged, reference(&present, &patch));
        }
    }
}
