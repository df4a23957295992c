//! How much a project may have, in the three services that count.

use http::Method;
use scs_core::{
    Route,
    testing::{Answer, Answered, Call, FakeService, State},
};
use serde_json::{Map, Value, json};

use super::{is_admin, project};

/// The key of the limits of all projects that have none of their own.
pub(super) const DEFAULTS: &str = "*";

/// What a service counts: the resource, the limit at first, and how much there is of it.
pub(super) type Counted = (&'static str, i64, fn(&State, &str) -> i64);

/// The limits that differ from those at first, by project.
const fn limits(service: &'static str) -> Route {
    Route::new(service, "quotas")
}

pub(super) fn set(state: &mut State, service: &'static str, project: &str, name: &str, limit: i64) {
    let route = limits(service);
    if !state.merge(&route, project, json!({(name): limit})) {
        state.insert(&route, project, json!({(name): limit}));
    }
}

fn limit(state: &State, service: &'static str, project: &str, (name, first, _): Counted) -> i64 {
    let of = |project| state.get(&limits(service), project)?[name].as_i64();
    of(project).or_else(|| of(DEFAULTS)).unwrap_or(first)
}

/// What a project has used of a resource, and its limit, if it may not have `more` of it.
pub(super) fn exceeded(
    state: &State,
    service: &'static str,
    project: &str,
    counted: &[Counted],
    (name, more): (&str, i64),
) -> Option<(i64, i64)> {
    let counted = *counted.iter().find(|(counted, ..)| *counted == name)?;
    let (used, limit) = (counted.2(state, project), limit(state, service, project, counted));
    (limit >= 0 && used + more > limit).then_some((used, limit))
}

/// The limits of a project, and how much it has: `{"instances": (10, 3)}`.
pub(super) fn usage(
    state: &State,
    service: &'static str,
    project: &str,
    counted: &[Counted],
) -> Vec<(&'static str, i64, i64)> {
    let mut all = Vec::new();
    for counted in counted {
        let limit = limit(state, service, project, *counted);
        all.push((counted.0, limit, counted.2(state, project)));
    }
    all
}

/// The words of a service about quotas.
#[derive(Clone, Copy)]
pub(super) struct Words {
    pub(super) service: &'static str,
    /// The path of the collection.
    pub(super) path: &'static str,
    /// The key around a set.
    pub(super) key: &'static str,
    /// What is used: `in_use` or `used`.
    pub(super) used: &'static str,
    /// The path of the set with usage, behind the project's.
    pub(super) details: &'static str,
    /// The path of the set at first, behind the project's.
    pub(super) defaults: &'static str,
    /// Whether the set tells the id of its project.
    pub(super) names_project: bool,
    /// The answer to those who may not see or change it.
    pub(super) refuse: fn(&Call<'_>, &str) -> Answer,
}

/// Adds the quota sets of a service.
pub(super) fn serve(
    service: FakeService,
    words: Words,
    counted: &'static [Counted],
) -> FakeService {
    let one = format!("{}/{{}}", words.path);
    let show = move |call: &mut Call<'_>, detailed: bool| -> Answered {
        let id = call.ids[0].clone();
        if id != project(call) && !is_admin(&call.caller) {
            return Err((words.refuse)(call, "show"));
        }
        Ok(Answer::json(
            200,
            json!({(words.key): set_of(call.state, words, &id, counted, detailed)}),
        ))
    };
    service
        .on(Method::GET, &one, move |call| {
            let detailed = matches!(call.request.parameter("usage"), Some("true" | "True"));
            show(call, detailed)
        })
        .on(Method::GET, &format!("{one}/{}", words.details), move |call| show(call, true))
        .on(Method::GET, &format!("{one}/{}", words.defaults), move |call| {
            let set = set_of(call.state, words, DEFAULTS, counted, false);
            Ok(Answer::json(200, json!({(words.key): set})))
        })
        .on(Method::PUT, &one, move |call| {
            if !is_admin(&call.caller) {
                return Err((words.refuse)(call, "update"));
            }
            let id = call.ids[0].clone();
            let wanted = call.body[words.key].as_object().cloned().unwrap_or_default();
            for (name, limit) in &wanted {
                if let Some(limit) = limit.as_i64() {
                    set(call.state, words.service, &id, name, limit);
                }
            }
            let mut set = set_of(call.state, words, &id, counted, false);
            set.remove("id");
            Ok(Answer::json(200, json!({(words.key): set})))
        })
        .on(Method::DELETE, &one, move |call| {
            if !is_admin(&call.caller) {
                return Err((words.refuse)(call, "delete"));
            }
            let id = call.ids[0].clone();
            call.state.remove(&limits(words.service), &id);
            Ok(Answer::status(if words.service == "network" { 204 } else { 200 }))
        })
}

fn set_of(
    state: &State,
    words: Words,
    project: &str,
    counted: &[Counted],
    detailed: bool,
) -> Map<String, Value> {
    let mut set = Map::new();
    if words.names_project {
        set.insert("id".into(), project.into());
    }
    for (name, limit, used) in usage(state, words.service, project, counted) {
        let value = if detailed {
            json!({"limit": limit, (words.used): used, "reserved": 0})
        } else {
            limit.into()
        };
        set.insert(name.into(), value);
    }
    set
}
