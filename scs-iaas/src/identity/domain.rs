use scs_core::{
    Change, Creatable, Deletable, Id, Identified, Listable, Resource, Route, Updatable, answer,
    request, route::Verb,
};

use crate::Session;

answer! {
    /// A domain: what users, groups and projects belong to.
    pub struct Domain(
        /// Its id.
        id: Id<Domain>,
        /// Its name, unique within the cloud.
        name: String,
        /// Whether anybody of it can log in.
        enabled: bool,
    ) {
        /// What it is, in words.
        description: String,
        /// Its tags.
        tags: Vec<String>,
    }
}

request! {
    /// What a [`Domain`] is made from.
    pub struct NewDomain(
        /// Its name, unique within the cloud.
        name: String,
    ) {
        /// What it is, in words.
        description: String,
        /// Whether anybody of it can log in; yes if not set.
        enabled: bool,
        /// Its tags.
        tags: Vec<String>,
    }
}

request! {
    /// What may change about a [`Domain`]. It has to be disabled before it can be deleted.
    pub struct DomainPatch {
        /// Its name.
        name: String,
        /// What it is, in words.
        description: Change<String>,
        /// Whether anybody of it can log in.
        enabled: bool,
        /// All of its tags.
        tags: Vec<String>,
    }
}

request! {
    /// Which domains to list.
    pub struct DomainQuery {
        /// Of this name.
        name: String,
        /// Enabled or disabled ones.
        enabled: bool,
        /// How many a page holds; unpaged if not set.
        limit: u32,
        /// Those behind the one with this id.
        marker: Id<Domain>,
    }
}

impl Resource for Domain {
    type Dialect = Session;
    const ROUTE: Route =
        Route::new("identity", "domains").keys("domain", "domains").updated_by(Verb::Patch);
}

impl Identified for Domain {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for Domain {
    type Query = DomainQuery;

    fn named(name: &str) -> DomainQuery {
        DomainQuery::new().name(name)
    }
}

impl Creatable for Domain {
    type New = NewDomain;
}

impl Updatable for Domain {
    type Patch = DomainPatch;
}

impl Deletable for Domain {}
