//! Backups of volumes, and their way back.

use std::borrow::Cow;

use http::Method;
use scs_core::{
    Resource, Route,
    testing::{Answer, Answered, Call, Collection, FakeService, Script, State, When},
};
use serde_json::{Value, json};

use super::{SNAPSHOTS, VOLUMES, admit, bad, moment, volume};
use crate::{
    block_storage::Backup,
    testing::{Habits, forbidden, is_admin, links, number, project, speaks, text},
};

pub(super) const BACKUPS: Route = Backup::ROUTE;
pub(super) const OWNER: &str = "os-backup-project-attr:project_id";
/// What an incremental backup builds on. Only the fake sees it.
const PARENT: &str = "parent_id";

/// What becomes of an item.
struct Step {
    route: Route,
    id: String,
    members: Value,
}

impl Step {
    fn new(route: Route, id: &str, members: Value) -> Self {
        Self { route, id: id.to_owned(), members }
    }

    /// It happens when the time of `other` has come, too.
    fn with(self, when: When, other: Self) -> Script {
        Script::new().then(when, self.members).run(move |state| {
            let now = Script::new().then(When::Reads(0), other.members);
            state.play(&other.route, &other.id, now);
        })
    }
}

pub(super) fn serve(service: FakeService, habits: &Habits) -> FakeService {
    let habits_of_restore = habits.clone();
    service
        .collection(backups(habits))
        .on(Method::POST, "backups/{}/restore", move |call| restore(call, habits_of_restore.pace()))
}

fn backups(habits: &Habits) -> Collection {
    let (create, delete, force) = (habits.clone(), habits.clone(), habits.clone());
    Collection::new(BACKUPS)
        .statuses(202, 202)
        .on_create(move |call, new| {
            *new = backup(call, new)?;
            Ok(make(call, new, create.pace()))
        })
        .created(|call, backup| {
            let id = text(backup, "id");
            let links = links(call, "volume", "v3", "backups", id);
            Cow::Owned(json!({"id": id, "name": backup["name"], "links": links}))
        })
        .on_delete(move |call, backup| {
            if !matches!(text(backup, "status"), "available" | "error") {
                return Err(bad(call, "Invalid backup: Backup status must be available or error"));
            }
            remove(call, backup, delete.pace())
        })
        .shown(|call, backup| {
            let mut shown = backup.clone();
            let id = backup["id"].clone();
            let mut others = call.state.list(&BACKUPS);
            shown["has_dependent_backups"] = others.any(|(_, other)| other[PARENT] == id).into();
            if let Some(members) = shown.as_object_mut() {
                members.remove(PARENT);
                let admin = is_admin(&call.caller);
                for (member, since, seen) in
                    [("metadata", 43, true), (OWNER, 18, admin), ("user_id", 56, admin)]
                {
                    if !(seen && speaks(call, since)) {
                        members.remove(member);
                    }
                }
            }
            Cow::Owned(shown)
        })
        .filter("project_id", |backup, project| backup[OWNER] == project)
        .action("os-reset_status", |call, asked| {
            admins_only(call, "reset_status")?;
            let id = call.ids[0].clone();
            call.state.merge(&BACKUPS, &id, json!({"status": asked["status"]}));
            Ok(Answer::status(202))
        })
        .action("os-force_delete", move |call, _| {
            admins_only(call, "force_delete")?;
            let id = call.ids[0].clone();
            let backup = call.state.get(&BACKUPS, &id).cloned().unwrap_or_default();
            let script = remove(call, &backup, force.pace())?;
            call.state.play(&BACKUPS, &id, script);
            Ok(Answer::status(202))
        })
}

fn admins_only(call: &Call<'_>, action: &str) -> Answered<()> {
    if is_admin(&call.caller) {
        return Ok(());
    }
    Err(forbidden(call, &format!("volume_extension:backup_admin_actions:{action}")))
}

/// The latest backup of a volume that another can build on: of what was there before `moment`.
fn latest(state: &State, volume: &Value, moment: Option<&str>) -> Option<Value> {
    let mut all = state.list(&BACKUPS).map(|(_, backup)| backup);
    let fits = |backup: &&Value| {
        let earlier = moment.is_none_or(|moment| text(backup, "data_timestamp") <= moment);
        backup["volume_id"] == *volume && backup["status"] == "available" && earlier
    };
    all.rfind(fits).map(|backup| backup["id"].clone())
}

/// A new backup from what was asked for.
fn backup(call: &mut Call<'_>, asked: &Value) -> Answered<Value> {
    let find = |route: &Route, member: &str, noun: &str| {
        let id = text(asked, member);
        let message = format!("{noun} {id} could not be found.");
        let found = call.visible(route, id).cloned();
        found.ok_or_else(|| call.failure(404, "NotFound", &message))
    };
    let volume = find(&VOLUMES, "volume_id", "Volume")?;
    let snapshot = match asked["snapshot_id"].as_str() {
        Some(_) => Some(find(&SNAPSHOTS, "snapshot_id", "Snapshot")?),
        None => None,
    };
    let refusal = match (&snapshot, text(&volume, "status")) {
        (Some(snapshot), _) if snapshot["volume_id"] != volume["id"] => Some(format!(
            "Invalid volume: Volume {} does not match with snapshot.volume_id {}.",
            text(&volume, "id"),
            text(snapshot, "volume_id")
        )),
        (Some(snapshot), _) if snapshot["status"] != "available" => Some(format!(
            "Invalid snapshot: Snapshot to be backed up must be available, but the current status \
             is \"{}\".",
            text(snapshot, "status")
        )),
        (Some(_), _) | (None, "available") => None,
        (None, "in-use") if asked["force"] == true => None,
        (None, "in-use") => {
            Some("Invalid volume: Backing up an in-use volume must use the force flag.".to_owned())
        }
        (None, status) => Some(format!(
            "Invalid volume: Volume to be backed up must be available or in-use, but the current \
             status is \"{status}\"."
        )),
    };
    if let Some(message) = refusal {
        return Err(bad(call, &message));
    }
    admit(call, "backups", number(&volume, "size"))?;
    let data = snapshot.as_ref().map(|snapshot| text(snapshot, "created_at"));
    let parent = match asked["incremental"].as_bool() {
        Some(true) => Some(latest(call.state, &volume["id"], data).ok_or_else(|| {
            bad(call, "Invalid backup: No backups available to do an incremental backup.")
        })?),
        _ => None,
    };
    let (id, made) = (text(asked, "id"), moment());
    Ok(json!({
        "id": id, "status": "creating", "size": volume["size"], "object_count": 0,
        "availability_zone": asked["availability_zone"], "container": asked["container"],
        "created_at": made, "updated_at": made, "name": asked["name"],
        "description": asked["description"], "fail_reason": null, "volume_id": volume["id"],
        "links": links(call, "volume", "v3", "backups", id), "is_incremental": parent.is_some(),
        "snapshot_id": asked["snapshot_id"], "data_timestamp": data.unwrap_or(&made),
        "metadata": asked["metadata"].as_object().cloned().unwrap_or_default(),
        "user_id": call.caller["user_id"], OWNER: project(call), PARENT: parent,
    }))
}

/// What is backed up is locked until the backup is complete.
fn make(call: &mut Call<'_>, backup: &Value, when: When) -> Script {
    let (route, member) = if backup["snapshot_id"].is_string() {
        (SNAPSHOTS, "snapshot_id")
    } else {
        (VOLUMES, "volume_id")
    };
    let (source, id) = (text(backup, member), text(backup, "id"));
    let before = call.state.get(&route, source).map(|source| source["status"].clone());
    call.state.merge(&route, source, json!({"status": "backing-up"}));
    let freed = || Step::new(route, source, json!({"status": before}));
    let done = || {
        let container = format!("{}/{}/{id}", &id[..2], &id[2..4]);
        let members = json!({
            "status": "available", "object_count": 21, "availability_zone": "nova",
            "container": backup["container"].as_str().unwrap_or(&container),
            "updated_at": moment(),
        });
        Step::new(BACKUPS, id, members)
    };
    call.state.play(&route, source, freed().with(when, done()));
    done().with(when, freed())
}

fn remove(call: &mut Call<'_>, backup: &Value, when: When) -> Answered<Script> {
    let id = &backup["id"];
    if call.state.list(&BACKUPS).any(|(_, other)| other[PARENT] == *id) {
        let message = "Invalid backup: Incremental backups exist for this backup.";
        return Err(bad(call, message));
    }
    call.state.merge(&BACKUPS, text(backup, "id"), json!({"status": "deleting"}));
    Ok(Script::new().gone(when))
}

/// Writes a backup to a volume, a new one if none is named: that one is complete when this is
/// answered.
fn restore(call: &mut Call<'_>, when: When) -> Answered {
    let id = call.ids[0].clone();
    let message = format!("Backup {id} could not be found.");
    let backup = call.visible(&BACKUPS, &id).cloned();
    let backup = backup.ok_or_else(|| call.failure(404, "NotFound", &message))?;
    if backup["status"] != "available" {
        return Err(bad(call, "Invalid backup: Backup status must be available"));
    }
    let asked = call.body["restore"].clone();
    let size = number(&backup, "size");
    let target = match asked["volume_id"].as_str() {
        Some(id) => {
            let message = format!("Volume {id} could not be found.");
            let volume = call.visible(&VOLUMES, id).cloned();
            volume.ok_or_else(|| call.failure(404, "NotFound", &message))?
        }
        None => {
            let name = asked["name"]
                .as_str()
                .map_or_else(|| format!("restore_backup_{id}"), str::to_owned);
            let description = "auto-created_from_restore_from_backup";
            let new = json!({"size": size, "name": name, "description": description});
            let id = call.state.mint();
            let mut volume = volume(call, &id, &new)?;
            volume["status"] = "available".into();
            call.state.insert(&VOLUMES, &id, volume.clone());
            volume
        }
    };
    if target["status"] != "available" {
        let message = "Invalid volume: Volume to be restored to must be available";
        return Err(bad(call, message));
    }
    let room = number(&target, "size");
    if size > room {
        let message = format!(
            "Invalid volume: volume size {room} is too small to restore backup of size {size}."
        );
        return Err(bad(call, &message));
    }
    let volume = text(&target, "id");
    call.state.merge(&VOLUMES, volume, json!({"status": "restoring-backup"}));
    call.state.merge(&BACKUPS, &id, json!({"status": "restoring"}));
    let available = || json!({"status": "available", "updated_at": moment()});
    let written = || Step::new(VOLUMES, volume, available());
    let free = || Step::new(BACKUPS, &id, available());
    call.state.play(&VOLUMES, volume, written().with(when, free()));
    call.state.play(&BACKUPS, &id, free().with(when, written()));
    let restored = json!({"backup_id": id, "volume_id": volume, "volume_name": target["name"]});
    Ok(Answer::json(202, json!({"restore": restored})))
}
