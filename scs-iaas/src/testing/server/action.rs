//! What can be done to servers.

use scs_core::{
    Route,
    testing::{Answer, Answered, Call, Collection, Script},
};
use serde_json::{Value, json};

use super::{
    super::{
        Habits,
        compute::FLAVORS,
        forbidden, image, is_admin,
        network::{GROUPS, PORTS},
        now, project, text,
    },
    SERVERS, build, find, guest, refuse_locked,
};

/// The flavors of servers before a resize.
const RESIZED: Route = Route::new("compute", "resized");

/// An action that leads from one state to another.
struct Move {
    name: &'static str,
    /// What Nova calls it when it refuses.
    verb: &'static str,
    from: &'static [&'static str],
    /// The status (if it changes at once) and the task meanwhile.
    now: (&'static str, &'static str),
    /// Status, state and power in the end.
    then: (&'static str, &'static str, u8),
}

const fn step(
    name: &'static str,
    verb: &'static str,
    from: &'static [&'static str],
    now: (&'static str, &'static str),
    then: (&'static str, &'static str, u8),
) -> Move {
    Move { name, verb, from, now, then }
}

const ACTIVE: (&str, &str, u8) = ("ACTIVE", "active", 1);
const MOVES: [Move; 14] = [
    step("os-start", "start", &["stopped"], ("", "powering-on"), ACTIVE),
    step("os-stop", "stop", &["active", "error"], ("", "powering-off"), ("SHUTOFF", "stopped", 4)),
    step("reboot", "reboot", RUNNING, ("REBOOT", "rebooting"), ACTIVE),
    step("pause", "pause", &["active"], ("", "pausing"), ("PAUSED", "paused", 3)),
    step("unpause", "unpause", &["paused"], ("", "unpausing"), ACTIVE),
    step("suspend", "suspend", &["active"], ("", "suspending"), ("SUSPENDED", "suspended", 4)),
    step("resume", "resume", &["suspended"], ("", "resuming"), ACTIVE),
    step("rescue", "rescue", &["active", "stopped"], ("", "rescuing"), ("RESCUE", "rescued", 1)),
    step("unrescue", "unrescue", &["rescued"], ("", "unrescuing"), ACTIVE),
    step(
        "shelve",
        "shelve",
        RUNNING,
        ("", "shelving"),
        ("SHELVED_OFFLOADED", "shelved_offloaded", 4),
    ),
    step("unshelve", "unshelve", &["shelved_offloaded"], ("", "unshelving"), ACTIVE),
    step(
        "resize",
        "resize",
        &["active", "stopped"],
        ("RESIZE", "resize_prep"),
        ("VERIFY_RESIZE", "resized", 1),
    ),
    step(
        "revertResize",
        "revertResize",
        &["resized"],
        ("REVERT_RESIZE", "resize_reverting"),
        ACTIVE,
    ),
    step("rebuild", "rebuild", RUNNING, ("REBUILD", "rebuilding"), ACTIVE),
];
const RUNNING: &[&str] = &["active", "stopped", "paused", "suspended", "error"];

/// Adds the actions.
pub(super) fn add(mut collection: Collection, habits: &Habits) -> Collection {
    for step in MOVES {
        let habits = habits.clone();
        collection = collection.action(step.name, move |call, asked| {
            let server = find(call)?;
            refuse_locked(call, &server)?;
            refuse_unless(call, &server, step.verb, step.from)?;
            let id = text(&server, "id").to_owned();
            let mut end = json!({
                "status": step.then.0, "OS-EXT-STS:vm_state": step.then.1,
                "OS-EXT-STS:power_state": step.then.2, "OS-EXT-STS:task_state": null,
                "updated": now(),
            });
            match step.name {
                "resize" => end["flavor"] = resize(call, &server, asked)?,
                "revertResize" => {
                    end["flavor"] = call.state.remove(&RESIZED, &id).unwrap_or_default();
                }
                "rebuild" => rebuild(call, &id, asked)?,
                _ => {}
            }
            let mut meanwhile = json!({"OS-EXT-STS:task_state": step.now.1});
            if !step.now.0.is_empty() {
                meanwhile["status"] = step.now.0.into();
            }
            call.state.merge(&SERVERS, &id, meanwhile);
            let answer = match step.name {
                "rebuild" => {
                    let server = call.state.get(&SERVERS, &id);
                    Answer::json(202, json!({"server": server}))
                }
                _ => Answer::status(202),
            };
            call.state.play(&SERVERS, &id, Script::new().then(habits.pace(), end));
            Ok(answer)
        });
    }
    collection
        .action("confirmResize", confirm)
        .action("lock", |call, asked| {
            set(call, json!({"locked": true, "locked_reason": asked["locked_reason"]}))
        })
        .action("unlock", |call, _| set(call, json!({"locked": false, "locked_reason": null})))
        .action("changePassword", |call, _| set(call, json!({})))
        .action("addSecurityGroup", |call, asked| groups(call, asked, true))
        .action("removeSecurityGroup", |call, asked| groups(call, asked, false))
        .action("createImage", create_image)
        .action("os-getConsoleOutput", {
            let habits = habits.clone();
            move |call, asked| guest::console(call, asked, &habits)
        })
        .action("os-resetState", |call, asked| {
            if !is_admin(&call.caller) {
                let rule = "os_compute_api:os-admin-actions:reset_state";
                return Err(forbidden(call, rule));
            }
            let state = text(asked, "state").to_owned();
            let status = state.to_ascii_uppercase();
            set(call, json!({"status": status, "OS-EXT-STS:vm_state": state}))
        })
}

/// Refuses what cannot be done in the present state.
fn refuse_unless(call: &Call<'_>, server: &Value, verb: &str, from: &[&str]) -> Answered<()> {
    let (id, state) = (text(server, "id"), text(server, "OS-EXT-STS:vm_state"));
    let problem = match text(server, "OS-EXT-STS:task_state") {
        "" if from.contains(&state) => return Ok(()),
        "" => format!("vm_state {state}"),
        task => format!("task_state {task}"),
    };
    let message = format!("Cannot '{verb}' instance {id} while it is in {problem}");
    Err(call.failure(409, "Conflict", &message))
}

fn set(call: &mut Call<'_>, members: Value) -> Answered {
    let server = find(call)?;
    call.state.merge(&SERVERS, text(&server, "id"), members);
    Ok(Answer::status(202))
}

fn resize(call: &mut Call<'_>, server: &Value, asked: &Value) -> Answered<Value> {
    let wanted = text(asked, "flavorRef");
    let flavor = call.state.get(&FLAVORS, wanted).map(build::embedded).ok_or_else(|| {
        call.failure(400, "BadRequest", &format!("Flavor {wanted} could not be found."))
    })?;
    if flavor["original_name"] == server["flavor"]["original_name"] {
        let message = "When resizing, instances must change flavor!";
        return Err(call.failure(400, "BadRequest", message));
    }
    call.state.insert(&RESIZED, text(server, "id"), server["flavor"].clone());
    Ok(flavor)
}

fn confirm(call: &mut Call<'_>, _: &Value) -> Answered {
    let server = find(call)?;
    refuse_unless(call, &server, "confirmResize", &["resized"])?;
    let id = text(&server, "id");
    call.state.remove(&RESIZED, id);
    let members = json!({"status": "ACTIVE", "OS-EXT-STS:vm_state": "active", "updated": now()});
    call.state.merge(&SERVERS, id, members);
    Ok(Answer::status(204))
}

fn rebuild(call: &mut Call<'_>, id: &str, asked: &Value) -> Answered<()> {
    let wanted = text(asked, "imageRef");
    if call.state.get(&image::IMAGES, wanted).is_none() {
        return Err(call.failure(400, "BadRequest", "Can not find requested image"));
    }
    let mut members = json!({"image": {"id": wanted, "links": []}});
    for member in ["name", "metadata", "description", "key_name"] {
        if !asked[member].is_null() {
            members[member] = asked[member].clone();
        }
    }
    call.state.merge(&SERVERS, id, members);
    Ok(())
}

/// Adds a security group to all ports of a server, or takes it away.
fn groups(call: &mut Call<'_>, asked: &Value, add: bool) -> Answered {
    let server = find(call)?;
    let (wanted, project) = (text(asked, "name"), project(call));
    let mut groups = call.state.list(&GROUPS).filter(|(_, group)| group["project_id"] == project);
    let found = groups.find(|(id, group)| *id == wanted || group["name"] == wanted);
    let found = found.map(|(id, group)| (json!(id), group["name"].clone()));
    drop(groups);
    let Some((id, name)) = found else {
        let message = format!("Security group {wanted} not found for project {project}.");
        return Err(call.failure(404, "NotFound", &message));
    };
    let change = |list: &Value, entry: &Value| -> Value {
        let list = list.as_array().into_iter().flatten().filter(|other| *other != entry);
        list.cloned().chain(add.then(|| entry.clone())).collect()
    };
    let ports = call.state.list(&PORTS).filter(|(_, port)| port["device_id"] == server["id"]);
    let ports: Vec<_> = ports
        .map(|(port, item)| (port.to_owned(), change(&item["security_groups"], &id)))
        .collect();
    for (port, groups) in ports {
        call.state.merge(&PORTS, &port, json!({"security_groups": groups}));
    }
    let names = change(&server["security_groups"], &json!({"name": name}));
    set(call, json!({"security_groups": names}))
}

fn create_image(call: &mut Call<'_>, asked: &Value) -> Answered {
    let server = find(call)?;
    refuse_unless(call, &server, "createImage", RUNNING)?;
    let owner = project(call);
    let id = image::snapshot(call.state, &owner, text(asked, "name"));
    let place = format!("{}/image/v2/images/{id}", call.root());
    Ok(Answer::json(202, json!({"image_id": id})).header("location", place))
}
