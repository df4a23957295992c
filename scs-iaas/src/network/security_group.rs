use scs_core::{
    Creatable, Deletable, Id, Identified, Listable, Resource, Route, Timestamp, Updatable, request,
    value::{lenient, nullable},
};
use serde::Deserialize;

use super::SecurityGroupRule;
use crate::{Session, identity::Project};

/// A security group: what may pass to and from the ports that are in it. Whatever no rule
/// lets pass does not.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct SecurityGroup {
    /// Its id.
    pub id: Id<SecurityGroup>,
    /// Its name; not unique. Each project has one called `default`.
    pub name: String,
    /// What it is, in words.
    #[serde(default, deserialize_with = "nullable")]
    pub description: String,
    /// The project it belongs to.
    pub project_id: Id<Project>,
    /// Whether answers pass without a rule of their own; `None` where the cloud does not say.
    #[serde(default)]
    pub stateful: Option<bool>,
    /// Whether other projects may use it.
    #[serde(default)]
    pub shared: bool,
    /// Its rules.
    #[serde(rename = "security_group_rules", default, deserialize_with = "nullable")]
    pub rules: Vec<SecurityGroupRule>,
    /// Its tags.
    #[serde(default, deserialize_with = "nullable")]
    pub tags: Vec<String>,
    /// When it was created.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "lenient")]
    pub updated_at: Option<Timestamp>,
    /// Goes up with each change, also of its rules.
    #[serde(default)]
    pub revision_number: Option<u64>,
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
