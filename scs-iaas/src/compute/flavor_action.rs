use scs_core::{
    Action, Id, Listable, Metadata, Payload, Resource, Route, Singleton, answer, request,
    route::{Paging, Verb},
};
use serde::{Deserialize, Serialize, Serializer};

use super::{Flavor, NEWEST, OLDEST};
use crate::{Session, identity::Project};

/// The properties of a flavor, read one by one: for versions before 2.61, in which flavors do not
/// tell them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct FlavorExtraSpecs(pub Metadata);

impl Resource for FlavorExtraSpecs {
    type Dialect = Session;
    const ROUTE: Route = Route::new("compute", "flavors/{}/os-extra_specs")
        .keys("extra_specs", "")
        .versions(OLDEST, NEWEST);
}

impl Singleton for FlavorExtraSpecs {}

/// Adds properties to those of a flavor, or changes them; for administrators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SetExtraSpecs(pub Metadata);

impl Payload for SetExtraSpecs {}

impl Action for SetExtraSpecs {
    type Target = Flavor;
    type Output = Metadata;
    const KEY: &'static str = "extra_specs";
    const PATH: &'static str = "os-extra_specs";
    const ANSWER: &'static str = "extra_specs";
    const IDEMPOTENT: bool = true;
}

/// Takes the property with this key from a flavor; for administrators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoveExtraSpec(pub String);

impl Serialize for RemoveExtraSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl Payload for RemoveExtraSpec {}

impl Action for RemoveExtraSpec {
    type Target = Flavor;
    type Output = ();
    const KEY: &'static str = "";
    const PATH: &'static str = "os-extra_specs";
    const VERB: Verb = Verb::Delete;

    fn member(&self) -> Option<&str> {
        Some(&self.0)
    }
}

answer! {
    /// A project that may use a flavor which is not public.
    pub struct FlavorAccess(
        /// The flavor.
        flavor_id: Id<Flavor>,
        /// The project.
        project_id: Id<Project> as "tenant_id",
    ) {}
}

impl Resource for FlavorAccess {
    type Dialect = Session;
    const ROUTE: Route = Route::new("compute", "flavors/{}/os-flavor-access")
        .keys("flavor_access", "flavor_access")
        .paged_by(Paging::Whole)
        .versions(OLDEST, NEWEST);
}

impl Listable for FlavorAccess {
    type Query = ();
}

request! {
    /// Lets a project use a flavor that is not public; answers with all that may. For
    /// administrators.
    pub struct AllowProject(
        /// The project.
        project: Id<Project> as "tenant",
    ) {}
}

impl Action for AllowProject {
    type Target = Flavor;
    type Output = Vec<FlavorAccess>;
    const KEY: &'static str = "addTenantAccess";
    const ANSWER: &'static str = "flavor_access";
}

request! {
    /// Lets a project no longer use a flavor that is not public; answers with all that still
    /// may. For administrators.
    pub struct DenyProject(
        /// The project.
        project: Id<Project> as "tenant",
    ) {}
}

impl Action for DenyProject {
    type Target = Flavor;
    type Output = Vec<FlavorAccess>;
    const KEY: &'static str = "removeTenantAccess";
    const ANSWER: &'static str = "flavor_access";
}
