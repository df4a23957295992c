//! What happens to objects by itself.

use scs_core::testing::Script;
use serde_json::{Value, json};

use super::{
    Habits, Kept, Resource,
    kept::{now, text},
};

/// Takes an object, given by namespace and name, a step further towards what it asks for.
/// Answers whether there is more to do.
pub(super) type Step = fn(&mut Kept<'_>, &Habits, &str, &str) -> bool;

/// Takes one step after the other, at the pace of the server, from where the object stands now.
pub(super) fn follow(
    objects: &mut Kept<'_>,
    habits: &Habits,
    kind: Resource,
    (namespace, name): (&str, &str),
    step: Step,
) {
    let (habits, owner) = (habits.clone(), (namespace.to_owned(), name.to_owned()));
    let pace = habits.settings().pace;
    let script = Script::new().then(pace, json!({})).run(move |state| {
        let mut objects = Kept::new(state);
        let owner = (owner.0.as_str(), owner.1.as_str());
        let before = objects.revision();
        let more = step(&mut objects, &habits, owner.0, owner.1);
        // Who waits for others goes on when they have changed something.
        if more && objects.revision() > before {
            follow(&mut objects, &habits, kind, owner, step);
        }
    });
    objects.state.play(&kind.route(), &format!("{namespace}/{name}"), script);
}

/// A condition, without its times.
pub(super) fn condition(name: &str, status: &str, reason: &str, message: &str) -> Value {
    json!({"type": name, "status": status, "reason": reason, "message": message})
}

/// A word for whether something holds.
pub(super) fn truth(holds: bool) -> &'static str {
    if holds { "True" } else { "False" }
}

/// Gives conditions the time since when each is as it is.
pub(super) fn dated(before: &Value, mut conditions: Vec<Value>) -> Value {
    let now = now();
    for condition in &mut conditions {
        let same = before.as_array().into_iter().flatten().find(|old| {
            (&old["type"], &old["status"]) == (&condition["type"], &condition["status"])
        });
        let since = same.map_or(now.as_str(), |old| text(old, "lastTransitionTime"));
        condition["lastTransitionTime"] = since.into();
    }
    conditions.into()
}
