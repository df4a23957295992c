use scs_core::{
    Action, Creatable, Deletable, Id, Identified, Listable, Metadata, Payload, Resource, Route,
    Updatable, answer, request,
    route::{Paging, Verb},
};
use serde::{Serialize, Serializer};

use super::route;
use crate::{Session, identity::Project};

answer! {
    /// A type of volumes: on which back end they lie and what they can do.
    pub struct VolumeType(
        /// Its id. The type that volumes get if nothing is said is found by the id `default` too.
        id: Id<VolumeType>,
        /// Its name.
        name: String,
    ) {
        /// What it is, in words. On SCS clouds it names what the type promises:
        /// `[scs:encrypted, replicated]`.
        description: String,
        /// Whether every project may use it.
        is_public: bool,
        /// Properties; users see only some of them, administrators all.
        extra_specs: Metadata,
    }
}

request! {
    /// What a [`VolumeType`] is made from; for administrators.
    pub struct NewVolumeType(
        /// Its name.
        name: String,
    ) {
        /// What it is, in words.
        description: String,
        /// Whether every project may use it; yes if not set.
        is_public: bool as "os-volume-type-access:is_public",
        /// Properties.
        extra_specs: Metadata,
    }
}

request! {
    /// What may change about a [`VolumeType`]; for administrators.
    pub struct VolumeTypePatch {
        /// Its name.
        name: String,
        /// What it is, in words. Empty unsets it.
        description: String,
        /// Whether every project may use it.
        is_public: bool,
    }
}

request! {
    /// Which types to list.
    pub struct VolumeTypeQuery {
        /// `none` shows those that are not public too; for administrators.
        is_public: String,
        /// By what to sort, and which way: `created_at:asc`, `name:desc`.
        sort: String,
        /// How many a page holds.
        limit: u32,
        /// Those behind the one with this id.
        marker: Id<VolumeType>,
    }
}

impl Resource for VolumeType {
    type Dialect = Session;
    // Cinder does write links, but under a key without the plural's `s`.
    const ROUTE: Route =
        route("types").keys("volume_type", "volume_types").paged_by(Paging::Marker);
}

impl Identified for VolumeType {
    fn id(&self) -> &Id<Self> {
        &self.id
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Listable for VolumeType {
    type Query = VolumeTypeQuery;
}

impl Creatable for VolumeType {
    type New = NewVolumeType;
}

impl Updatable for VolumeType {
    type Patch = VolumeTypePatch;
}

impl Deletable for VolumeType {}

request! {
    /// Adds properties to a [`VolumeType`] that no volume has yet, or changes them. Answers
    /// with those added.
    pub struct SetExtraSpecs(
        /// The properties.
        extra_specs: Metadata,
    ) {}
}

impl Action for SetExtraSpecs {
    type Target = VolumeType;
    type Output = Metadata;
    const KEY: &'static str = "";
    const PATH: &'static str = "extra_specs";
    const ANSWER: &'static str = "extra_specs";
    const IDEMPOTENT: bool = true;
}

/// Removes a property of a [`VolumeType`] that no volume has yet, by its key.
#[derive(Debug, Clone)]
pub struct RemoveExtraSpec(String);

impl RemoveExtraSpec {
    /// Removes the one with this key.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }
}

impl Serialize for RemoveExtraSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_none()
    }
}

impl Payload for RemoveExtraSpec {}

impl Action for RemoveExtraSpec {
    type Target = VolumeType;
    type Output = ();
    const KEY: &'static str = "";
    const PATH: &'static str = "extra_specs";
    const VERB: Verb = Verb::Delete;

    fn member(&self) -> Option<&str> {
        Some(&self.0)
    }
}

request! {
    /// Lets a project use a [`VolumeType`] that is not public.
    pub struct GrantAccess(
        /// The project.
        project: Id<Project>,
    ) {}
}

impl Action for GrantAccess {
    type Target = VolumeType;
    type Output = ();
    const KEY: &'static str = "addProjectAccess";
}

request! {
    /// Takes away from a project what [`GrantAccess`] has given.
    pub struct RevokeAccess(
        /// The project.
        project: Id<Project>,
    ) {}
}

impl Action for RevokeAccess {
    type Target = VolumeType;
    type Output = ();
    const KEY: &'static str = "removeProjectAccess";
}

answer! {
    /// A project that may use a [`VolumeType`] that is not public.
    pub struct VolumeTypeAccess(
        /// The project.
        project_id: Id<Project>,
    ) {}
}

impl Resource for VolumeTypeAccess {
    type Dialect = Session;
    const ROUTE: Route = route("types/{}/os-volume-type-access")
        .keys("volume_type_access", "volume_type_access")
        .paged_by(Paging::Whole);
}

impl Listable for VolumeTypeAccess {
    type Query = ();
}
