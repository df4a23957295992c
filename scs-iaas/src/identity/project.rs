use scs_core::{
    Change, Creatable, Deletable, Id, Identified, Listable, Resource, Route, Updatable, answer,
    request, route::Verb,
};

use super::Domain;
use crate::Session;

answer! {
    /// A project: what resources and quotas belong to.
    pub struct Project(
        /// Its id.
        id: Id<Project>,
        /// Its name, unique within its domain.
        name: String,
        /// Whether anybody can log in to it.
        enabled: bool,
    ) {
        /// The id of the domain it belongs to; `None` if it is a domain itself.
        domain_id: Option<Id<Domain>>,
        /// The id of the project it lies in; that of the domain for one at the top.
        parent_id: Option<Id<Project>>,
        /// What it is, in words.
        description: String,
        /// Whether it serves as a domain.
        is_domain: bool,
        /// Its tags.
        tags: Vec<String>,
    }
}

request! {
    /// What a [`Project`] is made from.
    pub struct NewProject(
        /// Its name, unique within its domain.
        name: String,
    ) {
        /// The id of its domain; that of the login if not set.
        domain_id: Id<Domain>,
        /// The id of the project it lies in.
        parent_id: Id<Project>,
        /// What it is, in words.
        description: String,
        /// Whether anybody can log in to it; yes if not set.
        enabled: bool,
        /// Whether it serves as a domain.
        is_domain: bool,
        /// Its tags.
        tags: Vec<String>,
    }
}

request! {
    /// What may change about a [`Project`].
    pub struct ProjectPatch {
        /// Its name.
        name: String,
        /// What it is, in words.
        description: Change<String>,
        /// Whether anybody can log in to it.
        enabled: bool,
        /// All of its tags.
        tags: Vec<String>,
    }
}

request! {
    /// Which projects to list.
    pub struct ProjectQuery {
        /// Of this name.
        name: String,
        /// Of the domain with this id.
        domain_id: Id<Domain>,
        /// Right below the project with this id.
        parent_id: Id<Project>,
        /// Enabled or disabled ones.
        enabled: bool,
        /// Domains or projects proper.
        is_domain: bool,
        /// With all of these tags, separated by commas.
        tags: String,
        /// With any of these tags, separated by commas.
        tags_any: String as "tags-any",
        /// Without all of these tags, separated by commas.
        not_tags: String as "not-tags",
        /// Without any of these tags, separated by commas.
        not_tags_any: String as "not-tags-any",
        /// How many a page holds; unpaged if not set.
        limit: u32,
        /// Those behind the one with this id.
        marker: Id<Project>,
    }
}

impl Resource for Project {
    type Dialect = Session;
    const ROUTE: Route =
        Route::new("identity", "projects").keys("project", "projects").updated_by(Verb::Patch);
}

impl Identified for Project {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for Project {
    type Query = ProjectQuery;

    fn named(name: &str) -> ProjectQuery {
        ProjectQuery::new().name(name)
    }
}

impl Creatable for Project {
    type New = NewProject;
}

impl Updatable for Project {
    type Patch = ProjectPatch;
}

impl Deletable for Project {}
