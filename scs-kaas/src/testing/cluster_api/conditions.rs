//! Conditions of v1beta2, and those of v1beta1 beside them.

use serde_json::{Value, json};

use crate::testing::controller::{condition, dated, truth};

/// A condition with a reason for each of its two values, and what is wrong if it does not hold.
pub(super) fn holds(name: &str, holds: bool, (yes, no): (&str, &str), wrong: &str) -> Value {
    let (reason, message) = if holds { (yes, "") } else { (no, wrong) };
    condition(name, truth(holds), reason, message)
}

/// A condition that is good as long as it does not hold.
pub(super) fn under_way(name: &str, holds: bool, message: &str) -> Value {
    let reason = if holds { name.to_owned() } else { format!("Not{name}") };
    condition(name, truth(holds), &reason, if holds { message } else { "" })
}

/// Conditions of a generation, each with the time since when it is as it is.
pub(super) fn observed(before: &Value, conditions: Vec<Value>, generation: &Value) -> Value {
    let mut conditions = dated(before, conditions);
    for condition in conditions.as_array_mut().into_iter().flatten() {
        condition["observedGeneration"] = generation.clone();
    }
    conditions
}

/// Those of v1beta1: each has a name of its own, and is as one of these.
pub(super) fn old(conditions: &Value, names: &[(&str, &str)]) -> Value {
    let find = |name: &str| {
        conditions.as_array().into_iter().flatten().find(|condition| condition["type"] == name)
    };
    let old = names.iter().filter_map(|(name, new)| {
        let new = find(new)?;
        let mut old = json!({
            "type": name,
            "status": new["status"],
            "lastTransitionTime": new["lastTransitionTime"],
        });
        if new["status"] != "True" {
            old["severity"] = "Info".into();
            old["reason"] = new["reason"].clone();
            old["message"] = new["message"].clone();
        }
        Some(old)
    });
    old.collect()
}
