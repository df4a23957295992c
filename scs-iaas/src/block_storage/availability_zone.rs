use scs_core::{Listable, Resource, Route, answer, route::Paging};

use super::route;
use crate::Session;

answer! {
    /// A part of the cloud that does not fail together with others.
    #[derive(PartialEq, Eq)]
    pub struct AvailabilityZone(
        /// Its name.
        name: String as "zoneName",
        /// How it is.
        state: ZoneState as "zoneState",
    ) {}
}

answer! {
    /// How an [`AvailabilityZone`] is.
    #[derive(PartialEq, Eq)]
    pub struct ZoneState(
        /// Whether it takes volumes.
        available: bool,
    ) {}
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
