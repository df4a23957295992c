use scs_core::{
    Change, Creatable, Deletable, Id, Identified, Listable, Resource, Route, Updatable, answer,
    request, route::Verb,
};

use super::Domain;
use crate::Session;

answer! {
    /// A role: what policies ask for.
    pub struct Role(
        /// Its id.
        id: Id<Role>,
        /// Its name: `member`, `reader`, `manager`, `admin`, or one of the cloud's own.
        name: String,
    ) {
        /// What it is, in words.
        description: String,
        /// The domain it belongs to; `None` if it is one of the whole cloud.
        domain_id: Option<Id<Domain>>,
    }
}

request! {
    /// What a [`Role`] is made from.
    pub struct NewRole(
        /// Its name, unique within its domain or the cloud.
        name: String,
    ) {
        /// What it is, in words.
        description: String,
        /// The domain it belongs to; the whole cloud if not set.
        domain_id: Id<Domain>,
    }
}

request! {
    /// What may change about a [`Role`].
    pub struct RolePatch {
        /// Its name.
        name: String,
        /// What it is, in words.
        description: Change<String>,
    }
}

request! {
    /// Which roles to list. Keystone can cut this list short, but cannot go on from there.
    pub struct RoleQuery {
        /// Of this name.
        name: String,
        /// Of this domain; those of the whole cloud if not set.
        domain_id: Id<Domain>,
    }
}

impl Resource for Role {
    type Dialect = Session;
    const ROUTE: Route =
        Route::new("identity", "roles").keys("role", "roles").updated_by(Verb::Patch);
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
        RoleQuery::new().name(name)
    }
}

impl Creatable for Role {
    type New = NewRole;
}

impl Updatable for Role {
    type Patch = RolePatch;
}

impl Deletable for Role {}
