//! Keystone: tokens, the catalog, projects.

pub(super) mod federation;
mod login;

use http::Method;
use scs_core::{
    Resource, Route, Timestamp,
    testing::{Answer, Answered, Call, Collection, FakeServer, FakeService, Links, Script, State},
};
use serde_json::{Value, json};

use self::login::{Identity, identify};
use super::{Habits, authenticate, identified, is_admin, network::tag, present, project, text};
use crate::identity::{Ec2Credential, Project, Region};

const PROJECTS: Route = Project::ROUTE;
/// Who may work in whose project, by trust.
const TRUSTS: Route = Route::new("identity", "OS-TRUST/trusts");
const USERS: Route = Route::new("identity", "users").keys("user", "users");
const CREDENTIALS: Route = Route::new("identity", "application_credentials");
/// Who holds a token, by token.
pub(super) const TOKENS: Route = Route::new("identity", "auth/tokens");

pub(super) const DEMO_PROJECT: &str = "51b5c1ad7f7a4e30a1b2f0e4d7a90d01";
pub(super) const DEMO_USER: &str = "7a4e30a1b2f0e4d751b5c1ad7fa90d02";
const ADMIN_PROJECT: &str = "a1b2f0e4d7a90d0351b5c1ad7f7a4e30";
const ADMIN_USER: &str = "f0e4d7a90d0451b5c1ad7f7a4e30a1b2";
pub(super) const CREDENTIAL: &str = "90d0551b5c1ad7f7a4e30a1b2f0e4d7a";

fn failure(status: u16, _code: &str, message: &str) -> Answer {
    let title = http::StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason());
    let error = json!({"code": status, "message": message, "title": title});
    Answer::json(status, json!({"error": error}))
}

fn unauthorized(call: &Call<'_>) -> Answer {
    call.failure(401, "Unauthorized", "The request you have made requires authentication.")
}

fn admins_only(call: &Call<'_>, action: &str) -> Answered<()> {
    if is_admin(&call.caller) {
        return Ok(());
    }
    let words = "You are not authorized to perform the requested action:";
    Err(call.failure(403, "Forbidden", &format!("{words} identity:{action}.")))
}

/// Who holds a token that is still valid.
pub(super) fn holder(state: &State, token: &str) -> Option<Value> {
    let holder = state.get(&TOKENS, token)?;
    let expires: Timestamp = text(&holder["token"], "expires_at").parse().ok()?;
    (!expires.remaining().is_zero()).then(|| holder.clone())
}

fn version(call: &Call<'_>) -> Value {
    let media = "application/vnd.openstack.identity-v3+json";
    json!({
        "id": "v3.14",
        "status": "stable",
        "updated": "2020-04-07T00:00:00Z",
        "links": [{"rel": "self", "href": format!("{}/identity/v3/", call.root())}],
        "media-types": [{"base": "application/json", "type": media}],
    })
}

pub(super) fn serve(server: &FakeServer, habits: &Habits) {
    let open = FakeService::new("identity")
        .failures(failure)
        .finish(identified)
        .on(Method::GET, "", |call| {
            Ok(Answer::json(300, json!({"versions": {"values": [version(call)]}})))
        })
        .on(Method::GET, "v3", |call| Ok(Answer::json(200, json!({"version": version(call)}))));
    let told = habits.clone();
    let habits = habits.clone();
    let open = open.on(Method::POST, "v3/auth/tokens", move |call| {
        let identity = identify(call, &habits)?;
        let scope = call.body["auth"]["scope"].clone();
        issue(call, &habits, identity, &scope)
    });
    server.serve(federation::unknown(open));

    let closed = FakeService::new("identity/v3")
        .failures(failure)
        .finish(identified)
        .gate(|call| authenticate(call).map_err(|_| unauthorized(call)))
        .links(Links::Object)
        .on(Method::GET, "auth/tokens", validate)
        .on(Method::DELETE, "auth/tokens", revoke)
        .on(Method::GET, "auth/catalog", move |call| {
            let catalog = catalog(&told, call.root(), &project(call));
            Ok(Answer::json(200, json!({"catalog": catalog, "links": {}})))
        })
        .on(Method::GET, "auth/projects", |call| {
            let projects: Vec<_> = call.state.list(&PROJECTS).map(|(_, project)| project).collect();
            let groups = call.caller["groups"].as_array();
            let own = |item: &&Value| match groups {
                Some(groups) => groups.contains(&item["name"]),
                None => is_admin(&call.caller) || item["name"] == call.caller["name"],
            };
            let projects: Vec<_> = projects.into_iter().filter(own).collect();
            Ok(Answer::json(200, json!({"projects": projects, "links": {"next": null}})))
        })
        .collection(tag::filters(projects()))
        .collection(
            Collection::new(Region::ROUTE)
                .defaults(json!({"description": "", "parent_region_id": null})),
        )
        .collection(Collection::new(Ec2Credential::ROUTE).hex_ids().on_create(|call, new| {
            new["access"] = new["id"].clone();
            new["tenant_id"] = call.body["tenant_id"].clone();
            new["user_id"] = call.ids[0].as_str().into();
            new["secret"] = call.state.mint_hex().into();
            new["trust_id"] = Value::Null;
            Ok(Script::new())
        }));
    server.serve(closed);
    server.state(seed);
}

fn projects() -> Collection {
    let defaults = json!({
        "domain_id": "default", "description": "", "enabled": true, "parent_id": "default",
        "is_domain": false, "tags": [], "options": {},
    });
    Collection::new(PROJECTS)
        .hex_ids()
        .defaults(defaults)
        .on_create(|call, new| {
            admins_only(call, "create_project")?;
            let (name, domain) = (text(new, "name"), text(new, "domain_id"));
            let twin = |other: &Value| other["name"] == name && other["domain_id"] == domain;
            if call.state.list(&PROJECTS).any(|(_, other)| twin(other)) {
                let message = format!(
                    "Conflict occurred attempting to store project - it is not permitted to have \
                     two projects with either the same name or same id in the same domain: name \
                     is {name}, project id {}.",
                    text(new, "id")
                );
                return Err(call.failure(409, "Conflict", &message));
            }
            let url = format!("{}/identity/v3/projects/{}", call.root(), text(new, "id"));
            new["links"] = json!({"self": url});
            Ok(Script::new())
        })
        .on_update(|call, _, _| admins_only(call, "update_project"))
        .on_delete(|call, _| admins_only(call, "delete_project").map(|()| Script::new()))
        .on_read(|call, item| match item {
            Some(item) if item["id"] == call.caller["project_id"] => Ok(()),
            Some(_) => admins_only(call, "get_project"),
            None => admins_only(call, "list_projects"),
        })
}

/// Whether `reference` (`{"id"}`, or `{"name"}` with a domain) means `item`.
fn means(reference: &Value, item: &Value) -> bool {
    if let Some(id) = reference.get("id") {
        return *id == item["id"];
    }
    let domain = &reference["domain"];
    reference["name"] == item["name"] && (domain["id"] == "default" || domain["name"] == "Default")
}

fn find(state: &State, route: &Route, reference: &Value) -> Option<Value> {
    state.list(route).find(|(_, item)| means(reference, item)).map(|(_, item)| item.clone())
}

/// Hands a user's project over to another user, and gives the id of the trust.
pub(super) fn entrust(state: &mut State, trustor: &str, trustee: &str) -> Option<String> {
    let user =
        |name: &str| find(state, &USERS, &json!({"name": name, "domain": {"id": "default"}}));
    let (from, to) = (user(trustor)?, user(trustee)?);
    let project = json!({"name": trustor, "domain": {"id": "default"}});
    let project = find(state, &PROJECTS, &project)?;
    let id = state.mint_hex();
    let trust = json!({
        "id": id, "trustor_user_id": from["id"], "trustee_user_id": to["id"],
        "project_id": project["id"], "impersonation": false,
    });
    state.insert(&TRUSTS, &id, trust);
    Some(id)
}

/// A new token.
fn issue(call: &mut Call<'_>, habits: &Habits, identity: Identity, scope: &Value) -> Answered {
    let Identity { user, methods, credential, ends } = identity;
    let name = text(&user, "name").to_owned();
    let federated = user["groups"].as_array();
    let admin = name == "admin" && federated.is_none();
    let domain = json!({"id": "default", "name": "Default"});
    let home = match federated {
        Some(_) => json!({"id": user["domain_id"], "name": user["domain_id"]}),
        None => domain.clone(),
    };
    let issued = Timestamp::now();
    let ends =
        ends.unwrap_or_else(|| micros(issued.after(habits.settings().token_lifetime)).into());
    let mut token = json!({
        "methods": methods,
        "user": {"domain": home, "id": user["id"], "name": name, "password_expires_at": null},
        "issued_at": micros(issued),
        "expires_at": ends,
    });
    let project = match (&credential, scope) {
        (Some(credential), Value::Null) => {
            token["application_credential"] =
                json!({"id": credential["id"], "name": credential["name"], "restricted": false});
            find(call.state, &PROJECTS, &json!({"id": credential["project_id"]}))
        }
        // A credential carries its project and takes no other.
        (Some(_), _) => return Err(unauthorized(call)),
        (None, scope) if scope.get("OS-TRUST:trust").is_some() => {
            let id = text(&scope["OS-TRUST:trust"], "id");
            let trust = call.state.get(&TRUSTS, id).cloned();
            let mine = trust.filter(|trust| trust["trustee_user_id"] == user["id"]);
            let trust = mine.ok_or_else(|| unauthorized(call))?;
            let project = find(call.state, &PROJECTS, &json!({"id": trust["project_id"]}));
            token["OS-TRUST:trust"] = trust;
            project
        }
        (None, scope) => match scope.get("project") {
            Some(project) => {
                let project = find(call.state, &PROJECTS, project);
                let mine = project.filter(|project| match federated {
                    Some(groups) => groups.contains(&project["name"]),
                    None => admin || project["name"] == name,
                });
                Some(mine.ok_or_else(|| unauthorized(call))?)
            }
            None => None,
        },
    };
    let roles: &[&str] = if admin { &["admin", "member", "reader"] } else { &["member", "reader"] };
    let mut project_id = String::new();
    let mut scoped = true;
    if let Some(project) = project {
        text(&project, "id").clone_into(&mut project_id);
        token["project"] = json!({"domain": domain, "id": project_id, "name": project["name"]});
        token["is_domain"] = false.into();
    } else if let Some(wanted) = scope.get("domain") {
        if !admin || !(wanted["id"] == "default" || wanted["name"] == "Default") {
            return Err(unauthorized(call));
        }
        token["domain"] = domain;
    } else if scope.get("system").is_some() {
        if !admin {
            return Err(unauthorized(call));
        }
        token["system"] = json!({"all": true});
    } else {
        scoped = false;
    }
    if scoped {
        let roles = roles.iter().map(|role| json!({"id": format!("role-{role}"), "name": role}));
        token["roles"] = roles.collect();
        token["catalog"] = catalog(habits, call.root(), &project_id);
    }
    let key = format!("gAAAAAB-{}{}", call.state.mint_hex(), call.state.mint_hex());
    token["audit_ids"] = json!([&key[8..30]]);
    let holder = json!({
        "user_id": user["id"], "name": name, "groups": user["groups"], "project_id": project_id, "token": token,
        "roles": if scoped { roles } else { &[] },
    });
    call.state.insert(&TOKENS, &key, holder);
    Ok(Answer::json(201, json!({"token": token})).header("x-subject-token", key))
}

/// With six digits behind the second, as Keystone writes times.
fn micros(time: Timestamp) -> String {
    let text = time.to_string();
    let text = text.trim_end_matches('Z');
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}.{fraction:0<6.6}Z")
}

fn subject(call: &Call<'_>) -> Answered<(String, Value)> {
    let token = call.token("x-subject-token").unwrap_or_default();
    let holder = holder(call.state, token)
        .ok_or_else(|| call.failure(404, "NotFound", "Could not recognize Fernet token"))?;
    Ok((token.to_owned(), holder))
}

fn validate(call: &mut Call<'_>) -> Answered {
    let (key, holder) = subject(call)?;
    Ok(Answer::json(200, json!({"token": holder["token"]})).header("x-subject-token", key))
}

fn revoke(call: &mut Call<'_>) -> Answered {
    let (key, _) = subject(call)?;
    call.state.remove(&TOKENS, &key);
    Ok(Answer::status(204))
}

/// Some services are named with a version in their address and some without, as on real
/// clouds.
fn catalog(habits: &Habits, root: &str, project: &str) -> Value {
    let services = [
        ("identity", "keystone", "identity".to_owned()),
        ("compute", "nova", "compute/v2.1".to_owned()),
        ("image", "glance", "image".to_owned()),
        ("network", "neutron", "network".to_owned()),
        ("block-storage", "cinder", "volume/v3".to_owned()),
        ("volumev3", "cinderv3", format!("volume/v3/{project}")),
        ("key-manager", "barbican", "key-manager".to_owned()),
    ];
    let own = services
        .into_iter()
        .chain(present::services(project))
        .map(|(kind, name, path)| (kind.to_owned(), name.to_owned(), format!("{root}/{path}")));
    let offered = habits.settings().offered.clone();
    let offered = offered.into_iter().map(|(kind, url)| (kind.clone(), kind, url));
    let services = own.into_iter().chain(offered).map(|(kind, name, url)| {
        let endpoints = ["internal", "admin", "public"].map(|interface| {
            json!({
                "id": format!("{name}-{interface}"), "interface": interface,
                "region_id": "RegionOne", "region": "RegionOne", "url": url,
            })
        });
        json!({"endpoints": endpoints, "id": format!("service-{name}"), "type": kind, "name": name})
    });
    services.collect()
}

fn seed(state: &mut State) {
    let pairs = [("demo", DEMO_PROJECT, DEMO_USER), ("admin", ADMIN_PROJECT, ADMIN_USER)];
    for (name, project, user) in pairs {
        let item = json!({
            "id": project, "name": name, "domain_id": "default", "description": "",
            "enabled": true, "parent_id": "default", "is_domain": false, "tags": [],
            "options": {}, "links": {},
        });
        state.insert(&PROJECTS, project, item);
        state.insert(&USERS, user, json!({"id": user, "name": name, "domain_id": "default"}));
    }
    let region = json!({"id": "RegionOne", "description": "", "parent_region_id": null});
    state.insert(&Region::ROUTE, "RegionOne", region);
    let credential = json!({
        "id": CREDENTIAL, "name": "demo-app", "user_id": DEMO_USER, "project_id": DEMO_PROJECT,
    });
    state.insert(&CREDENTIALS, CREDENTIAL, credential);
}
