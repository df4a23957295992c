//! The admin API: users, groups, roles, and what a `PUT` does to what it does not hold.

use http::Method;
use scs_core::testing::{
    Answer, Answered, Call, Collection, FakeServer, FakeService, Received, Script,
};
use serde_json::{Value, json};

use super::{
    REALM,
    access::{self, GROUPS, PASSWORDS, ROLES, USERS},
    membership,
    seed::{give_default_role, new_group, new_role, new_user},
    text,
    tokens::Tokens,
};

/// What clients may send of each kind, beside what the fake makes by itself.
const USER: [&str; 9] = [
    "id",
    "username",
    "email",
    "emailVerified",
    "firstName",
    "lastName",
    "enabled",
    "attributes",
    "credentials",
];
const GROUP: [&str; 5] = ["id", "name", "path", "description", "attributes"];
const ROLE: [&str; 4] = ["id", "name", "description", "attributes"];

/// `{"error": …}`; the engine's own words for what is not there become Keycloak's.
fn failure(status: u16, code: &str, message: &str) -> Answer {
    let message = match code {
        "UserNotFound" => "User not found",
        "GroupNotFound" => "Could not find group by id",
        "RoleNotFound" => "Could not find role with id",
        _ => message,
    };
    Answer::json(status, json!({"error": message}))
}

/// `{"errorMessage": …}`
fn refused(status: u16, message: &str) -> Answer {
    Answer::json(status, json!({"errorMessage": message}))
}

pub(super) fn serve(server: &FakeServer, tokens: &Tokens) {
    let nowhere = |_: &mut Call<'_>| Ok(failure(404, "", "Realm not found."));
    let elsewhere = FakeService::new("admin/realms/{}")
        .on(Method::GET, "", nowhere)
        .on(Method::GET, "{}", nowhere)
        .on(Method::POST, "{}", nowhere)
        .on(Method::GET, "{}/{}", nowhere);
    server.serve(elsewhere);
    let tokens = tokens.clone();
    let realm = FakeService::new(&format!("admin/realms/{REALM}"))
        .failures(failure)
        .gate(move |call| authorize(call, &tokens))
        .on(Method::GET, "", |_| {
            let settings = json!({
                "id": REALM, "realm": REALM, "enabled": true, "accessTokenLifespan": 300,
                "ssoSessionIdleTimeout": 1800,
            });
            Ok(Answer::json(200, settings))
        })
        .collection(users())
        .collection(groups())
        .collection(roles())
        .on(Method::GET, "roles/{}", |call| {
            let mut roles = call.state.list(&ROLES).map(|(_, role)| role);
            match roles.find(|role| text(role, "name") == call.ids[0]) {
                Some(role) => Ok(Answer::json(200, role)),
                None => Err(call.failure(404, "", "Could not find role")),
            }
        });
    server.serve(membership::endpoints(realm));
}

/// Lets administrators pass who are logged in.
fn authorize(call: &mut Call<'_>, tokens: &Tokens) -> Answered<()> {
    let token = call.token("authorization").and_then(|header| header.strip_prefix("Bearer "));
    let subject = token.and_then(|token| {
        let settings = tokens.settings();
        let issued = settings.access.get(token).filter(|issued| issued.is_alive())?;
        settings.sessions.contains(&issued.session).then(|| issued.claims.subject.clone())
    });
    let user = subject.as_deref().and_then(|subject| call.state.get(&USERS, subject));
    let Some(user) = user.filter(|user| user["enabled"] == true) else {
        return Err(call.failure(401, "", "HTTP 401 Unauthorized"));
    };
    if access::is_admin(call.state, text(user, "id")) {
        return Ok(());
    }
    Err(call.failure(403, "", "HTTP 403 Forbidden"))
}

/// Refuses members that Keycloak does not know.
fn known(call: &Call<'_>, kind: &str, sent: &[&str], own: &Value) -> Answered<()> {
    let mut names = call.body.as_object().into_iter().flat_map(|body| body.keys());
    match names.find(|name| !sent.contains(&name.as_str()) && own.get(name.as_str()).is_none()) {
        None => Ok(()),
        Some(name) => {
            let words = format!(
                "Invalid json representation for {kind}Representation. Unrecognized field \
                 \"{name}\" at line 1 column 1."
            );
            Err(call.failure(400, "", &words))
        }
    }
}

/// Keeps members that nobody can change, and those that were not sent.
fn keep(before: &Value, after: &mut Value, names: &[&str]) {
    for name in names {
        if after.get(*name).is_none_or(Value::is_null) && before.get(*name).is_some() {
            after[*name] = before[*name].clone();
        }
    }
}

fn contains(item: &Value, member: &str, wanted: &str, exact: bool) -> bool {
    let (found, wanted) = (text(item, member).to_lowercase(), wanted.to_lowercase());
    if exact { found == wanted } else { found.contains(&wanted) }
}

fn exact(request: &Received) -> bool {
    request.parameter("exact") == Some("true")
}

/// Whether an item has the attributes of `q=colour:blue size:2`.
fn has_attributes(item: &Value, request: &Received) -> bool {
    let pairs = request.parameter("q").unwrap_or_default().split(' ');
    pairs.filter_map(|pair| pair.split_once(':')).all(|(name, wanted)| {
        let values = item["attributes"][name].as_array();
        values.is_some_and(|values| values.iter().any(|value| value == wanted))
    })
}

fn users() -> Collection {
    Collection::new(USERS)
        .noun("User")
        .defaults(new_user())
        .chosen(|user, request| {
            let given = |name| request.parameter(name);
            let exact = exact(request);
            let member =
                |name| given(name).is_none_or(|wanted| contains(user, name, wanted, exact));
            let searched = given("search").is_none_or(|wanted| {
                let members = ["username", "email", "firstName", "lastName"];
                members.into_iter().any(|name| contains(user, name, wanted, exact))
            });
            let enabled = given("enabled").is_none_or(|on| user["enabled"] == (on == "true"));
            let person = user.get("serviceAccountClientId").is_none();
            person
                && searched
                && enabled
                && member("username")
                && member("email")
                && has_attributes(user, request)
        })
        .on_create(|call, new| {
            known(call, "User", &USER, &new_user())?;
            let name = text(new, "username").to_lowercase();
            if name.is_empty() {
                return Err(refused(400, "User name is missing"));
            }
            if name.len() < 3 {
                let params = json!(["username", 3, 255]);
                return Err(profile("username", "error-invalid-length", &params));
            }
            new["username"] = json!(name);
            unique(call, new)?;
            settle(call, new);
            let id = text(new, "id").to_owned();
            give_default_role(call.state, &id);
            Ok(Script::new())
        })
        .on_update(|call, before, after| {
            known(call, "User", &USER, &new_user())?;
            let mut kept = vec!["username", "emailVerified", "enabled", "attributes"];
            // With attributes the user is taken to be sent as a whole.
            if after.get("attributes").is_none() {
                kept.extend(["email", "firstName", "lastName"]);
            }
            keep(before, after, &kept);
            let own: Vec<_> = before.as_object().map_or(Vec::new(), |before| {
                before.keys().map(String::as_str).filter(|name| !USER.contains(name)).collect()
            });
            keep(before, after, &own);
            unique(call, after)?;
            if after["username"] != before["username"] {
                let params = json!(["username"]);
                return Err(profile("username", "error-user-attribute-read-only", &params));
            }
            settle(call, after);
            Ok(())
        })
        .on_delete(|call, user| {
            access::forget(call.state, text(user, "id"));
            call.state.remove(&PASSWORDS, text(user, "id"));
            Ok(Script::new())
        })
}

/// `{"field", "errorMessage", "params"}`
fn profile(field: &str, words: &str, params: &Value) -> Answer {
    Answer::json(400, json!({"field": field, "errorMessage": words, "params": params}))
}

/// Nobody else has the name or the mail address.
fn unique(call: &Call<'_>, user: &Value) -> Answered<()> {
    for member in ["username", "email"] {
        let mut others = call.state.list(&USERS).filter(|(id, _)| *id != text(user, "id"));
        let wanted = text(user, member);
        if !wanted.is_empty() && others.any(|(_, other)| text(other, member) == wanted) {
            return Err(refused(409, &format!("User exists with same {member}")));
        }
    }
    Ok(())
}

/// Takes out what is not shown: passwords, empty members, attributes if there are none.
fn settle(call: &mut Call<'_>, user: &mut Value) {
    let Value::Object(user) = user else { return };
    let password = user.remove("credentials").map(|credentials| credentials[0]["value"].clone());
    if let (Some(password), Some(id)) = (password, user.get("id").and_then(Value::as_str)) {
        call.state.insert(&PASSWORDS, id, password);
    }
    user.retain(|name, value| match name.as_str() {
        "email" | "firstName" | "lastName" => value.as_str().is_some_and(|text| !text.is_empty()),
        "attributes" => value.as_object().is_some_and(|attributes| !attributes.is_empty()),
        _ => true,
    });
}

fn groups() -> Collection {
    Collection::new(GROUPS)
        .noun("Group")
        .defaults(new_group())
        .chosen(|group, request| {
            let search = request.parameter("search");
            search.is_none_or(|wanted| contains(group, "name", wanted, exact(request)))
                && has_attributes(group, request)
        })
        .on_create(|call, new| {
            known(call, "Group", &GROUP, &new_group())?;
            named(call, new)?;
            Ok(Script::new())
        })
        .on_update(|call, before, after| {
            known(call, "Group", &GROUP, &new_group())?;
            keep(before, after, &["attributes", "subGroupCount", "subGroups", "access"]);
            keep(before, after, &["realmRoles", "clientRoles"]);
            named(call, after)
        })
        .on_delete(|call, group| {
            access::forget(call.state, text(group, "id"));
            Ok(Script::new())
        })
}

/// A group has a name that no other has, and a path that follows from it.
fn named(call: &Call<'_>, group: &mut Value) -> Answered<()> {
    let name = text(group, "name").to_owned();
    if name.is_empty() {
        return Err(refused(400, "Group name is missing"));
    }
    let mut others = call.state.list(&GROUPS).filter(|(id, _)| *id != text(group, "id"));
    if others.any(|(_, other)| other["name"] == name) {
        return Err(refused(409, &format!("Top level group named '{name}' already exists.")));
    }
    group["path"] = json!(format!("/{name}"));
    Ok(())
}

fn roles() -> Collection {
    fn unique(call: &Call<'_>, role: &Value) -> Answered<()> {
        let name = text(role, "name");
        if name.is_empty() {
            return Err(call.failure(400, "", "role has no name"));
        }
        let mut others = call.state.list(&ROLES).filter(|(id, _)| *id != text(role, "id"));
        if others.any(|(_, other)| text(other, "name") == name) {
            return Err(refused(409, &format!("Role with name {name} already exists")));
        }
        Ok(())
    }
    Collection::new(ROLES)
        .noun("Role")
        .located_by("name")
        .defaults(new_role())
        .chosen(|role, request| {
            request.parameter("search").is_none_or(|wanted| {
                ["name", "description"].iter().any(|name| contains(role, name, wanted, false))
            })
        })
        .on_create(|call, new| {
            known(call, "Role", &ROLE, &new_role())?;
            unique(call, new)?;
            Ok(Script::new())
        })
        .on_update(|call, before, after| {
            known(call, "Role", &ROLE, &new_role())?;
            keep(before, after, &["attributes", "composite", "clientRole", "containerId"]);
            unique(call, after)
        })
        .on_delete(|call, role| {
            access::forget(call.state, text(role, "id"));
            Ok(Script::new())
        })
}
