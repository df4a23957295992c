//! Cinder: volumes, their snapshots and backups.

mod backup;
mod encryption;

use std::borrow::Cow;

use http::Method;
use scs_core::{
    Resource, Route,
    testing::{Answer, Answered, Call, Collection, FakeServer, FakeService, Script, State, When},
};
use serde_json::{Value, json};

use super::{
    Habits, authenticate_versioned, forbidden, image, is_admin, links, named_failure, now, number,
    project,
    quota::{self, Counted},
    speaks, text, versioned,
};
use crate::block_storage::Volume;

pub(super) const VOLUMES: Route = Volume::ROUTE;
const SNAPSHOTS: Route = Route::new("block-storage", "snapshots")
    .keys("snapshot", "snapshots")
    .listed_at("snapshots/detail");
const TYPES: Route = Route::new("block-storage", "types").keys("volume_type", "volume_types");

const OWNER: &str = "os-vol-tenant-attr:tenant_id";
const SNAPSHOT_OWNER: &str = "os-extended-snapshot-attributes:project_id";
const DEFAULT_TYPE: &str = "__DEFAULT__";
/// In these states a volume can be deleted.
const IDLE: [&str; 5] =
    ["available", "error", "error_restoring", "error_extending", "error_managing"];

fn sizes<'a>(state: &'a State, route: &Route, owner: &'a str, project: &'a str) -> Vec<i64> {
    let all = state.list(route).filter(|(_, item)| item[owner] == project);
    all.map(|(_, item)| number(item, "size")).collect()
}

fn count(sizes: &[i64]) -> i64 {
    i64::try_from(sizes.len()).unwrap_or(i64::MAX)
}

const COUNTED: &[Counted] = &[
    ("volumes", 10, |state, project| count(&sizes(state, &VOLUMES, OWNER, project))),
    ("per_volume_gigabytes", -1, |_, _| 0),
    ("snapshots", 10, |state, project| count(&sizes(state, &SNAPSHOTS, SNAPSHOT_OWNER, project))),
    ("gigabytes", 1000, |state, project| {
        let volumes: i64 = sizes(state, &VOLUMES, OWNER, project).iter().sum();
        let snapshots: i64 = sizes(state, &SNAPSHOTS, SNAPSHOT_OWNER, project).iter().sum();
        volumes + snapshots
    }),
    ("backups", 10, |state, project| {
        count(&sizes(state, &backup::BACKUPS, backup::OWNER, project))
    }),
    ("backup_gigabytes", 1000, |state, project| {
        sizes(state, &backup::BACKUPS, backup::OWNER, project).iter().sum()
    }),
    ("groups", 10, |_, _| 0),
];

const WORDS: quota::Words = quota::Words {
    service: "block-storage",
    path: "os-quota-sets",
    key: "quota_set",
    used: "in_use",
    details: "detail",
    defaults: "defaults",
    names_project: true,
    refuse: |call, action| forbidden(call, &format!("volume_extension:quotas:{action}")),
};

/// Refuses one more of a kind (`volumes`, `snapshots`, `backups`), or gigabytes, beyond a quota,
/// in the many words of Cinder.
fn admit(call: &Call<'_>, kind: &str, size: i64) -> Answered<()> {
    let project = project(call);
    let over = |more| quota::exceeded(call.state, "block-storage", &project, COUNTED, more);
    let one_more = i64::from(kind != "gigabytes");
    let gigabytes = if kind == "backups" { "backup_gigabytes" } else { "gigabytes" };
    let message = if let Some((_, limit)) = over((kind, one_more)) {
        let (noun, quota) = match kind {
            "snapshots" => ("Snapshot", ""),
            "backups" => ("Backup", ""),
            _ => ("Volume", " for quota 'volumes'."),
        };
        format!("{noun}LimitExceeded: Maximum number of {kind} allowed ({limit}) exceeded{quota}")
    } else if let Some((used, limit)) = over((gigabytes, size)) {
        let (name, what) = match kind {
            "backups" => ("VolumeBackup", "backup exceeds allowed Backup"),
            _ => ("Volume", "volume or snapshot exceeds allowed"),
        };
        format!(
            "{name}SizeExceedsAvailableQuota: Requested {what} gigabytes quota. Requested \
             {size}G, quota is {limit}G and {used}G has been consumed."
        )
    } else {
        return Ok(());
    };
    Err(call.failure(413, "OverLimit", &message))
}

/// Cinder writes times with a fraction and without a zone.
fn moment() -> String {
    now().replace('Z', ".000000")
}

fn version(call: &Call<'_>, habits: &Habits) -> Value {
    let range = habits.versions("block-storage");
    let media = "application/vnd.openstack.volume+json;version=3";
    let url = format!("{}/volume/v3/", call.root());
    let version = json!({
        "id": "v3.0", "status": "CURRENT", "version": range.max.to_string(),
        "min_version": range.min.to_string(), "updated": "2023-08-31T00:00:00Z",
        "links": [
            {"rel": "describedby", "type": "text/html", "href": "https://docs.openstack.org/"},
            {"rel": "self", "href": url},
        ],
        "media-types": [{"base": "application/json", "type": media}],
    });
    json!({"versions": [version]})
}

pub(super) fn serve(server: &FakeServer, habits: &Habits) {
    let own = habits.clone();
    let root = FakeService::new("volume")
        .on(Method::GET, "", move |call| Ok(Answer::json(300, version(call, &own))));
    server.serve(root);
    let (own, gate) = (habits.clone(), habits.clone());
    let service = FakeService::new("volume/v3")
        .also_at("volume/v3/{}")
        .failures(named_failure)
        .gate(move |call| authenticate_versioned(call, gate.versions("block-storage"), "volume"))
        .finish(|call, answer| versioned(call, answer, "volume"))
        .visible(|caller, item| {
            let owner = [OWNER, SNAPSHOT_OWNER, backup::OWNER].map(|owner| item.get(owner));
            owner.into_iter().flatten().next().is_none_or(|owner| *owner == caller["project_id"])
                || is_admin(caller)
        })
        .on(Method::GET, "", move |call| Ok(Answer::json(200, version(call, &own))))
        .collection(volumes(habits))
        .collection(snapshots(habits))
        .collection(Collection::new(TYPES).noun("Volume type").read_only())
        .on(Method::GET, "types/default", |call| {
            let mut types = call.state.list(&TYPES);
            let found = types.find(|(_, kind)| kind["name"] == DEFAULT_TYPE);
            Ok(Answer::json(200, json!({"volume_type": found.map(|(_, kind)| kind)})))
        })
        .on(Method::GET, "limits", |call| Ok(Answer::json(200, limits(call))))
        .on(Method::GET, "os-availability-zone", |_| {
            let zone = json!({"zoneName": "nova", "zoneState": {"available": true}});
            Ok(Answer::json(200, json!({"availabilityZoneInfo": [zone]})))
        });
    let service = backup::serve(encryption::serve(service), habits);
    server.serve(quota::serve(service, WORDS, COUNTED));
    server.state(|state| {
        let id = state.mint();
        let kind = json!({
            "id": id, "name": DEFAULT_TYPE, "is_public": true,
            "description": "Default Volume Type", "extra_specs": {},
            "os-volume-type-access:is_public": true,
        });
        state.insert(&TYPES, id, kind);
    });
}

fn limits(call: &Call<'_>) -> Value {
    let mut absolute = json!({});
    for (name, limit, used) in quota::usage(call.state, "block-storage", &project(call), COUNTED) {
        let (most, total) = match name {
            "volumes" => ("maxTotalVolumes", "totalVolumesUsed"),
            "snapshots" => ("maxTotalSnapshots", "totalSnapshotsUsed"),
            "gigabytes" => ("maxTotalVolumeGigabytes", "totalGigabytesUsed"),
            "backups" => ("maxTotalBackups", "totalBackupsUsed"),
            "backup_gigabytes" => ("maxTotalBackupGigabytes", "totalBackupGigabytesUsed"),
            _ => continue,
        };
        absolute[most] = limit.into();
        absolute[total] = used.into();
    }
    json!({"limits": {"rate": [], "absolute": absolute}})
}

fn bad(call: &Call<'_>, message: &str) -> Answer {
    call.failure(400, "BadRequest", message)
}

fn volumes(habits: &Habits) -> Collection {
    let (create, delete) = (habits.clone(), habits.clone());
    let collection = Collection::new(VOLUMES)
        .statuses(202, 202)
        .on_create(move |call, new| {
            let id = text(new, "id").to_owned();
            *new = volume(call, &id, new)?;
            let members = json!({"status": "available", "updated_at": moment()});
            Ok(Script::new().then(create.pace(), members))
        })
        .on_update(|_, _, after| {
            after["updated_at"] = moment().into();
            Ok(())
        })
        .on_delete(move |call, volume| {
            let id = &volume["id"];
            let kept = call.state.list(&SNAPSHOTS).any(|(_, snap)| snap["volume_id"] == *id);
            if kept || !IDLE.contains(&text(volume, "status")) {
                return Err(bad(
                    call,
                    "Invalid volume: Volume status must be available or error or \
                     error_restoring or error_extending or error_managing and must not be \
                     migrating, attached, belong to a group, have snapshots, awaiting a \
                     transfer, or be disassociated from snapshots after volume transfer.",
                ));
            }
            call.state.merge(&VOLUMES, text(volume, "id"), json!({"status": "deleting"}));
            Ok(Script::new().gone(delete.pace()))
        })
        .shown(|call, volume| {
            if speaks(call, 65) {
                return Cow::Borrowed(volume);
            }
            let mut old = volume.clone();
            if let Some(members) = old.as_object_mut() {
                members.remove("consumes_quota");
                for (member, since) in [
                    ("volume_type_id", 63),
                    ("service_uuid", 48),
                    ("shared_targets", 48),
                    ("group_id", 13),
                ] {
                    if !speaks(call, since) {
                        members.remove(member);
                    }
                }
            }
            Cow::Owned(old)
        });
    actions(collection, habits)
}

/// A new volume from what was asked for.
fn volume(call: &mut Call<'_>, id: &str, asked: &Value) -> Answered<Value> {
    let source = |route: &Route, member: &str, noun: &str| match asked[member].as_str() {
        None => Ok(None),
        Some(id) => {
            let found = call.visible(route, id).cloned();
            let message = format!("{noun} {id} could not be found.");
            found.map(Some).ok_or_else(|| call.failure(404, "NotFound", &message))
        }
    };
    let snapshot = source(&SNAPSHOTS, "snapshot_id", "Snapshot")?;
    let copied = source(&VOLUMES, "source_volid", "Volume")?;
    source(&backup::BACKUPS, "backup_id", "Backup")?;
    let image = match asked["imageRef"].as_str() {
        Some(id) => Some(call.state.get(&image::IMAGES, id).cloned().ok_or_else(|| {
            bad(call, "Invalid image identifier or unable to access requested image.")
        })?),
        None => None,
    };
    let origin = snapshot.as_ref().or(copied.as_ref());
    let size = asked["size"].as_i64().or(origin.map(|origin| number(origin, "size")));
    let size = size.filter(|size| *size > 0).ok_or_else(|| {
        let words = "The server could not comply with the request since it is either";
        bad(call, &format!("{words} malformed or otherwise incorrect."))
    })?;
    if let Some(image) = &image
        && number(image, "min_disk") > size
    {
        let message = format!(
            "Invalid input received: Volume size {size}GB cannot be smaller than the image \
             minDisk size {}GB.",
            number(image, "min_disk")
        );
        return Err(bad(call, &message));
    }
    let wanted = asked["volume_type"].as_str().unwrap_or(DEFAULT_TYPE);
    let mut types = call.state.list(&TYPES).map(|(_, kind)| kind);
    let kind = types.find(|kind| kind["name"] == wanted || kind["id"] == wanted).cloned();
    drop(types);
    let kind = kind.ok_or_else(|| {
        let message = format!("Volume type with name {wanted} could not be found.");
        call.failure(404, "NotFound", &message)
    })?;
    admit(call, "volumes", size)?;
    let copied_bootable = copied.as_ref().is_some_and(|copied| copied["bootable"] == "true");
    let mut volume = json!({
        "id": id, "status": "creating", "size": size,
        "availability_zone": asked["availability_zone"].as_str().unwrap_or("nova"),
        "created_at": moment(), "updated_at": null, "name": asked["name"],
        "description": asked["description"], "volume_type": kind["name"],
        "snapshot_id": asked["snapshot_id"], "source_volid": asked["source_volid"],
        "metadata": {}, "links": links(call, "volume", "v3", "volumes", id),
        "user_id": call.caller["user_id"],
        "bootable": if image.is_some() || copied_bootable { "true" } else { "false" },
        "encrypted": false, "replication_status": null, "consistencygroup_id": null,
        "multiattach": false, "attachments": [], "group_id": null, "shared_targets": false,
        "service_uuid": null, "volume_type_id": kind["id"], "consumes_quota": true,
        OWNER: project(call),
    });
    if asked["metadata"].is_object() {
        volume["metadata"] = asked["metadata"].clone();
    }
    if let Some(image) = image {
        volume["volume_image_metadata"] =
            json!({"image_id": image["id"], "image_name": image["name"]});
    }
    Ok(volume)
}

/// A volume that a server brings with it.
pub(super) fn volume_for_server(call: &mut Call<'_>, asked: &Value) -> Answered<String> {
    let id = call.state.mint();
    let volume = volume(call, &id, asked)?;
    call.state.insert(&VOLUMES, &id, volume);
    Ok(id)
}

/// Notes that a volume is attached to a server, or (without a server) that it no longer is.
pub(super) fn attach(state: &mut State, volume: &str, server: Option<(&str, &str)>) {
    let attachments = match server {
        Some((server, device)) => json!([{
            "id": volume, "attachment_id": state.mint(), "volume_id": volume,
            "server_id": server, "host_name": null, "device": device, "attached_at": moment(),
        }]),
        None => json!([]),
    };
    let status = if server.is_some() { "in-use" } else { "available" };
    let members = json!({"status": status, "attachments": attachments, "updated_at": moment()});
    state.merge(&VOLUMES, volume, members);
}

/// Lets a volume go: it is `detaching` until `when`. Who detaches looks at the volume.
pub(super) fn detach(state: &mut State, volume: &str, when: When) {
    state.merge(&VOLUMES, volume, json!({"status": "detaching"}));
    let free = json!({"status": "available", "attachments": []});
    state.play(&VOLUMES, volume, Script::new().then(when, free));
}

fn actions(collection: Collection, habits: &Habits) -> Collection {
    let set = |collection: Collection, name, change: fn(&Value) -> Value| {
        collection.action(name, move |call, asked| {
            let id = call.ids[0].clone();
            call.state.merge(&VOLUMES, &id, change(asked));
            Ok(Answer::status(202))
        })
    };
    let extend = habits.clone();
    let collection = collection.action("os-extend", move |call, asked| {
        let id = call.ids[0].clone();
        let volume = call.state.get(&VOLUMES, &id).cloned().unwrap_or_default();
        let (old, new) = (number(&volume, "size"), number(asked, "new_size"));
        if new <= old {
            let message = format!(
                "Invalid input received: New size for extend must be greater than current size. \
                 (current: {old}, extended: {new})."
            );
            return Err(bad(call, &message));
        }
        let before = volume["status"].clone();
        if before != "available" && before != "in-use" {
            let message = format!("Invalid volume: Volume {id} status must be 'available'.");
            return Err(bad(call, &message));
        }
        admit(call, "gigabytes", new - old)?;
        call.state.merge(&VOLUMES, &id, json!({"status": "extending"}));
        let script = Script::new().then(extend.pace(), json!({"status": before, "size": new}));
        call.state.play(&VOLUMES, &id, script);
        Ok(Answer::status(202))
    });
    let collection =
        set(collection, "os-retype", |asked| json!({"volume_type": asked["new_type"]}));
    let collection = set(
        collection,
        "os-set_bootable",
        |asked| json!({"bootable": asked["bootable"].to_string()}),
    );
    let collection = set(collection, "os-update_readonly_flag", |_| json!({}));
    collection.action("os-reset_status", |call, asked| {
        if !is_admin(&call.caller) {
            return Err(forbidden(call, "volume_extension:volume_admin_actions:reset_status"));
        }
        let id = call.ids[0].clone();
        call.state.merge(&VOLUMES, &id, json!({"status": asked["status"]}));
        Ok(Answer::status(202))
    })
}

fn snapshots(habits: &Habits) -> Collection {
    let (create, delete) = (habits.clone(), habits.clone());
    Collection::new(SNAPSHOTS)
        .statuses(202, 202)
        .defaults(json!({
            "updated_at": null, "name": null, "description": null, "metadata": {},
            "group_snapshot_id": null, "consumes_quota": true,
            "os-extended-snapshot-attributes:progress": "0%",
        }))
        .on_create(move |call, new| {
            let id = text(new, "volume_id");
            let volume = call.visible(&VOLUMES, id);
            let message = format!("Volume {id} could not be found.");
            let volume = volume.cloned().ok_or_else(|| call.failure(404, "NotFound", &message))?;
            let forced = new["force"] == true || speaks(call, 66);
            if volume["status"] != "available" && !(forced && volume["status"] == "in-use") {
                let message = format!("Invalid volume: Volume {id} status must be available.");
                return Err(bad(call, &message));
            }
            admit(call, "snapshots", number(&volume, "size"))?;
            new["status"] = "creating".into();
            new["size"] = volume["size"].clone();
            new["created_at"] = moment().into();
            new["user_id"] = call.caller["user_id"].clone();
            new[SNAPSHOT_OWNER] = project(call).into();
            let members = json!({
                "status": "available", "updated_at": moment(),
                "os-extended-snapshot-attributes:progress": "100%",
            });
            Ok(Script::new().then(create.pace(), members))
        })
        .on_delete(move |call, snapshot| {
            call.state.merge(&SNAPSHOTS, text(snapshot, "id"), json!({"status": "deleting"}));
            Ok(Script::new().gone(delete.pace()))
        })
}
