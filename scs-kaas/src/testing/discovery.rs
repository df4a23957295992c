//! What an API server says about itself.

use std::collections::BTreeSet;

use http::Method;
use scs_core::testing::{Answer, Answered, Call, FakeServer, FakeService};
use serde_json::{Value, json};

use super::{Habits, Resource, guarded, resource::group_version, status};

/// The release that the fake imitates.
const VERSION: &str = "v1.36.4";

pub(super) fn serve(server: &FakeServer, habits: &Habits) {
    let ok = |_: &mut Call<'_>| Ok(Answer::text(200, "text/plain; charset=utf-8", "ok"));
    let open = FakeService::new("")
        .failures(status::plain)
        .on(Method::GET, "version", |_| Ok(Answer::json(200, version(VERSION))))
        .on(Method::GET, "healthz", ok)
        .on(Method::GET, "livez", ok)
        .on(Method::GET, "readyz", ok);
    server.serve(open);

    let (groups, group, resources) = (habits.clone(), habits.clone(), habits.clone());
    let core = habits.clone();
    let review = "apis/authentication.k8s.io/v1/selfsubjectreviews";
    let service = guarded(FakeService::new(""), habits)
        .on(Method::GET, "api", |_| Ok(Answer::json(200, core_versions())))
        .on(Method::GET, "api/v1", move |_| resource_list(&core, "", "v1"))
        .on(Method::GET, "apis", move |_| {
            let names: BTreeSet<_> = groups.kinds().iter().map(|kind| kind.group).collect();
            let found: Vec<_> =
                names.into_iter().filter_map(|name| described(&groups, name)).collect();
            let list = json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": found});
            Ok(Answer::json(200, list))
        })
        .on(Method::GET, "apis/{}", move |call| {
            let mut found = described(&group, &call.ids[0]).ok_or_else(status::not_served)?;
            found["kind"] = "APIGroup".into();
            found["apiVersion"] = "v1".into();
            Ok(Answer::json(200, found))
        })
        .on(Method::GET, "apis/{}/{}", move |call| {
            resource_list(&resources, &call.ids[0], &call.ids[1])
        })
        .on(Method::POST, review, |call| {
            Ok(Answer::json(
                201,
                json!({
                    "kind": "SelfSubjectReview",
                    "apiVersion": "authentication.k8s.io/v1",
                    "metadata": {"creationTimestamp": null},
                    "status": {"userInfo": call.caller},
                }),
            ))
        });
    server.serve(service);
}

/// What `/version` answers.
pub(super) fn version(release: &str) -> Value {
    let mut parts = release.trim_start_matches('v').split('.');
    let (major, minor) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    json!({
        "major": major,
        "minor": minor,
        "gitVersion": release,
        "gitCommit": "",
        "gitTreeState": "clean",
        "buildDate": "2026-01-01T00:00:00Z",
        "goVersion": "go1.26",
        "compiler": "gc",
        "platform": "linux/amd64",
    })
}

/// What `/api` answers.
pub(super) fn core_versions() -> Value {
    json!({
        "kind": "APIVersions",
        "versions": ["v1"],
        "serverAddressByClientCIDRs": [],
    })
}

/// The versions of a group that are served, if any.
fn described(habits: &Habits, group: &str) -> Option<Value> {
    let kinds = habits.kinds();
    let mut versions = Vec::new();
    for kind in kinds.iter().filter(|kind| !group.is_empty() && kind.group == group) {
        for version in kind.versions.iter().filter(|version| habits.serves(group, version)) {
            let version =
                json!({"groupVersion": group_version(group, version), "version": version});
            if !versions.contains(&version) {
                versions.push(version);
            }
        }
    }
    let preferred = versions.first()?.clone();
    Some(json!({"name": group, "versions": versions, "preferredVersion": preferred}))
}

fn resource_list(habits: &Habits, group: &str, version: &str) -> Answered {
    let kinds: Vec<_> = habits
        .kinds()
        .into_iter()
        .filter(|kind| kind.group == group && kind.versions.contains(&version))
        .collect();
    if kinds.is_empty() || !habits.serves(group, version) {
        return Err(status::not_served());
    }
    Ok(Answer::json(200, resources(&kinds, group, version)))
}

/// What the path of a group and version answers.
pub(super) fn resources(kinds: &[Resource], group: &str, version: &str) -> Value {
    let verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];
    let resources: Vec<_> = kinds
        .iter()
        .flat_map(|kind| {
            let one = json!({
                "name": kind.plural,
                "singularName": kind.name.to_ascii_lowercase(),
                "namespaced": kind.namespaced,
                "kind": kind.name,
                "verbs": verbs,
            });
            let status = kind.status.then(|| {
                json!({
                    "name": format!("{}/status", kind.plural),
                    "singularName": "",
                    "namespaced": kind.namespaced,
                    "kind": kind.name,
                    "verbs": ["get", "patch", "update"],
                })
            });
            [Some(one), status].into_iter().flatten()
        })
        .collect();
    json!({
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": group_version(group, version),
        "resources": resources,
    })
}
