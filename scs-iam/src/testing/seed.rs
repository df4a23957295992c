//! What is there when the fake starts.

use scs_core::testing::State;
use serde_json::{Value, json};

use super::{
    PASSWORD, REALM,
    access::{ADMINS, CLIENTS, GROUPS, MAPPINGS, MEMBERSHIPS, PASSWORDS, ROLES, USERS},
};

/// The role that each new user gets, and what is in it.
const DEFAULT: &str = "default-roles-lab";
const IN_DEFAULT: [&str; 2] = ["offline_access", "uma_authorization"];

pub(super) fn fill(state: &mut State) {
    for name in IN_DEFAULT.into_iter().chain([DEFAULT]) {
        let mut role = role(name);
        role["composite"] = json!(name == DEFAULT);
        let id = add(state, &ROLES, role);
        if name == DEFAULT {
            let parts: Vec<_> = state.list(&ROLES).map(|(key, _)| key.to_owned()).collect();
            for part in parts.iter().filter(|part| **part != id) {
                state.insert(&MAPPINGS, format!("{id}/{part}"), Value::Null);
            }
        }
    }
    let groups = ["lab-users", "lab-admins"].map(|name| {
        let group = json!({"name": name, "path": format!("/{name}"), "attributes": {}});
        (name, add(state, &GROUPS, with(group, new_group())))
    });
    state.insert(&ADMINS, &*groups[1].1, Value::Null);
    let people =
        [("alice", &["lab-users", "lab-admins"][..]), ("bob", &["lab-users"]), ("carol", &[])];
    for (name, member_of) in people {
        let id = user(state, name);
        state.merge(
            &USERS,
            &id,
            json!({
                "firstName": format!("{}{}", name[..1].to_uppercase(), &name[1..]),
                "lastName": "Lab", "email": format!("{name}@lab.test"), "emailVerified": true,
            }),
        );
        state.insert(&PASSWORDS, &*id, json!(PASSWORD));
        for (_, group) in groups.iter().filter(|(name, _)| member_of.contains(name)) {
            state.insert(&MEMBERSHIPS, format!("{id}/{group}"), Value::Null);
        }
    }
    let public = ["password", "device"];
    let clients: [(&str, &[&str], bool, &[&str]); 4] = [
        ("cli", &public, false, &["keystone", "kubernetes", "account"]),
        ("kubernetes", &public, false, &["kubernetes", "account"]),
        ("service", &["client_credentials"], true, &["keystone", "account"]),
        ("lab-admin", &["client_credentials"], true, &["realm-management", "account"]),
    ];
    for (name, grants, secret, audience) in clients {
        let secret = secret.then_some(PASSWORD);
        let client =
            json!({"clientId": name, "grants": grants, "secret": secret, "audience": audience});
        state.insert(&CLIENTS, name, client);
        if secret.is_some() {
            let id = user(state, &format!("service-account-{name}"));
            // Service accounts are no users that a list shows.
            state.merge(&USERS, &id, json!({"serviceAccountClientId": name}));
            if name == "lab-admin" {
                state.insert(&ADMINS, &*id, Value::Null);
            } else {
                state.insert(&MEMBERSHIPS, format!("{id}/{}", groups[0].1), Value::Null);
            }
        }
    }
}

fn with(mut item: Value, defaults: Value) -> Value {
    if let (Value::Object(item), Value::Object(defaults)) = (&mut item, defaults) {
        for (name, value) in defaults {
            item.entry(name).or_insert(value);
        }
    }
    item
}

fn add(state: &mut State, route: &scs_core::Route, mut item: Value) -> String {
    let id = state.mint();
    item["id"] = json!(id);
    state.insert(route, &*id, item);
    id
}

fn user(state: &mut State, name: &str) -> String {
    let user = json!({"username": name, "enabled": true});
    let id = add(state, &USERS, with(user, new_user()));
    give_default_role(state, &id);
    id
}

/// What each user has.
pub(super) fn give_default_role(state: &mut State, user: &str) {
    let mut roles = state.list(&ROLES);
    let role = roles.find(|(_, role)| role["name"] == DEFAULT).map(|(key, _)| key.to_owned());
    drop(roles);
    if let Some(role) = role {
        state.insert(&MAPPINGS, format!("{user}/{role}"), Value::Null);
    }
}

fn role(name: &str) -> Value {
    with(json!({"name": name, "attributes": {}}), new_role())
}

/// Members of a new user that nobody sends.
pub(super) fn new_user() -> Value {
    json!({
        "emailVerified": false, "enabled": false, "createdTimestamp": 1_795_284_669_207_u64,
        "totp": false, "disableableCredentialTypes": [], "requiredActions": [],
        "federatedIdentities": [], "notBefore": 0, "access": {"manage": true, "view": true},
    })
}

/// Members of a new group that nobody sends.
pub(super) fn new_group() -> Value {
    json!({
        "subGroupCount": 0, "subGroups": [], "attributes": {}, "realmRoles": [],
        "clientRoles": {}, "access": {"manage": true, "view": true},
    })
}

/// Members of a new role that nobody sends.
pub(super) fn new_role() -> Value {
    json!({"composite": false, "clientRole": false, "containerId": REALM, "attributes": {}})
}
