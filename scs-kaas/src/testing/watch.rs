//! Watches. The engine sends whole answers: a watch tells what has happened since the
//! resourceVersion that it was given, and ends; clients watch again from there.

use std::time::Duration;

use scs_core::testing::{Answer, Answered, Received};
use serde_json::{Value, json};

use super::{Kept, Resource, kept::Event, list::Selector, status};

/// How long a watch without news waits, so that clients do not spin.
const PAUSE: Duration = Duration::from_millis(100);

/// The events that a watch answers with, as `show` shows objects.
pub(super) fn answer(
    objects: &Kept<'_>,
    request: &Received,
    kind: &Resource,
    scope: Option<&str>,
    show: impl Fn(&Value) -> Value,
) -> Answered {
    let selector = Selector::of(request);
    let flag = |name| request.parameter(name).is_some_and(|value| value == "true" || value == "1");
    let from = request.parameter("resourceVersion").unwrap_or_default();
    let newest = objects.revision();
    let whole = flag("sendInitialEvents");
    let mut lines: Vec<Value> = if whole || from.is_empty() || from == "0" {
        let present = objects.select(kind, scope).into_iter().map(|(_, object)| object);
        let selected = present.filter(|object| selector.matches(object));
        selected.map(|object| line("ADDED", show(object))).collect()
    } else {
        let from = from.parse().map_err(|_| {
            let message = format!("resourceVersion: Invalid value: \"{from}\": invalid syntax");
            status::plain(500, "", &message)
        })?;
        let Some(events) = objects.since(from, kind, scope) else {
            let message = format!("too old resource version: {from} ({newest})");
            return Ok(stream(&[line("ERROR", status::expired(&message, None))]));
        };
        let seen = events.iter().filter_map(|event| selector.sees(event));
        seen.map(|(action, object)| line(action, show(object))).collect()
    };
    let quiet = lines.is_empty();
    if flag("allowWatchBookmarks") && (whole || quiet) {
        let mut mark = show(&json!({"kind": kind.name, "apiVersion": kind.api_version()}));
        mark["metadata"] = json!({"resourceVersion": newest.to_string()});
        if whole {
            mark["metadata"]["annotations"] = json!({"k8s.io/initial-events-end": "true"});
        }
        lines.push(line("BOOKMARK", mark));
    }
    let answer = stream(&lines);
    Ok(if quiet { answer.delayed(PAUSE) } else { answer })
}

fn line(action: &str, object: Value) -> Value {
    json!({"type": action, "object": object})
}

fn stream(lines: &[Value]) -> Answer {
    let text: String = lines.iter().flat_map(|line| [line.to_string(), "\n".to_owned()]).collect();
    Answer::text(200, "application/json", text)
}

impl Selector {
    /// What a change looks like to those who see only what is selected: what leaves the
    /// selection is deleted to them.
    fn sees<'a>(&self, event: &Event<'a>) -> Option<(&'a str, &'a Value)> {
        let after = event.action != "DELETED" && self.matches(event.object);
        let before = !event.before.is_null() && self.matches(event.before);
        match (before, after) {
            (false, false) => None,
            (false, true) => Some(("ADDED", event.object)),
            (true, true) => Some(("MODIFIED", event.object)),
            (true, false) => Some(("DELETED", event.object)),
        }
    }
}
