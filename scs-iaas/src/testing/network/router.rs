//! Routers and floating IPs.

use http::Method;
use scs_core::{
    Resource, Route,
    testing::{Answer, Answered, Call, Collection, FakeService, Script, State},
};
use serde_json::{Value, json};

use super::{
    Habits, NETWORKS, PORTS, SUBNETS, address, admit, plug, project, referred, required, revise,
    tag, text, unplug,
};

pub(super) const ROUTERS: Route = Router::ROUTE;
pub(in crate::testing) const FLOATING_IPS: Route = FloatingIp::ROUTE;

use crate::network::{FloatingIp, Router};

const INTERFACE: &str = "network:router_interface";

pub(super) fn serve(service: FakeService, habits: &Habits) -> FakeService {
    service
        .collection(tag::filters(routers()))
        .on(Method::PUT, "routers/{}/add_router_interface", add_interface)
        .on(Method::PUT, "routers/{}/remove_router_interface", remove_interface)
        .collection(tag::filters(floating_ips(habits.clone())))
}

fn bad_request(call: &Call<'_>, what: &str, message: &str) -> Answer {
    call.failure(400, "BadRequest", &format!("Bad {what} request: {message}"))
}

fn routers() -> Collection {
    Collection::new(ROUTERS)
        .defaults(json!({
            "name": "", "admin_state_up": true, "status": "ACTIVE", "external_gateway_info": null,
            "description": "", "availability_zones": [], "availability_zone_hints": [],
            "routes": [], "flavor_id": null, "conntrack_helpers": [], "enable_ndp_proxy": false,
            "tags": [],
        }))
        .on_create(|call, new| {
            admit(call, new, "router")?;
            open_gateway(call, new)?;
            Ok(Script::new())
        })
        .on_update(|call, before, after| {
            if after["external_gateway_info"] != before["external_gateway_info"] {
                open_gateway(call, after)?;
            }
            revise(after);
            Ok(())
        })
        .on_delete(|call, router| {
            let id = text(router, "id");
            let ports: Vec<_> = interfaces(call.state, id).map(|port| text(port, "id")).collect();
            if ports.is_empty() {
                return Ok(Script::new());
            }
            let message = format!("Router {id} has ports still attached: {}", ports.join(", "));
            Err(call.failure(409, "RouterInUse", &message))
        })
}

/// Gives a router an address on the external network that it names.
fn open_gateway(call: &mut Call<'_>, router: &mut Value) -> Answered<()> {
    let gateway = router["external_gateway_info"].clone();
    if gateway["network_id"].is_null() {
        router["external_gateway_info"] = Value::Null;
        return Ok(());
    }
    let network = referred(call, &NETWORKS, "Network", &gateway["network_id"])?;
    if network["router:external"] != true {
        let message = format!("Network {} is not an external network", text(&network, "id"));
        return Err(bad_request(call, "router", &message));
    }
    let wanted = gateway["external_fixed_ips"].as_array().cloned();
    let ips = address::allocate(call.state, &network, wanted);
    router["external_gateway_info"] = json!({
        "network_id": network["id"],
        "external_fixed_ips": ips,
        "enable_snat": gateway["enable_snat"].as_bool().unwrap_or(true),
    });
    Ok(())
}

fn interfaces<'a>(state: &'a State, router: &'a str) -> impl Iterator<Item = &'a Value> {
    let ports = state.list(&PORTS).map(|(_, port)| port);
    ports.filter(move |port| port["device_owner"] == INTERFACE && port["device_id"] == router)
}

fn router(call: &Call<'_>) -> Answered<Value> {
    referred(call, &ROUTERS, "Router", &json!(call.ids[0]))
}

fn subnet_of(port: &Value) -> &str {
    text(&port["fixed_ips"][0], "subnet_id")
}

/// What Neutron answers when an interface is added or removed.
fn interface(router: &Value, port: &Value) -> Answer {
    let subnet = subnet_of(port);
    let answer = json!({
        "id": router["id"], "project_id": router["project_id"], "port_id": port["id"],
        "network_id": port["network_id"], "subnet_id": subnet, "subnet_ids": [subnet],
    });
    Answer::json(200, answer)
}

fn add_interface(call: &mut Call<'_>) -> Answered {
    let router = router(call)?;
    let id = text(&router, "id").to_owned();
    if !call.body["port_id"].is_null() {
        let port = referred(call, &PORTS, "Port", &call.body["port_id"])?;
        if !text(&port, "device_id").is_empty() {
            let message = "the port is in use already";
            return Err(bad_request(call, "router", message));
        }
        let members = json!({"device_id": id, "device_owner": INTERFACE, "status": "ACTIVE"});
        call.state.merge(&PORTS, text(&port, "id"), members);
        return Ok(interface(&router, &port));
    }
    if call.body["subnet_id"].is_null() {
        let message = "Either subnet_id or port_id must be specified";
        return Err(bad_request(call, "router", message));
    }
    let subnet = referred(call, &SUBNETS, "Subnet", &call.body["subnet_id"])?;
    let subnet_id = text(&subnet, "id");
    if interfaces(call.state, &id).any(|port| subnet_of(port) == subnet_id) {
        let message = format!("Router already has a port on subnet {subnet_id}.");
        return Err(bad_request(call, "router", &message));
    }
    let members = json!({
        "device_id": id, "device_owner": INTERFACE, "status": "ACTIVE", "security_groups": [],
        "port_security_enabled": false,
        "fixed_ips": [{"subnet_id": subnet_id, "ip_address": subnet["gateway_ip"]}],
    });
    let owner = project(call);
    let port = plug(call.state, text(&subnet, "network_id"), &owner, members);
    let port = port.ok_or_else(|| {
        let message = format!("IP address {} already allocated", text(&subnet, "gateway_ip"));
        call.failure(409, "IpAddressInUse", &message)
    })?;
    Ok(interface(&router, &port))
}

fn remove_interface(call: &mut Call<'_>) -> Answered {
    let router = router(call)?;
    let id = text(&router, "id");
    let (port, subnet) = (&call.body["port_id"], &call.body["subnet_id"]);
    let found = interfaces(call.state, id)
        .find(|found| found["id"] == *port || (port.is_null() && *subnet == subnet_of(found)));
    let port = found.cloned().ok_or_else(|| {
        let message = format!("Router {id} does not have an interface there.");
        call.failure(404, "RouterInterfaceNotFound", &message)
    })?;
    let subnet = subnet_of(&port);
    let needed = call.state.list(&FLOATING_IPS).any(|(_, ip)| {
        let target = call.state.get(&PORTS, text(ip, "port_id"));
        ip["router_id"] == id && target.is_some_and(|target| subnet_of(target) == subnet)
    });
    if needed {
        let message = format!(
            "Router interface for subnet {subnet} on router {id} cannot be deleted, as it is \
             required by one or more floating IPs."
        );
        return Err(call.failure(409, "RouterInterfaceInUseByFloatingIP", &message));
    }
    unplug(call.state, text(&port, "id"));
    Ok(interface(&router, &port))
}

fn floating_ips(habits: Habits) -> Collection {
    let after = habits.clone();
    Collection::new(FLOATING_IPS)
        .noun("FloatingIP")
        .defaults(json!({
            "router_id": null, "port_id": null, "fixed_ip_address": null, "status": "DOWN",
            "description": "", "qos_policy_id": null, "port_details": null, "dns_domain": "",
            "dns_name": "", "port_forwardings": [], "tags": [],
        }))
        .on_create(move |call, new| {
            required(call, new, "floating_network_id")?;
            let network = referred(call, &NETWORKS, "Network", &new["floating_network_id"])?;
            let id = text(&network, "id");
            if network["router:external"] != true {
                let message = format!("Network {id} is not a valid external network.");
                return Err(bad_request(call, "floatingip", &message));
            }
            admit(call, new, "floatingip")?;
            let wanted = new["floating_ip_address"].as_str();
            let wanted = wanted.map(|address| vec![json!({"ip_address": address})]);
            let ips = address::allocate(call.state, &network, wanted).ok_or_else(|| {
                let message = format!("No more IP addresses available on network {id}.");
                call.failure(409, "IpAddressGenerationFailure", &message)
            })?;
            new["floating_ip_address"] =
                ips.first().map_or(Value::Null, |ip| ip["ip_address"].clone());
            associate(call, new)?;
            if new["port_id"].is_null() {
                return Ok(Script::new());
            }
            Ok(Script::new().then(habits.pace(), json!({"status": "ACTIVE"})))
        })
        .on_update(move |call, before, ip| {
            revise(ip);
            if ip["port_id"] == before["port_id"] {
                return Ok(());
            }
            ip["status"] = "DOWN".into();
            associate(call, ip)?;
            if !ip["port_id"].is_null() {
                let script = Script::new().then(after.pace(), json!({"status": "ACTIVE"}));
                call.state.play(&FLOATING_IPS, text(ip, "id"), script);
            }
            Ok(())
        })
}

/// Leads a floating IP to its port, if a router connects the two.
fn associate(call: &mut Call<'_>, ip: &mut Value) -> Answered<()> {
    if ip["port_id"].is_null() {
        for member in ["router_id", "fixed_ip_address", "port_details"] {
            ip[member] = Value::Null;
        }
        return Ok(());
    }
    let port = referred(call, &PORTS, "Port", &ip["port_id"])?;
    let (subnet, network) = (subnet_of(&port), text(ip, "floating_network_id").to_owned());
    let leads = |router: &Value| {
        router["external_gateway_info"]["network_id"] == network
            && interfaces(call.state, text(router, "id")).any(|port| subnet_of(port) == subnet)
    };
    let router = call.state.list(&ROUTERS).find(|(_, router)| leads(router));
    let Some((router, _)) = router else {
        let message = format!(
            "External network {network} is not reachable from subnet {subnet}.  Therefore, \
             cannot associate Port {} with a Floating IP.",
            text(&port, "id")
        );
        return Err(call.failure(404, "ExternalGatewayForFloatingIPNotFound", &message));
    };
    ip["router_id"] = router.into();
    if ip["fixed_ip_address"].is_null() {
        ip["fixed_ip_address"] = port["fixed_ips"][0]["ip_address"].clone();
    }
    let same = ["floating_network_id", "port_id", "fixed_ip_address"];
    let twin = |other: &Value| {
        other["id"] != ip["id"] && same.iter().all(|member| other[*member] == ip[*member])
    };
    if call.state.list(&FLOATING_IPS).any(|(_, other)| twin(other)) {
        let message = format!(
            "Cannot associate floating IP {} ({}) with port {} using fixed IP {}, as that fixed \
             IP already has a floating IP on external network {network}.",
            text(ip, "floating_ip_address"),
            text(ip, "id"),
            text(ip, "port_id"),
            text(ip, "fixed_ip_address"),
        );
        return Err(call.failure(409, "FloatingIPPortAlreadyAssociated", &message));
    }
    let mut details = json!({});
    for member in [
        "name",
        "network_id",
        "mac_address",
        "admin_state_up",
        "status",
        "device_id",
        "device_owner",
    ] {
        details[member] = port[member].clone();
    }
    ip["port_details"] = details;
    Ok(())
}

/// Frees the floating IPs that lead to a port.
pub(super) fn release(state: &mut State, port: &str) {
    let leading = state.list(&FLOATING_IPS).filter(|(_, ip)| ip["port_id"] == port);
    let leading: Vec<_> = leading.map(|(id, _)| id.to_owned()).collect();
    for id in leading {
        let free = json!({
            "port_id": null, "router_id": null, "fixed_ip_address": null, "port_details": null,
            "status": "DOWN",
        });
        state.merge(&FLOATING_IPS, &id, free);
    }
}
