use scs_core::{Listable, Resource, Route, route::Paging};
use serde::Deserialize;

use super::route;
use crate::Session;

/// A part of the cloud that does not fail together with others.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AvailabilityZone {
    /// Its name.
    #[serde(rename = "zoneName")]
    pub name: String,
    /// How it is.
    #[serde(rename = "zoneState")]
    pub state: ZoneState,
}

/// How an [`AvailabilityZone`] is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ZoneState {
    /// Whether it takes volumes.
    pub available: bool,
}

impl Resource for AvailabilityZone {
    type Dialect = Session;
    const ROUTE: Route = route("os-availability-zone")
        .keys("availability_zone", "availabilityZoneInfo")
        .paged_by(Paging::Whole);
}

impl Listable for AvailabilityZone {
    type Query = ();
}
