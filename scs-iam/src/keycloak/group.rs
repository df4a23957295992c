use std::collections::BTreeMap;

use scs_core::{
    Change, Creatable, Deletable, Id, Identified, Listable, Resource, Route, Updatable, answer,
    request,
};

use super::{Attributes, Keycloak, PAGING, SERVICE};

answer! {
    /// A group of users.
    pub struct Group(
        /// Its id.
        id: Id<Group>,
        /// Its name, unique among its neighbours.
        name: String,
    ) {
        /// Where it is: `/`, the names of the groups it lies in, and its own.
        path: String,
        /// What it is for.
        description: Option<String>,
        /// What else is known of it; empty in [`groups_of`](Keycloak::groups_of), which does not
        /// tell.
        attributes: Attributes,
        /// How many groups lie in it.
        sub_group_count: u64 as "subGroupCount",
    }
}

request! {
    /// What a [`Group`] is made from.
    pub struct NewGroup(
        /// Its name, unique among its neighbours.
        name: String,
    ) {
        /// What it is for.
        description: String,
        /// What else is known of it.
        attributes: Attributes,
    }
}

request! {
    /// What may change about a [`Group`].
    pub struct GroupPatch {
        /// Its name.
        name: String,
        /// What it is for.
        description: Change<String>,
        /// Attributes to be set, or with `None` to be taken away; others stay.
        attributes: BTreeMap<String, Option<Vec<String>>>,
    }
}

request! {
    /// Which groups to list.
    pub struct GroupQuery {
        /// Those whose name holds this, and those that one of them lies in.
        search: String,
        /// Whether what is searched for is the whole name, not a part.
        exact: bool,
        /// With these attributes: `colour:blue size:2`.
        attributes: String as "q",
        /// How many a page holds; 100 if not set.
        max: u32,
    }
}

impl Resource for Group {
    type Dialect = Keycloak;
    const ROUTE: Route = Route::new(SERVICE, "groups")
        .keys("group", "")
        .bare_one()
        .listed_at("groups?briefRepresentation=false")
        .paged_by(PAGING)
        .created_at_location()
        .replaced_whole();
}

impl Identified for Group {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for Group {
    type Query = GroupQuery;

    fn named(name: &str) -> GroupQuery {
        GroupQuery::new().search(name).exact(true)
    }
}

impl Creatable for Group {
    type New = NewGroup;
}

impl Updatable for Group {
    type Patch = GroupPatch;
}

impl Deletable for Group {}
