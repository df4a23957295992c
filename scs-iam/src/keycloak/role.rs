use std::collections::BTreeMap;

use scs_core::{
    Change, Creatable, Deletable, Id, Identified, Listable, Resource, Route, Updatable, answer,
    request,
};

use super::{Attributes, Keycloak, PAGING, SERVICE};

answer! {
    /// A role of the realm.
    ///
    /// Keycloak knows a role by its name and by its id. Here it goes by its id, which stays when
    /// the role gets another name.
    pub struct Role(
        /// Its id.
        id: Id<Role>,
        /// Its name, unique in the realm.
        name: String,
    ) {
        /// What it is for.
        description: Option<String>,
        /// Whether it contains other roles.
        composite: bool,
        /// Whether it is one of a client's, not one of the realm's.
        client_role: bool as "clientRole",
        /// What else is known of it; empty in [`roles_of`](Keycloak::roles_of), which does not
        /// tell.
        attributes: Attributes,
    }
}

request! {
    /// What a [`Role`] is made from.
    pub struct NewRole(
        /// Its name, unique in the realm.
        name: String,
    ) {
        /// What it is for.
        description: String,
        /// What else is known of it.
        attributes: Attributes,
    }
}

request! {
    /// What may change about a [`Role`].
    pub struct RolePatch {
        /// Its name.
        name: String,
        /// What it is for.
        description: Change<String>,
        /// Attributes to be set, or with `None` to be taken away; others stay.
        attributes: BTreeMap<String, Option<Vec<String>>>,
    }
}

request! {
    /// Which roles to list.
    pub struct RoleQuery {
        /// Those whose name or description holds this.
        search: String,
        /// How many a page holds; 100 if not set.
        max: u32,
    }
}

impl Resource for Role {
    type Dialect = Keycloak;
    const ROUTE: Route = Route::new(SERVICE, "roles")
        .keys("role", "")
        .bare_one()
        .listed_at("roles?briefRepresentation=false")
        .one_at("roles-by-id")
        .paged_by(PAGING)
        .created_at_location()
        .replaced_whole();
}

impl Identified for Role {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for Role {
    type Query = RoleQuery;

    fn named(name: &str) -> RoleQuery {
        RoleQuery::new().search(name)
    }
}

impl Creatable for Role {
    type New = NewRole;
}

impl Updatable for Role {
    type Patch = RolePatch;
}

impl Deletable for Role {}
