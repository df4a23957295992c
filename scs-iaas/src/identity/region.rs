use scs_core::{
    Change, Creatable, Deletable, Id, Identified, Listable, Resource, Route, Updatable, answer,
    request,
    route::{Paging, Verb},
};

use crate::Session;

answer! {
    /// A region: where services are. Its id is its name.
    pub struct Region(
        /// Its id, as in `region_name` of clouds.yaml.
        id: Id<Region>,
    ) {
        /// What it is, in words.
        description: String,
        /// The region it lies in.
        parent: Option<Id<Region>> as "parent_region_id",
    }
}

request! {
    /// What a [`Region`] is made from; for administrators.
    pub struct NewRegion(
        /// Its id.
        id: Id<Region>,
    ) {
        /// What it is, in words.
        description: String,
        /// The region it lies in.
        parent: Id<Region> as "parent_region_id",
    }
}

request! {
    /// What may change about a [`Region`]; for administrators.
    pub struct RegionPatch {
        /// What it is, in words.
        description: String,
        /// The region it lies in.
        parent: Change<Id<Region>> as "parent_region_id",
    }
}

request! {
    /// Which regions to list.
    pub struct RegionQuery {
        /// Right within this one.
        parent: Id<Region> as "parent_region_id",
    }
}

impl Resource for Region {
    type Dialect = Session;
    const ROUTE: Route = Route::new("identity", "regions")
        .keys("region", "regions")
        .updated_by(Verb::Patch)
        .paged_by(Paging::Whole);
}

impl Identified for Region {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(self.id.as_str())
    }
}

impl Listable for Region {
    type Query = RegionQuery;
}

impl Creatable for Region {
    type New = NewRegion;
}

impl Updatable for Region {
    type Patch = RegionPatch;
}

impl Deletable for Region {}
