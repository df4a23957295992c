//! A new server from what was asked for.

use scs_core::testing::{Answer, Answered, Call};
use serde_json::{Value, json};

use super::{
    super::{
        block_storage::{self, VOLUMES},
        compute::{COUNTED, FLAVORS, KEYPAIRS, SERVER_GROUPS, server_links},
        image::IMAGES,
        network::{GROUPS, NETWORKS, default_group},
        now, number, project, quota, speaks, text,
    },
    attachment, guest,
};

/// Members of a request by the minor version that brought them.
const SINCE: [(&str, u64); 5] = [
    ("description", 19),
    ("tags", 52),
    ("trusted_image_certificates", 63),
    ("host", 74),
    ("hostname", 90),
];

fn bad(call: &Call<'_>, message: &str) -> Answer {
    call.failure(400, "BadRequest", message)
}

fn invalid(call: &Call<'_>, message: &str) -> Answer {
    bad(call, &format!("Invalid input for field/attribute server. {message}"))
}

/// What a server tells of its flavor.
pub(super) fn embedded(flavor: &Value) -> Value {
    json!({
        "vcpus": flavor["vcpus"], "ram": flavor["ram"], "disk": flavor["disk"],
        "ephemeral": flavor["OS-FLV-EXT-DATA:ephemeral"], "swap": flavor["swap"],
        "original_name": flavor["name"], "extra_specs": flavor["extra_specs"],
    })
}

/// A server that has just been asked for.
pub(super) fn members(id: &str, name: &str, project: &str, links: Value) -> Value {
    json!({
        "accessIPv4": "", "accessIPv6": "", "addresses": {}, "created": now(), "flavor": {},
        "hostId": "", "id": id, "image": "", "links": links, "metadata": {}, "name": name,
        "status": "BUILD", "tenant_id": project, "user_id": "", "updated": now(),
        "OS-DCF:diskConfig": "MANUAL", "progress": 0, "OS-EXT-AZ:availability_zone": "",
        "config_drive": "", "key_name": null, "OS-SRV-USG:launched_at": null,
        "OS-SRV-USG:terminated_at": null, "security_groups": [{"name": "default"}],
        "OS-EXT-STS:task_state": "scheduling", "OS-EXT-STS:vm_state": "building",
        "OS-EXT-STS:power_state": 0, "os-extended-volumes:volumes_attached": [],
        "locked": false, "description": null, "tags": [], "trusted_image_certificates": null,
        "server_groups": [], "locked_reason": null, "OS-EXT-SRV-ATTR:hostname": name,
        "pinned_availability_zone": null,
    })
}

/// Checks what was asked for as Nova does, and makes the ports and volumes that belong to it.
pub(super) fn server(call: &mut Call<'_>, asked: &Value) -> Answered<Value> {
    for required in ["name", "flavorRef"] {
        if asked[required].is_null() {
            return Err(invalid(call, &format!("'{required}' is a required property")));
        }
    }
    for (member, since) in SINCE {
        if asked.get(member).is_some() && !speaks(call, since) {
            let message = "Additional properties are not allowed";
            return Err(invalid(call, &format!("{message} ('{member}' was unexpected)")));
        }
    }
    if asked["networks"].is_null() && speaks(call, 37) {
        return Err(invalid(call, "'networks' is a required property"));
    }
    let wanted = text(asked, "flavorRef").rsplit('/').next().unwrap_or_default();
    let flavor = call
        .state
        .get(&FLAVORS, wanted)
        .cloned()
        .ok_or_else(|| bad(call, &format!("Flavor {wanted} could not be found.")))?;
    if let Some(key) = asked["key_name"].as_str()
        && call.state.get(&KEYPAIRS, key).is_none()
    {
        return Err(bad(call, "Invalid key_name provided."));
    }
    if !matches!(asked["availability_zone"].as_str(), None | Some("nova")) {
        return Err(bad(call, "The requested availability zone is not available"));
    }
    let image = boot_source(call, asked, &flavor)?;
    within_quota(call, asked, &flavor)?;

    let (id, project) = (text(asked, "id").to_owned(), project(call));
    let mut server = members(&id, text(asked, "name"), &project, server_links(call, &id));
    server["flavor"] = embedded(&flavor);
    server["user_id"] = call.caller["user_id"].clone();
    for member in ["metadata", "tags", "description", "key_name"] {
        if !asked[member].is_null() {
            server[member] = asked[member].clone();
        }
    }
    if let Some(name) = asked["hostname"].as_str() {
        server["OS-EXT-SRV-ATTR:hostname"] = name.into();
    }
    if let Some(image) = image {
        let href = format!("{}/compute/images/{image}", call.root());
        server["image"] = json!({"id": image, "links": [{"rel": "bookmark", "href": href}]});
    }
    server["server_groups"] = join_group(call, &id)?;
    let groups = groups(call, asked)?;
    let names: Vec<_> = groups.iter().map(|(_, name)| json!({"name": name})).collect();
    server["security_groups"] = names.into();
    let ids: Vec<_> = groups.into_iter().map(|(id, _)| id).collect();
    plug_networks(call, asked, &id, &project, &ids)?;
    server["os-extended-volumes:volumes_attached"] = plug_volumes(call, asked, &id)?;
    guest::tell(call.state, &id, asked);
    Ok(server)
}

fn mappings(asked: &Value) -> impl Iterator<Item = &Value> {
    asked["block_device_mapping_v2"].as_array().into_iter().flatten()
}

/// The image that the server's own disk is made from; none if it boots from a volume.
fn boot_source(call: &Call<'_>, asked: &Value, flavor: &Value) -> Answered<Option<String>> {
    let image = asked["imageRef"].as_str().filter(|image| !image.is_empty());
    if let Some(image) = image
        && call.visible(&IMAGES, image).is_none()
    {
        return Err(bad(call, "Can not find requested image"));
    }
    let mut mappings = mappings(asked);
    let boots = mappings.any(|disk| disk["boot_index"] == 0 && disk["destination_type"] != "local");
    match image {
        _ if boots => Ok(None),
        None => Err(bad(call, "Missing imageRef attribute")),
        Some(_) if number(flavor, "disk") == 0 => {
            let message = "Only volume-backed servers are allowed for flavors with zero disk.";
            Err(call.failure(403, "Forbidden", message))
        }
        Some(image) => Ok(Some(image.to_owned())),
    }
}

fn within_quota(call: &Call<'_>, asked: &Value, flavor: &Value) -> Answered<()> {
    let count = asked["min_count"].as_i64().unwrap_or(1);
    let (cores, ram) = (number(flavor, "vcpus"), number(flavor, "ram"));
    let (mut names, mut requested, mut used, mut limits) = (vec![], vec![], vec![], vec![]);
    for (name, more) in [("cores", cores * count), ("instances", count), ("ram", ram * count)] {
        let project = project(call);
        let over = quota::exceeded(call.state, "compute", &project, COUNTED, (name, more));
        if let Some((now, limit)) = over {
            names.push(name);
            requested.push(more.to_string());
            used.push(now.to_string());
            limits.push(limit.to_string());
        }
    }
    if names.is_empty() {
        return Ok(());
    }
    let (names, requested) = (names.join(", "), requested.join(", "));
    let message = format!(
        "Quota exceeded for {names}: Requested {requested}, but already used {} of {} {names}",
        used.join(", "),
        limits.join(", ")
    );
    Err(call.failure(403, "Forbidden", &message))
}

fn join_group(call: &mut Call<'_>, server: &str) -> Answered<Value> {
    let Some(group) = call.body["os:scheduler_hints"]["group"].as_str().map(str::to_owned) else {
        return Ok(json!([]));
    };
    let found = call.visible(&SERVER_GROUPS, &group);
    let Some(found) = found else {
        return Err(bad(call, &format!("Instance group {group} could not be found.")));
    };
    let mut members = found["members"].as_array().cloned().unwrap_or_default();
    members.push(server.into());
    call.state.merge(&SERVER_GROUPS, &group, json!({"members": members}));
    Ok(json!([group]))
}

/// Ids and names of the security groups of the new ports.
fn groups(call: &mut Call<'_>, asked: &Value) -> Answered<Vec<(String, String)>> {
    let project = project(call);
    let Some(wanted) = asked["security_groups"].as_array() else {
        return Ok(vec![(default_group(call.state, &project), "default".into())]);
    };
    let find = |name: &str| {
        let mut groups = call.state.list(&GROUPS).filter(|(_, g)| g["project_id"] == project);
        groups
            .find(|(id, group)| *id == name || group["name"] == name)
            .map(|(id, group)| (id.to_owned(), text(group, "name").to_owned()))
    };
    let groups = wanted.iter().map(|group| {
        let name = text(group, "name");
        let message =
            format!("Unable to find security_group with name or id '{name}' for project {project}");
        find(name).ok_or_else(|| bad(call, &message))
    });
    groups.collect()
}

fn plug_networks(
    call: &mut Call<'_>,
    asked: &Value,
    server: &str,
    project: &str,
    groups: &[String],
) -> Answered<()> {
    let wanted = match &asked["networks"] {
        Value::Array(networks) => networks.clone(),
        Value::String(word) if word == "none" => Vec::new(),
        // `auto`, or nothing said: the only network of the project, if there is one.
        _ => {
            let mut own = call.state.list(&NETWORKS).filter(|(_, n)| n["project_id"] == project);
            let first = own.next().map(|(id, _)| id.to_owned());
            if own.next().is_some() {
                let message = "Multiple possible networks found, use a Network ID to be more \
                               specific.";
                drop(own);
                return Err(call.failure(409, "Conflict", message));
            }
            first.map(|id| json!({"uuid": id})).into_iter().collect()
        }
    };
    for network in &wanted {
        attachment::plug(call, server, project, groups, network)?;
    }
    Ok(())
}

/// Attaches the volumes of the request, and makes those that it asks for.
fn plug_volumes(call: &mut Call<'_>, asked: &Value, server: &str) -> Answered<Value> {
    let mut attached = Vec::new();
    for (number, disk) in mappings(asked).enumerate() {
        if disk["destination_type"] == "local" {
            continue;
        }
        let source = text(disk, "uuid").to_owned();
        let volume = match text(disk, "source_type") {
            "volume" => {
                let volume = call.visible(&VOLUMES, &source);
                if volume.is_none_or(|volume| volume["status"] != "available") {
                    let message = "Block Device Mapping is Invalid: failed to get volume";
                    return Err(bad(call, &format!("{message} {source}.")));
                }
                source
            }
            kind => {
                let mut new =
                    json!({"size": disk["volume_size"], "volume_type": disk["volume_type"]});
                match kind {
                    "image" => new["imageRef"] = source.into(),
                    "snapshot" => new["snapshot_id"] = source.into(),
                    _ => {}
                }
                block_storage::volume_for_server(call, &new)?
            }
        };
        let gone = disk["delete_on_termination"] == true;
        attachment::attach(call.state, server, &volume, number, gone);
        attached.push(json!({"id": volume, "delete_on_termination": gone}));
    }
    Ok(attached.into())
}
