use scs_core::{Listable, Resource, Route, route::Paging};
use serde::Deserialize;

use super::{NEWEST, OLDEST};
use crate::Session;

/// An availability zone: a part of the cloud that fails by itself.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct AvailabilityZone {
    /// Its name.
    #[serde(rename = "zoneName")]
    pub name: String,
    /// How it is.
    #[serde(rename = "zoneState")]
    pub state: AvailabilityZoneState,
}

/// How an [`AvailabilityZone`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AvailabilityZoneState {
    /// Whether servers can run there.
    pub available: bool,
}

impl Resource for AvailabilityZone {
    type Dialect = Session;
    const ROUTE: Route = Route::new("compute", "os-availability-zone")
        .keys("availability_zone", "availabilityZoneInfo")
        .paged_by(Paging::Whole)
        .versions(OLDEST, NEWEST);
}

impl Listable for AvailabilityZone {
    type Query = ();
}
