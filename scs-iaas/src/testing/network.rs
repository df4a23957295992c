//! Neutron: networks and what is in them.

mod address;
mod router;
mod security;
pub(super) mod tag;

use http::Method;
use scs_core::{
    Resource, Route,
    testing::{Answer, Answered, Call, Collection, FakeServer, FakeService, Script, State},
};
use serde_json::{Value, json};

use self::address::Pool;
pub(super) use self::{
    router::FLOATING_IPS,
    security::{GROUPS, default_group},
};
use super::{
    Habits, authenticate, identified, is_admin, now, number, project,
    quota::{self, Counted},
    text,
};
use crate::network::{Network, Port, Subnet};

pub(super) const NETWORKS: Route = Network::ROUTE;
const SUBNETS: Route = Subnet::ROUTE;
pub(super) const PORTS: Route = Port::ROUTE;

const EXTENSIONS: [(&str, &str); 5] = [
    ("external-net", "Neutron external network"),
    ("quotas", "Quota management support"),
    ("router", "Neutron L3 Router"),
    ("security-group", "security-group"),
    ("standard-attr-tag", "Tag support for resources with standard attribute"),
];

fn failure(status: u16, code: &str, message: &str) -> Answer {
    let error = json!({"type": code, "message": message, "detail": ""});
    Answer::json(status, json!({"NeutronError": error}))
}

fn refuse(call: &Call<'_>, rule: &str) -> Answer {
    call.failure(403, "PolicyNotAuthorized", &format!("rule:{rule} is disallowed by policy"))
}

fn owned_by(state: &State, route: &Route, project: &str) -> i64 {
    let owned = state.list(route).filter(|(_, item)| item["project_id"] == project);
    i64::try_from(owned.count()).unwrap_or(i64::MAX)
}

const COUNTED: &[Counted] = &[
    ("network", 100, |state, project| owned_by(state, &NETWORKS, project)),
    ("subnet", 100, |state, project| owned_by(state, &SUBNETS, project)),
    ("subnetpool", -1, |_, _| 0),
    ("port", 500, |state, project| owned_by(state, &PORTS, project)),
    ("router", 10, |state, project| owned_by(state, &router::ROUTERS, project)),
    ("floatingip", 50, |state, project| owned_by(state, &FLOATING_IPS, project)),
    ("rbac_policy", 10, |_, _| 0),
    ("security_group", 10, |state, project| owned_by(state, &GROUPS, project)),
    ("security_group_rule", 100, |state, project| owned_by(state, &security::RULES, project)),
];

const WORDS: quota::Words = quota::Words {
    service: "network",
    path: "quotas",
    key: "quota",
    used: "used",
    details: "details.json",
    defaults: "default",
    names_project: false,
    refuse: |call, action| {
        let action = if action == "show" { "get" } else { action };
        refuse(call, &format!("{action}_quota"))
    },
};

/// Notes whose a new item is and when it was made, if the quota of `resource` allows it.
fn admit(call: &mut Call<'_>, new: &mut Value, resource: &str) -> Answered<()> {
    let project = match new["project_id"].as_str().or(new["tenant_id"].as_str()) {
        Some(project) if is_admin(&call.caller) => project.to_owned(),
        _ => project(call),
    };
    let more = (resource, 1);
    if quota::exceeded(call.state, "network", &project, COUNTED, more).is_some() {
        let message = format!("Quota exceeded for resources: ['{resource}'].");
        return Err(call.failure(409, "OverQuota", &message));
    }
    stamp(new, &project);
    Ok(())
}

fn stamp(new: &mut Value, project: &str) {
    for name in ["project_id", "tenant_id"] {
        new[name] = project.into();
    }
    for name in ["created_at", "updated_at"] {
        new[name] = now().into();
    }
    new["revision_number"] = 1.into();
}

/// Notes that an item was changed.
fn revise(after: &mut Value) {
    after["updated_at"] = now().into();
    after["revision_number"] = (number(after, "revision_number") + 1).into();
}

fn missing(call: &Call<'_>, noun: &str, id: &str) -> Answer {
    call.failure(404, &format!("{noun}NotFound"), &format!("{noun} {id} could not be found."))
}

/// The item that a new one refers to, if the caller may see it.
fn referred(call: &Call<'_>, route: &Route, noun: &str, id: &Value) -> Answered<Value> {
    let id = id.as_str().unwrap_or_default();
    let found = call.visible(route, id).cloned();
    found.ok_or_else(|| missing(call, noun, id))
}

/// The member that a new item must have.
fn required(call: &Call<'_>, new: &Value, member: &str) -> Answered<()> {
    if new[member].is_null() {
        let message =
            format!("Failed to parse request. Required attribute '{member}' not specified");
        return Err(call.failure(400, "HTTPBadRequest", &message));
    }
    Ok(())
}

pub(super) fn serve(server: &FakeServer, habits: &Habits) {
    let versions = FakeService::new("network").finish(identified).on(Method::GET, "", |call| {
        let links = json!([{"rel": "self", "href": format!("{}/network/v2.0/", call.root())}]);
        let version = json!({"id": "v2.0", "status": "CURRENT", "links": links});
        Ok(Answer::json(200, json!({"versions": [version]})))
    });
    server.serve(versions);
    let service = FakeService::new("network/v2.0")
        .failures(failure)
        .finish(identified)
        .gate(authenticate)
        .visible(|caller, item| {
            // Default rules are nobody's.
            item.get("project_id").is_none_or(|owner| *owner == caller["project_id"])
                || item["shared"] == true
                || item["router:external"] == true
                || is_admin(caller)
        })
        // All on one page unless a limit is asked for.
        .page_size(usize::MAX)
        .collection(tag::filters(networks()))
        .collection(tag::filters(subnets()))
        .collection(tag::filters(ports()))
        .on(Method::GET, "availability_zones", |_| {
            let zone = |kind| json!({"state": "available", "name": "nova", "resource": kind});
            let zones = [zone("router"), zone("network")];
            Ok(Answer::json(200, json!({"availability_zones": zones})))
        })
        .on(Method::GET, "extensions", |_| {
            let extensions = EXTENSIONS.map(|(alias, name)| {
                json!({
                    "alias": alias, "name": name, "description": name, "links": [],
                    "updated": "2013-01-20T00:00:00-00:00",
                })
            });
            Ok(Answer::json(200, json!({"extensions": extensions})))
        });
    let service = tag::serve(security::serve(router::serve(service, habits)));
    server.serve(quota::serve(service, WORDS, COUNTED));
    server.state(seed);
}

fn network_defaults() -> Value {
    json!({
        "name": "", "admin_state_up": true, "mtu": 1450, "status": "ACTIVE", "subnets": [],
        "shared": false, "availability_zone_hints": [], "availability_zones": [],
        "ipv4_address_scope": null, "ipv6_address_scope": null, "router:external": false,
        "qinq": false, "vlan_transparent": false, "description": "",
        "port_security_enabled": true, "qos_policy_id": null, "dns_domain": "",
        "l2_adjacency": true, "is_default": false, "tags": [],
    })
}

fn networks() -> Collection {
    Collection::new(NETWORKS)
        .defaults(network_defaults())
        .on_create(|call, new| {
            for member in ["router:external", "shared"] {
                if new[member] == true && !is_admin(&call.caller) {
                    let rule = format!("create_network:{member}");
                    return Err(refuse(call, &rule));
                }
            }
            admit(call, new, "network")?;
            Ok(Script::new())
        })
        .on_update(|_, _, after| {
            revise(after);
            Ok(())
        })
        .on_delete(|call, network| {
            if network["project_id"] != call.caller["project_id"] && !is_admin(&call.caller) {
                return Err(missing(call, "Network", text(network, "id")));
            }
            let ports = call.state.list(&PORTS);
            let ports = ports.filter(|(_, port)| port["network_id"] == network["id"]);
            let ports: Vec<_> = ports.map(|(id, _)| id).collect();
            if !ports.is_empty() {
                let message = format!(
                    "Unable to complete operation on network {}. There are one or more ports \
                     still in use on the network, id for these ports is: {}.",
                    text(network, "id"),
                    ports.join(",")
                );
                return Err(call.failure(409, "NetworkInUse", &message));
            }
            call.state.remove_all(&SUBNETS, |_, subnet| subnet["network_id"] == network["id"]);
            Ok(Script::new())
        })
}

fn subnets() -> Collection {
    Collection::new(SUBNETS)
        .defaults(json!({
            "name": "", "subnetpool_id": null, "enable_dhcp": true, "ipv6_ra_mode": null,
            "ipv6_address_mode": null, "host_routes": [], "dns_nameservers": [],
            "description": "", "service_types": [], "tags": [],
        }))
        .on_create(|call, new| {
            required(call, new, "network_id")?;
            let network = referred(call, &NETWORKS, "Network", &new["network_id"])?;
            lay_out(call, new)?;
            admit(call, new, "subnet")?;
            new["router:external"] = network["router:external"].clone();
            let mut subnets = network["subnets"].as_array().cloned().unwrap_or_default();
            subnets.push(new["id"].clone());
            call.state.merge(&NETWORKS, text(&network, "id"), json!({"subnets": subnets}));
            Ok(Script::new())
        })
        .on_update(|_, _, after| {
            revise(after);
            Ok(())
        })
        .on_delete(|call, subnet| {
            let id = text(subnet, "id");
            if call.state.list(&PORTS).any(|(_, port)| on_subnet(port, id)) {
                let message = format!(
                    "Unable to complete operation on subnet {id}: One or more ports have an IP \
                     allocation from this subnet."
                );
                return Err(call.failure(409, "SubnetInUse", &message));
            }
            let network = text(subnet, "network_id");
            if let Some(network_item) = call.state.get(&NETWORKS, network) {
                let left = network_item["subnets"].as_array().into_iter().flatten();
                let left: Vec<_> = left.filter(|other| *other != id).cloned().collect();
                call.state.merge(&NETWORKS, network, json!({"subnets": left}));
            }
            Ok(Script::new())
        })
}

/// Completes gateway and pools of a new subnet from its range of addresses.
fn lay_out(call: &Call<'_>, new: &mut Value) -> Answered<()> {
    let cidr = text(new, "cidr").to_owned();
    let bad = |message: String| {
        call.failure(400, "InvalidInput", &format!("Invalid input for operation: {message}"))
    };
    let pool = Pool::parse(&cidr).ok_or_else(|| bad(format!("{cidr} is not in a CIDR format.")))?;
    if number(new, "ip_version") != pool.version() {
        return Err(bad(format!("Invalid CIDR {cidr} for IP version {}.", new["ip_version"])));
    }
    let taken = call.state.list(&SUBNETS).any(|(_, other)| {
        other["network_id"] == new["network_id"]
            && Pool::parse(text(other, "cidr")).is_some_and(|other| other.overlaps(pool))
    });
    if taken {
        let network = text(new, "network_id");
        let message = "overlaps with another subnet.";
        return Err(bad(format!(
            "Requested subnet with cidr: {cidr} for network: {network} {message}"
        )));
    }
    if new.get("gateway_ip").is_none() {
        new["gateway_ip"] = pool.gateway().into();
    }
    if new.get("allocation_pools").is_none() {
        let (start, end) = pool.bounds();
        new["allocation_pools"] = json!([{"start": start, "end": end}]);
    }
    Ok(())
}

fn on_subnet(port: &Value, subnet: &str) -> bool {
    let ips = port["fixed_ips"].as_array();
    ips.is_some_and(|ips| ips.iter().any(|ip| ip["subnet_id"] == subnet))
}

fn ports() -> Collection {
    Collection::new(PORTS)
        .defaults(json!({}))
        .on_create(|call, new| {
            required(call, new, "network_id")?;
            let network = referred(call, &NETWORKS, "Network", &new["network_id"])?;
            admit(call, new, "port")?;
            *new = port(call.state, &network, std::mem::take(new));
            if !new["fixed_ips"].is_null() {
                return Ok(Script::new());
            }
            let id = text(&network, "id");
            let message = format!("No more IP addresses available on network {id}.");
            Err(call.failure(409, "IpAddressGenerationFailure", &message))
        })
        .on_update(|_, _, after| {
            revise(after);
            Ok(())
        })
        .on_delete(|call, port| {
            let owner = text(port, "device_owner");
            if owner.starts_with("network:router") {
                let id = text(port, "id");
                let message = format!(
                    "Port {id} cannot be deleted directly via the port API: has device owner \
                     {owner}."
                );
                return Err(call.failure(409, "ServicePortInUse", &message));
            }
            router::release(call.state, text(port, "id"));
            Ok(Script::new())
        })
        .filter("fixed_ips", |port, wanted| {
            let ips = port["fixed_ips"].as_array();
            wanted.split_once('=').is_some_and(|(name, value)| {
                ips.is_some_and(|ips| ips.iter().any(|ip| ip[name] == value))
            })
        })
}

/// A port on `network` with what was asked for and an address of each kind; its `fixed_ips`
/// are null if there are no more addresses.
fn port(state: &mut State, network: &Value, asked: Value) -> Value {
    let owner = text(&asked, "project_id").to_owned();
    let seed = state.mint();
    let mac = format!("fa:16:3e:{}:{}:{}", &seed[0..2], &seed[2..4], &seed[4..6]);
    let group = default_group(state, &owner);
    let mut port = json!({
        "name": "", "network_id": network["id"], "mac_address": mac, "admin_state_up": true,
        "status": "DOWN", "device_id": "", "device_owner": "", "allowed_address_pairs": [],
        "extra_dhcp_opts": [], "security_groups": [group], "description": "",
        "binding:vnic_type": "normal", "port_security_enabled": true, "qos_policy_id": null,
        "qos_network_policy_id": null, "dns_name": "", "dns_assignment": [], "dns_domain": "",
        "propagate_uplink_status": true, "ip_allocation": "immediate", "tags": [],
    });
    let wanted = asked["fixed_ips"].as_array().cloned();
    if let (Value::Object(port), Value::Object(asked)) = (&mut port, asked) {
        port.extend(asked);
    }
    port["fixed_ips"] = address::allocate(state, network, wanted).map_or(Value::Null, Value::from);
    port
}

/// Adds a port for a server or router; `None` if there are no more addresses.
pub(super) fn plug(
    state: &mut State,
    network: &str,
    project: &str,
    mut members: Value,
) -> Option<Value> {
    let network = state.get(&NETWORKS, network)?.clone();
    let id = state.mint();
    members["id"] = id.as_str().into();
    stamp(&mut members, project);
    let port = port(state, &network, members);
    if port["fixed_ips"].is_null() {
        return None;
    }
    state.insert(&PORTS, id, port.clone());
    Some(port)
}

/// Takes a port away, with what leads to it.
pub(super) fn unplug(state: &mut State, port: &str) {
    router::release(state, port);
    state.remove(&PORTS, port);
}

fn seed(state: &mut State) {
    let (network, subnet) = (state.mint(), state.mint());
    let owner = "00000000000000000000000000000000";
    let mut item = network_defaults();
    for (name, value) in [
        ("id", json!(network)),
        ("name", json!("public")),
        ("router:external", json!(true)),
        ("is_default", json!(true)),
        ("mtu", json!(1500)),
        ("subnets", json!([subnet])),
    ] {
        item[name] = value;
    }
    stamp(&mut item, owner);
    state.insert(&NETWORKS, &network, item);
    let mut item = json!({
        "id": subnet, "name": "public", "network_id": network, "ip_version": 4,
        "cidr": "203.0.113.0/24", "gateway_ip": "203.0.113.1", "enable_dhcp": false,
        "allocation_pools": [{"start": "203.0.113.2", "end": "203.0.113.254"}],
        "subnetpool_id": null, "ipv6_ra_mode": null, "ipv6_address_mode": null,
        "host_routes": [], "dns_nameservers": [], "description": "", "router:external": true,
        "service_types": [], "tags": [],
    });
    stamp(&mut item, owner);
    state.insert(&SUBNETS, &subnet, item);
    security::seed(state);
}
