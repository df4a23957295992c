//! Nova: flavors, keypairs, server groups, limits. Servers are in `server`.

use std::borrow::Cow;

use http::Method;
use scs_core::{
    Resource, Route,
    standards::Target,
    testing::{Answer, Answered, Call, Collection, FakeServer, FakeService, Script, State},
};
use serde_json::{Value, json};

use super::{
    Habits, authenticate_versioned, forbidden, is_admin, links, links_at, named_failure, now,
    number, project,
    quota::{self, Counted},
    server, speaks, text, versioned,
};
use crate::{
    compute::{Flavor, Keypair, ServerGroup},
    standards::standard_flavors::StandardFlavor,
};

pub(super) const FLAVORS: Route = Flavor::ROUTE;
pub(super) const KEYPAIRS: Route = Keypair::ROUTE;
pub(super) const SERVER_GROUPS: Route = ServerGroup::ROUTE;

fn groups(state: &State, project: &str) -> i64 {
    let groups = state.list(&SERVER_GROUPS).filter(|(_, group)| group["project_id"] == project);
    i64::try_from(groups.count()).unwrap_or(i64::MAX)
}

/// Keypairs belong to users; each project here has one.
fn keypairs_of(state: &State, project: &str) -> i64 {
    let keypairs = state.list(&KEYPAIRS).filter(|(_, keypair)| keypair["project_id"] == project);
    i64::try_from(keypairs.count()).unwrap_or(i64::MAX)
}

pub(super) const COUNTED: &[Counted] = &[
    ("cores", 20, |state, project| server::total(state, project, |flavor| number(flavor, "vcpus"))),
    ("instances", 10, |state, project| server::total(state, project, |_| 1)),
    ("key_pairs", 100, keypairs_of),
    ("metadata_items", 128, |_, _| 0),
    ("ram", 51_200, |state, project| server::total(state, project, |f| number(f, "ram"))),
    ("server_group_members", 10, |_, _| 0),
    ("server_groups", 10, groups),
];

const WORDS: quota::Words = quota::Words {
    service: "compute",
    path: "os-quota-sets",
    key: "quota_set",
    used: "in_use",
    details: "detail",
    defaults: "defaults",
    names_project: true,
    refuse: |call, action| forbidden(call, &format!("os_compute_api:os-quota-sets:{action}")),
};

/// The two versions in Nova's version document.
fn version(call: &Call<'_>, habits: &Habits) -> Value {
    let range = habits.versions("compute");
    json!({
        "id": "v2.1", "status": "CURRENT", "version": range.max.to_string(),
        "min_version": range.min.to_string(), "updated": "2013-07-23T11:33:21Z",
        "links": [{"rel": "self", "href": format!("{}/compute/v2.1/", call.root())}],
    })
}

pub(super) fn serve(server: &FakeServer, habits: &Habits) {
    let (all, one, gate) = (habits.clone(), habits.clone(), habits.clone());
    let open = FakeService::new("compute")
        .on(Method::GET, "", move |call| {
            let old = json!({
                "id": "v2.0", "status": "DEPRECATED", "version": "", "min_version": "",
                "updated": "2025-07-04T12:00:00Z",
                "links": [{"rel": "self", "href": format!("{}/compute/v2/", call.root())}],
            });
            Ok(Answer::json(200, json!({"versions": [old, version(call, &all)]})))
        })
        .on(Method::GET, "v2.1", move |call| {
            let mut version = version(call, &one);
            let media = "application/vnd.openstack.compute+json;version=2.1";
            version["media-types"] = json!([{"base": "application/json", "type": media}]);
            Ok(Answer::json(200, json!({"version": version})))
        });
    server.serve(open);
    let service = FakeService::new("compute/v2.1")
        .failures(named_failure)
        .gate(move |call| authenticate_versioned(call, gate.versions("compute"), "compute"))
        .finish(|call, answer| versioned(call, answer, "compute"))
        .visible(|caller, item| {
            let owner = item.get("tenant_id").or_else(|| item.get("project_id"));
            owner.is_none_or(|owner| *owner == caller["project_id"]) || is_admin(caller)
        })
        .collection(flavors())
        .on(Method::GET, "flavors/{}/os-extra_specs", extra_specs)
        .collection(keypairs())
        .collection(server_groups())
        .on(Method::GET, "os-availability-zone", |_| {
            let zone = json!({"zoneName": "nova", "zoneState": {"available": true}, "hosts": null});
            Ok(Answer::json(200, json!({"availabilityZoneInfo": [zone]})))
        })
        .on(Method::GET, "limits", |call| Ok(Answer::json(200, limits(call))));
    let service = server::serve(service, habits);
    server.serve(quota::serve(service, WORDS, COUNTED));
    let root = server.url();
    server.state(|state| seed(state, &root));
}

fn limits(call: &Call<'_>) -> Value {
    let mut absolute = json!({"maxServerMeta": 128, "maxServerGroupMembers": 10});
    for (name, limit, used) in quota::usage(call.state, "compute", &project(call), COUNTED) {
        let (most, total) = match name {
            "cores" => ("maxTotalCores", "totalCoresUsed"),
            "instances" => ("maxTotalInstances", "totalInstancesUsed"),
            "ram" => ("maxTotalRAMSize", "totalRAMUsed"),
            "server_groups" => ("maxServerGroups", "totalServerGroupsUsed"),
            "key_pairs" => {
                absolute["maxTotalKeypairs"] = limit.into();
                continue;
            }
            _ => continue,
        };
        absolute[most] = limit.into();
        absolute[total] = used.into();
    }
    json!({"limits": {"rate": [], "absolute": absolute}})
}

/// Whether a member is at least as large as the query wants.
fn at_least(item: &Value, member: &str, wanted: &str) -> bool {
    wanted.parse().is_ok_and(|wanted: i64| number(item, member) >= wanted)
}

fn flavors() -> Collection {
    Collection::new(FLAVORS)
        .noun("Flavor")
        .summary(&["id", "name", "links", "description"])
        .read_only()
        .filter("minRam", |flavor, wanted| at_least(flavor, "ram", wanted))
        .filter("minDisk", |flavor, wanted| at_least(flavor, "disk", wanted))
        .filter("is_public", |flavor, wanted| {
            let public = flavor["os-flavor-access:is_public"] == true;
            wanted.eq_ignore_ascii_case("none") || wanted.eq_ignore_ascii_case("true") == public
        })
        .shown(|call, flavor| {
            if speaks(call, 61) {
                return Cow::Borrowed(flavor);
            }
            let mut old = flavor.clone();
            if let Some(members) = old.as_object_mut() {
                members.remove("extra_specs");
            }
            Cow::Owned(old)
        })
}

fn extra_specs(call: &mut Call<'_>) -> Answered {
    let id = &call.ids[0];
    match call.state.get(&FLAVORS, id) {
        Some(flavor) => Ok(Answer::json(200, json!({"extra_specs": flavor["extra_specs"]}))),
        None => {
            let message = format!("Flavor {id} could not be found.");
            Err(call.failure(404, "NotFound", &message))
        }
    }
}

fn keypairs() -> Collection {
    Collection::new(KEYPAIRS)
        .identified_by("name")
        .on_create(|call, new| {
            if text(new, "public_key").is_empty() {
                if speaks(call, 92) {
                    let message = "Invalid input for field/attribute keypair. 'public_key' is a \
                                   required property";
                    return Err(call.failure(400, "BadRequest", message));
                }
                let key = call.state.mint_hex();
                new["public_key"] = format!("ssh-rsa {key} Generated-by-Nova").into();
                new["private_key"] = "-----BEGIN RSA PRIVATE KEY-----\n".into();
            }
            let project = project(call);
            let more = ("key_pairs", 1);
            if quota::exceeded(call.state, "compute", &project, COUNTED, more).is_some() {
                let message = "Quota exceeded, too many key pairs.";
                return Err(call.failure(403, "Forbidden", message));
            }
            new["project_id"] = project.into();
            let name = text(new, "name");
            if call.state.get(&KEYPAIRS, name).is_some() {
                let message = format!("Key pair '{name}' already exists.");
                return Err(call.failure(409, "Conflict", &message));
            }
            if new["type"].is_null() {
                new["type"] = "ssh".into();
            }
            let digits = call.state.mint_hex();
            let pairs: Vec<_> = (0..16).map(|at| &digits[2 * at..2 * at + 2]).collect();
            new["fingerprint"] = pairs.join(":").into();
            new["user_id"] = call.caller["user_id"].clone();
            new["created_at"] = now().replace('Z', ".000000").into();
            for (name, value) in [
                ("deleted", json!(false)),
                ("deleted_at", Value::Null),
                ("updated_at", Value::Null),
            ] {
                new[name] = value;
            }
            Ok(Script::new())
        })
        .created(|_, keypair| {
            let names = ["type", "name", "public_key", "fingerprint", "user_id", "private_key"];
            let members = names
                .into_iter()
                .filter_map(|name| Some((name.to_owned(), keypair.get(name)?.clone())));
            Cow::Owned(members.collect())
        })
        .shown(|_, keypair| {
            let mut shown = keypair.clone();
            if let Some(members) = shown.as_object_mut() {
                members.remove("private_key");
                members.remove("project_id");
            }
            Cow::Owned(shown)
        })
}

fn server_groups() -> Collection {
    Collection::new(SERVER_GROUPS)
        .noun("Instance group")
        .statuses(200, 204)
        .defaults(json!({"members": [], "rules": {}}))
        .on_create(|call, new| {
            let project = project(call);
            let more = ("server_groups", 1);
            if quota::exceeded(call.state, "compute", &project, COUNTED, more).is_some() {
                let message = "Quota exceeded, too many server groups.";
                return Err(call.failure(403, "Forbidden", message));
            }
            if let Some(policies) = new["policies"].as_array() {
                new["policy"] = policies.first().cloned().unwrap_or_default();
            }
            new["project_id"] = project.into();
            new["user_id"] = call.caller["user_id"].clone();
            Ok(Script::new())
        })
        .shown(|call, group| {
            if speaks(call, 64) {
                return Cow::Borrowed(group);
            }
            let mut old = group.clone();
            old["policies"] = json!([group["policy"]]);
            old["metadata"] = json!({});
            if let Some(members) = old.as_object_mut() {
                members.remove("policy");
                members.remove("rules");
            }
            Cow::Owned(old)
        })
}

/// The flavors that every SCS cloud has:
/// <https://docs.scs.community/standards/scs-0103-v1-standard-flavors>.
fn seed(state: &mut State, root: &str) {
    let mandatory = StandardFlavor::ALL.iter().filter(|flavor| flavor.target == Target::Main);
    for standard in mandatory {
        let id = state.mint();
        let flavor = json!({
            "id": id, "name": standard.name().to_string(), "vcpus": standard.vcpus,
            "ram": standard.ram_gib * 1024, "disk": standard.disk, "swap": 0,
            "OS-FLV-EXT-DATA:ephemeral": 0, "OS-FLV-DISABLED:disabled": false,
            "os-flavor-access:is_public": true, "rxtx_factor": 1.0,
            "links": links_at(root, "compute", "v2.1", "flavors", &id),
            "description": null, "extra_specs": standard.extra_specs(),
        });
        state.insert(&FLAVORS, id, flavor);
    }
}

/// What Nova adds to a new item.
pub(super) fn server_links(call: &Call<'_>, id: &str) -> Value {
    links(call, "compute", "v2.1", "servers", id)
}
