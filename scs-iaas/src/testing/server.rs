//! Nova's servers.

mod action;
mod attachment;
mod build;
mod guest;

use std::borrow::Cow;

use http::Method;
use scs_core::{
    Resource, Route,
    testing::{Answer, Answered, Call, Collection, FakeService, Script, State},
};
use serde_json::{Value, json};

use super::{
    Habits,
    compute::{FLAVORS, SERVER_GROUPS},
    identity, links_at,
    network::tag,
    network::{self, FLOATING_IPS, PORTS},
    now, speaks, text,
};
use crate::compute::Server;

pub(super) const SERVERS: Route = Server::ROUTE;
/// Ports that Nova made for a server and takes away with it.
const OWN_PORTS: Route = Route::new("compute", "own-ports");

/// Members of a server by the minor version that brought them.
const SINCE: [(&str, u64); 10] = [
    ("locked", 9),
    ("description", 19),
    ("tags", 26),
    ("trusted_image_certificates", 63),
    ("server_groups", 71),
    ("locked_reason", 73),
    ("OS-EXT-SRV-ATTR:hostname", 90),
    ("pinned_availability_zone", 96),
    ("scheduler_hints", 100),
    ("flavor", 47),
];

/// The sum over the flavors of a project's servers.
pub(super) fn total(state: &State, project: &str, of: fn(&Value) -> i64) -> i64 {
    let servers = state.list(&SERVERS).filter(|(_, server)| server["tenant_id"] == project);
    servers.map(|(_, server)| of(&server["flavor"])).sum()
}

pub(super) fn serve(service: FakeService, habits: &Habits) -> FakeService {
    let service = service.collection(action::add(tag::filters(servers(habits)), habits)).on(
        Method::GET,
        "servers/{}/os-security-groups",
        security_groups,
    );
    attachment::serve(service, habits)
}

fn servers(habits: &Habits) -> Collection {
    let (create, delete) = (habits.clone(), habits.clone());
    Collection::new(SERVERS)
        .noun("Instance")
        .statuses(202, 204)
        .on_create(move |call, new| {
            *new = build::server(call, new)?;
            let id = text(new, "id");
            let launched = now().replace('Z', ".000000");
            let members = json!({
                "status": "ACTIVE", "OS-EXT-STS:task_state": null, "OS-EXT-STS:vm_state": "active",
                "OS-EXT-STS:power_state": 1, "OS-SRV-USG:launched_at": launched,
                "OS-EXT-AZ:availability_zone": "nova", "updated": now(),
                "addresses": addresses(call.state, id),
                "hostId": "3c62a51a7835b35ca6b99d8e3366f5ae92354013631ecdf214a4a883",
            });
            Ok(Script::new().then(create.pace(), members))
        })
        .created(|call, server| {
            let asked = &call.body["server"];
            let groups = asked["security_groups"].as_array().cloned();
            Cow::Owned(json!({
                "id": server["id"], "links": server["links"], "OS-DCF:diskConfig": "MANUAL",
                "security_groups": groups.unwrap_or_else(|| vec![json!({"name": "default"})]),
                "adminPass": asked["adminPass"].as_str().unwrap_or("8L9d3wKFsmZX"),
            }))
        })
        .on_update(|_, _, server| {
            server["updated"] = now().into();
            Ok(())
        })
        .on_delete(move |call, server| {
            let id = text(server, "id").to_owned();
            refuse_locked(call, server)?;
            call.state.merge(&SERVERS, &id, json!({"OS-EXT-STS:task_state": "deleting"}));
            Ok(Script::new().gone(delete.pace()).run(move |state| clean_up(state, &id)))
        })
        .shown(shown)
        // Nova reads a regular expression here: of these, fixed text at the start, at the end
        // or anywhere.
        .filter("name", |server, wanted| {
            let (name, wanted) = (text(server, "name"), &*wanted.replace('\\', ""));
            match (wanted.strip_prefix('^'), wanted.strip_suffix('$')) {
                (Some(_), Some(_)) => wanted.trim_matches(['^', '$']) == name,
                (Some(start), None) => name.starts_with(start),
                (None, Some(end)) => name.ends_with(end),
                (None, None) => name.contains(wanted),
            }
        })
        .filter("status", |server, wanted| text(server, "status").eq_ignore_ascii_case(wanted))
        .filter("image", |server, wanted| server["image"]["id"] == wanted)
        .filter("availability_zone", |server, wanted| {
            server["OS-EXT-AZ:availability_zone"] == wanted
        })
        .filter("changes-since", |server, wanted| text(server, "updated") >= wanted)
        .filter("deleted", |_, wanted| matches!(wanted, "false" | "False" | "0"))
}

/// A server as the version that is spoken shows it.
fn shown<'a>(call: &Call<'_>, server: &'a Value) -> Cow<'a, Value> {
    if SINCE.iter().all(|(member, since)| speaks(call, *since) || server.get(member).is_none()) {
        return Cow::Borrowed(server);
    }
    let mut old = server.clone();
    if !speaks(call, 47) {
        let name = &server["flavor"]["original_name"];
        let mut flavors = call.state.list(&FLAVORS);
        let id = flavors.find(|(_, flavor)| flavor["name"] == *name).map_or("", |(id, _)| id);
        let href = format!("{}/compute/flavors/{id}", call.root());
        old["flavor"] = json!({"id": id, "links": [{"rel": "bookmark", "href": href}]});
    }
    if let Some(members) = old.as_object_mut() {
        for (member, since) in SINCE {
            if member != "flavor" && !speaks(call, since) {
                members.remove(member);
            }
        }
    }
    Cow::Owned(old)
}

fn refuse_locked(call: &Call<'_>, server: &Value) -> Answered<()> {
    if server["locked"] == true && !super::is_admin(&call.caller) {
        let message = format!("Instance {} is locked", text(server, "id"));
        return Err(call.failure(409, "Conflict", &message));
    }
    Ok(())
}

/// The server that the path names.
fn find(call: &Call<'_>) -> Answered<Value> {
    let id = &call.ids[0];
    let server = call.visible(&SERVERS, id);
    let message = format!("Instance {id} could not be found.");
    server.cloned().ok_or_else(|| call.failure(404, "NotFound", &message))
}

/// The addresses of a server by network, as its ports and floating IPs have them.
fn addresses(state: &State, server: &str) -> Value {
    let mut addresses = json!({});
    for (id, port) in state.list(&PORTS).filter(|(_, port)| port["device_id"] == server) {
        let network = state.get(&network::NETWORKS, text(port, "network_id"));
        let name = network.map_or("", |network| text(network, "name"));
        let fixed = port["fixed_ips"].as_array().into_iter().flatten();
        let fixed = fixed.map(|ip| (text(ip, "ip_address"), "fixed"));
        let floating = state.list(&FLOATING_IPS).filter(|(_, ip)| ip["port_id"] == id);
        let floating = floating.map(|(_, ip)| (text(ip, "floating_ip_address"), "floating"));
        let mut all = addresses[name].as_array().cloned().unwrap_or_default();
        all.extend(fixed.chain(floating).map(|(address, kind)| {
            json!({
                "version": if address.contains(':') { 6 } else { 4 }, "addr": address,
                "OS-EXT-IPS:type": kind, "OS-EXT-IPS-MAC:mac_addr": port["mac_address"],
            })
        }));
        addresses[name] = all.into();
    }
    addresses
}

/// Notes the addresses of the server that a port belongs to.
pub(super) fn readdress(state: &mut State, server: &str) {
    let addresses = addresses(state, server);
    state.merge(&SERVERS, server, json!({"addresses": addresses}));
}

/// What goes with a server.
fn clean_up(state: &mut State, server: &str) {
    let ports = state.list(&PORTS).filter(|(_, port)| port["device_id"] == server);
    let ports: Vec<_> = ports.map(|(id, _)| id.to_owned()).collect();
    for port in ports {
        leave_port(state, &port);
    }
    attachment::leave_volumes(state, server);
    guest::forget(state, server);
    let groups = state.list(&SERVER_GROUPS).map(|(id, group)| {
        let members = group["members"].as_array().into_iter().flatten();
        let left: Vec<_> = members.filter(|member| *member != server).cloned().collect();
        (id.to_owned(), left)
    });
    let groups: Vec<_> = groups.collect();
    for (id, left) in groups {
        state.merge(&SERVER_GROUPS, &id, json!({"members": left}));
    }
}

/// A port without its server: gone if Nova made it, else free.
fn leave_port(state: &mut State, port: &str) {
    if state.remove(&OWN_PORTS, port).is_some() {
        network::unplug(state, port);
    } else {
        let free = json!({"device_id": "", "device_owner": "", "status": "DOWN"});
        state.merge(&PORTS, port, free);
    }
}

fn security_groups(call: &mut Call<'_>) -> Answered {
    let server = find(call)?;
    let ports = call.state.list(&PORTS).filter(|(_, port)| port["device_id"] == server["id"]);
    let ids: Vec<_> = ports
        .flat_map(|(_, port)| port["security_groups"].as_array().into_iter().flatten())
        .collect();
    let groups = call.state.list(&network::GROUPS).map(|(_, group)| group);
    let groups = groups.filter(|group| ids.contains(&&group["id"])).map(|group| {
        json!({
            "id": group["id"], "name": group["name"], "description": group["description"],
            "tenant_id": group["tenant_id"], "rules": [],
        })
    });
    let groups: Vec<_> = groups.collect();
    Ok(Answer::json(200, json!({"security_groups": groups})))
}

/// Servers that are simply there.
pub(super) fn populate(state: &mut State, root: &str, count: usize) {
    let flavor = state.list(&FLAVORS).next().map(|(_, flavor)| build::embedded(flavor));
    let flavor = flavor.unwrap_or_default();
    for number in 0..count {
        let id = state.mint();
        let links = links_at(root, "compute", "v2.1", "servers", &id);
        let name = format!("server-{number:05}");
        let mut server = build::members(&id, &name, identity::DEMO_PROJECT, links);
        server["flavor"] = flavor.clone();
        server["user_id"] = identity::DEMO_USER.into();
        for (member, value) in [
            ("status", json!("ACTIVE")),
            ("OS-EXT-STS:task_state", Value::Null),
            ("OS-EXT-STS:vm_state", json!("active")),
            ("OS-EXT-STS:power_state", json!(1)),
            ("OS-EXT-AZ:availability_zone", json!("nova")),
        ] {
            server[member] = value;
        }
        let address = format!("10.{}.{}.{}", number >> 16, (number >> 8) & 255, number & 255);
        server["addresses"] = json!({"private": [{
            "version": 4, "addr": address, "OS-EXT-IPS:type": "fixed",
            "OS-EXT-IPS-MAC:mac_addr": "fa:16:3e:1d:64:23",
        }]});
        state.insert(&SERVERS, id, server);
    }
}
