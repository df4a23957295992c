//! Glance: images, without a store behind them.

use http::Method;
use scs_core::{
    Resource, Route,
    testing::{Answer, Answered, Call, Collection, FakeServer, FakeService, Links, Script, State},
};
use serde_json::{Value, json};

use super::{Habits, authenticate, identified, is_admin, now, project, text};
use crate::image::{Image, Member};

pub(super) const IMAGES: Route = Image::ROUTE;
const MEMBERS: Route = Member::ROUTE;

/// Glance answers failures with a page of HTML.
fn failure(status: u16, _code: &str, message: &str) -> Answer {
    let reason = http::StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason());
    let title = format!("{status} {}", reason.unwrap_or_default());
    let head = format!("<html>\n <head>\n  <title>{title}</title>\n </head>\n");
    let body = format!(" <body>\n  <h1>{title}</h1>\n  {message}<br /><br />\n\n\n\n </body>\n");
    Answer::text(status, "text/html; charset=UTF-8", format!("{head}{body}</html>"))
}

fn versions(call: &Call<'_>) -> Value {
    let url = format!("{}/image/v2/", call.root());
    let version = |id: &str, status: &str| json!({"id": id, "status": status, "links": [{"rel": "self", "href": url}]});
    let versions = [version("v2.17", "CURRENT"), version("v2.0", "SUPPORTED")];
    json!({"versions": versions})
}

pub(super) fn serve(server: &FakeServer, _habits: &Habits) {
    server.serve(
        FakeService::new("image")
            .finish(identified)
            .on(Method::GET, "", |call| Ok(Answer::json(300, versions(call)))),
    );
    let service = FakeService::new("image/v2")
        .failures(failure)
        .finish(identified)
        .gate(authenticate)
        .links(Links::Next)
        .visible(|caller, image| {
            let open = matches!(text(image, "visibility"), "public" | "community");
            open || image["owner"] == caller["project_id"] || is_admin(caller)
        })
        .collection(images())
        .collection(members())
        .on(Method::PATCH, "images/{}", patch)
        .on(Method::PUT, "images/{}/file", |call| {
            let size = call.request.body.len();
            change(call, json!({"status": "active", "size": size, "virtual_size": size}))
        })
        .on(Method::POST, "images/{}/actions/deactivate", |call| {
            change(call, json!({"status": "deactivated"}))
        })
        .on(Method::POST, "images/{}/actions/reactivate", |call| {
            change(call, json!({"status": "active"}))
        });
    server.serve(service);
    server.state(seed);
}

fn images() -> Collection {
    let size_min = |image: &Value, wanted: &str| {
        wanted.parse().is_ok_and(|wanted: u64| image["size"].as_u64() >= Some(wanted))
    };
    let size_max = |image: &Value, wanted: &str| {
        wanted.parse().is_ok_and(|wanted: u64| image["size"].as_u64() <= Some(wanted))
    };
    Collection::new(IMAGES)
        .noun("Image")
        .on_create(|call, new| {
            let (id, owner) = (text(new, "id").to_owned(), project(call));
            *new = image(&id, &owner, std::mem::take(new));
            Ok(Script::new())
        })
        .on_delete(|call, image| {
            owned(call, image)?;
            if image["protected"] == true {
                let id = text(image, "id");
                let message = format!("Image {id} is protected and cannot be deleted.");
                return Err(call.failure(403, "Forbidden", &message));
            }
            Ok(Script::new())
        })
        .filter("tag", |image, tag| {
            image["tags"].as_array().is_some_and(|tags| tags.iter().any(|found| found == tag))
        })
        .filter("size_min", size_min)
        .filter("size_max", size_max)
        .filter("member_status", |_, _| true)
        .filter("visibility", |image, wanted| wanted == "all" || image["visibility"] == wanted)
}

/// The projects that an image is shared with.
fn members() -> Collection {
    Collection::new(MEMBERS)
        .identified_by("member_id")
        .statuses(200, 204)
        .defaults(json!({"status": "pending", "schema": "/v2/schemas/member"}))
        .on_create(|call, new| {
            let image = find(call)?;
            owned(call, &image)?;
            if image["visibility"] != "shared" {
                let message = "Only shared images have members.";
                return Err(call.failure(403, "Forbidden", message));
            }
            new["member_id"] = std::mem::take(&mut new["member"]);
            new["image_id"] = image["id"].clone();
            for member in ["created_at", "updated_at"] {
                new[member] = now().into();
            }
            if let Some(members) = new.as_object_mut() {
                members.remove("member");
            }
            Ok(Script::new())
        })
        .on_update(|_, _, after| {
            after["updated_at"] = now().into();
            Ok(())
        })
}

/// Only the owner and administrators change an image.
fn owned(call: &Call<'_>, image: &Value) -> Answered<()> {
    if image["owner"] == call.caller["project_id"] || is_admin(&call.caller) {
        return Ok(());
    }
    let message = "You are not authorized to complete this action.";
    Err(call.failure(403, "Forbidden", message))
}

fn find(call: &Call<'_>) -> Answered<Value> {
    let id = &call.ids[0];
    let image = call.visible(&IMAGES, id);
    let message = format!("No image found with ID {id}");
    image.cloned().ok_or_else(|| call.failure(404, "NotFound", &message))
}

fn change(call: &mut Call<'_>, members: Value) -> Answered {
    let image = find(call)?;
    owned(call, &image)?;
    call.state.merge(&IMAGES, text(&image, "id"), members);
    Ok(Answer::status(204))
}

/// A JSON patch of members at the top.
fn patch(call: &mut Call<'_>) -> Answered {
    let mut image = find(call)?;
    owned(call, &image)?;
    let bad = |call: &Call<'_>, message: &str| call.failure(400, "BadRequest", message);
    let Value::Array(steps) = call.body.clone() else {
        return Err(bad(call, "Request body must be a JSON array of operation objects."));
    };
    for step in &steps {
        let path = text(step, "path").trim_start_matches('/');
        let name = path.replace("~1", "/").replace("~0", "~");
        let Some(members) = image.as_object_mut() else { continue };
        match text(step, "op") {
            "add" => members.insert(name, step["value"].clone()),
            "replace" if members.contains_key(&name) => members.insert(name, step["value"].clone()),
            "remove" if members.contains_key(&name) => members.remove(&name),
            "replace" | "remove" => {
                let message = format!("Property {name} does not exist.");
                return Err(call.failure(409, "Conflict", &message));
            }
            op => return Err(bad(call, &format!("Unable to find '{op}' in JSON Schema change"))),
        };
    }
    image["updated_at"] = now().into();
    call.state.insert(&IMAGES, text(&image, "id"), image.clone());
    Ok(Answer::json(200, image))
}

fn image(id: &str, owner: &str, members: Value) -> Value {
    let mut image = json!({
        "name": null, "disk_format": null, "container_format": null, "visibility": "shared",
        "size": null, "virtual_size": null, "status": "queued", "checksum": null,
        "protected": false, "min_ram": 0, "min_disk": 0, "owner": owner, "os_hidden": false,
        "os_hash_algo": null, "os_hash_value": null, "created_at": now(), "updated_at": now(),
        "locations": [], "tags": [], "self": format!("/v2/images/{id}"),
        "file": format!("/v2/images/{id}/file"), "schema": "/v2/schemas/image",
    });
    if let (Value::Object(image), Value::Object(members)) = (&mut image, members) {
        image.extend(members);
    }
    image["id"] = id.into();
    image
}

/// An image that a server makes of itself.
pub(super) fn snapshot(state: &mut State, owner: &str, name: &str) -> String {
    let id = state.mint();
    let members = json!({
        "name": name, "status": "active", "disk_format": "qcow2", "container_format": "bare",
        "visibility": "private", "size": 1 << 30,
    });
    state.insert(&IMAGES, &id, image(&id, owner, members));
    id
}

fn seed(state: &mut State) {
    let systems = [
        (
            ("Ubuntu 24.04", "ubuntu", "24.04", "2026-01-15", 8),
            "https://cloud-images.ubuntu.com/releases/noble/ubuntu-24.04-server-cloudimg-amd64.img",
        ),
        (
            ("Debian 12", "debian", "12", "2026-01-10", 4),
            "https://cloud.debian.org/images/cloud/bookworm/debian-12-genericcloud-amd64.qcow2",
        ),
    ];
    for ((name, distribution, version, build, min_disk), source) in systems {
        let id = state.mint();
        let members = json!({
            "name": name, "status": "active", "visibility": "public", "disk_format": "qcow2",
            "container_format": "bare", "size": 629_145_600, "virtual_size": 4_294_967_296_u64,
            "min_disk": min_disk, "min_ram": 512, "checksum": "9f3c0d1f2f0d4f7e8a51b5c1ad7f7a4e",
            // https://docs.scs.community/standards/scs-0102-v1-image-metadata
            "architecture": "x86_64", "hypervisor_type": "qemu", "hw_disk_bus": "scsi",
            "hw_rng_model": "virtio", "hw_scsi_model": "virtio-scsi", "os_distro": distribution,
            "os_version": version, "os_purpose": "generic", "replace_frequency": "monthly",
            "provided_until": "none", "uuid_validity": "last-3", "hotfix_hours": "0",
            "image_original_user": distribution, "image_build_date": build,
            "image_source": source,
            "image_description": format!("https://images.example/{distribution}"),
        });
        let owner = "00000000000000000000000000000000";
        state.insert(&IMAGES, &id, image(&id, owner, members));
    }
}
