use std::marker::PhantomData;

use scs_core::{
    Action, Id, Identified, Listable, Payload, Resource, Route,
    route::{Paging, Verb},
};
use serde::{Deserialize, Serialize};

use super::{Group, Keycloak, Role, SERVICE, User};

const REALM: &str = "role-mappings/realm";

/// It can have roles.
pub trait RoleHolder: Identified + Resource<Dialect = Keycloak> {
    /// Where the roles that one has are listed.
    const HELD: &'static str;
}

impl RoleHolder for User {
    const HELD: &'static str = "users/{}/role-mappings/realm/composite";
}

impl RoleHolder for Group {
    const HELD: &'static str = "groups/{}/role-mappings/realm/composite";
}

/// How a role is named in a request: Keycloak compares both.
#[derive(Debug, Clone, Serialize)]
struct Named {
    id: Id<Role>,
    name: String,
}

fn named<'a>(roles: impl IntoIterator<Item = &'a Role>) -> Vec<Named> {
    let named = |role: &Role| Named { id: role.id.clone(), name: role.name.clone() };
    roles.into_iter().map(named).collect()
}

/// Gives roles of the realm to a user or a group; those they have already stay.
///
/// ```no_run
/// # use scs_iam::{Keycloak, keycloak::{AssignRoles, Group, Role}};
/// # async fn f(realm: Keycloak, group: Group, role: Role) -> scs_core::Result<()> {
/// realm.groups().act(&group.id, AssignRoles::new([&role])).await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct AssignRoles<H> {
    roles: Vec<Named>,
    #[serde(skip)]
    holder: PhantomData<fn(H)>,
}

/// Takes roles of the realm from a user or a group that was given them.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct RevokeRoles<H> {
    roles: Vec<Named>,
    #[serde(skip)]
    holder: PhantomData<fn(H)>,
}

impl<H> AssignRoles<H> {
    /// These roles.
    pub fn new<'a>(roles: impl IntoIterator<Item = &'a Role>) -> Self {
        Self { roles: named(roles), holder: PhantomData }
    }
}

impl<H> RevokeRoles<H> {
    /// These roles.
    pub fn new<'a>(roles: impl IntoIterator<Item = &'a Role>) -> Self {
        Self { roles: named(roles), holder: PhantomData }
    }
}

impl<H> Payload for AssignRoles<H> {}
impl<H> Payload for RevokeRoles<H> {}

impl<H: RoleHolder> Action for AssignRoles<H> {
    type Target = H;
    type Output = ();
    const KEY: &'static str = "";
    const PATH: &'static str = REALM;
    const IDEMPOTENT: bool = true;
}

impl<H: RoleHolder> Action for RevokeRoles<H> {
    type Target = H;
    type Output = ();
    const KEY: &'static str = "";
    const PATH: &'static str = REALM;
    const VERB: Verb = Verb::Delete;
}

/// Where the roles of a user or a group are listed: see [`Keycloak::roles_of`].
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(bound = "")]
pub struct RolesOf<H> {
    #[serde(skip)]
    holder: PhantomData<fn() -> H>,
}

impl<H: RoleHolder> Resource for RolesOf<H> {
    type Dialect = Keycloak;
    const ROUTE: Route =
        Route::new(SERVICE, H::HELD).keys("role_mapping", "").paged_by(Paging::Whole);
}

impl<H: RoleHolder> Listable for RolesOf<H> {
    type Query = scs_core::Extra;
}
