//! The volumes and ports of servers.

use http::Method;
use scs_core::{
    Route,
    testing::{Answer, Answered, Call, Collection, FakeService, Script, State, When},
};
use serde_json::{Value, json};

use super::{
    super::{
        Habits,
        block_storage::{self, VOLUMES},
        network::{NETWORKS, PORTS, default_group, plug as plug_port},
        project, speaks, text,
    },
    OWN_PORTS, SERVERS, find, leave_port, readdress,
};

const VOLUME_ATTACHMENTS: Route = Route::new("compute", "servers/{}/os-volume_attachments")
    .keys("volumeAttachment", "volumeAttachments");
const INTERFACES: Route = Route::new("compute", "servers/{}/os-interface")
    .keys("interfaceAttachment", "interfaceAttachments");

pub(super) fn serve(service: FakeService, habits: &Habits) -> FakeService {
    service
        .collection(volumes(habits))
        .on(Method::GET, "servers/{}/os-interface", |call| {
            let server = find(call)?;
            let all: Vec<_> = ports(call.state, text(&server, "id")).map(interface).collect();
            Ok(Answer::json(200, json!({(INTERFACES.many): all})))
        })
        .on(Method::GET, "servers/{}/os-interface/{}", |call| {
            let port = own_port(call)?;
            Ok(Answer::json(200, json!({(INTERFACES.one): interface(&port)})))
        })
        .on(Method::POST, "servers/{}/os-interface", |call| {
            let server = find(call)?;
            let asked = &call.body[INTERFACES.one];
            let wanted = json!({
                "uuid": asked["net_id"], "port": asked["port_id"],
                "fixed_ip": asked["fixed_ips"][0]["ip_address"],
            });
            let (id, project) = (text(&server, "id"), project(call));
            let group = default_group(call.state, &project);
            let port = plug(call, id, &project, &[group], &wanted)?;
            readdress(call.state, id);
            Ok(Answer::json(200, json!({(INTERFACES.one): interface(&port)})))
        })
        .on(Method::DELETE, "servers/{}/os-interface/{}", |call| {
            let port = own_port(call)?;
            leave_port(call.state, text(&port, "id"));
            let server = call.ids[0].clone();
            readdress(call.state, &server);
            Ok(Answer::status(202))
        })
}

fn ports<'a>(state: &'a State, server: &'a str) -> impl Iterator<Item = &'a Value> {
    let ports = state.list(&PORTS).map(|(_, port)| port);
    ports.filter(move |port| port["device_id"] == server)
}

fn own_port(call: &Call<'_>) -> Answered<Value> {
    let server = find(call)?;
    let id = &call.ids[1];
    let port = ports(call.state, text(&server, "id")).find(|port| port["id"] == id.as_str());
    let message = format!("Port {id} could not be found.");
    port.cloned().ok_or_else(|| call.failure(404, "NotFound", &message))
}

fn interface(port: &Value) -> Value {
    json!({
        "net_id": port["network_id"], "port_id": port["id"], "mac_addr": port["mac_address"],
        "port_state": port["status"], "fixed_ips": port["fixed_ips"], "tag": null,
    })
}

/// Gives a server the port that is wanted: one that exists (`port`), or a new one on a network
/// (`uuid`).
pub(super) fn plug(
    call: &mut Call<'_>,
    server: &str,
    project: &str,
    groups: &[String],
    wanted: &Value,
) -> Answered<Value> {
    let mut members = json!({
        "device_id": server, "device_owner": "compute:nova", "status": "ACTIVE",
    });
    if let Some(port) = wanted["port"].as_str() {
        let found = call.visible(&PORTS, port).cloned();
        let Some(mut found) = found else {
            let message = format!("Port id {port} could not be found.");
            return Err(call.failure(400, "BadRequest", &message));
        };
        if !text(&found, "device_id").is_empty() {
            let message = format!("Port {port} is still in use.");
            return Err(call.failure(409, "Conflict", &message));
        }
        call.state.merge(&PORTS, port, members);
        found["status"] = "ACTIVE".into();
        return Ok(found);
    }
    let network = text(wanted, "uuid");
    if call.visible(&NETWORKS, network).is_none() {
        let message = format!("Network {network} could not be found.");
        return Err(call.failure(400, "BadRequest", &message));
    }
    members["security_groups"] = json!(groups);
    if let Some(address) = wanted["fixed_ip"].as_str() {
        members["fixed_ips"] = json!([{"ip_address": address}]);
    }
    let port = plug_port(call.state, network, project, members).ok_or_else(|| {
        let message = format!("No more IP addresses available on network {network}.");
        call.failure(400, "BadRequest", &message)
    })?;
    call.state.insert(&OWN_PORTS, text(&port, "id"), json!(true));
    Ok(port)
}

fn volumes(habits: &Habits) -> Collection {
    let habits = habits.clone();
    Collection::new(VOLUME_ATTACHMENTS)
        .identified_by("volumeId")
        .statuses(200, 202)
        .on_create(|call, new| {
            let server = text(&find(call)?, "id").to_owned();
            let id = text(new, "volumeId").to_owned();
            let volume = call.visible(&VOLUMES, &id);
            let Some(volume) = volume else {
                let message = format!("Volume {id} could not be found.");
                return Err(call.failure(404, "NotFound", &message));
            };
            if volume["status"] != "available" {
                let used = text(&volume["attachments"][0], "server_id");
                let message = if used.is_empty() {
                    format!("Invalid volume: volume '{id}' status must be 'available'.")
                } else {
                    format!("Invalid volume: volume {id} is already attached to instances: {used}")
                };
                return Err(call.failure(400, "BadRequest", &message));
            }
            let number = call.state.list(&VOLUME_ATTACHMENTS);
            let number =
                number.filter(|(key, _)| key.starts_with(&format!("{server}/"))).count() + 1;
            let gone = new["delete_on_termination"] == true;
            attach(call.state, &server, &id, number, gone);
            let key = format!("{server}/{id}");
            if let Some(attachment) = call.state.remove(&VOLUME_ATTACHMENTS, &key) {
                *new = attachment;
            }
            note_volumes(call.state, &server, &[(id, gone)]);
            Ok(Script::new())
        })
        .created(|call, attachment| {
            let mut shown = attachment.clone();
            shown["id"] = attachment["volumeId"].clone();
            if let Some(members) = shown.as_object_mut()
                && speaks(call, 89)
            {
                members.remove("attachment_id");
                members.remove("bdm_uuid");
            }
            std::borrow::Cow::Owned(shown)
        })
        .on_delete(move |call, attachment| {
            let (server, volume) =
                (text(attachment, "serverId").to_owned(), text(attachment, "volumeId").to_owned());
            block_storage::detach(call.state, &volume, habits.pace());
            Ok(Script::new().gone(When::Reads(0)).run(move |state| {
                note_volumes(state, &server, &[]);
            }))
        })
}

/// Notes that a server has a volume, on both sides.
pub(super) fn attach(state: &mut State, server: &str, volume: &str, number: usize, gone: bool) {
    let letter = char::from(b'a' + u8::try_from(number % 26).unwrap_or_default());
    let device = format!("/dev/vd{letter}");
    block_storage::attach(state, volume, Some((server, &device)));
    let attachment = json!({
        "volumeId": volume, "serverId": server, "device": device, "tag": null,
        "delete_on_termination": gone, "attachment_id": state.mint(), "bdm_uuid": state.mint(),
    });
    state.insert(&VOLUME_ATTACHMENTS, format!("{server}/{volume}"), attachment);
}

fn attachments(state: &State, server: &str) -> Vec<(String, bool)> {
    let all = state.list(&VOLUME_ATTACHMENTS).map(|(_, attachment)| attachment);
    all.filter(|attachment| attachment["serverId"] == server)
        .map(|a| (text(a, "volumeId").to_owned(), a["delete_on_termination"] == true))
        .collect()
}

/// Notes with a server which volumes it has, and those that are just `coming`.
fn note_volumes(state: &mut State, server: &str, coming: &[(String, bool)]) {
    let all = attachments(state, server);
    let all = all.iter().chain(coming);
    let all: Vec<_> =
        all.map(|(id, gone)| json!({"id": id, "delete_on_termination": gone})).collect();
    state.merge(&SERVERS, server, json!({"os-extended-volumes:volumes_attached": all}));
}

/// The volumes of a server that is gone: gone too, or free.
pub(super) fn leave_volumes(state: &mut State, server: &str) {
    for (volume, gone) in attachments(state, server) {
        state.remove(&VOLUME_ATTACHMENTS, &format!("{server}/{volume}"));
        if gone {
            state.remove(&VOLUMES, &volume);
        } else {
            block_storage::attach(state, &volume, None);
        }
    }
}
