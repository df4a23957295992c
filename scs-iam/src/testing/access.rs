//! Who is who, who is in what, and who may do what.

use std::collections::BTreeSet;

use scs_core::{Resource, Route, testing::State};
use serde_json::Value;

use super::text;
use crate::keycloak::{Group, Role, User};

pub(super) const USERS: Route = User::ROUTE;
pub(super) const GROUPS: Route = Group::ROUTE;
pub(super) const ROLES: Route = Role::ROUTE;
/// What the token endpoint knows of clients, by their ids.
pub(super) const CLIENTS: Route = Route::new("keycloak", "clients");
/// Passwords by the id of the user.
pub(super) const PASSWORDS: Route = Route::new("keycloak", "passwords");
/// Pairs `user/group`.
pub(super) const MEMBERSHIPS: Route = Route::new("keycloak", "memberships");
/// Pairs `holder/role`; of composite roles as well.
pub(super) const MAPPINGS: Route = Route::new("keycloak", "mappings");
/// Users and groups that administer the realm.
pub(super) const ADMINS: Route = Route::new("keycloak", "admins");

/// The user of this name.
pub(super) fn user_named<'a>(state: &'a State, name: &str) -> Option<&'a Value> {
    let mut users = state.list(&USERS).map(|(_, user)| user);
    users.find(|user| text(user, "username") == name)
}

/// The other halves of the pairs of a table that begin with `first`.
pub(super) fn seconds<'a>(state: &'a State, route: &Route, first: &str) -> Vec<&'a str> {
    let pairs = state.list(route).filter_map(|(key, _)| key.split_once('/'));
    pairs.filter(|(one, _)| *one == first).map(|(_, two)| two).collect()
}

/// The groups that a user is in.
pub(super) fn groups_of<'a>(state: &'a State, user: &str) -> Vec<&'a Value> {
    let groups = seconds(state, &MEMBERSHIPS, user);
    groups.into_iter().filter_map(|group| state.get(&GROUPS, group)).collect()
}

/// The roles that a user or a group has, through groups and other roles as well.
pub(super) fn roles_of<'a>(state: &'a State, holder: &str) -> Vec<&'a Value> {
    let mut found = BTreeSet::new();
    let mut left = vec![holder];
    left.extend(seconds(state, &MEMBERSHIPS, holder));
    while let Some(holder) = left.pop() {
        for role in seconds(state, &MAPPINGS, holder) {
            if found.insert(role) {
                left.push(role);
            }
        }
    }
    found.into_iter().filter_map(|role| state.get(&ROLES, role)).collect()
}

/// Whether a user administers the realm.
pub(super) fn is_admin(state: &State, user: &str) -> bool {
    let groups = seconds(state, &MEMBERSHIPS, user);
    groups.into_iter().chain([user]).any(|holder| state.get(&ADMINS, holder).is_some())
}

/// Forgets all pairs with an id in them.
pub(super) fn forget(state: &mut State, id: &str) {
    for route in [&MEMBERSHIPS, &MAPPINGS] {
        state.remove_all(route, |key, _| key.split('/').any(|half| half == id));
    }
}
