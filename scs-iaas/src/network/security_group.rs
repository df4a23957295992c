use scs_core::{
    Creatable, Deletable, Id, Identified, Listable, Resource, Route, Timestamp, Updatable, answer,
    request, value::Lenient,
};

use super::SecurityGroupRule;
use crate::{Session, identity::Project};

answer! {
    /// A security group: what may pass to and from the ports that are in it. Whatever no rule
    /// lets pass does not.
    pub struct SecurityGroup(
        /// Its id.
        id: Id<SecurityGroup>,
        /// Its name; not unique. Each project has one called `default`.
        name: String,
        /// The project it belongs to.
        project_id: Id<Project>,
    ) {
        /// What it is, in words.
        description: String,
        /// Whether answers pass without a rule of their own; `None` where the cloud does not say.
        stateful: Option<bool>,
        /// Whether other projects may use it.
        shared: bool,
        /// Its rules.
        rules: Vec<SecurityGroupRule> as "security_group_rules",
        /// Its tags.
        tags: Vec<String>,
        /// When it was created.
        created_at: Option<Timestamp> => Lenient<_>,
        /// When it was last changed.
        updated_at: Option<Timestamp> => Lenient<_>,
        /// Goes up with each change, also of its rules.
        revision_number: Option<u64>,
    }
}

request! {
    /// What a [`SecurityGroup`] is made from. It starts with rules that let everything out.
    pub struct NewSecurityGroup(
        /// Its name.
        name: String,
    ) {
        /// What it is, in words.
        description: String,
        /// Whether answers pass without a rule of their own; yes if not set.
        stateful: bool,
        /// Whose it is; that of the login if not set. For administrators.
        project_id: Id<Project>,
    }
}

request! {
    /// What may change about a [`SecurityGroup`].
    pub struct SecurityGroupPatch {
        /// Its name.
        name: String,
        /// What it is, in words.
        description: String,
        /// Whether answers pass without a rule of their own; fixed while it is in use.
        stateful: bool,
    }
}

request! {
    /// Which security groups to list.
    pub struct SecurityGroupQuery {
        /// Of this name.
        name: String,
        /// Of this project.
        project_id: Id<Project>,
        /// Those that other projects may use, or those not.
        shared: bool,
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
        marker: Id<SecurityGroup>,
        /// By which member to sort.
        sort_key: String,
        /// `asc` or `desc`.
        sort_dir: String,
    }
}

impl Resource for SecurityGroup {
    type Dialect = Session;
    const ROUTE: Route =
        Route::new("network", "security-groups").keys("security_group", "security_groups");
}

impl Identified for SecurityGroup {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for SecurityGroup {
    type Query = SecurityGroupQuery;

    fn named(name: &str) -> SecurityGroupQuery {
        SecurityGroupQuery::new().name(name)
    }
}

impl Creatable for SecurityGroup {
    type New = NewSecurityGroup;
}

impl Updatable for SecurityGroup {
    type Patch = SecurityGroupPatch;
}

impl Deletable for SecurityGroup {}
